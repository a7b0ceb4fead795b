"""A simulator of the servers of an Official Account, as the platform documents them.

It delivers what users do to the callback as the platform does (encrypted, signed, again after 5 seconds without an
answer, three times in all), judges the answers as strictly, and offers the calls that a gateway makes: tokens, messages of
customer service with their quotas, menus. What every user got to see is kept.
"""

import itertools
import json
import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal

import aiohttp
from aiohttp import web

from bot.wechat.crypto import MessageCipher, is_signature, signature
from bot.wechat.xml import read_message, write_message

Mode = Literal["plain", "compatible", "safe"]
# What the user is shown where the callback gave no answer, or none that can be read.
SERVICE_FAILED: Final = "该公众号提供的服务出现故障，请稍后再试"
_ANSWER_SECONDS: Final = 5.0
_DELIVERIES: Final = 3
_MAX_TEXT_BYTES: Final = 2048
_TOKEN_SECONDS: Final = 7200
_WINDOW_SECONDS: Final = 48 * 3600
# After what the user did: how many messages may be sent, and for how many seconds.
_QUOTAS: Final = {"message": (5, _WINDOW_SECONDS), "click": (3, 60), "subscribe": (3, 60)}


@dataclass
class Shown:
    """One message that a user got to see; `passive`: as the answer to a delivery."""

    text: str
    passive: bool
    at: float


@dataclass
class User:
    """A follower of the account: what they were shown, and what may still be sent to them."""

    shown: list[Shown] = field(default_factory=list)
    left: int = 0
    until: float = 0.0


@dataclass
class Delivery:
    """One thing a user did, and how the callback answered it."""

    fields: dict[str, Any]
    attempts: int = 0
    statuses: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    answer: str | None = None


class Delivering(ABC):
    """What all the simulators do alike: they deliver to a callback until it answers, three times at most."""

    content_type: ClassVar[str] = "text/xml"
    callback: str
    answer_seconds: float
    # What was wrong with what came back.
    faults: list[str]

    @abstractmethod
    async def say(self, who: str, text: str) -> Delivery:
        """Somebody types a message."""

    @abstractmethod
    def request(self, fields: dict[str, Any]) -> tuple[dict[str, str], bytes]:
        """Query and body of a delivery, signed now."""

    @abstractmethod
    def told(self, body: str) -> str:
        """The text in the answer to a delivery, "" where there is none; raises anything for what cannot be read."""

    @abstractmethod
    def shown_to(self, who: str) -> list[Shown]:
        """What somebody got to see."""

    @abstractmethod
    def show_answer(self, delivery: Delivery) -> None:
        """Shows whoever did it what came as the answer."""

    @abstractmethod
    def unanswered(self, delivery: Delivery) -> None:
        """Nothing came in time, three times."""

    async def deliver(self, delivery: Delivery) -> None:
        """Delivers until there is an answer; then shows what became of it."""
        for _ in range(_DELIVERIES):
            delivery.answer = await self.deliver_once(delivery)
            if delivery.answer is not None:
                return self.show_answer(delivery)
        return self.unanswered(delivery)

    async def deliver_once(self, delivery: Delivery) -> str | None:
        """One delivery over HTTP: the body of the answer, or None where there was none in time."""
        query, body = self.request(delivery.fields)
        delivery.attempts += 1
        began = time.monotonic()
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self.answer_seconds)) as http,
                http.post(
                    self.callback, params=query, data=body, headers={"Content-Type": self.content_type}
                ) as response,
            ):
                text = await response.text()
                delivery.statuses.append(response.status)
                return text if response.status == 200 else None
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None
        finally:
            delivery.seconds.append(time.monotonic() - began)


