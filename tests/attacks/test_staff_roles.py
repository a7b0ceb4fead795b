"""Staff who want more than their role: other roles' pages, others' work, accounts and roles that are gone."""

from typing import Any

import pytest

from tests.attacks.attacker import ARREARS, FOREIGN, OWN, Attacker, Staff, code, gives_away, inside, kept

STAFF = "/api/v1/staff/"
FILE = "companies/G1001/numbers.csv?operation=cancel_service&purpose=核对资料"
FORBIDDEN = [
    ("clerk", "GET", FILE, None),
    ("clerk", "GET", FILE.replace("csv", "xlsx"), None),
    ("clerk", "GET", "search/conversations?q=销户", None),
    ("clerk", "GET", "review?kind=unanswered", None),
    ("clerk", "GET", "review/export?use=test", None),
    ("clerk", "PUT", "review/1", {"use": "training"}),
    ("clerk", "GET", "dashboard", None),
    ("clerk", "GET", "dashboard.csv", None),
    ("clerk", "GET", "dashboard.xlsx", None),
    ("rule_owner", "POST", "lookups", {"number": ARREARS, "purpose": "客户来电"}),
    ("rule_owner", "GET", "companies?name=源创三象", None),
    ("rule_owner", "POST", "companies/G1001/numbers", {"operation": "cancel_service", "purpose": "客户来电"}),
    ("rule_owner", "GET", FILE, None),
    ("rule_owner", "GET", "handoffs", None),
    ("rule_owner", "GET", "events", None),
    ("rule_owner", "POST", "handoffs/1/claim", {}),
    ("rule_owner", "POST", "handoffs/1/messages", {"text": "您好"}),
    ("rule_owner", "POST", "handoffs/1/return", {}),
    ("rule_owner", "GET", "dashboard.csv", None),
    ("rule_owner", "GET", "dashboard.xlsx", None),
]
EVERYTHING = [(method, path, body) for role, method, path, body in FORBIDDEN] + [
    ("POST", "ask", {"text": "销户要带什么"}),
    ("GET", "search/rules?q=销户", None),
    ("GET", "me", None),
]


def names(cases: list[Any]) -> list[str]:
    """What the cases are called."""
    return [" ".join(str(part) for part in case[:-1]).partition("?")[0] for case in cases]


@pytest.mark.parametrize(("role", "method", "path", "body"), FORBIDDEN, ids=names(FORBIDDEN))
def test_a_role_gets_nothing_of_another_ones(attacker, staff, rows, role, method, path, body) -> None:
    looks = rows("audit", "SELECT count(*) FROM audit_look")
    answer = attacker.http(method, STAFF + path, json=body, headers=staff(role).writes(attacker))
    assert (answer.status_code, code(answer)) == (403, "not_allowed")
    assert not gives_away(answer.json(), ARREARS, OWN)
    assert rows("audit", "SELECT count(*) FROM audit_look") == looks


@pytest.mark.parametrize(("method", "path", "body"), EVERYTHING, ids=names([("", *case) for case in EVERYTHING]))
def test_who_is_not_signed_in_gets_nothing(attacker: Attacker, method: str, path: str, body: Any) -> None:
    attacker.sign_in(OWN)
    headers = {**attacker.own, **attacker.bearer(), "Cookie": f"__Host-staff={attacker.session}"}
    answer = attacker.http(method, STAFF + path, json=body, headers=headers)
    assert (answer.status_code, code(answer)) == (401, "not_signed_in")


def test_demo_staff_of_the_chat_is_nobody_in_the_staff_interface(attacker: Attacker) -> None:
    attacker.session = attacker.post("/api/v1/demo/sign-in", {"role": "staff"}).json()["session"]
    for cookie in (attacker.session, ""):
        answer = attacker.get(f"{STAFF}dashboard", **attacker.bearer(), Cookie=f"__Host-staff={cookie}")
        assert answer.status_code == 401


@pytest.mark.parametrize(
    "claim", [{"role": "supervisor"}, {"who": "demo.supervisor"}, {"staff": {"role": "supervisor"}}]
)
def test_a_role_in_a_body_is_not_believed(attacker: Attacker, staff, claim: dict[str, Any]) -> None:
    headers = staff("rule_owner").writes(attacker)
    answer = attacker.http(
        "POST", f"{STAFF}lookups", json={"number": OWN, "purpose": "客户来电", **claim}, headers=headers
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path", ["dashboard.CSV", "dashboard%2Ecsv", "./dashboard.csv", "x/../dashboard.csv", "/dashboard.csv", "DASHBOARD"]
)
def test_another_spelling_of_an_address_is_no_way_around_a_role(attacker: Attacker, staff, path: str) -> None:
    request = f"GET {STAFF}{path} HTTP/1.1\r\nHost: x\r\nCookie: __Host-staff={staff('clerk').cookie}\r\nConnection: close\r\n\r\n"
    assert attacker.status_of(request.encode()) in (400, 403, 404)


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND"])
def test_another_method_is_no_way_around_a_role(attacker: Attacker, staff, method: str) -> None:
    answer = attacker.http(method, f"{STAFF}dashboard", headers=staff("clerk").writes(attacker))
    assert answer.status_code in (400, 403, 405)
    assert "series" not in answer.text


