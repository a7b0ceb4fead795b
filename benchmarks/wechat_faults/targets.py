"""What the fuzz gives to each callback: deliveries with something wrong, outside or under a right signature inside."""

import base64
import json
import random
import secrets
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from benchmarks.wechat_faults.channels import CALLBACKS, Channel
from bot.wechat.crypto import signature
from bot.wechat.xml import write_message
from tests.wechat.platform import Mode, OfficialAccount
from tests.wecom.platform import SelfBuiltApp
from tests.wecom.robot import GroupRobot

_PEOPLE: Final = 50
_KINDS: Final = ("text", "voice", "image", "event", "link", "")
_TEXTS: Final = ("补卡要带什么", "😀" * 50, "人工", "", "问" * 500)
_ANYWHERE: Final = (
    b"\x00", b"\xff\xfe", b"\xc3", b"x" * 60_000, "问".encode() * 3000, "\ud800".encode("utf-8", "surrogatepass"),
    "\u202e\u200b\ufeff".encode(), b"'; DROP TABLE entry; --", b"/restart",
)  # fmt: skip
_XML: Final = (
    *_ANYWHERE, b"]]>", b"<![CDATA[", b"&lt;", b"&#0;", b"&#x110000;", b"&a;", b"<xml>", b"</xml>",
    b'<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>', b'<!ENTITY x SYSTEM "file:///etc/passwd">',
    b'<?xml version="1.0" encoding="utf-16"?>', b'<?xml version="1.0" encoding="utf-7"?>', b"<?php ?>", b"<!--", b"-->",
    b"<MsgId>1</MsgId>", b"<Encrypt>AAAA</Encrypt>", b"<FromUserName><![CDATA[o]]></FromUserName>", b"<a:b/>",
    b"<a>" * 2000, b"<a/>" * 2000, b"<a " + b"b='c' " * 300 + b"/>",
)  # fmt: skip
_JSON: Final = (
    *_ANYWHERE, b'"', b"\\", b"\\ud800", b"\\u0000", b"{", b"}", b"[" * 50_000, b'{"a":' * 5000, b"NaN", b"-Infinity", b"1e999",
    b"9" * 5000, b"null", b"true", b'"msgid": "1", ', b'"encrypt": "AAAA", ', b"\xef\xbb\xbf", b"/**/",
)  # fmt: skip
_IN_XML: Final = tuple(
    f"<{name}>".encode() for name in ("Content", "MsgId", "CreateTime", "Encrypt", "MsgType", "FromUserName", "AgentID")
)
_IN_JSON: Final = tuple(
    f'"{name}": '.encode()
    for name in ("msgid", "from", "userid", "msgtype", "text", "content", "stream", "id", "encrypt")
)
# Values that JSON can have and a message has not.
_VALUES: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 1.5, 10**30, [], {}, "", "\ud800", "\x00", "\u202e", "x" * 129, "问" * 5000, [[[[[[]]]]]], {"userid": 1},
    "0.0", "\ud800.\udfff", "\x00.\x00", "." * 100,
)  # fmt: skip


@dataclass(frozen=True)
class Odd:
    """One request. `encrypted`: what was signed of it, where the signature is over something in the body."""

    query: list[tuple[str, str]]
    body: bytes
    encrypted: str | None

    @property
    def shown(self) -> str:
        """For whoever looks into it."""
        return f"{self.query} {self.body[:3000].hex()}"


