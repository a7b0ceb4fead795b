"""`POST ask`: a member of staff asks the same assistant as everybody, and sees how the answer came about."""

import asyncio
import re
import secrets
from typing import Any, Final

from aiohttp import web
from sqlalchemy import Connection, select

from actions.identity import Identity
from actions.privacy.masking import mask
from bot.conversations.models import conversation
from bot.conversations.service import BusyError
from bot.desk.desk import Desk
from bot.desk.parameters import current_rules, wrong
from bot.desk.trace import trace_of
from bot.gateway.answers import json_answer
from bot.gateway.errors import GatewayError
from bot.gateway.requests import message_text, read_object
from bot.gateway.staff_access import LOOKING, StaffMember, staff_of

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CONVERSATION: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
CHANNEL: Final = "console"


class Asking:
    """The route."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_routes(self, app: web.Application) -> None:
        """Adds the route."""
        app.router.add_post("/api/v1/staff/ask", self.ask)

    async def ask(self, request: web.Request) -> web.Response:
        """Answers a question within a conversation of this person's own."""
        member = staff_of(request)
        payload = await read_object(request)
        text, message = message_text(payload), _client_id(payload)
        place = await self._conversation(payload.get("conversation"), member)
        rules = await asyncio.to_thread(current_rules)
        entry, replies = await self._replies(place, member, text, message)
        main = next((one for one in replies if one.get("understanding", {}).get("asked")), replies[-1])
        copies = [one["copy"] for one in replies if one.get("copy")]
        shown = {key: value for key, value in main.items() if key not in ("understanding", "copy")}
        if len(replies) > 1:
            shown["blocks"] = [block for one in replies for block in one.get("blocks", ())]
        return json_answer(
            {
                "conversation": place,
                "entry": entry,
                "asked": mask(text).text,
                "reply": shown,
                "copy": "\n\n".join(copies) or None,
                "trace": trace_of({**main, "blocks": shown["blocks"]}, rules),
            }
        )

    async def _replies(
        self, place: str, member: StaffMember, text: str, message: str
    ) -> tuple[int, tuple[dict[str, Any], ...]]:
        conversations = self._desk.conversations
        identity = Identity(role="staff", name=member.name, accounts=member.role in LOOKING)
        try:
            async with asyncio.timeout(self._desk.seconds):
                ticket = await conversations.submit(place, identity, text, message, CHANNEL)
                outcome = await conversations.outcome(ticket)
        except BusyError as error:
            raise GatewayError(503, "busy", "现在提问的人太多，请稍后再试。") from error
        except TimeoutError as error:
            raise GatewayError(503, "assistant_slow", "助手没能及时答复，请稍后再问一次。") from error
        if not outcome.replies:
            raise GatewayError(503, "assistant_unavailable", "助手暂时无法答复，请稍后再问一次。")
        return ticket.entry, outcome.replies

    async def _conversation(self, given: object, member: StaffMember) -> str:
        """The conversation to go on with, which is this person's, or a new one."""
        if given is None:
            return secrets.token_hex(16)
        if not isinstance(given, str) or not _CONVERSATION.fullmatch(given):
            raise wrong("conversation", "应是上一次答复里的 conversation")
        if not await self._desk.read(lambda connection: is_own(connection, given, member)):
            raise GatewayError(404, "unknown_conversation", "没有这个对话，请重新开始。")
        return given


def is_own(connection: Connection, place: str, member: StaffMember) -> bool:
    """Whether that person has asked in this conversation, and nobody else."""
    c = conversation.c
    its_own = select(c.id).where(c.id == place, c.channel == CHANNEL, c.role == "staff", c.who == member.name)
    return connection.execute(its_own).first() is not None


def _client_id(payload: dict[str, Any]) -> str:
    given = payload.get("id")
    if given is None:
        return secrets.token_hex(16)
    if not isinstance(given, str) or not _ID.fullmatch(given):
        raise wrong("id", "应是 1 到 64 个字母、数字、- 或 _")
    return given
