"""A simulator of WeCom's side of an intelligent robot in a group.

It delivers what people say to the robot (JSON, always encrypted, the receiver's id empty; again where there is no answer,
three times in all), and asks for the rest of an answer under the id of its stream, until that is finished.
"""

import asyncio
import itertools
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from bot.wechat.crypto import MessageCipher, is_signature, signature
from tests.wechat.platform import Delivering, Delivery, Shown

# WeCom gives an answer up that is not finished by then.
_STREAM_SECONDS: Final = 360.0
_MAX_STREAM_BYTES: Final = 20_480


@dataclass
class GroupRobot(Delivering):
    """The platform's side of one robot.

    Args:
        callback: where it delivers.
        poll_seconds: after so long it asks for the rest of an answer.
    """

    content_type: ClassVar[str] = "application/json"
    callback: str
    token: str = "robot-token"
    key: str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
    # Who is named in what is encrypted: nobody.
    receiver: str = ""
    poll_seconds: float = 1.0
    answer_seconds: float = 5.0
    clock: Callable[[], float] = time.time
    shown: dict[str, list[Shown]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    _message_ids: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def cipher(self) -> MessageCipher:
        """The robot's cipher."""
        return MessageCipher(self.key, self.receiver)

    async def say(self, who: str, text: str) -> Delivery:
        """Somebody mentions the robot; whatever they are told is shown when it is finished."""
        delivery = Delivery(self.mention(who, text))
        await self.deliver(delivery)
        stream, until = self._stream(delivery.answer), time.monotonic() + _STREAM_SECONDS
        while stream is not None and not stream["finish"] and time.monotonic() < until:
            await asyncio.sleep(self.poll_seconds)
            rest = Delivery(self.rest(who, stream["id"]))
            await self.deliver(rest)
            stream = self._stream(rest.answer) or stream
        return delivery

    def mention(self, who: str, text: str, number: str | None = None) -> dict[str, Any]:
        """A message that mentions the robot."""
        return {
            **self._head(who, number),
            "chatid": "group",
            "chattype": "group",
            "response_url": "https://qyapi.weixin.qq.com/x",
            "msgtype": "text",
            "text": {"content": f"@助手 {text}"},
        }

    def rest(self, who: str, stream: str) -> dict[str, Any]:
        """The question for the rest of an answer."""
        return {**self._head(who, None), "msgtype": "stream", "stream": {"id": stream}}

    def _head(self, who: str, number: str | None) -> dict[str, Any]:
        return {"msgid": number or f"m{next(self._message_ids)}", "aibotid": "bot", "from": {"userid": who}}

    def request(self, fields: dict[str, Any]) -> tuple[dict[str, str], bytes]:
        """Query and body of a delivery, signed now."""
        return self.sealed(json.dumps(fields, ensure_ascii=False).encode())

    def sealed(self, message: bytes) -> tuple[dict[str, str], bytes]:
        """Query and body of a delivery with this in it, whatever it is."""
        encrypted = self.cipher.encrypt(message)
        return self.signed(encrypted), self.shell(encrypted)

    def shell(self, encrypted: str) -> bytes:
        """The body around what is encrypted."""
        return json.dumps({"encrypt": encrypted}).encode()

    def signed(self, encrypted: str) -> dict[str, str]:
        """The query that says that this was sent by the platform, now."""
        stamp, nonce = str(int(self.clock())), secrets.token_hex(8)
        return {
            "msg_signature": signature(self.token, stamp, nonce, encrypted),
            "timestamp": stamp,
            "nonce": nonce,
        }

    def verification(self) -> tuple[dict[str, str], str]:
        """Query of the check of the address, and what must come back: the echo decrypted, bare."""
        echo = str(secrets.randbits(63))
        encrypted = self.cipher.encrypt(echo.encode())
        return {**self.signed(encrypted), "echostr": encrypted}, echo

    def stream(self, body: str) -> dict[str, Any]:
        """The stream in the answer to a delivery; raises anything for what the platform would not take."""
        outer = json.loads(body)
        parts = (self.token, str(outer["timestamp"]), outer["nonce"], outer["encrypt"])
        if not is_signature(outer["msgsignature"], *parts):
            raise ValueError("wrong signature")
        reply = json.loads(self.cipher.decrypt(outer["encrypt"]))
        if reply["msgtype"] != "stream":
            raise ValueError("no stream")
        stream = dict(reply["stream"])
        if not isinstance(stream["finish"], bool) or len(stream["content"].encode()) > _MAX_STREAM_BYTES:
            raise ValueError("no such stream")
        return stream

    def _stream(self, answer: str | None) -> dict[str, Any] | None:
        try:
            return self.stream(answer) if answer else None
        except Exception:
            return None  # noted as a fault where it was to be shown

    def told(self, body: str) -> str:
        """The finished text in the answer to a delivery, "" where it is none yet; raises anything for what cannot be read."""
        stream = self.stream(body)
        return str(stream["content"]) if stream["finish"] else ""

    def shown_to(self, who: str) -> list[Shown]:
        """What was said to somebody in the group."""
        return self.shown.setdefault(who, [])

    def show_answer(self, delivery: Delivery) -> None:
        """Shows what came as the answer, where it is finished."""
        try:
            text = self.told(delivery.answer or "")
        except Exception as error:
            self.faults.append(f"{type(error).__name__}: {error}")
            return
        if text:
            passive = delivery.fields["msgtype"] != "stream"
            self.shown_to(delivery.fields["from"]["userid"]).append(Shown(text, passive, self.clock()))

    def unanswered(self, delivery: Delivery) -> None:
        """Nothing came in time, three times."""
        self.faults.append("no answer in time")
