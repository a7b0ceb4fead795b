"""Conversation rooms that are started for a test and stopped after it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.conversations.service import Conversations
from tests.bot.conversations.parts import make_room
from tests.bot.gateway.fakes import FakeAssistant

OpenRoom = Callable[..., Awaitable[Conversations]]


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
async def open_room(database_url: str, assistant: FakeAssistant) -> AsyncIterator[OpenRoom]:
    """Opens a room on the test's database; another one on the same database is another gateway."""
    rooms: list[Conversations] = []

    async def start(by: object = None, **options: object) -> Conversations:
        room = make_room(database_url, by or assistant, **options)
        rooms.append(room)
        await room.start()
        return room

    yield start
    for room in rooms:
        await room.stop()
