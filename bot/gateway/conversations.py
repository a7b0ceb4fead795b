"""The chat: messages with their answers, what was said so far, judgements, and the wish to talk to a person."""

import asyncio
import secrets
from typing import Any, Final

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.conversations.entries import Outcome, shown
from bot.conversations.handoffs import HandoffState
from bot.conversations.service import BusyError, Conversations, Ticket
from bot.conversations.wording import say
from bot.gateway.answers import json_answer
from bot.gateway.demo import describe
from bot.gateway.errors import GatewayError, unknown_session
from bot.gateway.metrics import count_answer, count_replies
from bot.gateway.middleware import Handler
from bot.gateway.requests import bearer_token, message_id, message_text, read_object, session_token
from bot.identity.sessions import ChatSession, SessionStore
from bot.incoming_text import clean_text

CHANNEL: Final = "web"
_RETRY_SECONDS: Final = 3
_MOST_COMMENT: Final = 500
_REASONS: Final = ("wrong", "outdated", "unclear", "other")
# Ids are 64 bits wide in the databases.
_HIGHEST: Final = 2**63 - 1


class Chat:
    """The routes of the chat.

    Args:
        conversations: the conversation room.
        sessions: who is asking.
        deadline_seconds: how long a caller that waits for the answer waits at most.
    """

    def __init__(self, conversations: Conversations, sessions: SessionStore, deadline_seconds: float) -> None:
        self._conversations = conversations
        self._sessions = sessions
        self._deadline = deadline_seconds

    def add_routes(self, app: web.Application) -> None:
        """Adds the routes to an application."""
        app.router.add_post("/api/v1/messages", storage_faults(self.post_message))
        app.router.add_get("/api/v1/history", storage_faults(self.get_history))
        app.router.add_post("/api/v1/feedback", storage_faults(self.post_feedback))
        app.router.add_post("/api/v1/handoff", storage_faults(self.post_handoff))
        app.router.add_delete("/api/v1/handoff", storage_faults(self.delete_handoff))

    async def post_message(self, request: web.Request) -> web.Response:
        """Answers one message, or takes it to be answered by the stream; opens a session when none is given."""
        payload = await read_object(request)
        text = message_text(payload)
        own_id = message_id(payload)
        token = session_token(payload) or bearer_token(request)
        if not self._conversations.has_room:
            raise busy()
        if token is None:
            token = await asyncio.to_thread(self._sessions.open)
        session = await find_session(self._sessions, token)
        message = own_id or secrets.token_urlsafe(12)
        try:
            ticket = await self._conversations.submit(session.conversation, session.identity, text, message, CHANNEL)
            taken = {"session": token, "id": message, "entry": ticket.entry}
            if _responds_async(request):
                return json_answer(taken, 202)
            replies = await self._replies(ticket, keep=own_id is not None)
        except BusyError as error:
            count_answer("busy")
            failure = busy()
            failure.session = token
            raise failure from error
        except GatewayError as error:
            error.session = token
            raise
        return json_answer({**taken, "messages": replies})

    async def get_history(self, request: web.Request) -> web.Response:
        """What was said so far, and how things stand."""
        session = await find_session(self._sessions, bearer_token(request))
        seen, status = await self._conversations.look(session.conversation, after_of(request.query.get("after")))
        return json_answer(
            {
                "entries": [entry.to_json() for entry in seen.entries],
                "more": seen.more,
                "state": status,
                "handoff": handoff_json(seen.handoff),
                "identity": describe(session.identity),
            }
        )

    async def post_feedback(self, request: web.Request) -> web.Response:
        """Keeps what the user thinks of an answer."""
        payload = await read_object(request)
        session = await find_session(self._sessions, session_token(payload) or bearer_token(request))
        place, score, reason, comment = _judgement(payload)
        if not await self._conversations.judge(session.conversation, place, score, reason, comment):
            raise GatewayError(404, "unknown_entry", "这段对话里没有这条答复，没法评价。")
        return web.Response(status=204)

    async def post_handoff(self, request: web.Request) -> web.Response:
        """Asks for a person."""
        payload = await read_object(request)
        session = await find_session(self._sessions, session_token(payload) or bearer_token(request))
        state = await self._conversations.request_handoff(session.conversation, session.identity, CHANNEL)
        return json_answer(handoff_json(state), 202)

    async def delete_handoff(self, request: web.Request) -> web.Response:
        """Would rather go on with the assistant."""
        session = await find_session(self._sessions, bearer_token(request))
        await self._conversations.cancel_handoff(session.conversation)
        return json_answer(handoff_json(HandoffState()))

    async def _replies(self, ticket: Ticket, *, keep: bool) -> list[dict[str, Any]]:
        """The answer, within the deadline.

        `keep`: whether the message goes on waiting after it. Without an id of the client's own, the caller can only
        send it again as a new message.
        """
        try:
            async with asyncio.timeout(self._deadline):
                outcome = await self._conversations.outcome(ticket)
        except TimeoutError:
            if not keep:
                await self._conversations.withdraw(ticket)
            outcome = await self._conversations.present_outcome(ticket)
            if outcome.state in ("waiting", "failed"):
                count_answer("slow")
                raise _late(outcome) from None
        count_answer(outcome.state if outcome.state in ("answered", "staff") else "failed")
        if outcome.state == "answered":
            count_replies(outcome.replies)
            return [shown(reply) for reply in outcome.replies]
        if outcome.state == "staff":
            text = say("with_person")
            return [{"decision": "handoff", "text": text, "blocks": [{"type": "text", "text": text}], "choices": []}]
        if outcome.broken:
            raise GatewayError(500, "internal_error", "系统出了点问题，请稍后再试。")
        raise _late(Outcome("waiting", delayed=True))


