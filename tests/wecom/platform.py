"""A simulator of WeCom's servers for one self-built app.

It delivers what members of staff do to the app's callback (always encrypted, signed, for the corporation's id; again after
5 seconds without an answer, three times in all), judges the answers, and offers the calls that a gateway makes: tokens and
messages of the app. What every member got to see is kept.
"""

import itertools
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from bot.wechat.crypto import MessageCipher, is_signature, signature
from bot.wechat.xml import read_message, write_message
from tests.wechat.platform import Delivering, Delivery, Shown

_ANSWER_SECONDS: Final = 5.0
_TOKEN_SECONDS: Final = 7200
# WeCom cuts what is longer, and says nothing of it.
MAX_TEXT_BYTES: Final = 2048
_KINDS: Final = frozenset({"text", "markdown"})


@dataclass
class SelfBuiltApp(Delivering):
    """The platform's side of one app.

    Args:
        callback: where it delivers.
        members: who is in the corporation and may see the app.
        skew: seconds by which its clock is ahead.
        busy: how many of the next messages of the app are answered that the platform is busy.
    """

    callback: str
    members: set[str]
    token: str = "wecom-callback-token"
    key: str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
    corp_id: str = "ww5823bf96d3bd56c7"
    agent_id: int = 1000002
    secret: str = "app-secret"
    skew: float = 0.0
    busy: int = 0
    # Members without a licence for the app: they get nothing, and the call succeeds.
    unlicensed: set[str] = field(default_factory=set)
    answer_seconds: float = _ANSWER_SECONDS
    clock: Callable[[], float] = time.time
    shown: dict[str, list[Shown]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    token_calls: int = 0
    _tokens: dict[str, float] = field(default_factory=dict)
    _message_ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(7_000_000_000_000_001))

    @property
    def cipher(self) -> MessageCipher:
        """The app's cipher."""
        return MessageCipher(self.key, self.corp_id)

    # --- what members do ---

    async def say(self, userid: str, text: str) -> Delivery:
        """A member types a message."""
        return await self._does(userid, {"MsgType": "text", "Content": text, "MsgId": next(self._message_ids)})

    async def click(self, userid: str, key: str) -> Delivery:
        """A member chooses an entry of the app's menu; events have no MsgId."""
        return await self._does(userid, {"MsgType": "event", "Event": "click", "EventKey": key})

    async def _does(self, userid: str, fields: dict[str, str | int]) -> Delivery:
        head: dict[str, str | int] = {
            "ToUserName": self.corp_id,
            "FromUserName": userid,
            "CreateTime": int(self.clock() + self.skew),
        }
        delivery = Delivery({**head, **fields, "AgentID": self.agent_id})
        await self.deliver(delivery)
        return delivery

    # --- deliveries ---

    def request(self, fields: dict[str, Any]) -> tuple[dict[str, str], bytes]:
        """Query and body of a delivery, signed now."""
        encrypted = self.cipher.encrypt(write_message(fields).encode())
        return self.signed(encrypted), self.shell(encrypted)

    def shell(self, encrypted: str) -> bytes:
        """The body around what is encrypted."""
        fields = {"ToUserName": self.corp_id, "AgentID": str(self.agent_id), "Encrypt": encrypted}
        return write_message(fields).encode()

    def verification(self) -> tuple[dict[str, str], str]:
        """Query of the check of the address, and what must come back: the echo decrypted, bare."""
        echo = str(secrets.randbits(63))
        encrypted = self.cipher.encrypt(echo.encode())
        return {**self.signed(encrypted), "echostr": encrypted}, echo

    def signed(self, encrypted: str) -> dict[str, str]:
        """The query that says that this was sent by the platform, now."""
        timestamp, nonce = str(int(self.clock() + self.skew)), secrets.token_hex(8)
        return {
            "msg_signature": signature(self.token, timestamp, nonce, encrypted),
            "timestamp": timestamp,
            "nonce": nonce,
        }

    def told(self, body: str) -> str:
        """The text in the answer to a delivery, "" where there is none; raises anything for what cannot be read."""
        return "" if body in ("", "success") else self._reply(body)["Content"]

    def _reply(self, body: str) -> dict[str, str]:
        outer = read_message(body.encode())
        parts = (self.token, outer["TimeStamp"], outer["Nonce"], outer["Encrypt"])
        if not is_signature(outer["MsgSignature"], *parts):
            raise ValueError("wrong signature")
        return read_message(self.cipher.decrypt(outer["Encrypt"]))

    def shown_to(self, who: str) -> list[Shown]:
        """What a member got to see."""
        return self.shown.setdefault(who, [])

    def show_answer(self, delivery: Delivery) -> None:
        """Shows the member what came as the answer."""
        userid, body = str(delivery.fields["FromUserName"]), delivery.answer or ""
        if body in ("", "success"):
            return
        try:
            reply = self._reply(body)
            if reply["ToUserName"] != userid or reply["FromUserName"] != self.corp_id:
                raise ValueError("addressed to somebody else")
            if reply["MsgType"] != "text":
                raise ValueError("no text")
            int(reply["CreateTime"])
        except Exception as error:
            self.faults.append(f"{type(error).__name__}: {error}")
            return
        self._show(userid, reply["Content"], passive=True)

    def unanswered(self, delivery: Delivery) -> None:
        """Nothing came in time, three times."""
        self.faults.append("no answer in time")

    def _show(self, userid: str, text: str, *, passive: bool) -> None:
        cut = text.encode()[:MAX_TEXT_BYTES].decode(errors="ignore")
        if cut != text:
            self.faults.append("cut")
        self.shown_to(userid).append(Shown(cut, passive, self.clock()))

    # --- the calls a gateway makes ---

    def app(self) -> web.Application:
        """The platform's servers."""
        app = web.Application()
        app.router.add_get("/cgi-bin/gettoken", self._get_token)
        app.router.add_post("/cgi-bin/message/send", self._send)
        return app

    def expire_tokens(self) -> None:
        """No token given out so far is good any longer."""
        self._tokens = dict.fromkeys(self._tokens, 0.0)

    async def _get_token(self, request: web.Request) -> web.Response:
        self.token_calls += 1
        if request.query.get("corpid") != self.corp_id:
            return _answer(40013, "invalid corpid")
        if request.query.get("corpsecret") != self.secret:
            return _answer(40001, "invalid credential")
        now = self.clock()
        # Whoever asks again gets the same token until it ends.
        good = [token for token, until in self._tokens.items() if until > now]
        if not good:
            good = [f"{len(self._tokens)}_{secrets.token_urlsafe(96)}"]
            self._tokens[good[0]] = now + _TOKEN_SECONDS
        return _answer(0, "ok", access_token=good[0], expires_in=int(self._tokens[good[0]] - now))

    async def _send(self, request: web.Request) -> web.Response:
        token = request.query.get("access_token", "")
        if token not in self._tokens:
            return _answer(40014, "invalid access_token")
        if self._tokens[token] <= self.clock():
            return _answer(42001, "access_token expired")
        if self.busy > 0:
            self.busy -= 1
            return _answer(-1, "system busy")
        body = json.loads(await request.read())
        if body.get("agentid") != self.agent_id:
            return _answer(301002, "no permission for this agent")
        kind = body.get("msgtype")
        if kind not in _KINDS:
            return _answer(40008, "invalid message type")
        receivers = str(body.get("touser", "")).split("|")
        unknown = [one for one in receivers if one not in self.members]
        if len(unknown) == len(receivers):
            return _answer(81013, "user & party & tag all invalid")
        without = [one for one in receivers if one in self.unlicensed]
        for one in receivers:
            if one in self.members - self.unlicensed:
                self._show(one, body[kind]["content"], passive=False)
        missed = {"invaliduser": "|".join(unknown), "unlicenseduser": "|".join(without)}
        return _answer(0, "ok", **missed, msgid=secrets.token_hex(8))


def _answer(code: int, message: str, **fields: str | int) -> web.Response:
    return web.json_response({"errcode": code, "errmsg": message, **fields})
