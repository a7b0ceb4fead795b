"""The gateway: the only public door. Identity comes from its sessions, never from what a client claims."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from aiohttp import web

from actions.accounts.demo import DemoAccount
from bot.assistant import Assistant
from bot.gateway import about, checklists
from bot.gateway.answers import json_answer
from bot.gateway.conversations import Conversations
from bot.gateway.demo import DemoSignIn, describe
from bot.gateway.errors import GatewayError, unknown_session
from bot.gateway.health import Check, run_checks
from bot.gateway.middleware import errors_as_json, log_requests, set_headers
from bot.gateway.requests import MAX_BODY_BYTES, bearer_token, message_text, read_object, session_token
from bot.gateway.sessions import ChatSession, SessionStore

WEB: Final = Path(__file__).resolve().parent.parent / "web"
_PURGE_SECONDS: Final = 600.0


@dataclass(frozen=True, slots=True)
class Parts:
    """What the gateway is put together from.

    Args:
        demo_accounts: the accounts of the demo sign-in; None outside demo mode.
        checks: what `/readyz` asks, by name.
    """

    assistant: Assistant
    sessions: SessionStore
    reply_timeout_seconds: float
    demo_accounts: Sequence[DemoAccount] | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)


class Gateway:
    """The handlers."""

    def __init__(self, parts: Parts) -> None:
        self._sessions = parts.sessions
        self._checks = parts.checks
        self._conversations = Conversations(parts.assistant, parts.reply_timeout_seconds)

    async def post_message(self, request: web.Request) -> web.Response:
        """Answers one message; opens a session when none is given."""
        payload = await read_object(request)
        text = message_text(payload)
        token = session_token(payload)
        if token is None:
            token = await asyncio.to_thread(self._sessions.open)
        session = await self._session(token)
        try:
            replies = await self._conversations.reply(session, text)
        except GatewayError as error:
            error.session = token
            raise
        return json_answer({"session": token, "messages": replies})

    async def get_session(self, request: web.Request) -> web.Response:
        """Says who the session belongs to."""
        session = await self._session(bearer_token(request))
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
        checks = await run_checks(self._checks)
        ready = all(checks.values())
        return json_answer({"ready": ready, "checks": checks}, status=200 if ready else 503)

    async def get_page(self, _request: web.Request) -> web.FileResponse:
        """The chat page."""
        return web.FileResponse(WEB / "index.html")

    async def _session(self, token: str | None) -> ChatSession:
        session = await asyncio.to_thread(self._sessions.find, token) if token is not None else None
        if session is None:
            raise unknown_session()
        return session


def create_app(parts: Parts) -> web.Application:
    """The application, ready to be served."""
    gateway = Gateway(parts)
    app = web.Application(middlewares=[log_requests, errors_as_json], client_max_size=MAX_BODY_BYTES)
    app.router.add_get("/", gateway.get_page)
    app.router.add_static("/static", WEB)
    checklists.add_routes(app)
    about.add_routes(app)
    app.router.add_get("/healthz", gateway.get_alive)
    app.router.add_get("/readyz", gateway.get_ready)
    app.router.add_post("/api/v1/messages", gateway.post_message)
    app.router.add_get("/api/v1/session", gateway.get_session)
    app.router.add_delete("/api/v1/session", gateway.delete_session)
    if parts.demo_accounts is not None:
        DemoSignIn(parts.demo_accounts, parts.sessions).add_routes(app)
    app.on_response_prepare.append(set_headers)

    async def purge_sessions(_app: web.Application) -> AsyncIterator[None]:
        async def forever() -> None:
            while True:
                await asyncio.sleep(_PURGE_SECONDS)
                await asyncio.to_thread(parts.sessions.purge)

        task = asyncio.create_task(forever())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await asyncio.to_thread(parts.sessions.dispose)

    app.cleanup_ctx.append(purge_sessions)
    return app
