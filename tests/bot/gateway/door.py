"""A gateway with a door as a deployment configures it, and requests as proxies, browsers and raw sockets make them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from actions.settings import DoorSettings
from bot.gateway.app import Parts, create_app
from bot.gateway.limits import Limiter
from bot.gateway.metrics import REGISTRY
from bot.identity.sessions import SessionStore
from tests.bot.gateway.fakes import DEMO_ACCOUNTS, FakeAssistant

HALL = "https://hall.example"
ELSEWHERE = "https://elsewhere.example"
LOOPBACK = (ip_network("127.0.0.0/8"),)
SECRET = b"a secret for hashing"


def make_app(
    folder: Path, assistant: FakeAssistant | None = None, *, seconds: float = 5.0, **door: Any
) -> web.Application:
    """The application; `door` are fields of `DoorSettings`."""
    settings = replace(DoorSettings(), **door)
    return create_app(
        Parts(
            assistant=assistant or FakeAssistant(),
            sessions=SessionStore(f"sqlite:///{folder / 'sessions.db'}", idle_seconds=1800, demo=True),
            reply_timeout_seconds=seconds,
            demo_accounts=DEMO_ACCOUNTS,
            door=settings,
            limiter=Limiter(settings.limits, SECRET),
        )
    )


class Client(TestClient):
    """Reads every answer at once, so that it can be looked at after the gateway is gone."""

    async def _request(self, *args: Any, **kwargs: Any) -> Any:
        response = await super()._request(*args, **kwargs)
        await response.read()
        return response


@asynccontextmanager
async def gateway(folder: Path, assistant: FakeAssistant | None = None, **door: Any) -> AsyncIterator[TestClient]:
    """A client of such a gateway."""
    async with Client(TestServer(make_app(folder, assistant, **door))) as client:
        yield client


@asynccontextmanager
async def serve(app: web.Application) -> AsyncIterator[TestClient]:
    """A client of an application."""
    async with Client(TestServer(app)) as client:
        yield client


async def post(client: TestClient, headers: Mapping[str, str] | None = None, **body: str) -> Any:
    """Asks something."""
    return await client.post("/api/v1/messages", json={"text": "在吗", **body}, headers=headers)


async def code(response: Any) -> str:
    """The error's code."""
    return str((await response.json())["error"]["code"])


async def raw(port: int, data: bytes, seconds: float = 5.0) -> bytes:
    """Everything that comes back on a connection of its own until the other side closes it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    try:
        async with asyncio.timeout(seconds):
            return await reader.read()
    finally:
        writer.close()


def figure(name: str, **labels: str) -> float:
    """The present value of a metric."""
    return REGISTRY.get_sample_value(name, labels) or 0.0
