"""`/wecom/robot`: the intelligent robot (智能机器人) that is mentioned in a group.

A group sees everything that is said in it, so that general rules are all the robot tells: whoever asks is nobody known to
it. An answer that is not there in time is asked for again by WeCom, under the id of its stream.

Bodies are JSON and always encrypted: `{"encrypt": …}` comes in, `{"encrypt", "msgsignature", "timestamp", "nonce"}` goes
back. The receiver's id in what is encrypted is empty.
"""

import asyncio
import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web
from sqlalchemy import select

from bot.conversations.entries import Outcome
from bot.conversations.models import entry
from bot.conversations.service import BusyError, Conversations, Ticket
from bot.gateway.errors import GatewayError
from bot.gateway.limits import CALLBACKS
from bot.gateway.requests import MAX_TEXT_CHARACTERS, parse_json, read_body
from bot.identity.keys import Keys
from bot.incoming_text import clean_text, says_nothing
from bot.messaging.exchange import HANDOFF, PASSIVE_SECONDS, NotTakenError
from bot.messaging.store import MessagingStore
from bot.messaging.wording import say as say_anywhere
from bot.wechat.crypto import MessageCipher, signature
from bot.wechat.errors import CallbackRefused
from bot.wechat.replies import refusal
from bot.wecom.callback import NONCE_SECONDS
from bot.wecom.envelope import opened
from bot.wecom.wording import say

