"""Other sites' pages that make a signed-in person's browser send requests."""

from typing import Any

import pytest
import yaml

from actions.settings import ROOT
from tests.attacks.attacker import OWN, PERSON, Attacker, Staff, code

STAFF = "/api/v1/staff/"
EVIL = "https://evil.example"
# Everything of the staff API that changes or discloses something by a request that is no GET, with a body that would do.
CHANGING: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "sign-out"): {"everywhere": True},
    ("POST", "ask"): {"text": "销户要带什么"},
    ("POST", "lookups"): {"number": OWN, "purpose": "客户来电"},
    ("POST", "companies/G1001/numbers"): {"operation": "cancel_service", "purpose": "客户来电"},
    ("PUT", "review/1"): {"use": "ignored"},
    ("PUT", "review"): {"entries": [1], "use": "ignored"},
    ("POST", "handoffs/1/claim"): {},
    ("POST", "handoffs/1/messages"): {"text": "您好"},
    ("POST", "handoffs/1/return"): {},
}
ROUTES = [pytest.param(*route, body, id=" ".join(route)) for route, body in CHANGING.items()]


def way(attacker: Attacker, member: Staff, name: str) -> dict[str, str]:
    """The headers that come with a request made in this way."""
    token = {"X-CSRF-Token": member.csrf}
    foreign = {"Origin": EVIL, "Sec-Fetch-Site": "cross-site"}
    headers = {
        "from a foreign page": foreign,
        "from a foreign page that knows the token": {**foreign, **token},
        "from a sandboxed frame": {"Origin": "null", "Sec-Fetch-Site": "cross-site", **token},
        "from a sister site": {"Origin": EVIL, "Sec-Fetch-Site": "same-site", **token},
        "from another port": {"Origin": f"{attacker.url}0", "Sec-Fetch-Site": "same-site", **token},
        "from a look-alike": {"Origin": f"{attacker.url}.evil.example", **token},
        "with an origin that only the header claims": {"Origin": attacker.url, "Sec-Fetch-Site": "cross-site", **token},
        "without an origin": token,
        "with a referrer only": {"Referer": f"{attacker.url}/console/", **token},
        "without a token": attacker.own,
        "with an empty token": {**attacker.own, "X-CSRF-Token": ""},
        "with a made-up token": {**attacker.own, "X-CSRF-Token": "0" * 64},
        "with the cookie for a token": {**attacker.own, "X-CSRF-Token": member.cookie},
    }
    return {**member.reads, **headers[name]}


WAYS = (
    "from a foreign page", "from a foreign page that knows the token", "from a sandboxed frame", "from a sister site",
    "from another port", "from a look-alike", "with an origin that only the header claims", "without an origin",
    "with a referrer only", "without a token", "with an empty token", "with a made-up token", "with the cookie for a token",
)  # fmt: skip


@pytest.fixture
def unchanged(rows):
    """Nothing may be stored by the attempt: no message, no look, no review, no hand-over."""

    def counts() -> list[object]:
        tables = ("entry", "handoff", "review", "conversation")
        found = [rows("conversations", f"SELECT count(*), max(rowid) FROM {table}") for table in tables]
        return [*found, rows("audit", "SELECT count(*) FROM audit_look")]

    before = counts()
    yield
    assert counts() == before


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_a_request_of_staff_is_refused(
    attacker, staff, unchanged, method: str, path: str, body: Any, name: str
) -> None:
    member = staff("supervisor")
    answer = attacker.http(method, STAFF + path, json=body, headers=way(attacker, member, name))
    assert (answer.status_code, code(answer)) in ((403, "foreign_origin"), (403, "wrong_csrf_token"))
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert attacker.get(f"{STAFF}me", **member.reads).status_code == 200


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_the_token_of_another_session_is_refused(attacker, staff, unchanged, method: str, path: str, body: Any) -> None:
    member, other = staff("supervisor"), staff("supervisor")
    headers = {**member.writes(attacker), "X-CSRF-Token": other.csrf}
    answer = attacker.http(method, STAFF + path, json=body, headers=headers)
    assert (answer.status_code, code(answer)) == (403, "wrong_csrf_token")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_a_form_is_no_request(attacker, staff, unchanged, method: str, path: str, body: Any, kind: str) -> None:
    """What a page can send without asking first (no preflight); even if it came from ourselves it would not be read."""
    member = staff("supervisor")
    headers = {**member.reads, "Origin": EVIL, "Content-Type": kind}
    assert attacker.http(method, STAFF + path, data=b'{"x":1}', headers=headers).status_code == 403
    headers = {**member.writes(attacker), "Content-Type": kind}
    # Two of the routes read no body, and find nothing at these ids.
    answer = attacker.http(method, STAFF + path, data=b'{"use":"ignored","text":"x"}', headers=headers)
    assert answer.status_code in ((404, 415) if path.startswith("handoffs") else (415,))


