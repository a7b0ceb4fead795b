"""Headers of every kind of answer, capacity, reports of browsers, JSON, metrics, and what a log line holds."""

import asyncio
import json
import logging

import pytest

from bot.gateway.capacity import LOAD
from bot.gateway.log import JsonLines
from tests.bot.gateway.conftest import sign_in
from tests.bot.gateway.door import LOOPBACK, code, figure, gateway, post, raw
from tests.bot.gateway.fakes import ALLOWED, FakeAssistant
from tests.bot.gateway.test_serving import listening

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
KINDS = {
    "the web hall": ("GET", "/", 200),
    "the chat page": ("GET", "/chat", 200),
    "a checklist": ("GET", "/checklists/cancel_service", 200),
    "a checklist that is not there": ("GET", "/checklists/nothing", 404),
    "a style sheet": ("GET", "/static/hall/hall.css", 200),
    "a script": ("GET", "/static/rule-assistant.js", 200),
    "a picture": ("GET", "/static/icon.svg", 200),
    "data": ("GET", "/api/v1/about", 200),
    "an error": ("GET", "/api/v1/history", 401),
    "an address that is not there": ("GET", "/nothing", 404),
    "a method that is not there": ("PUT", "/chat", 405),
    "an odd method": ("PROPFIND", "/chat", 405),
    "a folder": ("GET", "/static/", 403),
    "a probe": ("GET", "/healthz", 200),
    "the metrics": ("GET", "/metrics", 200),
    "a body of another type": ("POST", "/api/v1/messages", 415),
    "the staff interface": ("GET", "/api/v1/staff/dashboard", 401),
}


