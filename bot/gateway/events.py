"""`GET /api/v1/events`: what is said in a conversation, as it is said (server-sent events)."""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import aclosing
from typing import Any, Final

from aiohttp import web

from bot.conversations.entries import Entry
from bot.conversations.handoffs import HandoffState
from bot.conversations.service import Conversations, Event, Tick, TooManyStreamsError
from bot.gateway.conversations import after_of, find_session, handoff_json, storage_faults
from bot.gateway.errors import GatewayError
from bot.gateway.requests import bearer_token
from bot.identity.sessions import SessionStore

RECONNECT_MILLISECONDS: Final = 2000
_COMMENT_SECONDS: Final = 15.0
# A client that reads nothing for that long is cut off; it goes on where it was when it comes back.
_WRITE_SECONDS: Final = 30.0
_HEADERS: Final = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    # Proxies must not collect what is meant to arrive now.
    "X-Accel-Buffering": "no",
}


class Events:
    """The stream of events.

    Args:
        conversations: the conversation room.
        sessions: who is asking.
        clock: seconds, for the comments that keep a connection open.
    """

    def __init__(
        self, conversations: Conversations, sessions: SessionStore, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._conversations = conversations
        self._sessions = sessions
        self._clock = clock

    def add_routes(self, app: web.Application) -> None:
        """Adds the route to an application."""
        # Not for HEAD, which would be a stream without an end and without a word.
        app.router.add_get("/api/v1/events", storage_faults(self.get_events), allow_head=False)

    async def get_events(self, request: web.Request) -> web.StreamResponse:
        """Everything after the entry that the client has seen last, until the session ends or the gateway stops."""
        token = bearer_token(request)
        session = await find_session(self._sessions, token)
        after = after_of(request.headers.get("Last-Event-ID")) or after_of(request.query.get("after")) or 0
        async with aclosing(self._conversations.subscribe(session.conversation, after)) as events:
            try:
                # Before the headers, so that a refusal can still be told as one.
                first = await anext(events, None)
            except TooManyStreamsError as error:
                raise GatewayError(
                    429, "too_many_streams", "这段对话同时打开的页面太多，请关掉几个再试。", retry_after=10
                ) from error
            response = web.StreamResponse(headers=_HEADERS)
            await response.prepare(request)
            stream = _Stream(request, response, self._clock)
            try:
                await stream.write(f"retry: {RECONNECT_MILLISECONDS}\n\n")
                if first is not None:
                    await stream.send(first)
                async for event in events:
                    # Asked before anything is shown: what was signed out sees nothing any more.
                    if not await asyncio.to_thread(self._sessions.lives, token or ""):
                        await stream.write(_event("closed", {}))
                        break
                    await stream.send(event)
            except (ConnectionError, TimeoutError):
                # The client is gone, or reads nothing; it comes back with the id of the last entry it has.
                if request.transport is not None:
                    request.transport.abort()
            return response


class _Stream:
    def __init__(self, request: web.Request, response: web.StreamResponse, clock: Callable[[], float]) -> None:
        self._request = request
        self._response = response
        self._clock = clock
        self._wrote = clock()

    async def send(self, event: Event) -> None:
        if isinstance(event, Tick):
            if self._clock() - self._wrote >= _COMMENT_SECONDS:
                await self.write(": \n\n")
        elif isinstance(event, Entry):
            await self.write(f"id: {event.id}\n" + _event("entry", event.to_json()))
        elif isinstance(event, HandoffState):
            await self.write(_event("handoff", handoff_json(event)))
        else:
            await self.write(_event("status", {"state": event}))
        if self._request.transport is None or self._request.transport.is_closing():
            raise ConnectionResetError

    async def write(self, text: str) -> None:
        async with asyncio.timeout(_WRITE_SECONDS):
            await self._response.write(text.encode())
        self._wrote = self._clock()


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
