"""What a clerk may paste to a customer: composed for a customer, so that nothing internal can be in it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from actions import account_check
from actions.accounts.demo import prepare_demo_accounts
from actions.accounts.facts import AccountFacts, Known
from actions.audit.trail import Trail, audit_chain
from actions.conversation.context import Context
from actions.conversation.respond import AccountsUnavailableError, Turn, respond
from actions.conversation.verdicts import cited_places, verdict_block
from actions.eligibility.verdict import check
from actions.identity import Identity
from actions.reply import Reply
from actions.settings import ROOT, settings
from actions.understanding import Understanding
from knowledge.conditions import load_operation
from knowledge.identifiers import RULE_ASPECTS
from knowledge.loader import load_rules
from knowledge.model import RuleBase, Statement

DAY = date(2026, 11, 22)
STAFF = Identity(role="staff", name="李")


@pytest.fixture(scope="module")
def rules() -> RuleBase:
    return load_rules(ROOT / "knowledge")


@pytest.fixture
def accounts(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    prepare_demo_accounts(settings().accounts_url)


def said(rules: RuleBase, understanding: Understanding, identity: Identity | None) -> Reply:
    return respond(Turn("", understanding, Context(), identity, DAY), rules, account_check)[0]


def internal(rules: RuleBase) -> Iterator[Statement]:
    for operation in rules.operations.values():
        for aspect in operation.aspects.values():
            yield from (s for rule in aspect.rules for s in rule.statements if s.audience == "staff")
    for topic in rules.topics.values():
        yield from (s for rule in topic.rules for s in rule.statements if s.audience == "staff")


def test_no_internal_statement_is_in_any_copy(rules: RuleBase) -> None:
    secrets = {statement.text for statement in internal(rules)}
    assert len(secrets) > 10
    questions = [
        *(Understanding("answer", (o,), (a,), named=True) for o in rules.operations for a in RULE_ASPECTS),
        *(Understanding("answer", topic=topic, named=True) for topic in rules.topics),
    ]
    kept = 0
    for question in questions:
        staff = said(rules, question, STAFF)
        assert staff.copy is not None
        assert not [secret for secret in secrets if secret in staff.copy]
        kept += any(secret in str(staff.blocks) for secret in secrets)
    assert kept > 5, "staff read the internal statements"


def test_it_is_what_a_customer_is_told(rules: RuleBase) -> None:
    question = Understanding("answer", ("cancel_service",), ("documents", "fee"), named=True)
    reply = said(rules, question, STAFF)
    customer = said(rules, question, None).to_json()
    assert "copy" not in customer
    assert reply.copy == "\n".join(
        line for line in customer["text"].splitlines() if line[:3] not in ("1. ", "2. ", "3. ")
    )
    assert [(one["operation"], one["aspect"]) for one in reply.asked] == [
        ("cancel_service", "documents"), ("cancel_service", "fee"),
    ]  # fmt: skip


def test_a_verdict_is_told_without_the_table_and_looked_at_once(rules: RuleBase, accounts: None) -> None:
    question = Understanding("answer", ("cancel_service",), ("eligibility",), numbers=("18600010102",), named=True)
    reply = said(rules, question, STAFF)
    assert reply.copy
    assert "186****0102" in reply.copy
    assert "账户数据库" in reply.to_json()["text"]
    assert "账户数据库" not in reply.copy
    assert len(Trail(settings().audit_url, audit_chain()).latest(9)) == 1


def test_internal_notices_of_a_verdict_stay_with_staff(rules: RuleBase) -> None:
    account = AccountFacts("18600010101", "G1", None, {"key_person": Known(True, "账户数据库", None)})
    verdict = check(load_operation(ROOT / "knowledge", "arrears_collection"), account, DAY, role="staff").to_json()
    (secret,) = verdict["notices"]
    assert "关键人" in secret
    assert verdict_block(verdict, "staff", rules.pack)["notices"] == [secret]
    assert verdict_block(verdict, "customer", rules.pack)["notices"] == []
    place = verdict["notice_citations"][0]
    assert place in cited_places(verdict, "staff")
    assert place not in cited_places(verdict, "customer")


def test_where_the_accounts_cannot_be_read_they_are_not_asked_again_for_the_copy(rules: RuleBase) -> None:
    looks = 0

    class Down:
        covers = staticmethod(lambda _: True)
        never_applies = staticmethod(lambda _: None)

        def check(self, *_: object) -> None:
            nonlocal looks
            looks += 1
            raise AccountsUnavailableError

    question = Understanding("answer", ("cancel_service",), ("eligibility",), numbers=("18600010102",), named=True)
    reply, _ = respond(Turn("", question, Context(), STAFF, DAY), rules, Down())
    assert reply.copy
    assert looks == 1


def test_small_talk_and_questions_back_have_nothing_to_copy(rules: RuleBase) -> None:
    assert said(rules, Understanding("chitchat", small_talk="greet"), STAFF).copy is None
    assert said(rules, Understanding("clarify"), STAFF).copy is None
