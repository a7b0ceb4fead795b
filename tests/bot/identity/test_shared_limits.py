"""Several gateways of one deployment count together how often somebody asks for links and codes."""

from contextlib import AsyncExitStack

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.gateway.app import Parts, create_app
from bot.gateway.limits import Limiter
from bot.identity.sessions import SessionStore
from tests.bot.gateway.fakes import ALLOWED, DEMO_ACCOUNTS, FakeAssistant
from tests.bot.identity.conftest import Clock, World
from tests.bot.identity_parts import KEYS, identity_parts


def one_gateway(folder, redis_url, **limits):
    """A gateway on the databases of this folder, and on this Redis."""
    sessions = SessionStore(f"sqlite:///{folder / 'sessions.db'}", idle_seconds=1800, demo=True, keys=KEYS)
    limiter, clock = Limiter(limits, b"one secret for all", redis_url), Clock()
    parts = identity_parts(sessions, folder, clock, limiter=limiter)
    app = create_app(Parts(FakeAssistant(), sessions, 1.0, DEMO_ACCOUNTS, identity=parts, limiter=limiter))
    return World(TestClient(TestServer(app)), parts, sessions, clock, FakeAssistant(), folder)


async def test_links_of_one_session_are_counted_by_both(tmp_path, redis_url):
    one, another = (one_gateway(tmp_path, redis_url) for _ in range(2))
    async with AsyncExitStack() as stack:
        for world in (one, another):
            await stack.enter_async_context(world.client)
        session = one.sessions.open()
        for world in (one, another) * 5:
            await world.link(session)
        answers = [await world.post("/api/v1/identity/links", {"session": session}) for world in (one, another)]

    assert [answer.status for answer in answers] == [429, 429]
    assert int(answers[0].headers["Retry-After"]) > 60


@pytest.mark.parametrize("path", ["", "/code"])
async def test_a_number_is_named_so_often_and_no_more_whichever_gateway_is_asked(tmp_path, redis_url, path):
    one, another = (one_gateway(tmp_path, redis_url, number="3/hour") for _ in range(2))
    number = ALLOWED if path else "18655559999"
    statuses = []
    async with AsyncExitStack() as stack:
        for world in (one, another):
            await stack.enter_async_context(world.client)
        for world in (one, another) * 2:
            link = await world.link(world.sessions.open())
            answer = await world.post(f"{link}{path}", {"number": number, "password": "000000"}, **world.own)
            statuses.append((answer.status, "too_many_requests" in await answer.text()))

    assert statuses[-1] == (429, True)
    assert not any(often for _, often in statuses[:-1])