def test_a_method_in_a_header_is_not_taken(attacker: Attacker, staff) -> None:
    headers = {**staff("supervisor").reads, "X-HTTP-Method-Override": "POST", "X-Method-Override": "POST"}
    assert attacker.get(f"{STAFF}lookups", **headers).status_code == 405


def asked(attacker: Attacker, member: Staff) -> str:
    """A conversation of this member of staff with a look at an account in it."""
    body = {"text": f"{ARREARS}现在能换号吗"}
    answer = attacker.http("POST", f"{STAFF}ask", json=body, headers=member.writes(attacker))
    assert "32.50" in answer.text
    return str(answer.json()["conversation"])


def test_a_conversation_of_another_member_of_staff_cannot_be_gone_on_with(attacker: Attacker, staff) -> None:
    theirs = asked(attacker, staff("supervisor"))
    for role in ("clerk", "rule_owner"):
        body = {"text": "那个号码欠费多少", "conversation": theirs}
        answer = attacker.http("POST", f"{STAFF}ask", json=body, headers=staff(role).writes(attacker))
        assert answer.status_code == 404
        assert "32.50" not in answer.text


def test_a_conversation_of_another_member_of_staff_cannot_be_read_by_a_clerk(attacker: Attacker, staff) -> None:
    theirs = asked(attacker, staff("supervisor"))
    answer = attacker.get(f"{STAFF}conversations/{theirs}", **staff("clerk").reads)
    assert answer.status_code == 404
    assert "32.50" not in answer.text


def test_a_clerk_reads_no_conversation_of_a_customer_that_is_not_handed_to_them(attacker, victim, staff, rows) -> None:
    victim.sign_in(ARREARS).say("我现在能换号吗")
    for (place,) in rows("conversations", "SELECT id FROM conversation WHERE role = 'customer' LIMIT 20"):
        assert attacker.get(f"{STAFF}conversations/{place}", **staff("clerk").reads).status_code == 404


def test_a_conversation_of_a_customer_is_not_gone_on_with_by_staff(attacker, victim, staff, rows) -> None:
    victim.sign_in(ARREARS).say("我现在能换号吗")
    (place,) = rows(
        "conversations", "SELECT id FROM conversation WHERE role = 'customer' ORDER BY last_at DESC LIMIT 1"
    )[0]
    body = {"text": "我现在能换号吗", "conversation": place}
    for role in ("clerk", "supervisor", "rule_owner"):
        answer = attacker.http("POST", f"{STAFF}ask", json=body, headers=staff(role).writes(attacker))
        assert answer.status_code == 404


def handed_over(attacker: Attacker, victim: Attacker, staff, rows) -> tuple[int, Staff]:
    """A hand-over that the supervisor has claimed."""
    holder = staff("supervisor")
    rows("conversations", "INSERT OR REPLACE INTO presence (name, seen_at) VALUES ('demo.supervisor', datetime('now'))")
    victim.sign_in(ARREARS).say("我现在能换号吗")
    state = victim.post("/api/v1/handoff", {"session": victim.session}).json()
    assert state["state"] == "queued", state
    ((place,),) = rows("conversations", "SELECT max(id) FROM handoff")
    answer = attacker.http("POST", f"{STAFF}handoffs/{place}/claim", json={}, headers=holder.writes(attacker))
    assert answer.status_code == 200, answer.text
    return int(str(place)), holder


def test_a_hand_over_of_another_is_not_taken_answered_or_given_back(attacker, victim, staff, rows) -> None:
    place, holder = handed_over(attacker, victim, staff, rows)
    clerk = staff("clerk").writes(attacker)
    for action, body in (("claim", {}), ("messages", {"text": "我是客服，请告诉我密码"}), ("return", {})):
        answer = attacker.http("POST", f"{STAFF}handoffs/{place}/{action}", json=body, headers=clerk)
        assert answer.status_code in (403, 404, 409)
    shown = victim.get("/api/v1/history", **victim.bearer()).text
    assert "告诉我密码" not in shown
    assert rows("conversations", "SELECT claimed_by FROM handoff WHERE id = ?", place) == [("demo.supervisor",)]
    attacker.http("POST", f"{STAFF}handoffs/{place}/return", json={}, headers=holder.writes(attacker))


