"""Whatever happens in whatever order, each message is answered once, in order, and every reader sees each entry once."""

import asyncio
import random
from typing import Any

import pytest

from actions.identity import Identity
from actions.reply import Reply
from bot.assistant import AssistantUnavailable
from bot.conversations.reading import glance
from bot.conversations.service import BusyError, Conversations
from tests.bot.conversations.parts import Reader, make_room, make_store

CONVERSATIONS = ("c0", "c1", "c2")
STEPS = 60


class MoodyAssistant:
    """Answers, late or not, or fails, as the dice say; in the end it always answers."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self.calm = False

    async def reply(self, conversation: str, text: str, identity: Identity | None) -> list[dict[str, Any]]:
        mood = 1.0 if self.calm else self._dice.random()
        await asyncio.sleep(0.0 if self.calm else self._dice.random() * 0.02)
        if mood < 0.2:
            raise AssistantUnavailable("down")
        if mood < 0.3:
            await asyncio.sleep(60)
        return [Reply(decision="answer", blocks=[{"type": "text", "text": f"回答：{text}"}]).to_json()]


async def crash(room: Conversations) -> None:
    """Ends a gateway as if its process had been killed: nothing is released, nothing is finished."""
    room._hub.close()
    tasks = [*room._tasks, *room._answering._tasks.values()]
    tasks += [kept.attempt for kept in room._answering._open.values() if kept.attempt is not None]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    room.store.engine.dispose()


@pytest.mark.parametrize("seed", range(4))
async def test_each_message_is_answered_once_and_in_order(database_url, seed):
    dice = random.Random(seed)
    assistant = MoodyAssistant(dice)

    async def start() -> Conversations:
        room = make_room(database_url, assistant, lease_seconds=0.5, attempt=0.1, streams=1000, in_conversation=1000)
        await room.start()
        return room

    rooms = [await start(), await start()]
    readers = [Reader(rooms[0], name) for name in CONVERSATIONS for _ in range(2)]
    reading: dict[int, asyncio.Task[None]] = {}
    sent: dict[str, list[str]] = {name: [] for name in CONVERSATIONS}

    async def submit(name: str, message: str) -> None:
        await dice.choice(rooms).submit(name, None, f"问{message}", message, "web")

    for step in range(STEPS):
        action = dice.random()
        name = dice.choice(CONVERSATIONS)
        if action < 0.45:
            message = f"{name}-{step}"
            await submit(name, message)
            sent[name].append(message)
        elif action < 0.6 and sent[name]:
            await submit(name, dice.choice(sent[name]))
        elif action < 0.9:
            number = dice.randrange(len(readers))
            if (task := reading.pop(number, None)) is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            readers[number].room = dice.choice(rooms)
            reading[number] = asyncio.create_task(readers[number].read_until(lambda _: False))
        else:
            ended = rooms.pop(dice.randrange(2))
            await (crash(ended) if dice.random() < 0.6 else ended.stop())
            rooms.append(await start())
        await asyncio.sleep(dice.random() * 0.03)

    assistant.calm = True
    for task in reading.values():
        task.cancel()
    await asyncio.gather(*reading.values(), return_exceptions=True)
    async with asyncio.timeout(30):
        for reader in readers:
            reader.room = dice.choice(rooms)
            total = 2 * len(sent[reader.conversation])
            if len(reader.entries) < total:
                await reader.read_until(lambda r, total=total: len(r.entries) >= total)
    for room in rooms:
        await room.stop()

    store = make_store(database_url)
    for name in CONVERSATIONS:
        kept = glance(store.engine, name, 0).entries
        questions = {entry.id: entry.client_id for entry in kept if entry.kind == "user"}
        answers = [entry.reply_to for entry in kept if entry.kind == "assistant"]
        assert list(questions.values()) == sent[name]
        assert answers == list(questions)
        for reader in readers:
            if reader.conversation == name:
                assert [entry.id for entry in reader.entries] == [entry.id for entry in kept]
    store.engine.dispose()


async def test_a_gateway_beyond_its_capacity_refuses_and_loses_nothing(database_url):
    dice = random.Random(7)
    assistant = MoodyAssistant(dice)
    room = make_room(database_url, assistant, capacity=5, attempt=0.1, in_conversation=1000)
    await room.start()
    taken: list[str] = []
    refused = 0
    for number in range(60):
        try:
            await room.submit(dice.choice(CONVERSATIONS), None, "问", f"m{number}", "web")
            taken.append(f"m{number}")
        except BusyError:
            refused += 1
        await asyncio.sleep(0.002)
    assistant.calm = True
    async with asyncio.timeout(30):
        while room._answering.load:
            await asyncio.sleep(0.02)
    kept = [e for name in CONVERSATIONS for e in (await room.look(name, 0))[0].entries]
    await room.stop()

    assert refused
    assert sorted(e.client_id for e in kept if e.kind == "user") == sorted(taken)
    assert sorted(e.reply_to for e in kept if e.kind == "assistant") == sorted(e.id for e in kept if e.kind == "user")
