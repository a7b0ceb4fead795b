"""Making somebody else use what the attacker has prepared: sessions, links, grants, cookies."""

from bot.identity.demo import STAFF_PASSWORD
from tests.attacks.attacker import ARREARS, OWN, Attacker, assertion, code, gives_away, one_time_code, own_password

NUMBER = "18600010103"


def test_a_session_that_was_slipped_to_somebody_is_not_the_one_they_are_signed_in_with(attacker, victim) -> None:
    attacker.say("你好")
    victim.session = attacker.session
    victim.sign_in(ARREARS)
    assert victim.session != attacker.session
    assert attacker.get("/api/v1/session", **attacker.bearer()).status_code == 401


def test_a_session_that_was_slipped_to_somebody_does_not_survive_an_assertion(attacker, victim) -> None:
    attacker.say("你好")
    victim.session = attacker.session
    victim.vouched_for(numbers=[ARREARS])
    assert victim.session != attacker.session
    assert attacker.get("/api/v1/history", **attacker.bearer()).status_code == 401


def test_a_session_that_was_slipped_to_somebody_does_not_survive_a_verification(attacker, victim) -> None:
    attacker.say("你好")
    victim.session = attacker.session
    proof = victim.prove(victim.link(), NUMBER, password=own_password(NUMBER)).json()
    answer = victim.post("/api/v1/identity/grant", {"session": victim.session, "grant": proof["grant"]})
    assert answer.status_code == 200
    assert attacker.get("/api/v1/history", **attacker.bearer()).status_code == 401


def test_a_session_cannot_be_given_a_token_of_ones_own_choice(attacker: Attacker) -> None:
    for token in ("chosen-by-the-attacker", "A" * 43):
        answer = attacker.post("/api/v1/demo/sign-in", {"number": OWN, "session": token})
        assert answer.json()["session"] != token
        assert attacker.get("/api/v1/session", **attacker.bearer(token)).status_code == 401


def test_a_link_sent_to_a_victim_signs_the_sender_in_only_with_what_the_victim_does_not_send(attacker, victim) -> None:
    """The victim proves a number on the attacker's link: without grant or code the attacker has nothing."""
    link = attacker.link()
    proof = victim.prove(link, NUMBER, password=own_password(NUMBER))
    assert proof.status_code == 200
    assert attacker.get("/api/v1/session", **attacker.bearer()).json() == {"identity": None}
    assert not gives_away(attacker.say("我现在能换号吗"), NUMBER)
    # Opening the link again shows no result of what was proven there.
    page = attacker.get(link)
    assert page.status_code == 410
    assert proof.json()["code"] not in page.text


def test_the_link_tells_the_victim_where_the_result_goes(attacker: Attacker) -> None:
    page = attacker.get(attacker.link()).text
    assert attacker.url in page
    assert "别人发给您的" in page


def test_a_grant_is_of_no_use_in_another_session(attacker, victim) -> None:
    proof = victim.prove(victim.link(), NUMBER, password=own_password(NUMBER)).json()
    attacker.link()
    for grant in (proof["grant"], proof["code"]):
        answer = attacker.post("/api/v1/identity/grant", {"session": attacker.session, "grant": grant})
        assert (answer.status_code, code(answer)) == (401, "grant_refused")
    assert attacker.get("/api/v1/session", **attacker.bearer()).json() == {"identity": None}


def test_a_grant_is_taken_once(attacker, victim) -> None:
    proof = victim.prove(victim.link(), NUMBER, password=own_password(NUMBER)).json()
    former = victim.session
    assert victim.post("/api/v1/identity/grant", {"session": former, "grant": proof["grant"]}).status_code == 200
    attacker.session = former
    for grant in (proof["grant"], proof["code"]):
        assert attacker.post("/api/v1/identity/grant", {"session": former, "grant": grant}).status_code == 401


def test_a_link_is_good_for_one_proof(attacker, victim) -> None:
    link = victim.link()
    assert victim.prove(link, NUMBER, password=own_password(NUMBER)).status_code == 200
    assert attacker.prove(link, NUMBER, password=own_password(NUMBER)).status_code == 410


def test_a_link_of_a_session_that_has_ended_signs_nobody_in(attacker: Attacker) -> None:
    link, session = attacker.link(), attacker.session
    attacker.http("DELETE", "/api/v1/session", headers=attacker.bearer())
    proof = attacker.prove(link, NUMBER, password=own_password(NUMBER))
    if proof.status_code == 200:
        answer = attacker.post("/api/v1/identity/grant", {"session": session, "grant": proof.json()["grant"]})
        assert answer.status_code == 401


def test_a_link_is_made_for_no_page_of_a_foreign_origin(attacker: Attacker) -> None:
    attacker.say("你好")
    for origin in ("https://evil.example", "null", f"{attacker.url}.evil.example", "javascript:alert(1)"):
        answer = attacker.post("/api/v1/identity/links", {"session": attacker.session}, Origin=origin)
        assert (answer.status_code, code(answer)) == (403, "foreign_origin")


def test_a_link_does_not_take_its_address_from_the_host_header(attacker: Attacker) -> None:
    attacker.say("你好")
    answer = attacker.post("/api/v1/identity/links", {"session": attacker.session}, Host="evil.example")
    assert "evil.example" not in answer.text


def test_an_assertion_of_somebody_else_in_the_attackers_session_leaves_the_attacker_nothing(attacker, victim) -> None:
    """Login CSRF the other way round: the victim's assertion is swapped in the session that the attacker knows."""
    attacker.say("你好")
    answer = victim.post(
        "/api/v1/identity/assertion", {"assertion": assertion(numbers=[ARREARS]), "session": attacker.session}
    )
    assert answer.status_code == 200
    assert attacker.get("/api/v1/history", **attacker.bearer()).status_code == 401


def test_a_session_of_staff_that_was_there_before_a_sign_in_is_gone_after_it(attacker, staff) -> None:
    known = staff("supervisor")
    body = {"name": "demo.supervisor", "password": STAFF_PASSWORD, "code": one_time_code(attacker, "demo.supervisor")}
    answer = attacker.post("/api/v1/staff/sign-in", body, **attacker.own, **known.reads)
    assert answer.status_code == 200
    assert known.cookie not in answer.headers["Set-Cookie"]
    assert attacker.get("/api/v1/staff/me", **known.reads).status_code == 401