ROBOT: Final = "/wecom/robot"
CHANNEL: Final = "wecom"
# What a stream may hold; an answer beyond it is told to be longer than fits.
MAX_STREAM_BYTES: Final = 20_480
_MOST_ID: Final = 128
# The name under which it was mentioned stands in front of what is asked.
_MENTION: Final = re.compile(r"^\s*@\S+[\s\u2005]+")
# Everything that means something in WeCom's markdown, which streams are shown in, gets its full-width form.
_MARKS: Final = str.maketrans({mark: chr(ord(mark) + 0xFEE0) for mark in "<>*_`[]#~|\\"})
_ID: Final = 32
_STREAM: Final = re.compile(rf"([0-9a-f]{{{_ID}}})\.([0-9a-f]{{{_ID}}})")
Render = Callable[[Sequence[dict[str, object]]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Robot:
    """The two routes.

    Args:
        cipher: the robot's cipher; its receiver is empty.
        token: the robot's callback token.
        store: for the memory of nonces.
        keys: what the ids of conversations and streams are made with.
        conversations: where messages are kept and answered.
        render: replies as texts.
    """

    cipher: MessageCipher
    token: str = field(repr=False)
    store: MessagingStore
    keys: Keys
    conversations: Conversations
    render: Render
    passive_seconds: float = PASSIVE_SECONDS

    def add_routes(self, app: web.Application) -> None:
        """Adds the routes."""
        app[CALLBACKS].add(ROBOT)
        app.router.add_get(ROBOT, self.check)
        app.router.add_post(ROBOT, self.deliver)

    async def check(self, request: web.Request) -> web.Response:
        """WeCom asks whether the address is ours: it gets its word back, decrypted and bare."""
        query = request.query
        try:
            echo = opened(self.cipher, self.token, query, query.get("echostr", ""), self.store.clock())
        except CallbackRefused as error:
            raise refusal(error) from error
        return web.Response(body=echo, content_type="text/plain")

    async def deliver(self, request: web.Request) -> web.Response:
        """The robot was mentioned, or the rest of an answer is asked for."""
        since = asyncio.get_running_loop().time()
        body = await read_body(request)
        query = request.query
        try:
            outer = _object(body)
            message = _object(
                opened(self.cipher, self.token, query, _id(outer, "encrypt", most=None), self.store.clock()),
            )
            nonce = f"robot {query['timestamp']} {query['nonce']}"
            once = asyncio.to_thread(self.store.is_first_use, nonce, query["msg_signature"], NONCE_SECONDS)
            if not await once:
                raise CallbackRefused("a nonce again")
            kind = _id(message, "msgtype")
            if kind == "event":
                return web.Response()
            reply = await (self._goes_on(message, since) if kind == "stream" else self._asked(message, kind, since))
        except CallbackRefused as error:
            raise refusal(error) from error
        return web.json_response(self._sealed(reply))

    async def _asked(self, message: Mapping[str, Any], kind: str, since: float) -> dict[str, Any]:
        user = _id(message.get("from"), "userid")
        place = _id(message, "chatid") if message.get("chatid") else ""
        # Of several people in a group each has a conversation of their own.
        conversation = self.keys.digest("wecom robot", place, user)[:_ID]
        number = self.keys.digest("wecom robot message", _id(message, "msgid"))[:_ID]
        stream = f"{conversation}.{number}"
        if kind != "text":
            return _stream(stream, say("only_text"))
        text = clean_text(_MENTION.sub("", _text(message.get("text"), "content", most=None)))
        if says_nothing(text):
            return _stream(stream, say_anywhere("nothing_said"))
        if len(text) > MAX_TEXT_CHARACTERS:
            return _stream(stream, say_anywhere("too_long", most=MAX_TEXT_CHARACTERS))
        if text in HANDOFF:
            return _stream(stream, say("robot_no_person"))
        try:
            # The same message again is the same entry.
            ticket = await self.conversations.submit(conversation, None, text, number, CHANNEL)
        except BusyError as error:
            # A message that is being answered needs no place of its own, and one that another gateway can take no excuse.
            known = await asyncio.to_thread(self._ticket, conversation, number)
            if known is None and self.conversations.stopping:
                raise NotTakenError from error
            if known is None:
                return _stream(stream, say_anywhere("busy"))
            ticket = known
        return await self._answer(stream, ticket, since)

    async def _goes_on(self, message: Mapping[str, Any], since: float) -> dict[str, Any]:
        stream = _id(message.get("stream"), "id")
        ours = _STREAM.fullmatch(stream)
        ticket = await asyncio.to_thread(self._ticket, *ours.groups()) if ours else None
        if ticket is None:
            return _stream(stream, say("robot_ask_again"))
        return await self._answer(stream, ticket, since)

    async def _answer(self, stream: str, ticket: Ticket, since: float) -> dict[str, Any]:
        try:
            async with asyncio.timeout_at(since + self.passive_seconds):
                outcome = await self.conversations.outcome(ticket)
        except TimeoutError:
            outcome = Outcome("waiting")
        if outcome.state == "waiting":
            # Of a gateway that ends as well: another one answers the message.
            return _stream(stream, say("robot_looking"), finish=False)
        if outcome.state != "answered":
            return _stream(stream, say("robot_ask_again"))
        text = "\n\n".join(self.render(outcome.replies)).translate(_MARKS)
        return _stream(stream, text if len(text.encode()) <= MAX_STREAM_BYTES else say("robot_too_long"))

    def _ticket(self, conversation: str, number: str) -> Ticket | None:
        """A message that some gateway took."""
        mine = select(entry.c.id).where(entry.c.conversation_id == conversation, entry.c.client_id == number)
        with self.store.engine.connect() as connection:
            found = connection.execute(mine).scalar()
        return None if found is None else Ticket(int(found), conversation)

    def _sealed(self, reply: Mapping[str, Any]) -> dict[str, Any]:
        encrypted = self.cipher.encrypt(json.dumps(reply, ensure_ascii=False).encode())
        stamp, nonce = str(int(self.store.clock())), secrets.token_hex(8)
        sign = signature(self.token, stamp, nonce, encrypted)
        return {"encrypt": encrypted, "msgsignature": sign, "timestamp": int(stamp), "nonce": nonce}


def _stream(stream: str, text: str, *, finish: bool = True) -> dict[str, Any]:
    return {"msgtype": "stream", "stream": {"id": stream, "finish": finish, "content": text}}


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = parse_json(body)
    except GatewayError as error:
        raise CallbackRefused(f"JSON: {error.code}") from error
    if not isinstance(value, dict):
        raise CallbackRefused("no object")
    return value


def _text(value: object, name: str, *, most: int | None = _MOST_ID) -> str:
    found = value.get(name) if isinstance(value, Mapping) else None
    if not isinstance(found, str) or not found or (most is not None and len(found) > most):
        raise CallbackRefused(f"no {name}")
    return found


def _id(value: object, name: str, *, most: int | None = _MOST_ID) -> str:
    """A text that nobody typed: in JSON it could hold half of a character, or none."""
    found = _text(value, name, most=most)
    if not found.isprintable():
        raise CallbackRefused(f"no {name}")
    return found
