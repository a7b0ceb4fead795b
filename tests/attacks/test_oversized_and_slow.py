"""Too big, too deep, too slow, too much at once: refused, and everybody else is served meanwhile."""

import gzip
import json
import socket
import time
import zlib
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.attacks.attacker import Attacker, code, inside

POSTS = (
    "/api/v1/messages",
    "/api/v1/feedback",
    "/api/v1/handoff",
    "/api/v1/identity/assertion",
    "/api/v1/identity/grant",
    "/api/v1/demo/sign-in",
)
JSON = {"Content-Type": "application/json"}


@pytest.fixture(autouse=True)
def served_meanwhile(victim: Attacker):
    """Somebody else is answered after whatever was tried."""
    yield
    assert victim.say("销户要带什么")["decision"] == "answer"


@pytest.mark.parametrize("path", POSTS)
def test_a_body_that_is_too_big_is_refused(attacker: Attacker, path: str) -> None:
    answer = attacker.http("POST", path, data=b'{"text": "' + b"a" * 300_000 + b'"}', headers=JSON)
    assert (answer.status_code, code(answer)) == (413, "body_too_large")


@pytest.mark.parametrize("path", POSTS)
def test_a_body_in_chunks_that_is_too_big_is_refused(attacker: Attacker, path: str) -> None:
    answer = attacker.http("POST", path, data=(b"a" * 50_000 for _ in range(8)), headers=JSON)
    assert answer.status_code == 413


def test_a_length_of_a_terabyte_is_not_waited_for(attacker: Attacker) -> None:
    head = f"POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {attacker.address}\r\nContent-Type: application/json\r\n"
    answer = attacker.raw(f"{head}Content-Length: 1000000000000\r\n\r\n{{}}".encode(), seconds=5)
    assert answer.startswith(b"HTTP/1.1 413 ")


def starts(value: object) -> str:
    """What names a long text."""
    return ascii(value)[1:20]


@pytest.mark.parametrize(
    "text",
    ["长" * 2001, "a" * 100_000, "\u0301" * 20_000, "1" * 50_000, "1 " * 20_000, "我叫" * 20_000, "一" * 20_000],
    ids=starts,
)
def test_a_text_that_is_too_long_is_refused_at_once(attacker: Attacker, text: str) -> None:
    answer = attacker.ask(text)
    assert answer.status_code == 400
    assert code(answer) in ("text_too_long", "empty_text")


@pytest.mark.parametrize(
    "text",
    [
        "1" * 2000,
        "1 " * 1000,
        "我叫" * 1000,
        "一" * 2000,
        "18600010102" * 180,
        "6222021001116245702 " * 99,
        "é" * 2000,
        "👨\u200d👩\u200d👧" * 390,
        "ﷺ" * 2000,
        "销户" * 1000,
        "？" * 2000,
    ],
    ids=starts,
)
def test_the_longest_text_that_is_taken_stops_nobody(attacker: Attacker, text: str) -> None:
    started = time.monotonic()
    answer = attacker.ask(text[:2000])
    assert answer.status_code in (200, 400)
    # No expression that goes wild: those take minutes.
    assert time.monotonic() - started < 30


DEEP = {
    "lists": "[" * 100_000 + "]" * 100_000,
    "objects": '{"a":' * 40_000 + "1" + "}" * 40_000,
    "not closed": "[" * 200_000,
    "seventeen": '{"text":"x","a":' + "[" * 17 + "]" * 17 + "}",
}


@pytest.mark.parametrize("body", DEEP.values(), ids=DEEP.keys())
def test_json_that_is_too_deep_is_refused(attacker: Attacker, body: str) -> None:
    answer = attacker.http("POST", "/api/v1/messages", data=body.encode(), headers=JSON)
    assert answer.status_code == 400
    assert not inside(answer.text)


ODD = {
    "not a number": b'{"text": NaN}',
    "infinity": b'{"text": "x", "a": Infinity}',
    "a number of 100,000 digits": b'{"text": "x", "a": ' + b"9" * 100_000 + b"}",
    "UTF-16": '{"text": "x"}'.encode("utf-16"),
    "invalid UTF-8": b'{"text": "\xff\xfe"}',
    "overlong UTF-8": b'{"text": "\xc0\xaf"}',
    "a list": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "empty": b"",
    "two values": b'{"text": "x"} {"text": "y"}',
    "a comment": b'{"text": "x" /* y */}',
    "single quotes": b"{'text': 'x'}",
    "text as a list": b'{"text": ["x"]}',
    "text as an object": b'{"text": {"$gt": ""}}',
    "only control characters": b'{"text": "\\u0000\\u0001\\u0002"}',
    "a lone surrogate only": b'{"text": "\\ud800"}',
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD.keys())
def test_odd_json_is_refused_with_one_sentence(attacker: Attacker, body: bytes) -> None:
    answer = attacker.http("POST", "/api/v1/messages", data=body, headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].endswith(("。", "）。"))
    assert not inside(answer.text)


