"""The whole gateway with the desk, on a real database, in front of a fake assistant; the test says who is signed in."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Engine

from actions.accounts.demo import prepare_demo_accounts
from actions.settings import settings
from bot.conversations.service import Conversations
from bot.gateway.app import Parts, create_app
from bot.gateway.staff_access import STAFF, StaffMember
from bot.identity.sessions import SessionStore
from tests.bot.conversations.parts import make_room
from tests.bot.desk.entries import NOW
from tests.bot.gateway.fakes import FakeAssistant

API = "/api/v1/staff/"


@dataclass
class Staff:
    """The staff interface as one person after another uses it."""

    client: TestClient
    room: Conversations
    assistant: FakeAssistant

    @property
    def engine(self) -> Engine:
        return self.room.store.engine

    async def call(
        self, method: str, path: str, role: str | None, name: str = "王芳", **options: Any
    ) -> ClientResponse:
        headers = {"Sec-Fetch-Site": "same-origin"}
        if role:
            headers |= {"X-Test-Role": role, "X-Test-Name": name.encode().hex()}
        return await self.client.request(
            method, API + path, headers={**headers, **options.pop("headers", {})}, **options
        )

    async def get(self, path: str, role: str | None = "supervisor", status: int = 200, **options: Any) -> Any:
        return await self._json("GET", path, role, status, **options)

    async def post(
        self, path: str, body: Any, role: str | None = "supervisor", status: int = 200, **options: Any
    ) -> Any:
        return await self._json("POST", path, role, status, json=body, **options)

    async def put(self, path: str, body: Any, role: str | None = "supervisor", status: int = 200) -> Any:
        return await self._json("PUT", path, role, status, json=body)

    async def _json(self, method: str, path: str, role: str | None, status: int, **options: Any) -> Any:
        response = await self.call(method, path, role, **options)
        assert response.status == status, await response.text()
        return await response.json() if response.content_type == "application/json" else await response.read()


@web.middleware
async def _signed_in(request: web.Request, handler: Any) -> web.StreamResponse:
    if role := request.headers.get("X-Test-Role"):
        request[STAFF] = StaffMember(bytes.fromhex(request.headers["X-Test-Name"]).decode(), role)  # type: ignore[arg-type]
    return await handler(request)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.setenv("BOT_VAR", str(tmp_path))
    monkeypatch.setenv("RULES_TODAY", "2026-11-27")
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


@pytest.fixture
async def staff(database_url: str, environment: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Staff]:
    prepare_demo_accounts(settings().accounts_url)
    assistant = FakeAssistant()
    room = make_room(database_url, assistant)
    room.store.clock = lambda: NOW
    parts = Parts(
        assistant=assistant,
        sessions=SessionStore(f"sqlite:///{tmp_path / 'sessions.db'}", idle_seconds=1800, demo=True),
        reply_timeout_seconds=2.0,
        conversations=room,
    )
    app = create_app(parts)
    app.middlewares.append(_signed_in)
    async with TestClient(TestServer(app)) as client:
        yield Staff(client, room, assistant)
