"""Guessing: passwords, codes, links, grants, one-time codes of staff; and learning from answers whether a number exists."""

import json
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from bot.identity.demo import STAFF_PASSWORD
from tests.attacks.attacker import Attacker, code, one_time_code, own_password

# Numbers of this file only: they are locked when it is done.
GUESSED, CRACKED, CROWD, CODED, SPREAD = (f"186000101{end}" for end in ("10", "12", "13", "14", "15"))
GRANTED, RENEWED, SPELT = (f"186000101{end}" for end in ("16", "17", "18"))
NOBODY, NOBODY_CODED = "18655550001", "18655550002"


def told(answer: requests.Response) -> tuple[object, ...]:
    """Everything of an answer that its receiver sees, but its time and id, and how many seconds are left."""
    names = set(answer.headers) - {"Date", "X-Request-Id", "Retry-After"}
    return (
        answer.status_code,
        answer.text,
        {name: answer.headers[name] for name in names},
        "Retry-After" in answer.headers,
    )


def short(value: object) -> str:
    """What names a variant."""
    return ascii(value)[:40]


def guesses(attacker: Attacker, number: str, times: int, **secret: str) -> list[requests.Response]:
    """So many tries, each with a link of its own."""
    return [attacker.prove(Attacker(attacker.system).link(), number, **secret) for _ in range(times)]


@pytest.fixture
def grants(rows) -> Iterator[Any]:
    """How many grants there are; none more when the attempt is over."""
    before = rows("sessions", "SELECT count(*) FROM verification_grant WHERE expires_at > ?", int(time.time()))
    yield before
    after = rows("sessions", "SELECT count(*) FROM verification_grant WHERE expires_at > ?", int(time.time()))
    assert after <= before


def test_the_answers_to_wrong_passwords_are_the_same_for_a_number_that_does_not_exist(attacker, grants) -> None:
    known = [told(answer) for answer in guesses(attacker, GUESSED, 7, password="000000")]
    unknown = [told(answer) for answer in guesses(Attacker(attacker.system), NOBODY, 7, password="000000")]
    assert known == unknown
    assert [answer[0] for answer in known] == [401] * 5 + [429] * 2


def test_the_right_password_is_of_no_use_while_the_number_is_locked(attacker: Attacker, grants) -> None:
    guesses(attacker, CRACKED, 5, password="000000")
    answer = Attacker(attacker.system).prove(attacker.link(), CRACKED, password=own_password(CRACKED))
    assert (answer.status_code, code(answer)) == (429, "too_many_tries")