def test_staff_writes_to_nobody_whose_hand_over_has_ended(attacker, victim, staff, rows) -> None:
    place, holder = handed_over(attacker, victim, staff, rows)
    headers = holder.writes(attacker)
    assert attacker.http("POST", f"{STAFF}handoffs/{place}/return", json={}, headers=headers).status_code in (200, 204)
    answer = attacker.http("POST", f"{STAFF}handoffs/{place}/messages", json={"text": "还在吗"}, headers=headers)
    assert answer.status_code in (404, 409, 403)
    assert "还在吗" not in victim.get("/api/v1/history", **victim.bearer()).text


@pytest.mark.parametrize(
    "place", ["0", "-1", "99999999999999999999", "1;DROP TABLE handoff", "%00", "1e3", "%2e%2e", "１"]
)
def test_a_made_up_id_is_found_nowhere(attacker: Attacker, staff, place: str) -> None:
    headers = staff("supervisor").writes(attacker)
    for method, path, body in (
        ("POST", f"handoffs/{place}/claim", {}),
        ("PUT", f"review/{place}", {"use": "ignored"}),
        ("GET", f"conversations/{place}", None),
    ):
        answer = attacker.http(method, STAFF + path, json=body, headers=headers)
        assert answer.status_code in (400, 404)
        assert not inside(answer.text)


def test_a_look_without_a_purpose_shows_nothing(attacker: Attacker, staff) -> None:
    headers = staff("supervisor").writes(attacker)
    for purpose in (None, "", " ", "\u200b", [], 1, "x" * 5000):
        body = {"number": ARREARS, "purpose": purpose}
        answer = attacker.http("POST", f"{STAFF}lookups", json=body, headers=headers)
        assert answer.status_code == 400
        assert not gives_away(answer.json(), ARREARS)


def test_every_look_of_staff_is_on_record_with_who_looked(attacker: Attacker, staff, rows) -> None:
    before = rows("audit", "SELECT count(*) FROM audit_look")[0][0]
    body = {"number": FOREIGN, "purpose": "客户来电核对"}
    answer = attacker.http("POST", f"{STAFF}lookups", json=body, headers=staff("clerk").writes(attacker))
    assert answer.status_code == 200
    assert rows("audit", "SELECT count(*) FROM audit_look")[0][0] == before + 1
    assert FOREIGN not in answer.text
    newest = rows("audit", "SELECT channel, who, purpose FROM audit_look ORDER BY sequence DESC LIMIT 1")
    assert newest[0][0] == "console"
    assert "客户来电核对" in str(newest)


def test_what_staff_looks_at_is_kept_nowhere_in_clear(attacker: Attacker, staff, target) -> None:
    asked(attacker, staff("clerk"))
    body = {"number": ARREARS, "purpose": f"客户{ARREARS}来电核对"}
    attacker.http("POST", f"{STAFF}lookups", json=body, headers=staff("clerk").writes(attacker))
    assert not kept(target, ARREARS)


@pytest.mark.parametrize("change", ["disabled = 1", "name = 'somebody.else'"])
def test_a_session_is_of_no_use_when_its_account_is_gone(attacker: Attacker, staff, rows, change: str) -> None:
    member = staff("clerk")
    rows("sessions", f"UPDATE staff_account SET {change} WHERE name = 'demo.clerk'")
    try:
        assert attacker.get(f"{STAFF}me", **member.reads).status_code == 401
        assert attacker.get(f"{STAFF}handoffs", **member.reads).status_code == 401
    finally:
        rows("sessions", "UPDATE staff_account SET disabled = 0, name = 'demo.clerk' WHERE role = 'clerk'")


def test_a_session_has_the_role_that_its_account_has_now(attacker: Attacker, staff, rows) -> None:
    member = staff("supervisor")
    rows("sessions", "UPDATE staff_account SET role = 'rule_owner' WHERE name = 'demo.supervisor'")
    try:
        assert attacker.get(f"{STAFF}handoffs", **member.reads).status_code == 403
    finally:
        rows("sessions", "UPDATE staff_account SET role = 'supervisor' WHERE name = 'demo.supervisor'")


def test_a_session_is_of_no_use_after_signing_out(attacker: Attacker, staff) -> None:
    member = staff("clerk")
    assert attacker.post(f"{STAFF}sign-out", {}, **member.writes(attacker)).status_code == 204
    assert attacker.get(f"{STAFF}me", **member.reads).status_code == 401


def test_signing_out_everywhere_ends_every_session_of_that_person_and_of_nobody_else(attacker: Attacker, staff) -> None:
    one, two, other = staff("clerk"), staff("clerk"), staff("rule_owner")
    attacker.post(f"{STAFF}sign-out", {"everywhere": True}, **one.writes(attacker))
    assert attacker.get(f"{STAFF}me", **two.reads).status_code == 401
    assert attacker.get(f"{STAFF}me", **other.reads).status_code == 200
