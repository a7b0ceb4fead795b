"""Access tokens that several gateways share, on both databases."""

import asyncio

import pytest

from bot.conversations.migrations import upgrade as upgrade_conversations
from bot.messaging.migrations import upgrade
from bot.messaging.tokens import SharedTokens
from bot.storage import open_storage


class Platform:
    """Gives out numbered tokens; `fails` of the next calls fail."""

    def __init__(self) -> None:
        self.forced: list[bool] = []
        self.number = 1
        self.fails = 0

    async def fetch(self, force: bool) -> tuple[str, float]:
        self.forced.append(force)
        await asyncio.sleep(0.2)
        if self.fails:
            self.fails -= 1
            raise ConnectionError("gone")
        self.number += force
        return f"token-{self.number}", 7200.0


@pytest.fixture
def platform():
    return Platform()


@pytest.fixture
def gateway(database_url, platform):
    def make(clock=lambda: 1000.0):
        engine = open_storage(database_url)
        upgrade_conversations(engine)
        upgrade(engine)
        return SharedTokens(engine, "wechat app", platform.fetch, clock)

    return make


async def test_two_gateways_that_need_one_at_once_ask_once(gateway, platform):
    first, second = gateway(), gateway()
    assert set(await asyncio.gather(*(one.current() for one in (first, second, first, second)))) == {"token-1"}
    assert platform.forced == [False]


async def test_a_token_is_renewed_before_its_end(gateway, platform):
    assert await gateway().current() == "token-1"
    platform.number = 2
    assert await gateway(lambda: 1000.0 + 6899).current() == "token-1"
    assert await gateway(lambda: 1000.0 + 6901).current() == "token-2"


async def test_instead_of_a_bad_one_comes_another_even_where_the_platform_repeats_it(gateway, platform):
    one = gateway()
    bad = await one.current()
    assert await one.instead_of(bad) == "token-2"
    assert platform.forced == [False, False, True]


async def test_a_token_that_another_gateway_has_replaced_is_not_asked_for_again(gateway, platform):
    first, second = gateway(), gateway()
    bad = await first.current()
    replaced = await asyncio.gather(first.instead_of(bad), second.instead_of(bad))
    assert replaced == ["token-2", "token-2"]
    assert platform.forced.count(True) == 1


async def test_a_failure_frees_the_lease_for_the_next(gateway, platform):
    platform.fails = 1
    with pytest.raises(ConnectionError):
        await gateway().current()
    async with asyncio.timeout(5):
        assert await gateway().current() == "token-1"


async def test_the_lease_of_a_gateway_that_died_ends(gateway, platform):
    gateway()._look(None)
    assert await gateway(lambda: 1013.0).current() == "token-1"


async def test_a_token_that_is_good_is_not_asked_of_the_database_each_time(gateway, platform, monkeypatch):
    first, second = gateway(), gateway()
    await first.current()
    await second.current()
    for one in (first, second):
        monkeypatch.setattr(one, "_look", None)
        assert await one.current() == "token-1"
    monkeypatch.undo()
    # What is refused is not given again, whoever has replaced it.
    assert await first.instead_of("token-1") == "token-2"
    assert await second.instead_of("token-1") == "token-2"
    assert await second.current() == "token-2"
    assert platform.forced == [False, False, True]