def test_many_addresses_have_no_more_tries_at_one_number(attacker: Attacker, grants) -> None:
    answers = [Attacker(attacker.system).prove(attacker.link(), SPREAD, password=f"{guess:06}") for guess in range(8)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 3


def test_other_spellings_of_a_number_have_no_more_tries(attacker: Attacker, grants) -> None:
    spaced, wide = (
        f"{SPELT[:3]} {SPELT[3:7]} {SPELT[7:]}",
        SPELT.translate({48 + one: 0xFF10 + one for one in range(10)}),
    )
    hyphens, bracketed = f"{SPELT[:3]}-{SPELT[3:]}", f"({SPELT[:3]}){SPELT[3:]}"
    spellings = [SPELT, spaced, wide, hyphens, bracketed, f" {SPELT} ", spaced, wide]
    answers = [guesses(attacker, spelling, 1, password="000000")[0] for spelling in spellings]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 3


def test_a_hundred_guesses_at_once_are_no_more_than_five(attacker: Attacker, grants) -> None:
    links = [Attacker(attacker.system).link() for _ in range(25)]
    with ThreadPoolExecutor(25) as pool:
        answers = list(
            pool.map(lambda link: Attacker(attacker.system).prove(link, CROWD, password="000000"), links * 4)
        )
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(401) <= 5
    assert set(statuses) <= {401, 429}


def test_one_address_has_thirty_tries_at_all_numbers_together(attacker: Attacker, grants) -> None:
    answers = [
        attacker.prove(Attacker(attacker.system).link(), f"18655551{number:03}", password="000000")
        for number in range(33)
    ]
    assert [answer.status_code for answer in answers] == [401] * 30 + [429] * 3


def test_made_up_hops_of_proxies_are_no_other_address(attacker: Attacker, grants) -> None:
    def attempt(number: int) -> int:
        link = Attacker(attacker.system).link()
        hops = f"10.{number}.9.9, {attacker.address}"
        body = {"number": f"18655552{number:03}", "password": "000000"}
        return attacker.post(link, body, **attacker.own, **{"X-Forwarded-For": hops}).status_code

    assert [attempt(number) for number in range(32)] == [401] * 30 + [429] * 2


def test_one_link_has_five_tries(attacker: Attacker, grants) -> None:
    link = attacker.link()
    answers = [Attacker(attacker.system).prove(link, f"18655553{number:03}", password="000000") for number in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [410]


def test_a_used_link_and_one_that_never_was_look_the_same(attacker: Attacker) -> None:
    link = attacker.link()
    for number in range(5):
        attacker.prove(link, f"18655554{number:03}", password="000000")
    used, never = attacker.get(link), attacker.get(f"/verify/{secrets.token_urlsafe(32)}")
    assert told(used) == told(never)
    assert used.status_code == 410


@pytest.mark.parametrize("token", ["%", "%00", "'", "A" * 3000, "__proto__", "%2e%2e%2f", "0"], ids=short)
def test_a_guessed_link_is_none(attacker: Attacker, token: str) -> None:
    assert attacker.get(f"/verify/{token}").status_code in (404, 410)
    assert attacker.post(f"/verify/{token}", {"number": GUESSED, "password": "1"}, **attacker.own).status_code in (
        404,
        410,
    )


@pytest.mark.parametrize(
    "secret", [{"password": ""}, {"code": ""}, {"password": "1", "code": "1"}, {}, {"password": None}]
)
def test_no_secret_or_two_of_them_prove_nothing(attacker: Attacker, grants, secret: dict[str, Any]) -> None:
    assert attacker.post(attacker.link(), {"number": "18600010103", **secret}, **attacker.own).status_code == 400


@pytest.mark.parametrize("secret", [["301010"], {"$ne": ""}, True, 301010])
def test_a_secret_of_another_type_proves_nothing(attacker: Attacker, grants, secret: object) -> None:
    answer = attacker.post(attacker.link(), {"number": "18600010103", "password": secret}, **attacker.own)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "number", ["%", "1' OR '1'='1", ["18600010103"], None, "1" * 5000, "18600010103\n18600010102"], ids=short
)
def test_what_is_no_number_is_not_looked_up(attacker: Attacker, grants, number: object) -> None:
    answer = attacker.post(attacker.link(), {"number": number, "password": "301010"}, **attacker.own)
    assert (answer.status_code, code(answer)) in ((400, "bad_number"), (401, "not_verified"))


# Codes by SMS


def ask_code(attacker: Attacker, link: str, number: str) -> requests.Response:
    """Asks for a code on the page of a link."""
    return attacker.post(f"{link}/code", {"number": number}, **attacker.own)


def last_code(attacker: Attacker, number: str) -> str:
    """The code in the newest message to a demo number."""
    until = time.monotonic() + 10
    while not (messages := attacker.get(f"/demo/sms?number={number}").json()["messages"]):
        assert time.monotonic() < until
        time.sleep(0.1)
    return "".join(filter(str.isdigit, str(messages[0]["text"]).split("，")[0]))


def test_asking_for_a_code_tells_nothing_of_whether_a_number_exists(
    attacker: Attacker, victim: Attacker, target
) -> None:
    known = [told(ask_code(attacker, attacker.link(), RENEWED)) for _ in range(2)]
    unknown = [told(ask_code(victim, victim.link(), NOBODY_CODED)) for _ in range(2)]
    assert known == unknown
    assert [answer[0] for answer in known] == [200, 429]
    sent = [json.loads(line) for line in (target.var / "demo" / "sms.jsonl").read_text("utf-8").splitlines()]
    assert NOBODY_CODED not in {message["number"] for message in sent}


def test_a_code_is_good_for_its_own_link_only_and_guessing_it_ends_after_five(attacker, victim, grants) -> None:
    link = victim.link()
    assert ask_code(victim, link, CODED).status_code == 200
    right = last_code(victim, CODED)
    elsewhere = attacker.prove(attacker.link(), CODED, code=right)
    assert (elsewhere.status_code, code(elsewhere)) == (401, "not_verified")
    wrong = [attacker.prove(link, CODED, code=f"{guess:06}") for guess in range(4)]
    assert {answer.status_code for answer in wrong} == {401}
    assert attacker.prove(link, CODED, code=right).status_code in (410, 429)


def test_one_address_cannot_send_codes_to_everybody(attacker: Attacker) -> None:
    answers = [ask_code(attacker, Attacker(attacker.system).link(), f"18655556{number:03}") for number in range(23)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429] * 3


@pytest.mark.parametrize("number", ["055162000111", "12345", "86186000101010"])
def test_codes_go_to_no_number_that_is_no_mobile(attacker: Attacker, number: str) -> None:
    assert ask_code(attacker, attacker.link(), number).status_code == 400


# Grants


def test_guessing_the_confirmation_code_ends_after_five_tries(attacker: Attacker) -> None:
    proof = attacker.prove(attacker.link(), GRANTED, password=own_password(GRANTED)).json()

    def redeem(grant: str) -> int:
        return attacker.post("/api/v1/identity/grant", {"session": attacker.session, "grant": grant}).status_code

    assert [redeem(f"{guess:08}") for guess in range(5)] == [401] * 5
    assert redeem(proof["code"]) == 401
    assert redeem(proof["grant"]) == 401
    assert attacker.get("/api/v1/session", **attacker.bearer()).json() == {"identity": None}


@pytest.mark.parametrize("grant", ["", "%", None, [], {}, "0" * 8, "x" * 10_000, "' OR '1'='1"], ids=short)
def test_a_made_up_grant_signs_nobody_in(attacker: Attacker, grant: object) -> None:
    attacker.link()
    answer = attacker.post("/api/v1/identity/grant", {"session": attacker.session, "grant": grant})
    assert answer.status_code in (400, 401)
    assert attacker.get("/api/v1/session", **attacker.bearer()).json() == {"identity": None}


# Staff


def sign_in(attacker: Attacker, name: object, password: object, one_time: object) -> requests.Response:
    """What the console's sign-in sends."""
    return attacker.post(
        "/api/v1/staff/sign-in", {"name": name, "password": password, "code": one_time}, **attacker.own
    )


def test_the_answers_to_wrong_passwords_are_the_same_for_a_name_that_does_not_exist(attacker: Attacker, victim) -> None:
    known = [told(sign_in(attacker, "demo.clerk", f"guess-{guess}-of-many", "000000")) for guess in range(7)]
    unknown = [told(sign_in(victim, "demo.nobody", f"guess-{guess}-of-many", "000000")) for guess in range(7)]
    assert known == unknown
    assert [answer[0] for answer in known] == [401] * 5 + [429] * 2


def test_the_right_password_and_code_are_of_no_use_while_the_name_is_locked(attacker: Attacker, victim) -> None:
    for guess in range(6):
        sign_in(attacker, "demo.clerk", f"guess-{guess}-of-many", "000000")
    answer = sign_in(victim, "demo.clerk", STAFF_PASSWORD, one_time_code(victim, "demo.clerk"))
    assert answer.status_code == 429
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "name", ["DEMO.CLERK", "demo.clerk\u200b", "demo.clerk\u0000", "demo.clerk'--", "demo．clerk", "%"]
)
def test_another_spelling_of_a_name_is_nobody(attacker: Attacker, name: str) -> None:
    answer = sign_in(attacker, name, STAFF_PASSWORD, one_time_code(attacker, "demo.clerk"))
    assert answer.status_code in (400, 401)
    assert "Set-Cookie" not in answer.headers


