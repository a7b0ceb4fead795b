"""Which pages may call: our own, the configured web halls for the chat, nobody else; and callers that are no browsers."""

import pytest
from aiohttp import web

from bot.gateway.origins import require_csrf, same_origin
from tests.bot.gateway.door import ELSEWHERE, HALL, LOOPBACK, code, gateway, make_app, post, serve

ORIGINS = frozenset({HALL})
ASKED = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, content-type"}


async def preflight(client, path: str, origin: str):
    return await client.options(path, headers={"Origin": origin, **ASKED})


async def test_a_web_halls_page_may_ask_and_read_the_answer(tmp_path):
    async with gateway(tmp_path, origins=ORIGINS) as client:
        before = await preflight(client, "/api/v1/messages", HALL)
        answer = await post(client, {"Origin": HALL, "Sec-Fetch-Site": "cross-site"})

    assert before.status == 204
    allowed = before.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert {"authorization", "content-type", "last-event-id", "prefer"} == set(allowed)
    assert answer.status == 200
    for response in (before, answer):
        assert response.headers["Access-Control-Allow-Origin"] == HALL
        assert response.headers["Vary"] == "Origin"
        assert "Access-Control-Allow-Credentials" not in response.headers


async def test_the_page_may_read_errors_too(tmp_path):
    async with gateway(tmp_path, origins=ORIGINS) as client:
        response = await post(client, {"Origin": HALL}, session="nobody")

    assert response.status == 401
    assert response.headers["Access-Control-Allow-Origin"] == HALL


@pytest.mark.parametrize(
    "origin",
    [ELSEWHERE, "null", "http://hall.example", "https://hall.example.evil", "https://hall.example:444", "*", ""],
)
async def test_other_pages_can_neither_ask_nor_read(tmp_path, origin):
    async with gateway(tmp_path, origins=ORIGINS) as client:
        before = await preflight(client, "/api/v1/messages", origin)
        asked = await post(client, {"Origin": origin})
        read = await client.get("/api/v1/about", headers={"Origin": origin})

    assert (before.status, asked.status) == (403, 403)
    assert await code(asked) == "foreign_origin"
    for response in (before, asked, read):
        assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_browser_that_names_no_origin_is_asked_where_it_comes_from(tmp_path, site):
    async with gateway(tmp_path) as client:
        assert (await post(client, {"Sec-Fetch-Site": site})).status == 403
        assert (await client.delete("/api/v1/session", headers={"Sec-Fetch-Site": site})).status == 403


async def test_our_own_page_and_callers_that_are_no_browsers_may_ask(tmp_path):
    async with gateway(tmp_path) as client:
        own = str(client.make_url("/")).rstrip("/")
        assert (await post(client, {"Origin": own, "Sec-Fetch-Site": "same-origin"})).status == 200
        assert (await post(client)).status == 200


async def test_behind_https_the_page_has_another_origin_than_the_gateway_sees(tmp_path):
    https = {"Origin": "https://assistant.example", "Host": "assistant.example"}
    forwarded = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
    async with gateway(tmp_path, trusted_proxies=LOOPBACK) as client:
        assert (await post(client, https | forwarded)).status == 200
    async with gateway(tmp_path) as client:
        assert (await post(client, https)).status == 403
        assert (await post(client, https | {"Sec-Fetch-Site": "same-origin"})).status == 200
    async with gateway(tmp_path, public_url="https://assistant.example") as client:
        assert (await post(client, https)).status == 200


async def test_a_page_without_a_web_hall_shares_nothing(tmp_path):
    async with gateway(tmp_path, origins=ORIGINS) as client:
        for path in ("/", "/healthz", "/readyz", "/static/chat.js", "/checklists/cancel_service"):
            response = await client.get(path, headers={"Origin": HALL})
            assert "Access-Control-Allow-Origin" not in response.headers, path
        assert (await preflight(client, "/metrics", HALL)).status == 403


def staff_app(tmp_path) -> web.Application:
    app = make_app(tmp_path, origins=ORIGINS)

    async def act(request: web.Request) -> web.Response:
        require_csrf(request, "the-right-one")
        return web.json_response({"same": same_origin(request)})

    async def look(_request: web.Request) -> web.Response:
        return web.json_response({})

    app.router.add_post("/api/v1/staff/act", act)
    app.router.add_get("/api/v1/staff/me", look)
    return app


@pytest.mark.parametrize("path", ["/api/v1/staff/act", "/api/v1/%73taff/act"])
@pytest.mark.parametrize(
    "headers",
    [
        {},  # a cookie is no proof that our page asks
        {"Origin": HALL},
        {"Origin": ELSEWHERE},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_staff_routes_take_changes_from_our_own_pages_only(tmp_path, path, headers):
    async with serve(staff_app(tmp_path)) as client:
        response = await client.post(path, headers={**headers, "X-CSRF-Token": "the-right-one"})
        assert await preflight(client, path, HALL)

    assert response.status == 403
    assert await code(response) == "foreign_origin"
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("token", [None, "", "the-right-on", "the-right-one ", "ÿ"])
async def test_staff_routes_need_the_sessions_token_too(tmp_path, token):
    async with serve(staff_app(tmp_path)) as client:
        own = {"Origin": str(client.make_url("/")).rstrip("/")}
        right = await client.post("/api/v1/staff/act", headers={**own, "X-CSRF-Token": "the-right-one"})
        sent = {} if token is None else {"X-CSRF-Token": token.strip() + "x" if token.endswith(" ") else token}
        wrong = await client.post("/api/v1/staff/act", headers=own | sent)

    assert right.status == 200
    assert (wrong.status, await code(wrong)) == (403, "wrong_csrf_token")


async def test_no_other_site_looks_at_staff_pages_through_a_browser(tmp_path):
    async with serve(staff_app(tmp_path)) as client:
        for headers in ({"Origin": HALL}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
            assert (await client.get("/api/v1/staff/me", headers=headers)).status == 403
        for headers in ({}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
            assert (await client.get("/api/v1/staff/me", headers=headers)).status == 200


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND"])
async def test_odd_methods_are_refused(tmp_path, method):
    async with gateway(tmp_path) as client:
        response = await client.request(method, "/healthz")

    assert response.status == 405