def test_no_changing_route_of_staff_is_missing_from_this_list() -> None:
    paths = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))["paths"]
    documented = {
        (method.upper(), path.removeprefix(STAFF))
        for path, item in paths.items()
        for method in item
        if path.startswith(STAFF) and method in ("post", "put", "patch", "delete")
    }
    listed = {(method, path.replace("/1", "/{id}").replace("G1001", "{id}")) for method, path in CHANGING}
    listed = {(method, path.replace("review/{id}", "review/{entry}")) for method, path in listed}
    assert documented == listed | {("POST", "sign-in")}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(
    "path", ["me", "handoffs", "dashboard.csv", "review/export?use=test", "search/rules?q=销户", "events"]
)
def test_staff_data_is_not_read_by_a_page_elsewhere(attacker, staff, path: str, site: str) -> None:
    for headers in ({"Sec-Fetch-Site": site}, {"Origin": EVIL, "Sec-Fetch-Site": site}, {"Origin": "null"}):
        answer = attacker.get(STAFF + path, **staff("supervisor").reads, **headers)
        assert (answer.status_code, code(answer)) == (403, "foreign_origin")


def test_nobody_is_signed_in_as_the_attacker_from_a_page_elsewhere(attacker: Attacker) -> None:
    body = {"name": "demo.clerk", "password": "whatever it is", "code": "000000"}
    for headers in ({"Origin": EVIL}, {"Origin": "null"}, {}, {"Sec-Fetch-Site": "cross-site"}):
        answer = attacker.post(f"{STAFF}sign-in", body, **headers)
        assert (answer.status_code, code(answer)) == (403, "foreign_origin")


CUSTOMER = {
    "ask": ("POST", "/api/v1/messages", {"text": "你好"}),
    "sign in as a demo account": ("POST", "/api/v1/demo/sign-in", {"number": OWN}),
    "swap an assertion": ("POST", "/api/v1/identity/assertion", {"assertion": "x"}),
    "make a link": ("POST", "/api/v1/identity/links", {}),
    "use a grant": ("POST", "/api/v1/identity/grant", {"grant": "12345678"}),
    "judge": ("POST", "/api/v1/feedback", {"entry": 1, "score": "down"}),
    "ask for a person": ("POST", "/api/v1/handoff", {}),
    "cancel a hand-over": ("DELETE", "/api/v1/handoff", None),
    "sign out": ("DELETE", "/api/v1/session", None),
}


@pytest.mark.parametrize("origin", [EVIL, "null", "http://127.0.0.1:1"])
@pytest.mark.parametrize(("method", "path", "body"), CUSTOMER.values(), ids=CUSTOMER.keys())
def test_a_foreign_page_does_nothing_for_a_customer(attacker, method: str, path: str, body: Any, origin: str) -> None:
    attacker.sign_in(PERSON)
    if body is not None:
        body = {**body, "session": attacker.session}
    headers = {"Origin": origin, "Sec-Fetch-Site": "cross-site", **attacker.bearer()}
    answer = attacker.http(method, path, json=body, headers=headers)
    assert (answer.status_code, code(answer)) == (403, "foreign_origin")
    assert not [name for name in answer.headers if name.startswith("Access-Control")]
    assert attacker.get("/api/v1/session", **attacker.bearer()).json()["identity"]["numbers"] == ["186****0106"]


@pytest.mark.parametrize("path", ["/api/v1/messages", "/api/v1/staff/ask", "/api/v1/staff/me", "/verify/x", "/metrics"])
def test_a_foreign_page_is_given_no_leave_beforehand(attacker: Attacker, path: str) -> None:
    headers = {
        "Origin": EVIL,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    answer = attacker.http("OPTIONS", path, headers=headers)
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_asks_nothing(attacker: Attacker, kind: str) -> None:
    answer = attacker.http("POST", "/api/v1/messages", data=b'{"text":"x"}', headers={"Content-Type": kind})
    assert answer.status_code == 415


@pytest.mark.parametrize("part", ["", "/code"])
def test_a_foreign_page_tries_no_password_through_a_visitor(attacker: Attacker, rows, part: str) -> None:
    link = attacker.link()
    before = rows("sessions", "SELECT count(*), sum(failures) FROM failed_attempt")
    for headers in ({}, {"Origin": EVIL}, {"Origin": "null"}, {"Origin": attacker.url, "Sec-Fetch-Site": "cross-site"}):
        answer = attacker.post(link + part, {"number": OWN, "password": "000000"}, **headers)
        assert (answer.status_code, code(answer)) == (403, "foreign_origin")
    assert rows("sessions", "SELECT count(*), sum(failures) FROM failed_attempt") == before


def test_the_cookie_of_staff_goes_nowhere_else(attacker: Attacker, staff) -> None:
    answer = attacker.post(f"{STAFF}sign-out", {}, **staff("clerk").writes(attacker))
    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("__Host-staff=", "HttpOnly", "Secure", "SameSite=Strict", "Path=/"))
    assert "Domain" not in cookie