def test_guessing_one_time_codes_with_the_right_password_ends_after_five(attacker: Attacker) -> None:
    answers = [sign_in(attacker, "demo.rules", STAFF_PASSWORD, f"{guess:06}") for guess in range(7)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 2
    assert not any("Set-Cookie" in answer.headers for answer in answers)


def test_a_one_time_code_that_was_seen_over_a_shoulder_is_of_no_use(attacker: Attacker, victim: Attacker) -> None:
    seen = one_time_code(victim, "demo.supervisor")
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: sign_in(victim, "demo.supervisor", STAFF_PASSWORD, seen), range(5)))
    assert sorted(answer.status_code for answer in answers) in ([200] + [401] * 4, [200] + [401] * 3 + [429])
    assert sign_in(attacker, "demo.supervisor", STAFF_PASSWORD, seen).status_code in (401, 429)


@pytest.mark.parametrize("wrong", [None, "", 123456, ["123456"], {"$ne": ""}, True], ids=repr)
def test_credentials_of_another_type_sign_nobody_in(attacker: Attacker, wrong: object) -> None:
    for values in (
        (wrong, STAFF_PASSWORD, "000000"),
        ("demo.rules", wrong, "000000"),
        ("demo.rules", STAFF_PASSWORD, wrong),
    ):
        answer = sign_in(attacker, *values)
        assert answer.status_code == 400
        assert "Set-Cookie" not in answer.headers


def test_a_password_of_a_megabyte_is_not_hashed(attacker: Attacker) -> None:
    assert sign_in(attacker, "demo.rules", "x" * 1_000_000, "000000").status_code in (400, 413)
    assert sign_in(attacker, "demo.rules", "x" * 201, "000000").status_code == 400


def test_made_up_cookies_are_no_session_of_staff(attacker: Attacker) -> None:
    for cookie in ("", "0", "%", "' OR '1'='1", secrets.token_urlsafe(32), "A" * 5000, "null"):
        assert attacker.get("/api/v1/staff/me", Cookie=f"__Host-staff={cookie}").status_code == 401
