"""The running gateway against its description: requests made from openapi.yaml by schemathesis, good and bad ones."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from actions.settings import ROOT
from bot.gateway.app import Parts, create_app
from bot.gateway.staff_access import StaffRole
from bot.identity.sessions import SessionStore
from tests.attacks.attacker import OWN, TIMEOUT_SECONDS, Attacker, Staff, inside
from tests.bot.gateway.fakes import DEMO_ACCOUNTS, FakeAssistant
from tests.bot.identity_parts import identity_parts
from tests.system import RunningSystem

DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Answers that do not end by themselves; what they say is looked at in the tests of the streams.
STREAMS = ("/api/v1/events", "/api/v1/staff/events")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE")
EXAMPLES = 12


def operations() -> Iterator[Any]:
    """All operations of the document but the streams, with requests as it says, and with others where it says anything."""
    for found in schemathesis.openapi.from_path(ROOT / "openapi.yaml").get_all_operations():
        operation = found.ok()
        if operation.path not in STREAMS:
            yield pytest.param(operation, GenerationMode.POSITIVE, id=f"{operation.label}, good")
            says_anything = any(operation.definition.raw.get(said) for said in ("parameters", "requestBody"))
            # Every text is in form a token.
            if says_anything and operation.label != "GET /verify/{token}":
                yield pytest.param(operation, GenerationMode.NEGATIVE, id=f"{operation.label}, bad")


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("operation", "mode"), operations())
def test_every_answer_is_as_the_document_says(
    target: RunningSystem,
    staff: Callable[[StaffRole], Staff],
    rows: Callable[..., list[Any]],
    operation: Any,
    mode: GenerationMode,
) -> None:
    tried = 0
    # Staff are shown what people wrote, and attackers wrote statements of SQL.
    written = [row[0] for row in rows("conversations", "SELECT text FROM entry WHERE kind = 'user'")]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    def attempt(case: Any) -> None:
        nonlocal tried
        tried += 1
        attacker = Attacker(target)
        headers = {"X-Forwarded-For": attacker.address, **attacker.own}
        if tried % 2:
            headers |= authorised(attacker, staff, operation.path)
            if isinstance(case.body, dict) and "session" in case.body:
                case.body["session"] = attacker.session
        response = case.call(base_url=target.url, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        case.validate_response(response, checks=CHECKS)
        told = response.content.decode("utf-8", "replace")
        for text in written:
            told = told.replace(json.dumps(text, ensure_ascii=False)[1:-1], "")
        assert not inside(told)

    attempt()
    assert tried


def authorised(attacker: Attacker, staff: Callable[[StaffRole], Staff], path: str) -> dict[str, str]:
    """What somebody who may use this address sends along."""
    if path.startswith("/api/v1/staff/"):
        return staff("supervisor").writes(attacker)
    return attacker.sign_in(OWN).bearer()


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_a_method_that_is_not_in_the_document_is_refused(attacker: Attacker, staff: Any, path: str) -> None:
    documented = {method.upper() for method in DOCUMENT["paths"][path]}
    address = path.replace("{kind}", "csv").replace("{operation}", "cancel_service")
    for placeholder in ("{token}", "{id}", "{entry}"):
        address = address.replace(placeholder, "1")
    for method in METHODS:
        if method not in documented:
            answer = attacker.http(method, address, headers=staff("supervisor").writes(attacker))
            # Single sign-on is not set up here; and `export` could be an entry that is labelled.
            absent = path.startswith("/staff/oidc/") or (method, path) == ("PUT", "/api/v1/staff/review/export")
            assert answer.status_code in ((404, 405) if absent else (405,)), method
            assert answer.json()["error"]["message"]


def test_what_any_request_may_be_answered_with_is_in_the_document() -> None:
    """The layers that every request passes: rates and capacity; and what a body may do wrong."""
    missing = []
    for path, item in DOCUMENT["paths"].items():
        if path in ("/metrics", "/healthz", "/readyz"):
            continue
        for method, operation in item.items():
            expected = {"429", "503"}
            if "requestBody" in operation:
                expected |= {"400", "408", "413", "415"}
            # Browsers report violations without an origin.
            if method != "get" and path != "/api/v1/csp-reports":
                expected.add("403")
            missing += [(path, method, status) for status in expected - set(operation["responses"])]
    assert sorted(missing) == []


def test_every_route_is_in_the_document_and_the_other_way_round(tmp_path: Path) -> None:
    sessions = SessionStore(f"sqlite:///{tmp_path / 'sessions.db'}", idle_seconds=1800, demo=True)
    identity = identity_parts(sessions, tmp_path, lambda: 1_800_000_000.0)
    app = create_app(Parts(FakeAssistant(), sessions, 1.0, DEMO_ACCOUNTS, identity=identity))
    routes = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.method not in ("HEAD", "*")
    }
    documented = {
        (method.upper(), path)
        for path, item in DOCUMENT["paths"].items()
        for method in item
        if method.upper() in METHODS
    }
    files = {(method, path) for method, path in routes if path.startswith("/static")}
    assert routes - files == documented