@pytest.mark.parametrize(("method", "path", "status"), KINDS.values(), ids=KINDS.keys())
async def test_every_kind_of_answer_has_the_security_headers(tmp_path, method, path, status):
    async with gateway(tmp_path, trusted_proxies=LOOPBACK) as client:
        headers = {"X-Forwarded-Proto": "https"} if path != "/metrics" else {}
        response = await client.request(method, path, headers=headers)

    assert response.status == status
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS
    assert "Server" not in response.headers
    assert len(response.headers["X-Request-Id"]) == 16
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert all(word in policy for word in ("base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"))
    assert "unsafe" not in policy
    assert "*" not in policy
    if not path.startswith("/api/"):
        assert "require-trusted-types-for 'script'" in policy
        assert "trusted-types 'none'" in policy
    assert response.headers["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert response.headers["Cache-Control"] == ("no-cache" if path.startswith("/static") else "no-store")
    if headers:
        assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")


async def test_over_plain_http_nobody_is_told_to_use_https_for_a_year(tmp_path):
    async with gateway(tmp_path) as client:
        assert "Strict-Transport-Security" not in (await client.get("/chat")).headers


async def test_only_the_page_that_is_opened_by_the_chat_may_be_spoken_to_by_its_opener(tmp_path):
    async with gateway(tmp_path) as client:
        chat, other = await client.get("/chat"), await client.get("/checklists/cancel_service")

    assert chat.headers["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
    assert other.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert other.headers["Cross-Origin-Resource-Policy"] == "same-origin"


# Capacity


async def test_above_its_capacity_the_gateway_says_busy_at_once_and_asks_nothing(tmp_path):
    assistant = FakeAssistant(seconds=0.5)
    async with gateway(tmp_path, assistant, max_requests=2) as client:
        before = figure("bot_requests_refused_total", reason="capacity")
        running = [asyncio.create_task(post(client)) for _ in range(2)]
        while len(assistant.asked) < 2:
            await asyncio.sleep(0.01)
        refused = await post(client, text="第三个人问的")
        probe, metrics = await client.get("/healthz"), await client.get("/metrics")
        answered = [(await task).status for task in running]
        afterwards = await post(client)

    assert (refused.status, await code(refused)) == (503, "busy")
    assert int(refused.headers["Retry-After"]) >= 1
    assert "session" not in await refused.json()
    assert figure("bot_requests_refused_total", reason="capacity") == before + 1
    # Who watches the gateway is let in when it is full.
    assert (probe.status, metrics.status) == (200, 200)
    assert (answered, afterwards.status) == ([200, 200], 200)
    assert "第三个人问的" not in [asked.text for asked in assistant.asked]


async def test_a_request_that_fails_gives_its_place_back(tmp_path):
    async with gateway(tmp_path, max_requests=1) as client:
        statuses = [(await client.post("/api/v1/messages", data=b"x")).status for _ in range(3)]
        load = client.server.app[LOAD].requests

    assert (statuses, load) == ([415] * 3, 0)


async def test_streams_are_bounded_apart_from_other_requests(tmp_path):
    async with gateway(tmp_path, max_streams=2, max_requests=1) as client:
        headers = {"Authorization": f"Bearer {await sign_in(client, number=ALLOWED)}"}
        url = client.make_url("/api/v1/events")
        # Not by the client that reads every answer to its end: these have none.
        first, second = [await client.session.get(url, headers=headers) for _ in range(2)]
        third = await client.session.get(url, headers=headers)
        other = await client.get("/chat")
        first.close()
        async with asyncio.timeout(10):
            while len(client.server.app[LOAD].streams) > 1:
                await asyncio.sleep(0.05)
        again = await client.session.get(url, headers=headers)
        statuses = [answer.status for answer in (first, second, third, other, again)]
        for answer in (second, again):
            answer.close()

    assert statuses == [200, 200, 503, 200, 200]
    assert int(third.headers["Retry-After"]) >= 1


# Reports of browsers


def report(**more: str) -> dict[str, dict[str, str]]:
    """What a browser reports."""
    said = {
        "document-uri": "http://x/chat",
        "violated-directive": "script-src",
        "blocked-uri": "https://evil.example/x?18600010102",
    }
    return {"csp-report": {**said, **more}}


async def reported(client, value, kind="application/csp-report"):
    """Sends a report."""
    return await client.post("/api/v1/csp-reports", data=json.dumps(value), headers={"Content-Type": kind})


async def test_a_report_is_logged_without_what_stands_in_addresses(tmp_path, caplog):
    caplog.set_level(logging.WARNING, "bot.gateway")
    before = figure("bot_csp_reports_total", directive="script-src")
    async with gateway(tmp_path) as client:
        response = await reported(client, report(**{"document-uri": "http://x/verify/a-secret-token?n=18600010102"}))

    assert response.status == 204
    assert figure("bot_csp_reports_total", directive="script-src") == before + 1
    (line,) = [JsonLines().format(record) for record in caplog.records if record.message == "CSP violation"]
    said = json.loads(line)
    assert (said["directive"], said["page"], said["blocked"]) == ("script-src", "/verify", "https://evil.example")
    assert "secret" not in line
    assert "18600010102" not in line


async def test_reports_are_bounded_in_number_and_size(tmp_path, caplog):
    caplog.set_level(logging.WARNING, "bot.gateway")
    many = [{"type": "csp-violation", "body": {"effectiveDirective": "img-src"}}] * 50
    async with gateway(tmp_path) as client:
        assert (await reported(client, many, "application/reports+json")).status == 204
        too_big = await reported(client, report(sample="x" * 20_000))

    assert len([record for record in caplog.records if record.message == "CSP violation"]) == 10
    assert (too_big.status, await code(too_big)) == (413, "body_too_large")


@pytest.mark.parametrize("sign", ["\n", "\r", "\u2028", "\u0085", "\u001b[2J", "\x00"], ids=ascii)
async def test_a_report_makes_no_line_of_its_own_in_the_log_and_no_label_in_the_metrics(tmp_path, caplog, sign):
    caplog.set_level(logging.WARNING, "bot.gateway")
    evil = f"x{sign}forged"
    async with gateway(tmp_path) as client:
        fields = dict.fromkeys(("document-uri", "violated-directive", "blocked-uri"), evil)
        assert (await reported(client, report(**fields))).status == 204
        assert "forged" not in await (await client.get("/metrics")).text()

    (line,) = [JsonLines().format(record) for record in caplog.records if record.message == "CSP violation"]
    assert "forged" not in line
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize(
    "value", [None, [], {}, [1, "x", None], {"csp-report": 5}, [{"type": "other", "body": {}}], "x"]
)
async def test_what_is_no_report_is_passed_over(tmp_path, caplog, value):
    caplog.set_level(logging.WARNING, "bot.gateway")
    async with gateway(tmp_path) as client:
        assert (await reported(client, value)).status == 204

    assert not [record for record in caplog.records if record.message == "CSP violation"]


# JSON


@pytest.mark.parametrize(("depth", "status"), [(15, 200), (16, 400), (17, 400), (5_000, 400), (100_000, 400)])
async def test_json_may_be_sixteen_levels_deep(tmp_path, depth, status):
    body = '{"text": "在吗", "more": ' + "[" * depth + "]" * depth + "}"
    async with gateway(tmp_path) as client:
        response = await client.post("/api/v1/messages", data=body, headers={"Content-Type": "application/json"})

    assert response.status == status
    if status == 400:
        assert await code(response) in ("too_deep", "not_json")


# Metrics


async def test_metrics_are_for_this_machine_and_for_who_knows_the_token(tmp_path):
    elsewhere = {"X-Forwarded-For": "203.0.113.9"}
    token = "a-token-of-sixteen-or-more"
    async with gateway(tmp_path, trusted_proxies=LOOPBACK, metrics_token=token) as client:

        async def status(**headers: str) -> int:
            return (await client.get("/metrics", headers=headers)).status

        here = await client.get("/metrics")
        assert (here.status, here.content_type) == (200, "text/plain")
        assert await status(**elsewhere) == 403
        assert await status(**elsewhere, Authorization=f"Bearer {token}") == 200
        for wrong in ("Bearer wrong", "Bearer ", f"Basic {token}", f"Bearer {token}x", token):
            assert await status(**elsewhere, Authorization=wrong) == 403
        # A proxy on this machine that nobody has named is no reason to believe that the caller is here.
        for header in ("X-Real-IP", "Forwarded", "Via"):
            assert await status(**{header: "x"}) == 403


# The log


async def test_a_line_of_the_request_log_holds_no_address_no_text_and_no_number(tmp_path, caplog):
    caplog.set_level(logging.INFO, "bot.gateway")
    async with gateway(tmp_path) as client:
        await client.get(f"/checklists/{ALLOWED}?number={ALLOWED}")
        await post(client, text=f"{ALLOWED}能换号吗")
        await client.get(f"/{ALLOWED}", headers={"Authorization": "Bearer a-token", "User-Agent": ALLOWED})

    lines = [JsonLines().format(record) for record in caplog.records if record.message == "request"]
    assert [json.loads(line)["path"] for line in lines] == ["/checklists/{operation}", "/api/v1/messages", "-"]
    for word in (ALLOWED, "换号", "a-token", "0101"):
        assert word not in "".join(lines)


MALFORMED = {
    "a method nobody knows": b"get /18600010102 HTTP/1.1\r\nHost: x\r\n\r\n",
    "a sign in the address": b"GET /18600010102\x01 HTTP/1.1\r\nHost: x\r\n\r\n",
    "a token in a broken header": b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization : Bearer a-token\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "a header that is too long": b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"18600010102" * 2_000 + b"\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED.keys())
async def test_what_is_no_http_is_told_one_sentence_and_logged_without_what_it_was(tmp_path, caplog, data):
    caplog.set_level(logging.DEBUG)
    before = figure("bot_requests_refused_total", reason="malformed")
    async with listening(tmp_path) as (_, port):
        answer = await raw(port, data)

    head, _, body = answer.decode().partition("\r\n\r\n")
    assert head.split("\r\n")[0].endswith(" 400 Bad Request")
    assert json.loads(body) == {"error": {"code": "bad_request", "message": "请求不正确。"}}
    for header in ("X-Content-Type-Options: nosniff", "Content-Security-Policy: default-src 'none'", "X-Request-Id: "):
        assert header in head
    assert "aiohttp" not in head
    assert "Python" not in head
    assert figure("bot_requests_refused_total", reason="malformed") == before + 1
    lines = [JsonLines().format(record) for record in caplog.records if record.name.startswith(("bot", "aiohttp"))]
    (line,) = [line for line in lines if "malformed request" in line]
    assert json.loads(line)["id"] in head
    for word in ("18600010102", "186****0102", "a-token"):
        assert word not in "".join(lines)


@pytest.mark.parametrize(
    "sign", ["\r\n", "\u0085", "\u2028", "\u2029", "\u001b[2J", "\u009b2J", "\u202e", "\u200b", "\ud800"], ids=ascii
)
def test_whatever_a_log_line_says_it_stays_one_line_without_control_characters(sign):
    record = logging.LogRecord("bot", logging.INFO, "", 0, f"said{sign}{{}}", None, None)
    record.fields = {f"key{sign}": [f"value{sign}"], "error": f"x{sign}"}
    line = JsonLines().format(record)

    assert line.isprintable()
    assert json.loads(line)["event"] == f"said{sign}{{}}"
