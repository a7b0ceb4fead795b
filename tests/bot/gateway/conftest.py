"""A gateway in front of a fake assistant that records what it is asked and answers as it is told."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.gateway.app import Parts, create_app
from bot.identity.sessions import SessionStore
from tests.bot.gateway.fakes import DEMO_ACCOUNTS, FakeAssistant
from tests.bot.identity_parts import KEYS, identity_parts
from tests.knowledge.conftest import folder

__all__ = ["folder"]

DEADLINE_SECONDS = 0.5


@pytest.fixture(scope="package")
def event_loop_policy() -> asyncio.AbstractEventLoopPolicy:
    """The loop that the gateway runs on: importing Sanic, as tests of Rasa's side do, puts another one in its place."""
    return asyncio.DefaultEventLoopPolicy()


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'sessions.db'}"


@pytest.fixture
async def client(
    assistant: FakeAssistant, sessions_url: str, clock: Clock, tmp_path: Path
) -> AsyncIterator[TestClient]:
    sessions = SessionStore(sessions_url, idle_seconds=1800, demo=True, clock=clock, keys=KEYS)
    parts = Parts(
        assistant=assistant,
        sessions=sessions,
        identity=identity_parts(sessions, tmp_path, clock),
        reply_timeout_seconds=DEADLINE_SECONDS,
        demo_accounts=DEMO_ACCOUNTS,
    )
    async with TestClient(TestServer(create_app(parts))) as client:
        yield client


async def ask(client: TestClient, text: str, session: str | None = None) -> dict[str, Any]:
    """Asks and expects an answer."""
    body = {"text": text} if session is None else {"text": text, "session": session}
    response = await client.post("/api/v1/messages", json=body)
    assert response.status == 200, await response.text()
    return await response.json()


async def sign_in(client: TestClient, **choice: str) -> str:
    """Signs in as a demo identity and returns the session."""
    response = await client.post("/api/v1/demo/sign-in", json=choice)
    assert response.status == 200, await response.text()
    return (await response.json())["session"]