def storage_faults(handler: Handler) -> Handler:
    """Says politely that the database cannot be used."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except SQLAlchemyError as error:
            raise GatewayError(
                503, "storage_unavailable", "系统暂时记不下您的话，请稍后再试。", retry_after=_RETRY_SECONDS
            ) from error

    return guarded


async def find_session(sessions: SessionStore, token: str | None) -> ChatSession:
    """The session of a token; raises `GatewayError` (401) where there is none."""
    session = await asyncio.to_thread(sessions.find, token) if token is not None else None
    if session is None:
        raise unknown_session()
    return session


def after_of(text: str | None) -> int | None:
    """The entry that a client has seen last; None where it does not say."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or int(text) > _HIGHEST:
        raise GatewayError(400, "wrong_after", "after（从哪一条之后开始）应是条目的编号。")
    return int(text)


def handoff_json(state: HandoffState) -> dict[str, Any]:
    """A hand-over as customers see it."""
    return {
        "state": state.state,
        **({"position": state.position} if state.state == "queued" else {}),
        **({"who": say("who")} if state.state == "claimed" else {}),
    }


def busy() -> GatewayError:
    """The gateway takes no more messages now."""
    return GatewayError(
        503, "busy", "现在咨询的人比较多，这句话还没有收下，请过几秒再发一次。", retry_after=_RETRY_SECONDS
    )


def _late(outcome: Outcome) -> GatewayError:
    if outcome.delayed:
        return GatewayError(
            503, "assistant_unavailable", "抱歉，助手暂时无法答复（可能正在启动）。您的问题还在，请稍后点“重试”。"
        )
    return GatewayError(503, "assistant_slow", "抱歉，助手这会儿比较忙，没能及时答复。您的问题还在，请稍后点“重试”。")


def _responds_async(request: web.Request) -> bool:
    preferences = ",".join(request.headers.getall("Prefer", []))
    return any(part.partition(";")[0].strip().lower() == "respond-async" for part in preferences.split(","))


def _judgement(payload: dict[str, Any]) -> tuple[int, str, str | None, str | None]:
    place, score, reason, comment = (payload.get(key) for key in ("entry", "score", "reason", "comment"))
    if not isinstance(place, int) or isinstance(place, bool) or not 0 < place <= _HIGHEST:
        raise GatewayError(400, "wrong_entry", "entry 应是要评价的答复的编号。")
    if score not in ("up", "down"):
        raise GatewayError(400, "wrong_score", "score 只能是 up（有用）或 down（没用）。")
    if reason is not None and reason not in _REASONS:
        raise GatewayError(400, "wrong_reason", "reason 只能是 wrong、outdated、unclear 或 other。")
    if comment is not None and (not isinstance(comment, str) or len(comment) > _MOST_COMMENT):
        raise GatewayError(400, "wrong_comment", f"comment 应是一段文字，最多 {_MOST_COMMENT} 个字。")
    return place, score, reason, clean_text(comment).strip() or None if comment else None
