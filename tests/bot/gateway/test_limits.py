"""How often: by address, session and number; counted in memory or Redis; and what one is told beyond it."""

import logging
import socket

import pytest
import redis

from bot.gateway import limits
from bot.gateway.errors import GatewayError
from bot.gateway.limits import Limiter
from tests.bot.gateway.door import LOOPBACK, SECRET, code, figure, gateway, post


async def test_too_many_requests_of_one_address_are_refused_politely(tmp_path):
    before = figure("bot_limits_hit_total", kind="address")
    async with gateway(tmp_path, limits={"address": "3/minute"}) as client:
        statuses = [(await post(client)).status for _ in range(3)]
        refused = await post(client)
        body = await refused.json()
        alive = await client.get("/healthz")

    assert statuses == [200, 200, 200]
    assert refused.status == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert body["error"]["code"] == "too_many_requests"
    assert body["error"]["message"].startswith("操作太频繁了")
    assert alive.status == 200
    assert figure("bot_limits_hit_total", kind="address") == before + 1


async def test_another_address_is_counted_apart_and_a_made_up_one_is_not_believed(tmp_path):
    limits = {"address": "1/minute"}
    async with gateway(tmp_path, limits=limits, trusted_proxies=LOOPBACK) as client:
        assert (await post(client, {"X-Forwarded-For": "203.0.113.1"})).status == 200
        assert (await post(client, {"X-Forwarded-For": "203.0.113.2"})).status == 200
        assert (await post(client, {"X-Forwarded-For": "203.0.113.1"})).status == 429
        # The many addresses of one household are one.
        assert (await post(client, {"X-Forwarded-For": "2001:db8::1"})).status == 200
        assert (await post(client, {"X-Forwarded-For": "2001:db8::2"})).status == 429
    async with gateway(tmp_path, limits=limits) as client:
        assert (await post(client, {"X-Forwarded-For": "203.0.113.1"})).status == 200
        assert (await post(client, {"X-Forwarded-For": "203.0.113.2"})).status == 429


async def test_a_session_is_counted_in_the_header_and_in_the_body(tmp_path):
    async with gateway(tmp_path, limits={"session": "2/minute"}) as client:
        session = (await (await post(client)).json())["session"]
        other = (await (await post(client)).json())["session"]
        assert (await post(client, session=session)).status == 200
        bearer = {"Authorization": f"Bearer {session}"}
        assert (await client.get("/api/v1/session", headers=bearer)).status == 200
        assert (await post(client, session=session)).status == 429
        assert (await client.get("/api/v1/session", headers=bearer)).status == 429
        assert (await post(client, session=other)).status == 200


async def test_a_session_that_stands_in_both_is_counted_once(tmp_path):
    async with gateway(tmp_path, limits={"session": "2/minute"}) as client:
        session = (await (await post(client)).json())["session"]
        bearer = {"Authorization": f"Bearer {session}"}
        assert [(await post(client, bearer, session=session)).status for _ in range(3)] == [200, 200, 429]


async def test_a_message_that_was_refused_was_not_asked(tmp_path, assistant):
    async with gateway(tmp_path, assistant, limits={"address": "1/minute"}) as client:
        await post(client)
        await post(client)

    assert len(assistant.asked) == 1


async def test_several_rates_hold_together_and_what_has_none_is_not_limited():
    limiter = Limiter({"number": "2/second,3/hour"}, SECRET)
    await limiter.hit("number", "18600010101")
    await limiter.hit("number", "18600010101")
    with pytest.raises(GatewayError) as caught:
        await limiter.hit("number", "18600010101")
    assert caught.value.retry_after == 1
    for _ in range(100):
        await limiter.hit("other", "18600010101")
    await limiter.hit("number", "18600010102")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, " 1 秒"), (59, " 59 秒"), (60, " 1 分钟"), (61, " 2 分钟"), (3601, " 2 小时"), (86_400, " 24 小时")],
)
def test_a_long_wait_is_told_in_minutes_or_hours(seconds, words):
    # Windows follow the clock on the wall, so that a real wait may be of any length.
    assert limits._words(seconds) == words


async def test_two_gateways_share_their_counts_in_redis_which_holds_no_number(redis_url):
    one, another = (Limiter({"number": "2/minute"}, SECRET, redis_url) for _ in range(2))
    stranger = Limiter({"number": "2/minute"}, b"another secret", redis_url)
    try:
        await one.hit("number", "18600010101")
        await another.hit("number", "18600010101")
        with pytest.raises(GatewayError) as caught:
            await one.hit("number", "18600010101")
        await stranger.hit("number", "18600010101")
    finally:
        for limiter in (one, another, stranger):
            await limiter.close()

    assert 1 <= (caught.value.retry_after or 0) <= 60
    with redis.Redis.from_url(redis_url) as database:
        keys = b" ".join(database.keys("*number*"))
        assert b"number" in keys
        assert b"18600010101" not in keys


async def test_a_redis_that_is_gone_leaves_the_gateway_working_and_the_limits_in_force(caplog):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    limiter = Limiter({"number": "1/minute"}, SECRET, f"redis://127.0.0.1:{port}/0")
    with caplog.at_level(logging.WARNING, logger="bot.gateway"):
        await limiter.hit("number", "18600010101")
        with pytest.raises(GatewayError):
            await limiter.hit("number", "18600010101")
    await limiter.close()

    assert caplog.text.count("counted in memory") == 1


async def test_reports_of_one_address_have_a_rate_of_their_own(tmp_path):
    async with gateway(tmp_path, limits={"report": "1/minute"}) as client:
        sent = [await client.post("/api/v1/csp-reports", json={"csp-report": {}}) for _ in range(2)]

    assert [response.status for response in sent] == [204, 429]
    assert await code(sent[1]) == "too_many_requests"
