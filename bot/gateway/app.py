"""The gateway: the only public door. Identity comes from its sessions, never from what a client claims."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from aiohttp import web

from actions.accounts.demo import DemoAccount
from actions.settings import DoorSettings
from bot.assistant import Assistant
from bot.conversations.opening import temporary_conversations
from bot.conversations.service import Conversations
from bot.desk import routes as desk
from bot.gateway import about, checklists, console_pages, layers, pages
from bot.gateway.answers import json_answer
from bot.gateway.conversations import Chat, find_session
from bot.gateway.demo import DemoSignIn, describe
from bot.gateway.errors import unknown_session
from bot.gateway.events import Events
from bot.gateway.health import Check, Readiness
from bot.gateway.limits import Limiter
from bot.gateway.metrics import QUEUE
from bot.gateway.requests import MAX_BODY_BYTES, bearer_token
from bot.identity.parts import IdentityParts
from bot.identity.sessions import SessionStore

_PURGE_SECONDS: Final = 600.0


class Messenger(Protocol):
    """A messaging platform that people use instead of the pages."""

    def add_routes(self, app: web.Application) -> None:
        """Adds the routes of its callbacks, and what runs beside them."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the gateway is put together from.

    Args:
        demo_accounts: the accounts of the demo sign-in; None outside demo mode.
        checks: what `/readyz` asks, by name.
        door: who may come in, and how many.
        limiter: counts how often; without one nobody is refused for that.
        identity: the ways to sign in, other than the demo sign-in.
        conversations: what was said; None keeps it in a file that goes with the process.
        messengers: makes the messaging platforms that people use as well.
    """

    assistant: Assistant
    sessions: SessionStore
    reply_timeout_seconds: float
    demo_accounts: Sequence[DemoAccount] | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)
    door: DoorSettings = field(default_factory=DoorSettings)
    limiter: Limiter | None = None
    identity: IdentityParts | None = None
    conversations: Conversations | None = None
    messengers: Callable[[Conversations], Sequence[Messenger]] | None = None


class Gateway:
    """The handlers."""

    def __init__(self, parts: Parts) -> None:
        self._sessions = parts.sessions
        self._readiness = Readiness(parts.checks)

    async def get_session(self, request: web.Request) -> web.Response:
        """Says who the session belongs to."""
        session = await find_session(self._sessions, bearer_token(request))
        return json_answer({"identity": describe(session.identity)})

    async def delete_session(self, request: web.Request) -> web.Response:
        """Signs out: the session is gone, whether it was there or not."""
        token = bearer_token(request)
        if token is None:
            raise unknown_session()
        await asyncio.to_thread(self._sessions.close, token)
        return web.Response(status=204)

    async def get_alive(self, _request: web.Request) -> web.Response:
        """The process runs."""
        return json_answer({"alive": True})

    async def get_ready(self, _request: web.Request) -> web.Response:
        """Everything an answer needs is there."""
        checks = await self._readiness.results()
        ready = all(checks.values())
        return json_answer({"ready": ready, "checks": checks}, status=200 if ready else 503)


def create_app(parts: Parts) -> web.Application:
    """The application, ready to be served."""
    gateway = Gateway(parts)
    conversations = parts.conversations or temporary_conversations(parts.assistant)
    app = web.Application(middlewares=list(layers.LAYERS), client_max_size=MAX_BODY_BYTES)
    layers.set_up(app, parts.door, parts.limiter)
    QUEUE.set_function(lambda: conversations.waiting)
    checklists.add_routes(app)
    pages.add_routes(app, demo=parts.demo_accounts is not None)
    about.add_routes(app)
    identity = parts.identity
    demo, oidc = (identity.demo is not None, identity.oidc is not None) if identity else (False, False)
    console_pages.add_routes(app, demo=demo, oidc=oidc)
    app.router.add_get("/healthz", gateway.get_alive)
    app.router.add_get("/readyz", gateway.get_ready)
    Chat(conversations, parts.sessions, parts.reply_timeout_seconds).add_routes(app)
    Events(conversations, parts.sessions).add_routes(app)
    desk.add_routes(app, conversations, parts.reply_timeout_seconds)
    app.router.add_get("/api/v1/session", gateway.get_session)
    app.router.add_delete("/api/v1/session", gateway.delete_session)
    if parts.demo_accounts is not None:
        DemoSignIn(parts.demo_accounts, parts.sessions).add_routes(app)
    if parts.identity is not None:
        parts.identity.add_routes(app)
    for messenger in parts.messengers(conversations) if parts.messengers else ():
        messenger.add_routes(app)

    async def purge_sessions(_app: web.Application) -> AsyncIterator[None]:
        async def forever() -> None:
            while True:
                await asyncio.sleep(_PURGE_SECONDS)
                await asyncio.to_thread(parts.sessions.purge)
                if parts.identity is not None:
                    await parts.identity.purge()

        task = asyncio.create_task(forever())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await asyncio.to_thread(parts.sessions.dispose)

    async def answer_conversations(_app: web.Application) -> AsyncIterator[None]:
        await conversations.start()
        yield
        await conversations.stop()

    async def end_streams(_app: web.Application) -> None:
        conversations.end_streams()

    app.cleanup_ctx.append(purge_sessions)
    app.cleanup_ctx.append(answer_conversations)
    app.on_shutdown.append(end_streams)
    return app
