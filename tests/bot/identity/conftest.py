"""A gateway with everything of the identity room, and short words for what tests do with it."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from bot.gateway.app import Parts, create_app
from bot.identity.parts import IdentityParts
from bot.identity.sessions import SessionStore
from tests.bot.gateway.conftest import Clock
from tests.bot.gateway.fakes import DEMO_ACCOUNTS, FakeAssistant
from tests.bot.identity_parts import KEYS, identity_parts


@dataclass
class World:
    """The gateway, and what is behind it."""

    client: TestClient
    parts: IdentityParts
    sessions: SessionStore
    clock: Clock
    assistant: FakeAssistant
    folder: Path
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)
    secret: str = ""

    @property
    def own(self) -> dict[str, str]:
        """What a browser says of requests of the gateway's own pages."""
        return {"Origin": f"http://{self.client.host}:{self.client.port}", "Sec-Fetch-Site": "same-origin"}

    async def post(self, path: str, body: dict[str, Any], **headers: str) -> ClientResponse:
        return await self.client.post(path, json=body, headers=headers)

    async def link(self, session: str) -> str:
        response = await self.post("/api/v1/identity/links", {"session": session})
        assert response.status == 200, await response.text()
        return (await response.json())["url"]

    async def prove(self, link: str, number: str, **secret: str) -> ClientResponse:
        return await self.post(link, {"number": number, **secret}, **self.own)

    async def redeem(self, session: str, grant: str) -> ClientResponse:
        return await self.post("/api/v1/identity/grant", {"session": session, "grant": grant})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def world(tmp_path: Path, clock: Clock) -> AsyncIterator[World]:
    sessions = SessionStore(
        f"sqlite:///{tmp_path / 'sessions.db'}", idle_seconds=1800, demo=True, clock=clock, keys=KEYS
    )
    counted: Counter[tuple[str, str]] = Counter()

    def count(event: str, outcome: str) -> None:
        counted[event, outcome] += 1

    parts, assistant = identity_parts(sessions, tmp_path, clock, count=count), FakeAssistant()
    app = create_app(Parts(assistant, sessions, 1.0, DEMO_ACCOUNTS, identity=parts))
    async with TestClient(TestServer(app)) as client:
        yield World(client, parts, sessions, clock, assistant, tmp_path, counted)


async def code_of(response: ClientResponse) -> str:
    """The code of an error."""
    return (await response.json())["error"]["code"]