def bomb(kind: str) -> bytes:
    """Two hundred megabytes, packed."""
    raw = b'{"text": "' + b"a" * 200_000_000 + b'"}'
    return gzip.compress(raw, 9) if kind == "gzip" else zlib.compress(raw, 9)


@pytest.mark.parametrize("kind", ["gzip", "deflate"])
def test_a_body_that_grows_when_it_is_unpacked_is_refused(attacker: Attacker, target, kind: str) -> None:
    def memory() -> int:
        return int(Path(f"/proc/{target.process.pid}/statm").read_text().split()[1]) * 4096

    before = memory()
    answer = attacker.http("POST", "/api/v1/messages", data=bomb(kind), headers={**JSON, "Content-Encoding": kind})
    assert answer.status_code in (400, 413, 415)
    assert memory() - before < 100_000_000


@pytest.mark.parametrize("kind", ["br", "zstd", "compress", "gzip, gzip", "x-nobody-knows"])
def test_a_body_in_an_unknown_packing_is_not_read(attacker: Attacker, kind: str) -> None:
    answer = attacker.http("POST", "/api/v1/messages", data=b"\x00\x01\x02", headers={**JSON, "Content-Encoding": kind})
    assert answer.status_code in (400, 415)
    assert not inside(answer.text)


KINDS = (
    "text/plain",
    "text/html",
    "application/xml",
    "application/json-patch+json",
    "application/x-www-form-urlencoded",
    "image/png",
    "",
    "application/json, text/plain",
    "a" * 500,
)


@pytest.mark.parametrize("kind", KINDS, ids=starts)
def test_another_content_type_is_not_read_as_json(attacker: Attacker, kind: str) -> None:
    answer = attacker.http("POST", "/api/v1/messages", data=b'{"text": "x"}', headers={"Content-Type": kind})
    assert answer.status_code == 415


def test_headers_that_are_too_big_are_refused(attacker: Attacker) -> None:
    big = f"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: {'a' * 100_000}\r\nConnection: close\r\n\r\n"
    assert attacker.status_of(big.encode()) in (0, 400, 431)


def test_an_address_that_is_too_long_is_refused(attacker: Attacker) -> None:
    assert attacker.status_of(f"GET /{'a' * 100_000} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()) in (
        0,
        400,
        414,
    )


def test_ten_thousand_headers_are_refused(attacker: Attacker) -> None:
    many = "".join(f"X-{number}: a\r\n" for number in range(10_000))
    assert attacker.status_of(f"GET /healthz HTTP/1.1\r\nHost: x\r\n{many}Connection: close\r\n\r\n".encode()) in (
        0,
        400,
        431,
    )


def test_bodies_that_come_a_byte_at_a_time_hold_nobody_up(attacker: Attacker, victim: Attacker) -> None:
    """Twenty slow senders on loopback: others are served at once, and the slow ones are told to go."""
    head = f"POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {attacker.address}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
    with ExitStack() as stack:
        slow = [stack.enter_context(connected(attacker)) for _ in range(20)]
        for connection in slow:
            connection.sendall(head.encode())
        assert victim.say("销户要带什么")["decision"] == "answer"
        until = time.monotonic() + 25
        for connection in slow:
            connection.settimeout(max(until - time.monotonic(), 1))
            assert connection.recv(100).startswith(b"HTTP/1.1 408")


def test_heads_that_do_not_end_hold_nobody_up(attacker: Attacker, victim: Attacker) -> None:
    with ExitStack() as stack:
        for _ in range(50):
            stack.enter_context(connected(attacker)).sendall(b"GET /healthz HTTP/1.1\r\nX-Slow: ")
        assert victim.get("/healthz").status_code == 200
        assert victim.say("销户要带什么")["decision"] == "answer"


def test_a_reader_that_reads_nothing_holds_nobody_up(attacker: Attacker, victim: Attacker) -> None:
    request = b"GET /static/rule-assistant.js HTTP/1.1\r\nHost: x\r\n\r\n" * 50
    with ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(connected(attacker)).sendall(request)
        assert victim.get("/healthz").status_code == 200


def connected(attacker: Attacker) -> socket.socket:
    """A connection of its own."""
    return socket.create_connection(("127.0.0.1", urlsplit(attacker.url).port or 80), timeout=10)


def test_one_session_has_no_more_than_its_rate_and_others_go_on(attacker: Attacker, victim: Attacker) -> None:
    attacker.say("你好")
    statuses = [attacker.get("/api/v1/session", **attacker.bearer()).status_code for _ in range(125)]
    assert 429 in statuses
    assert victim.get("/healthz").status_code == 200
    refused = attacker.get("/api/v1/session", **attacker.bearer())
    assert int(refused.headers["Retry-After"]) >= 1
    assert json.loads(refused.text)["error"]["code"] == "too_many_requests"
