"""Several Rasa servers behind one gateway."""

import asyncio

import pytest

from actions.identity import Identity
from bot.assistant import AssistantUnavailable
from bot.gateway.rasa_workers import RasaWorkers


class FakeServer:
    """Stands where `RasaServer` stands."""

    def __init__(self):
        self.asked = []
        self.down = False
        self.at_once = self.most_at_once = 0

    async def reply(self, conversation, text, identity):
        self.asked.append((conversation, text, identity))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.001)
        self.at_once -= 1
        return [{"text": text}]

    async def check(self):
        if self.down:
            raise AssistantUnavailable("down")

    async def close(self):
        self.down = True


@pytest.fixture
def servers():
    return [FakeServer(), FakeServer(), FakeServer()]


@pytest.fixture
def workers(servers):
    return RasaWorkers(servers)


async def test_a_conversation_always_goes_to_the_same_server(workers, servers):
    identity = Identity(role="customer", numbers=("18600010101",))
    for text in ("一", "二", "三"):
        assert await workers.reply("conversation-1", text, identity) == [{"text": text}]

    asked = [server.asked for server in servers if server.asked]
    assert asked == [[("conversation-1", text, identity) for text in ("一", "二", "三")]]


async def test_every_server_gets_its_share(workers, servers):
    await asyncio.gather(*(workers.reply(f"conversation-{number}", "在吗", None) for number in range(300)))

    assert all(60 < len(server.asked) < 140 for server in servers)


async def test_no_server_is_given_more_than_it_can_accept(servers):
    workers = RasaWorkers(servers[:1])
    await asyncio.gather(*(workers.reply(f"conversation-{number}", "在吗", None) for number in range(300)))

    assert len(servers[0].asked) == 300
    assert servers[0].most_at_once <= 32


async def test_one_that_is_down_is_noticed(workers, servers):
    await workers.check()
    servers[2].down = True
    with pytest.raises(AssistantUnavailable):
        await workers.check()


async def test_all_are_closed(workers, servers):
    await workers.close()
    assert all(server.down for server in servers)
