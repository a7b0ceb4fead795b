"""The client's address and scheme: believed from trusted proxies only."""

import pytest
from aiohttp import web

from bot.gateway.callers import absolute_url, caller
from tests.bot.gateway.door import LOOPBACK, make_app, serve


def app_that_tells(tmp_path, **door) -> web.Application:
    app = make_app(tmp_path, **door)

    async def tell(request: web.Request) -> web.Response:
        found = caller(request)
        return web.json_response([found.network, found.secure, absolute_url(request, "/x")])

    app.router.add_get("/who", tell)
    return app


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("1.1.1.1, 203.0.113.7", "203.0.113.7"),  # what the client put in itself is further left
        ("203.0.113.7, 127.0.0.9", "203.0.113.7"),  # two proxies of ours
        ("203.0.113.7:4711", "203.0.113.7"),
        ("[2001:db8::1]:4711", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("1.1.1.1, nonsense", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
async def test_the_client_is_the_last_hop_that_is_no_proxy_of_ours(tmp_path, forwarded, address):
    async with serve(app_that_tells(tmp_path, trusted_proxies=LOOPBACK)) as client:
        answer = await (await client.get("/who", headers={"X-Forwarded-For": forwarded})).json()

    assert answer[0] == address


async def test_nobody_else_is_believed_about_address_or_scheme(tmp_path):
    claims = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", "Forwarded": "for=203.0.113.7"}
    async with serve(app_that_tells(tmp_path)) as client:
        response = await client.get("/who", headers=claims)
        address, secure, link = await response.json()

    assert (address, secure) == ("127.0.0.1", False)
    assert link.startswith("http://127.0.0.1:")
    assert "Strict-Transport-Security" not in response.headers


async def test_https_before_a_trusted_proxy_is_https(tmp_path):
    headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
    async with serve(app_that_tells(tmp_path, trusted_proxies=LOOPBACK)) as client:
        response = await client.get("/who", headers=headers)
        _, secure, link = await response.json()

    assert secure
    assert link.startswith("https://")
    assert "max-age=" in response.headers["Strict-Transport-Security"]


async def test_the_host_of_a_request_never_decides_where_links_lead(tmp_path):
    async with serve(app_that_tells(tmp_path, public_url="https://assistant.example")) as client:
        wrong = await client.get("/who", headers={"Host": "evil.example"})
        right = await client.get("/who", headers={"Host": "Assistant.example:443"})
        probe = await client.get("/healthz", headers={"Host": "10.0.0.3:8080"})
        body = await right.json()

    assert wrong.status == 400
    assert (await wrong.json())["error"]["code"] == "wrong_host"
    assert body[2] == "https://assistant.example/x"
    assert probe.status == 200
