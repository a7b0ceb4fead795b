"""Odd bodies through the callback's whole path, in process: `python -m benchmarks.wechat_faults.fuzz [--bodies 100000] [--seed 7]`.

Each is a request made by hand and given to the application with all its layers; the databases are real. Exit code 1 where
one raises, is answered with 5xx, or takes more than 50 ms of the process's CPU time; such bodies are written out in hexadecimal.
"""

import argparse
import asyncio
import base64
import gc
import json
import logging
import random
import secrets
import struct
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.streams import StreamReader
from aiohttp.test_utils import make_mocked_request
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from benchmarks.wechat_faults.gateway import gateway, settings_for
from bot.wechat.callback import CALLBACK
from bot.wechat.crypto import signature
from bot.wechat.xml import write_message
from tests.bot.gateway.fakes import FakeAssistant
from tests.wechat.platform import Mode, OfficialAccount

MOST_CPU_SECONDS: Final = 0.05
_KINDS: Final = ("text", "voice", "image", "event", "link", "")
_SNIPPETS: Final = (
    b"]]>", b"<![CDATA[", b"&lt;", b"&#0;", b"&#x110000;", b"&a;", b"\x00", b"\xff\xfe", b"\xc3", b"<xml>", b"</xml>",
    b'<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>', b'<!ENTITY x SYSTEM "file:///etc/passwd">',
    b'<?xml version="1.0" encoding="utf-16"?>', b'<?xml version="1.0" encoding="utf-7"?>', b"<?php ?>", b"<!--", b"-->",
    b"<MsgId>1</MsgId>", b"<Encrypt>AAAA</Encrypt>", b"<FromUserName><![CDATA[o]]></FromUserName>", b"<a:b/>",
    b"<a>" * 2000, b"<a/>" * 2000, b"<a " + b"b='c' " * 300 + b"/>", b"x" * 60_000, "问".encode() * 3000,
    "\ud800".encode("utf-8", "surrogatepass"), "\u202e\u200b\ufeff".encode(), b"'; DROP TABLE entry; --", b"/restart",
)  # fmt: skip


@dataclass
class Figures:
    """What became of the bodies."""

    bodies: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    slowest: float = 0.0
    memory: list[int] = field(default_factory=list)


def mutated(chance: random.Random, data: bytes) -> bytes:
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
                data = data[:at] + chance.choice(_SNIPPETS) + data[at:]
            case 4:
                data = data[:at] + data[end:]
            case 5:
                data = data[:at] + chance.randbytes(end - at) + data[end:]
            case _:
                tag = chance.choice((b"Content", b"MsgId", b"CreateTime", b"Encrypt", b"MsgType", b"FromUserName"))
                data = data.replace(b"<" + tag + b">", b"<" + tag + b">" + chance.choice(_SNIPPETS), 1)
    return data


def made(chance: random.Random, platform: OfficialAccount) -> tuple[list[tuple[str, str]], bytes]:
    """Query and body of one delivery with something wrong: outside, or under a right signature inside."""
    kind = chance.choice(_KINDS)
    fields: dict[str, str | int] = {
        "ToUserName": "gh_account",
        "FromUserName": f"o-{chance.randrange(50)}",
        "CreateTime": int(platform.clock()),
        "MsgType": kind,
        "Content": chance.choice(("补卡要带什么", "😀" * 50, "人工", "", "问" * 500)),
        "MsgId": chance.randrange(10**12),
        "Event": chance.choice(("CLICK", "subscribe", "SCAN", "?")),
        "EventKey": "k",
        "Recognition": "能换号吗",
    }
    if chance.random() < 0.4:
        query, body = platform.request(fields)
        return _odd(chance, query), mutated(chance, body) if chance.random() < 0.9 else body
    if chance.random() < 0.15:
        # A right message with odd text in it.
        fields["Content"] = chance.choice(_SNIPPETS).decode("utf-8", "replace")
        inner = write_message(fields).encode()
    else:
        inner = mutated(chance, write_message(fields).encode())
    stamp, nonce = str(int(platform.clock())), secrets.token_hex(8)
    query = {"signature": signature(platform.token, stamp, nonce), "timestamp": stamp, "nonce": nonce}
    if platform.mode == "plain":
        return _odd(chance, query) if chance.random() < 0.1 else list(query.items()), inner
    encrypted = _encrypted(chance, platform, inner)
    query |= {"encrypt_type": "aes", "msg_signature": signature(platform.token, stamp, nonce, encrypted)}
    return list(query.items()), write_message({"ToUserName": "gh_account", "Encrypt": encrypted}).encode()


