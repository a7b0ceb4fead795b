"""A look needs the present holder: own numbers that changed hands, handlers of a unit, and holders nobody knows."""

from dataclasses import replace
from datetime import date

import pytest

from actions import account_check, company_checks
from actions.conversation.context import Context
from actions.conversation.respond import Turn, respond
from actions.identity import Identity
from actions.rule_base import rules
from actions.understanding import Understanding

ON = date(2026, 11, 22)
OWN, OTHERS, NOBODYS = "18600010102", "18600010105", "18612349999"
ASK = Understanding("answer", ("change_number",), ("eligibility",), named=True, permission=True)


@pytest.fixture(autouse=True)
def accounts(environment, demo_accounts_url):
    environment.setenv("ACCOUNTS_URL", demo_accounts_url)


def told(identity, text="现在能换号吗", *numbers, context=Context()):  # noqa: B008 - it is frozen
    turn = Turn(text, replace(ASK, numbers=numbers), context, identity, ON)
    reply, _ = respond(turn, rules(), account_check, companies=company_checks)
    return reply


def test_a_number_that_changed_hands_is_answered_as_somebody_elses():
    former = Identity("customer", (OWN,), "G9999")
    expected = told(Identity("customer", (NOBODYS,), "G9999"), "能换号吗", OWN)
    assert told(former).verdict is None
    assert told(former).to_json() == expected.to_json()
    assert told(Identity("customer", (OWN,), "G1001")).verdict["status"] == "blocked"


def test_a_supposition_about_a_number_that_changed_hands_gets_no_verdict():
    former = Identity("customer", (OWN,), "G9999")
    context = Context(operation="change_number", aspect="eligibility", number=OWN)
    assert told(former, "如果我今天交清欠费能换号吗", context=context).verdict is None


def test_a_handler_may_look_at_any_number_of_the_unit_and_at_no_other():
    handler = Identity("customer", (), "G1001", handler=True)
    assert told(handler, "能换号吗", OWN).verdict["status"] == "blocked"
    foreign, unknown = told(handler, "能换号吗", OTHERS), told(handler, "能换号吗", NOBODYS)
    assert foreign.verdict is None
    assert unknown.to_json()["text"] == foreign.to_json()["text"].replace("186****0105", "186****9999")


def test_a_handler_asks_about_all_numbers_of_the_own_unit_only():
    handler = Identity("customer", (), "G1001", handler=True)
    own = told(handler, "我们公司哪些号码能换号").to_json()["text"]
    assert "G1001" in own
    assert "check-batch" not in own
    other = told(handler, "G1002名下哪些号码能换号").to_json()["text"]
    assert other == told(handler, "G7777名下哪些号码能换号").to_json()["text"]
    assert "共" not in other
    assert "共" not in told(Identity("customer", (OWN,), "G1001"), "我们公司哪些号码能换号").to_json()["text"]