@dataclass
class OfficialAccount(Delivering):
    """The platform's side of one account.

    Args:
        callback: where it delivers.
        mode: how messages are protected.
        deliver_again: whether a delivery that was answered may come once more, as the platform now and then does.
        skew: seconds by which its clock is ahead.
        permitted: whether the account may send messages of customer service.
    """

    callback: str
    token: str = "callback-token"
    key: str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
    app_id: str = "wx5823bf96d3bd56c7"
    secret: str = "app-secret"
    mode: Mode = "safe"
    skew: float = 0.0
    permitted: bool = True
    answer_seconds: float = _ANSWER_SECONDS
    clock: Callable[[], float] = time.time
    users: dict[str, User] = field(default_factory=dict)
    menus: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    token_calls: int = 0
    # How many of the next calls of customer service answer that the platform is busy.
    busy: int = 0
    _tokens: dict[str, float] = field(default_factory=dict)
    _message_ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(23_000_000_000_000_001))

    @property
    def cipher(self) -> MessageCipher:
        """The account's cipher."""
        return MessageCipher(self.key, self.app_id)

    def user(self, openid: str) -> User:
        """A user, made on first sight."""
        return self.users.setdefault(openid, User())

    # --- what users do ---

    async def say(self, openid: str, text: str) -> Delivery:
        """A user types a message."""
        return await self._does(
            openid, "message", {"MsgType": "text", "Content": text, "MsgId": next(self._message_ids)}
        )

    async def speak(self, openid: str, recognised: str | None) -> Delivery:
        """A user says something; `recognised` is what the platform understood, where it does that."""
        recognition = {} if recognised is None else {"Recognition": recognised}
        message = {"MsgType": "voice", "MediaId": "m", "Format": "amr", "MsgId": next(self._message_ids), **recognition}
        return await self._does(openid, "message", message)

    async def click(self, openid: str, key: str) -> Delivery:
        """A user chooses an entry of the menu."""
        return await self._does(openid, "click", {"MsgType": "event", "Event": "CLICK", "EventKey": key})

    async def subscribe(self, openid: str) -> Delivery:
        """A user begins to follow the account."""
        return await self._does(openid, "subscribe", {"MsgType": "event", "Event": "subscribe", "EventKey": ""})

    async def unsubscribe(self, openid: str) -> Delivery:
        """A user stops following; nothing can be sent any more."""
        delivery = await self._does(openid, None, {"MsgType": "event", "Event": "unsubscribe", "EventKey": ""})
        self.user(openid).left = 0
        return delivery

    async def send(self, openid: str, fields: dict[str, str | int]) -> Delivery:
        """A user does something else."""
        return await self._does(openid, "message", {**fields, "MsgId": next(self._message_ids)})

    async def _does(self, openid: str, quota: str | None, fields: dict[str, str | int]) -> Delivery:
        user = self.user(openid)
        now = self.clock()
        if quota is not None:
            count, seconds = _QUOTAS[quota]
            user.left, user.until = count, now + seconds
        message = {"ToUserName": "gh_account", "FromUserName": openid, "CreateTime": int(now + self.skew), **fields}
        delivery = Delivery(message)
        await self.deliver(delivery)
        return delivery

    # --- deliveries ---

    def request(self, fields: dict[str, Any]) -> tuple[dict[str, str], bytes]:
        """Query and body of a delivery, signed now."""
        timestamp, nonce = str(int(self.clock() + self.skew)), secrets.token_hex(8)
        query = {"signature": signature(self.token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
        query["openid"] = str(fields["FromUserName"])
        plain = write_message(fields)
        if self.mode == "plain":
            return query, plain.encode()
        encrypted = self.cipher.encrypt(plain.encode())
        query |= {"encrypt_type": "aes", "msg_signature": signature(self.token, timestamp, nonce, encrypted)}
        shell: dict[str, str | int] = {"ToUserName": str(fields["ToUserName"]), "Encrypt": encrypted}
        return query, write_message({**fields, **shell} if self.mode == "compatible" else shell).encode()

    def verification(self) -> tuple[dict[str, str], str]:
        """Query of the check that the platform makes of the address, and what must come back."""
        timestamp, nonce, echo = str(int(self.clock() + self.skew)), secrets.token_hex(8), secrets.token_hex(10)
        query = {"signature": signature(self.token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
        return {**query, "echostr": echo}, echo

    def told(self, body: str) -> str:
        """The text in the answer to a delivery, "" where there is none; raises anything for what cannot be read."""
        return "" if body in ("", "success") else self._reply(body)["Content"]

    def shown_to(self, who: str) -> list[Shown]:
        """What a user got to see."""
        return self.user(who).shown

    def show_answer(self, delivery: Delivery) -> None:
        """Shows the user what came as the answer."""
        openid, body = str(delivery.fields["FromUserName"]), delivery.answer or ""
        if body in ("", "success"):
            return
        try:
            reply = self._reply(body)
            if reply["ToUserName"] != openid or reply["FromUserName"] != delivery.fields["ToUserName"]:
                raise ValueError("addressed to somebody else")
            if reply["MsgType"] != "text":
                raise ValueError("no text")
            if len(reply["Content"].encode()) > _MAX_TEXT_BYTES:
                raise ValueError("too long")
            int(reply["CreateTime"])
        except Exception as error:
            self._fails(openid, f"{type(error).__name__}: {error}")
            return
        self.user(openid).shown.append(Shown(reply["Content"], True, self.clock()))

    def _reply(self, body: str) -> dict[str, str]:
        outer = read_message(body.encode())
        if self.mode == "plain":
            return outer
        if not is_signature(outer["MsgSignature"], self.token, outer["TimeStamp"], outer["Nonce"], outer["Encrypt"]):
            raise ValueError("wrong signature")
        return read_message(self.cipher.decrypt(outer["Encrypt"]))

    def unanswered(self, delivery: Delivery) -> None:
        """Nothing came in time, three times: the user is told that the account does not work."""
        self._fails(str(delivery.fields["FromUserName"]), "no answer in time")

    def _fails(self, openid: str, why: str) -> None:
        self.faults.append(why)
        self.user(openid).shown.append(Shown(SERVICE_FAILED, True, self.clock()))

    # --- the calls a gateway makes ---

    def app(self) -> web.Application:
        """The platform's servers."""
        app = web.Application()
        app.router.add_post("/cgi-bin/stable_token", self._stable_token)
        app.router.add_post("/cgi-bin/message/custom/send", self._send)
        app.router.add_post("/cgi-bin/menu/create", self._create_menu)
        return app

    def expire_tokens(self) -> None:
        """No token given out so far is good any longer."""
        self._tokens.clear()

    async def _stable_token(self, request: web.Request) -> web.Response:
        self.token_calls += 1
        body = await request.json()
        if body.get("grant_type") != "client_credential" or body.get("appid") != self.app_id:
            return _error(40013, "invalid appid")
        if body.get("secret") != self.secret:
            return _error(40125, "invalid appsecret")
        now = self.clock()
        # In plain mode everybody gets the same token until shortly before its end.
        good = [token for token, until in self._tokens.items() if until - now > 300]
        if body.get("force_refresh") or not good:
            self._tokens = {} if body.get("force_refresh") else self._tokens
            good = [f"{len(self._tokens)}_{secrets.token_urlsafe(96)}"]
            self._tokens[good[0]] = now + _TOKEN_SECONDS
        return web.json_response({"access_token": good[0], "expires_in": int(self._tokens[good[0]] - now)})

    async def _send(self, request: web.Request) -> web.Response:
        if refusal := self._refusal(request):
            return refusal
        if self.busy > 0:
            self.busy -= 1
            return _error(-1, "system error")
        if not self.permitted:
            return _error(48001, "api unauthorized")
        raw = await request.read()
        body = json.loads(raw)
        if b"\\u" in raw:
            return _error(44004, "Chinese would be shown with its escapes")
        openid, kind = body.get("touser"), body.get("msgtype")
        if openid not in self.users:
            return _error(40003, "invalid openid")
        user, now = self.users[openid], self.clock()
        if now > user.until:
            return _error(45015, "response out of time limit or subscription is canceled")
        if user.left <= 0:
            return _error(45047, "out of response count limit")
        if kind != "text":
            return _error(40008, "invalid message type")
        if len(body["text"]["content"].encode()) > _MAX_TEXT_BYTES:
            return _error(45002, "content size out of limit")
        user.left -= 1
        user.shown.append(Shown(body["text"]["content"], False, now))
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def _create_menu(self, request: web.Request) -> web.Response:
        if refusal := self._refusal(request):
            return refusal
        menu = await request.json()
        buttons = menu.get("button")
        if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
            return _error(40016, "invalid button size")
        for button in buttons:
            below = button.get("sub_button")
            if below is not None and not 1 <= len(below) <= 5:
                return _error(40023, "invalid sub button size")
            for one in below if below is not None else [button]:
                if one.get("type") not in ("click", "view") or not one.get("name"):
                    return _error(40017, "invalid button type")
        self.menus.append(menu)
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    def _refusal(self, request: web.Request) -> web.Response | None:
        token = request.query.get("access_token", "")
        if token not in self._tokens:
            return _error(40001, "invalid credential, access_token is invalid or not latest")
        if self._tokens[token] <= self.clock():
            return _error(42001, "access_token expired")
        return None


def _error(code: int, message: str) -> web.Response:
    return web.json_response({"errcode": code, "errmsg": message})


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    """The address of an application on loopback."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()