@dataclass(frozen=True)
class Target:
    """One callback, and the platform that writes to it.

    Args:
        message: a message, as its fields, with or without something odd.
        written: the fields as they are encrypted.
        receiver: whom the encrypted part is for.
        shell: the body around what is encrypted; None where nothing is.
        snippets: what is put into messages and bodies, and `places`: behind what, for some of them.
        staff: who is known, where that matters.
    """

    name: str
    path: str
    platform: OfficialAccount | SelfBuiltApp | GroupRobot
    message: Callable[[random.Random], dict[str, Any]]
    written: Callable[[Mapping[str, Any]], bytes]
    receiver: str
    shell: Callable[[str], bytes] | None
    snippets: Sequence[bytes]
    places: Sequence[bytes]
    staff: Sequence[str] = ()

    def right(self) -> Odd:
        """A request with nothing wrong in it."""
        query, body, encrypted = self._request(self.message(_Plain()))
        return Odd(list(query.items()), body, encrypted)

    def made(self, chance: random.Random) -> Odd:
        """A request with something wrong, now and then with nothing."""
        fields = self.message(chance)
        if chance.random() < 0.4:
            query, body, encrypted = self._request(fields)
            return Odd(_odd(chance, query), self._mutated(chance, body) if chance.random() < 0.9 else body, encrypted)
        inner = self.written(fields)
        if chance.random() >= 0.15:
            inner = self._mutated(chance, inner)
        if self.shell is None:
            query = self._signed(None)
            return Odd(_odd(chance, query) if chance.random() < 0.1 else list(query.items()), inner, None)
        encrypted = self._encrypted(chance, inner)
        return Odd(list(self._signed(encrypted).items()), self.shell(encrypted), encrypted)

    def is_signed(self, odd: Odd) -> bool:
        """Whether the platform's signature is on what counts in a request; in plain mode it is on no content."""
        query = dict(reversed(odd.query))
        stamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if odd.encrypted is None:
            return query.get("signature") == signature(self.platform.token, stamp, nonce)
        good = query.get("msg_signature") == signature(self.platform.token, stamp, nonce, odd.encrypted)
        return good and odd.encrypted.encode() in odd.body

    def _request(self, fields: dict[str, Any]) -> tuple[dict[str, str], bytes, str | None]:
        if self.shell is None:
            query, body = self.platform.request(fields)
            return query, body, None
        encrypted = self.platform.cipher.encrypt(self.written(fields))
        return self._signed(encrypted), self.shell(encrypted), encrypted

    def _signed(self, encrypted: str | None) -> dict[str, str]:
        stamp, nonce = str(int(self.platform.clock())), secrets.token_hex(8)
        token = self.platform.token
        query = {"signature": signature(token, stamp, nonce), "timestamp": stamp, "nonce": nonce}
        if encrypted is not None:
            query |= {"encrypt_type": "aes", "msg_signature": signature(token, stamp, nonce, encrypted)}
        return query

    def _mutated(self, chance: random.Random, data: bytes) -> bytes:
        """The bytes with one to four things wrong in them."""
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data) + 1)
            end = min(len(data), at + chance.randint(1, 60))
            match chance.randrange(7):
                case 0:
                    data = data[:at]
                case 1 if data:
                    at = min(at, len(data) - 1)
                    data = data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
                case 2:
                    data = data[:at] + data[at:end] * 2 + data[end:]
                case 3:
                    data = data[:at] + chance.choice(self.snippets) + data[at:]
                case 4:
                    data = data[:at] + data[end:]
                case 5:
                    data = data[:at] + chance.randbytes(end - at) + data[end:]
                case _:
                    place = chance.choice(self.places)
                    data = data.replace(place, place + chance.choice(self.snippets), 1)
        return data

    def _encrypted(self, chance: random.Random, message: bytes) -> str:
        """Encrypted with the right key; one time in three with a wrong length, receiver, padding or alphabet."""
        length, receiver = len(message), self.receiver.encode()
        padding = 32 - (20 + length + len(receiver)) % 32
        tail = bytes([padding]) * padding
        match chance.randrange(15):
            case 0:
                length = chance.choice((0, 1, 2**31, 2**32 - 1, length + 1, max(length - 1, 0)))
            case 1:
                receiver = chance.choice((b"", b"wx" + b"0" * 16, b"\xff" * len(receiver)))
            case 2:
                tail = chance.randbytes(len(tail))
            case 3:
                tail = bytes([chance.choice((0, 33, 255))]) * len(tail)
            case 4:
                return base64.b64encode(chance.randbytes(chance.choice((0, 1, 16, 31, 32, 33, 64)))).decode()
        body = secrets.token_bytes(16) + struct.pack(">I", length) + message + receiver + tail
        body += b"\x20" * (-len(body) % 16)
        key = base64.b64decode(self.platform.key + "=")
        encryptor = Cipher(algorithms.AES256(key), modes.CBC(key[:16])).encryptor()
        return base64.b64encode(encryptor.update(body) + encryptor.finalize()).decode()


