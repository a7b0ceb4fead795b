"""Another's session: guessed, borrowed, named in the wrong place, or used after its end."""

import secrets

import pytest

from tests.attacks.attacker import ARREARS, OWN, Attacker, code, gives_away, kept


@pytest.fixture
def victim(victim: Attacker) -> Attacker:
    """Somebody who has asked about a number in arrears."""
    victim.sign_in(ARREARS)
    assert "32.50" in victim.say("我现在能换号吗", id="asked-1")["text"]
    return victim


GUESSES = {
    "empty": "",
    "blank": " ",
    "zero": "0",
    "null in words": "null",
    "a wildcard": "%",
    "a path": "../sessions.db",
    "SQL": "' OR '1'='1",
    "random of the right length": secrets.token_urlsafe(32),
    "very long": "A" * 5000,
    "another encoding": "会话",
}


@pytest.mark.parametrize("guess", GUESSES.values(), ids=GUESSES.keys())
def test_a_guessed_token_opens_no_history(attacker: Attacker, victim: Attacker, guess: str) -> None:
    answer = attacker.get("/api/v1/history", Authorization=f"Bearer {guess}".encode().decode("latin-1"))
    assert answer.status_code == 401
    assert not gives_away(answer.json(), ARREARS)


@pytest.mark.parametrize("guess", [[], {}, 0, True, ["a"], {"$ne": None}], ids=repr)
def test_a_token_of_another_type_is_no_session(attacker: Attacker, guess: object) -> None:
    answer = attacker.post("/api/v1/messages", {"text": "我现在能换号吗", "session": guess})
    assert answer.status_code == 400
    assert code(answer) == "wrong_type"


def test_the_conversation_id_is_no_session(attacker: Attacker, victim: Attacker, rows) -> None:
    conversations = [row[0] for row in rows("sessions", "SELECT conversation FROM chat_session")]
    assert conversations
    assert {attacker.get("/api/v1/history", **attacker.bearer(str(one))).status_code for one in conversations} == {401}


def test_the_hash_that_is_stored_of_a_token_is_no_session(attacker: Attacker, victim: Attacker, rows) -> None:
    hashes = [row[0] for row in rows("sessions", "SELECT token_hash FROM chat_session")]
    assert {attacker.get("/api/v1/history", **attacker.bearer(str(one))).status_code for one in hashes} == {401}


def test_no_token_stands_in_any_file(victim: Attacker) -> None:
    assert victim.session
    assert not kept(victim.system, victim.session, but=())


def test_a_token_in_the_address_is_not_taken(attacker: Attacker, victim: Attacker) -> None:
    for name in ("session", "token", "access_token", "authorization"):
        assert attacker.get(f"/api/v1/history?{name}={victim.session}").status_code == 401


def test_a_token_in_a_cookie_is_not_taken(attacker: Attacker, victim: Attacker) -> None:
    for name in ("session", "token", "__Host-staff", "Authorization"):
        assert attacker.get("/api/v1/history", Cookie=f"{name}={victim.session}").status_code == 401


def test_a_token_under_another_scheme_is_not_taken(attacker: Attacker, victim: Attacker) -> None:
    for scheme in ("Basic", "Token", "Session", ""):
        answer = attacker.get("/api/v1/history", Authorization=f"{scheme} {victim.session}".strip())
        assert answer.status_code == 401


def test_a_session_is_gone_after_signing_out(attacker: Attacker, victim: Attacker) -> None:
    assert victim.http("DELETE", "/api/v1/session", headers=victim.bearer()).status_code == 204
    attacker.session = victim.session
    assert attacker.ask("我现在能换号吗").status_code == 401
    assert attacker.get("/api/v1/history", **attacker.bearer()).status_code == 401
    assert attacker.post("/api/v1/handoff", {"session": victim.session}).status_code == 401


def test_the_session_before_signing_in_as_somebody_else_is_gone(attacker: Attacker, victim: Attacker) -> None:
    attacker.session = victim.session
    victim.sign_in(OWN)
    assert attacker.get("/api/v1/history", **attacker.bearer()).status_code == 401


def test_signing_in_does_not_bring_along_what_was_said_before(victim: Attacker) -> None:
    victim.sign_in(OWN)
    entries = victim.get("/api/v1/history", **victim.bearer()).json()["entries"]
    assert entries == []


def test_an_answer_of_another_conversation_cannot_be_judged(attacker: Attacker, victim: Attacker, rows) -> None:
    entry = victim.get("/api/v1/history", **victim.bearer()).json()["entries"][-1]["entry"]
    attacker.say("你好")
    answer = attacker.post("/api/v1/feedback", {"session": attacker.session, "entry": entry, "score": "down"})
    assert answer.status_code == 404
    shown = victim.get("/api/v1/history", **victim.bearer()).json()["entries"][-1]
    assert "feedback" not in shown


def test_the_message_id_of_another_gives_its_answer_to_nobody_else(attacker: Attacker, victim: Attacker) -> None:
    reply = attacker.say("你好", id="asked-1")
    assert not gives_away(reply, ARREARS)


def test_history_after_an_entry_of_another_shows_nothing_of_it(attacker: Attacker, victim: Attacker) -> None:
    entry = victim.get("/api/v1/history", **victim.bearer()).json()["entries"][0]["entry"]
    attacker.say("你好")
    for after in (entry - 1, 0, 1):
        answer = attacker.get(f"/api/v1/history?after={after}", **attacker.bearer())
        assert not gives_away(answer.json(), ARREARS)
        assert {entry["text"] for entry in answer.json()["entries"] if entry["from"] == "user"} <= {"你好"}


def test_a_hand_over_of_another_cannot_be_cancelled(attacker: Attacker, victim: Attacker) -> None:
    before = victim.get("/api/v1/history", **victim.bearer()).json()["handoff"]
    attacker.say("你好")
    attacker.http("DELETE", "/api/v1/handoff", headers=attacker.bearer())
    assert victim.get("/api/v1/history", **victim.bearer()).json()["handoff"] == before


def test_signing_out_with_a_made_up_token_ends_nobodys_session(attacker: Attacker, victim: Attacker) -> None:
    attacker.http("DELETE", "/api/v1/session", headers=attacker.bearer("%"))
    assert victim.get("/api/v1/session", **victim.bearer()).status_code == 200


def test_a_session_shows_its_own_number_masked_only(victim: Attacker) -> None:
    identity = victim.get("/api/v1/session", **victim.bearer()).json()["identity"]
    assert identity["numbers"] == ["186****0102"]