def _encrypted(chance: random.Random, platform: OfficialAccount, message: bytes) -> str:
    """Encrypted with the account's key; one time in three with a wrong length, account, padding or alphabet."""
    length, receiver = len(message), platform.app_id.encode()
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
    key = base64.b64decode(platform.key + "=")
    encryptor = Cipher(algorithms.AES256(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(body) + encryptor.finalize()).decode()


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


async def run(bodies: int, seed: int, *, timed: bool) -> Figures:
    """Gives an application of each mode its share of the bodies."""
    figures = Figures()
    for mode in ("plain", "compatible", "safe"):
        with tempfile.TemporaryDirectory() as folder:
            await _run(figures, mode, -(-bodies // 3), f"{seed} {mode}", Path(folder), timed=timed)
    return figures


async def _run(figures: Figures, mode: Mode, bodies: int, seed: str, folder: Path, *, timed: bool) -> None:
    chance = random.Random(seed)
    platform = OfficialAccount(callback="", mode=mode)
    # Nothing is sent: where the servers would be, nobody listens.
    settings = settings_for(platform, "http://127.0.0.1:1")
    app = gateway(f"sqlite:///{folder / 's.db'}", f"sqlite:///{folder / 'c.db'}", settings, FakeAssistant())
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        # The first message pays for what is loaded once.
        query, body = platform.request(next(_valid(platform)))
        await answered(app, list(query.items()), body)
        # As the system does it when it has started.
        gc.collect()
        gc.freeze()
        for number in range(bodies):
            query_given, body = made(chance, platform)
            began = time.process_time()
            try:
                status = await answered(app, query_given, body)
            except Exception as error:
                status = 599
                figures.wrong.append(f"{mode} {type(error).__name__} {error} {query_given} {body[:3000].hex()}")
            spent = time.process_time() - began
            figures.bodies += 1
            figures.statuses[status] += 1
            figures.slowest = max(figures.slowest, spent)
            if timed and spent > MOST_CPU_SECONDS:
                figures.slow.append(f"{mode} {spent:.3f} {query_given} {len(body)} {body[:300].hex()}")
            if 500 <= status < 599:
                figures.wrong.append(f"{mode} {status} {query_given} {body[:3000].hex()}")
            if number % max(bodies // 4, 1) == 0:
                figures.memory.append(_resident())
        figures.memory.append(_resident())
    finally:
        await runner.cleanup()


def _valid(platform: OfficialAccount) -> Iterator[dict[str, str | int]]:
    yield {
        "ToUserName": "gh_account", "FromUserName": "o-first", "CreateTime": int(platform.clock()), "MsgType": "text",
        "Content": "补卡要带什么", "MsgId": 1,
    }  # fmt: skip


async def answered(app: web.Application, query: list[tuple[str, str]], body: bytes) -> int:
    """The status that the application answers a POST to the callback with."""
    payload = StreamReader(_Protocol(), 2**20, loop=asyncio.get_running_loop())
    payload.feed_data(body)
    payload.feed_eof()
    headers = {"Content-Type": "text/xml", "Host": "bot.example", "Content-Length": str(len(body))}
    path = f"{CALLBACK}?{urlencode(query)}"
    request = make_mocked_request("POST", path, headers=headers, payload=payload, app=app, client_max_size=256 * 1024)
    match_info = await app.router.resolve(request)
    match_info.add_app(app)
    request._match_info = match_info
    response = await app._handle(request)
    return response.status


class _Protocol:
    _reading_paused = False

    def pause_reading(self, *_: Any, **__: Any) -> None:
        """Nothing is paused: the body is there."""

    def resume_reading(self, *_: Any, **__: Any) -> None:
        """Nothing was paused."""


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4 // 1024


def main() -> None:
    """Runs it and tells the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bodies", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    began = time.monotonic()
    # A line for each refused body, a hundred thousand times.
    logging.disable(logging.WARNING)
    figures = asyncio.run(run(given.bodies, given.seed, timed=True))
    told = {
        "bodies": figures.bodies,
        "statuses": dict(figures.statuses),
        "wrong": len(figures.wrong),
        "over 50 ms of CPU": len(figures.slow),
        "slowest, ms of CPU": round(figures.slowest * 1000, 1),
        "resident MB, five times for each mode": figures.memory,
        "seconds": round(time.monotonic() - began),
    }
    print(json.dumps(told, ensure_ascii=False, indent=1))
    for line in (*figures.wrong[:10], *figures.slow[:10]):
        print(line[:800])
    raise SystemExit(bool(figures.wrong or figures.slow))


if __name__ == "__main__":
    main()
