"""The stream of another: opened, kept open over its end, gone on with from elsewhere, opened too often."""

import json
import threading
import time
from contextlib import ExitStack

import pytest
import requests

from tests.attacks.attacker import ARREARS, OWN, Attacker, code, gives_away


def opened(attacker: Attacker, path: str = "/api/v1/events", **headers: str) -> requests.Response:
    """A stream, with its headers read."""
    headers = {"X-Forwarded-For": attacker.address, **headers}
    return requests.get(attacker.url + path, headers=headers, stream=True, timeout=(10, 10))


def read(stream: requests.Response, seconds: float = 4.0) -> str:
    """What comes within some seconds."""
    parts: list[bytes] = []

    def follow() -> None:
        try:
            parts.extend(iter(lambda: stream.raw.read1(65_536), b""))
        except Exception:  # the stream is closed below
            return

    reader = threading.Thread(target=follow, daemon=True)
    reader.start()
    reader.join(seconds)
    stream.close()
    return b"".join(parts).decode()


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "null", "%"])
def test_a_stream_is_not_opened_with_a_guessed_token(attacker: Attacker, token: str) -> None:
    with opened(attacker, Authorization=f"Bearer {token}") as answer:
        assert answer.status_code == 401


def test_a_stream_is_not_opened_with_a_token_in_the_address(attacker: Attacker, victim: Attacker) -> None:
    victim.sign_in(ARREARS)
    for name in ("token", "session", "access_token"):
        with opened(attacker, f"/api/v1/events?{name}={victim.session}") as answer:
            assert answer.status_code == 401


def test_the_last_event_id_of_another_shows_nothing_of_theirs(attacker: Attacker, victim: Attacker) -> None:
    victim.sign_in(ARREARS).say("我现在能换号吗")
    entry = victim.get("/api/v1/history", **victim.bearer()).json()["entries"][0]["entry"]
    attacker.say("你好")
    shown = read(opened(attacker, **attacker.bearer(), **{"Last-Event-ID": str(entry - 1)}))
    assert not gives_away(shown, ARREARS)
    said = [json.loads(line[6:]) for line in shown.splitlines() if line.startswith('data: {"entry"')]
    assert {entry["text"] for entry in said if entry["from"] == "user"} == {"你好"}


@pytest.mark.parametrize("last", ["-1", "x", "1 OR 1=1", "9" * 30, "１", "0x10"])
def test_a_made_up_event_id_is_refused(attacker: Attacker, last: str) -> None:
    attacker.say("你好")
    with opened(attacker, **attacker.bearer(), **{"Last-Event-ID": last.encode().decode("latin-1")}) as answer:
        assert answer.status_code == 400


def test_a_stream_shows_nothing_that_is_said_elsewhere(attacker: Attacker, victim: Attacker) -> None:
    attacker.say("你好")
    stream = opened(attacker, **attacker.bearer())
    victim.sign_in(ARREARS).say("我现在能换号吗")
    assert not gives_away(read(stream), ARREARS)


def test_a_stream_that_was_opened_before_signing_out_ends_with_it(attacker: Attacker, victim: Attacker) -> None:
    victim.sign_in(ARREARS)
    stream = opened(attacker, **victim.bearer())
    assert stream.status_code == 200
    victim.http("DELETE", "/api/v1/session", headers=victim.bearer())
    shown = read(stream, seconds=8)
    assert "event: closed" in shown


def test_a_stream_that_was_opened_before_signing_in_as_somebody_else_shows_nothing_of_it(attacker, victim) -> None:
    victim.sign_in(OWN)
    stream = opened(attacker, **victim.bearer())
    victim.sign_in(ARREARS).say("我现在能换号吗")
    assert "32.50" not in read(stream)


def test_a_conversation_has_a_bound_on_its_streams(attacker: Attacker) -> None:
    attacker.say("你好")
    with ExitStack() as stack:
        answers = [stack.enter_context(opened(attacker, **attacker.bearer())) for _ in range(30)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert refused
        assert code(refused[0]) == "too_many_streams"
    time.sleep(1)


def test_the_stream_of_staff_is_not_for_customers(attacker: Attacker) -> None:
    attacker.sign_in(OWN)
    with opened(attacker, "/api/v1/staff/events", **attacker.bearer()) as answer:
        assert answer.status_code == 401


def test_the_stream_of_staff_ends_when_they_sign_out(attacker: Attacker, staff) -> None:
    member = staff("clerk")
    stream = opened(attacker, "/api/v1/staff/events", **member.reads)
    assert stream.status_code == 200
    attacker.post("/api/v1/staff/sign-out", {}, **member.writes(attacker))
    started = time.monotonic()
    read(stream, seconds=25)
    assert time.monotonic() - started < 24
