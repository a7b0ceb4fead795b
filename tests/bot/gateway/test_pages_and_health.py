"""The page, the probes, wrong addresses, headers and the log."""

import json
import logging

import pytest
import yaml
from aiohttp.test_utils import TestClient, TestServer

from actions.settings import ROOT
from bot.gateway.app import Parts, create_app
from bot.gateway.log import JsonLines
from bot.gateway.pages import WEB
from bot.identity.sessions import SessionStore
from tests.bot.gateway.conftest import ask


async def test_the_page_and_everything_it_needs_is_served_under_a_strict_policy(client):
    for path in (
        "/",
        "/chat",
        "/static/rule-assistant.js",
        "/static/hall/hall.js",
        "/static/hall/hall.css",
        "/static/icon.svg",
    ):
        response = await client.get(path)
        assert response.status == 200, path
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Server" not in response.headers


@pytest.mark.parametrize("page", ["chat.html", "hall/index.html"])
async def test_a_page_holds_no_inline_script_or_style(page):
    text = (WEB / page).read_text(encoding="utf-8")

    assert " style=" not in text
    assert "<style" not in text
    assert text.count("<script") == text.count('<script type="module" src="/static/')


async def test_no_script_makes_markup_out_of_text():
    for script in WEB.rglob("*.js"):
        source = script.read_text(encoding="utf-8")
        assert not [
            word for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write") if word in source
        ]


async def test_outside_demo_mode_there_is_no_web_hall(assistant, sessions_url, clock):
    store = SessionStore(sessions_url, idle_seconds=1800, demo=False, clock=clock)
    async with TestClient(TestServer(create_app(Parts(assistant, store, 1.0)))) as client:
        response = await client.get("/", allow_redirects=False)

    assert (response.status, response.headers["Location"]) == (302, "/chat")


async def test_answers_are_not_kept_by_anyone_and_no_other_site_may_read_them(client):
    response = await client.post(
        "/api/v1/messages", json={"text": "在吗"}, headers={"Origin": "https://elsewhere.example"}
    )

    assert response.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/messages", 405, "method_not_allowed"),
        ("PUT", "/api/v1/messages", 405, "method_not_allowed"),
        ("OPTIONS", "/api/v1/messages", 405, "method_not_allowed"),
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/static/../app.py", 404, "not_found"),
        ("GET", "/static/%2e%2e/gateway/app.py", 404, "not_found"),
        ("GET", "/static/", 403, "forbidden"),
    ],
)
async def test_a_wrong_address_or_method_gets_a_clear_error(client, method, path, status, code):
    response = await client.request(method, path)

    assert response.status == status
    error = (await response.json())["error"]
    assert error["code"] == code
    assert error["message"].endswith("。")


async def test_alive_needs_nothing_else(client, assistant):
    assistant.down = True

    assert (await client.get("/healthz")).status == 200


@pytest.mark.parametrize("broken", [None, "rasa", "actions", "database"])
async def test_ready_only_when_every_part_answers(assistant, sessions_url, clock, broken):
    async def good() -> None: ...

    async def bad() -> None:
        raise ConnectionError

    checks = {name: bad if name == broken else good for name in ("rasa", "actions", "database")}
    store = SessionStore(sessions_url, idle_seconds=1800, demo=True, clock=clock)
    async with TestClient(TestServer(create_app(Parts(assistant, store, 1.0, checks=checks)))) as client:
        response = await client.get("/readyz")
        body = await response.json()

    assert response.status == (200 if broken is None else 503)
    assert body["ready"] is (broken is None)
    assert {name for name, passed in body["checks"].items() if not passed} == ({broken} - {None})


async def test_the_log_tells_what_happened_but_not_what_was_said(client, caplog):
    with caplog.at_level(logging.INFO, logger="bot.gateway"):
        await ask(client, "我的号码是18600010101")
        await client.get("/api/v1/18600010101?number=18600010101")
    lines = [JsonLines().format(record) for record in caplog.records if record.name == "bot.gateway"]

    assert [json.loads(line)["status"] for line in lines] == [200, 404]
    assert json.loads(lines[0])["path"] == "/api/v1/messages"
    assert not any("18600010101" in line for line in lines)


async def test_the_interface_description_names_every_address_of_the_gateway(client):
    described = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))["paths"]
    served = {
        (route.resource.canonical, route.method.lower())
        for route in client.app.router.routes()
        if route.method != "HEAD" and not route.resource.canonical.startswith("/static")
    }

    assert {(path, method) for path, methods in described.items() for method in methods} == served