class _Plain(random.Random):
    """Chance that always takes the first: nothing odd."""

    def choice(self, seq: Any) -> Any:
        """The first."""
        return seq[0]

    def random(self) -> float:
        """Nothing rare happens."""
        return 1.0

    def getrandbits(self, k: int, /) -> int:
        """The lowest number."""
        return 0


def _odd(chance: random.Random, query: dict[str, str]) -> list[tuple[str, str]]:
    """The query, one time in two with something wrong."""
    pairs = list(query.items())
    if chance.random() < 0.5:
        at = chance.randrange(len(pairs))
        name, value = pairs[at]
        match chance.randrange(5):
            case 0:
                del pairs[at]
            case 1:
                pairs.append((name, value))
            case 2:
                pairs[at] = (name, chance.choice(("", "-1", "9" * 5000, "²", "\x00", "ü", "1e9", "NaN", "0x10")))
            case 3:
                pairs += [(f"q{number}", "x") for number in range(200)]
            case _:
                pairs[at] = (name.upper(), value)
    return pairs


def targets(channel: Channel) -> list[Target]:
    """The ways in which messages of a channel are written: the Official Account has three."""
    path = CALLBACKS[channel]
    if channel == "wechat":
        return [_account(mode, path) for mode in ("plain", "compatible", "safe")]
    if channel == "wecom":
        members = [f"o-{number}" for number in range(0, _PEOPLE, 2)]
        app = SelfBuiltApp("", set(members))
        return [
            Target(
                channel, path, app, lambda chance: _in_xml(chance, app.corp_id, AgentID=app.agent_id),
                lambda fields: write_message(fields).encode(), app.corp_id, app.shell, _XML, _IN_XML, members,
            )
        ]  # fmt: skip
    robot = GroupRobot("")
    return [
        Target(
            channel, path, robot, lambda chance: _mention(chance, robot), lambda fields: json.dumps(fields).encode(), "",
            robot.shell, _JSON, _IN_JSON,
        )
    ]  # fmt: skip


def _account(mode: Mode, path: str) -> Target:
    account = OfficialAccount(callback="", mode=mode)

    def shell(encrypted: str) -> bytes:
        return write_message({"ToUserName": "gh_account", "Encrypt": encrypted}).encode()

    return Target(
        mode, path, account, lambda chance: _in_xml(chance, "gh_account"), lambda fields: write_message(fields).encode(),
        account.app_id, None if mode == "plain" else shell, _XML, _IN_XML,
    )  # fmt: skip


def _in_xml(chance: random.Random, receiver: str, **more: str | int) -> dict[str, Any]:
    odd_text = chance.random() < 0.1
    return {
        "ToUserName": receiver,
        "FromUserName": f"o-{chance.randrange(_PEOPLE)}",
        "CreateTime": int(time.time()),
        "MsgType": chance.choice(_KINDS),
        "Content": chance.choice(_XML).decode("utf-8", "replace") if odd_text else chance.choice(_TEXTS),
        "MsgId": chance.randrange(10**12),
        "Event": chance.choice(("CLICK", "click", "subscribe", "unsubscribe", "SCAN", "?")),
        "EventKey": "k",
        "Recognition": "能换号吗",
        **more,
    }


def _mention(chance: random.Random, robot: GroupRobot) -> dict[str, Any]:
    who = f"o-{chance.randrange(_PEOPLE)}"
    if chance.random() < 0.25:
        message = robot.rest(who, f"{chance.randrange(10**12):032x}.{chance.randrange(10**12):032x}")
    else:
        message = robot.mention(who, chance.choice(_TEXTS))
    if chance.random() < 0.1:
        message["msgtype"] = chance.choice(("image", "mixed", "event", "voice", "?"))
    if chance.random() < 0.4:
        nested = [value for value in message.values() if isinstance(value, dict)]
        place = chance.choice([message, *nested])
        place[chance.choice(list(place))] = chance.choice(_VALUES)
    return message
