"""Questions that suppose something of an account: what is judged, what is said of it, and what is not remembered."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from actions.conversation.context import Context, Request
from actions.conversation.respond import Turn, respond
from actions.conversation.supposing import NotSupposed, Supposed, concerns, supposed
from actions.eligibility.service import rules_of
from actions.eligibility.verdict import check
from actions.identity import Identity
from actions.reply import Reply
from actions.settings import ROOT
from actions.understanding import Understanding
from knowledge.facts import NONE, Value
from knowledge.loader import load_rules
from knowledge.model import RuleBase
from tests.actions.eligibility.rule_cases import account_of

TODAY = date(2026, 11, 22)
NUMBER = "18600000001"
CUSTOMER = Identity(role="customer", numbers=(NUMBER,))
CLEAR: dict[str, Value] = {
    "status": "active", "ownership": "organization", "arrears": Decimal("0.00"), "relocated": NONE,
    "campaign_restricted": False, "special_number_restricted": False, "subsidy_agreement_end": NONE,
    "plan_agreement_end": NONE, "special_terms": False, "special_number_agreement_end": NONE,
}  # fmt: skip
CHECKED = Context("change_number", aspect="eligibility", number=NUMBER)
ASKS = Understanding("clarify", aspects=("eligibility",), permission=True)


class Checks:
    """The real verdicts, on one account that is not in any database."""

    def __init__(self, **facts: Value | None) -> None:
        known = {**CLEAR, **facts}
        self._account = account_of({name: value for name, value in known.items() if value is not None})
        self.asked: list[tuple[date, Mapping[str, Value]]] = []

    def never_applies(self, operation: str) -> str | None:
        return None

    def covers(self, operation: str) -> bool:
        return operation in ("change_number", "cancel_service", "suspend_service")

    def check(
        self, number: str, operation: str, on: date, identity: Identity, assumed: Mapping[str, Value] | None = None
    ) -> dict[str, Any] | None:
        self.asked.append((on, assumed or {}))
        return check(rules_of(operation), self._account, on, role=identity.role, assumed=assumed).to_json()


def judged(facts: Mapping[str, Any], status: str = "") -> dict[str, Any]:
    """As much of a verdict as says what its one condition reads."""
    return {"status": status, "applies": {"facts": {}}, "conditions": [{"facts": facts}]}


@pytest.fixture(scope="module")
def rules() -> RuleBase:
    return load_rules(ROOT / "knowledge")


def ask(
    rules: RuleBase,
    checks: Checks,
    text: str,
    understanding: Understanding = ASKS,
    context: Context = CHECKED,
    identity: Identity | None = CUSTOMER,
) -> tuple[Reply, Context]:
    return respond(Turn(text, understanding, context, identity, TODAY), rules, checks)


def shown(reply: Reply) -> str:
    return str(reply.to_json()["text"])


def status(reply: Reply) -> str | None:
    return reply.verdict["status"] if reply.verdict else None


def test_paying_is_supposed_said_and_forgotten(rules: RuleBase) -> None:
    checks = Checks(arrears=Decimal("32.50"))
    reply, context = ask(rules, checks, "我今天交清欠费就能办吗?")
    assert status(reply) == "allowed"
    assert "假设欠费已经交清" in shown(reply)
    assert "不是账户现在的实际情况" in shown(reply)
    reply, _ = ask(
        rules,
        checks,
        "那现在能换号吗",
        Understanding("answer", ("change_number",), ("eligibility",), named=True),
        context,
    )
    assert status(reply) == "blocked"
    assert "假设" not in shown(reply)


def test_the_day_that_was_taken_is_said(rules: RuleBase) -> None:
    checks = Checks(subsidy_agreement_end=date(2027, 12, 31))
    reply, _ = ask(rules, checks, "下个月呢", Understanding("clarify", follow_up=True))
    assert (status(reply), checks.asked[-1][0]) == ("blocked", date(2026, 12, 1))
    assert "2026年12月1日" in shown(reply)
    reply, _ = ask(rules, checks, "协议到期第二天呢", Understanding("clarify", follow_up=True))
    assert (status(reply), checks.asked[-1][0]) == ("allowed", date(2028, 1, 1))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("昨天呢", "已经过去"),
        ("2月30号呢", "没有"),
        ("2099年1月1日呢", "太远"),
        ("下周三或者月底呢", "请说按哪一天"),
        ("补贴协议到期那天呢", "没有还没到期的协议"),
        ("套餐到期那天呢", "没有看"),
        ("先停机保号,然后如果复机呢", "不能同时成立"),
        ("要是我认识经理呢", "没有听明白"),
    ],
)
def test_what_cannot_be_judged_gets_no_verdict(rules: RuleBase, text: str, words: str) -> None:
    reply, context = ask(rules, Checks(), text, Understanding("clarify", follow_up=True))
    assert reply.verdict is None
    assert words in shown(reply)
    assert (context.operation, context.number) == ("change_number", NUMBER)


def test_an_end_that_is_not_known_is_not_guessed(rules: RuleBase) -> None:
    reply, _ = ask(
        rules, Checks(subsidy_agreement_end=None), "协议到期那天呢", Understanding("clarify", follow_up=True)
    )
    assert reply.verdict is None
    assert "查不到" in shown(reply)


def test_two_agreements_that_end_are_asked_back(rules: RuleBase) -> None:
    checks = Checks(plan_agreement_end=date(2027, 1, 1), special_number_agreement_end=date(2028, 1, 1))
    context = Context("cancel_service", aspect="eligibility", number=NUMBER)
    reply, _ = ask(rules, checks, "协议到期那天呢", Understanding("clarify", follow_up=True), context)
    assert reply.verdict is None
    assert "2027年1月1日" in shown(reply)
    assert "2028年1月1日" in shown(reply)


def test_what_is_so_already_is_no_supposition(rules: RuleBase) -> None:
    reply, _ = ask(rules, Checks(), "交清欠费就能办吗")
    assert "账户现在就是这样" in shown(reply)
    assert "不是账户现在的实际情况" not in shown(reply)


def test_what_the_operation_does_not_look_at_is_said(rules: RuleBase) -> None:
    reply, _ = ask(rules, Checks(points=100), "要是我把积分用掉呢", Understanding("clarify", follow_up=True))
    assert status(reply) == "allowed"
    assert "没有看“积分”" in shown(reply)


def test_a_cancelled_number_comes_back_by_no_supposition(rules: RuleBase) -> None:
    reply, _ = ask(rules, Checks(status="cancelled"), "先复机再办呢", Understanding("clarify", follow_up=True))
    assert status(reply) == "not_applicable"
    checks, context = Checks(status="cancelled"), Context("suspend_service", aspect="eligibility", number=NUMBER)
    reply, _ = ask(rules, checks, "先复机再办呢", Understanding("clarify", follow_up=True), context)
    assert reply.verdict is None
    assert "“已经复机”对它不成立" in shown(reply)
    assert all(not assumed for _, assumed in checks.asked)


def test_what_does_not_apply_today_is_judged_where_the_supposition_may_make_it_apply(rules: RuleBase) -> None:
    context = Context("suspend_service", aspect="eligibility", number=NUMBER)
    checks = Checks(status="suspended")
    reply, _ = ask(rules, checks, "先复机再停机保号呢", Understanding("clarify", follow_up=True), context)
    assert checks.asked[-1] == (TODAY, {"status": "active"})
    assert status(reply) == "needs_review"
    assert "假设已经复机" in shown(reply)
    assert "不是账户现在的实际情况" in shown(reply)


@pytest.mark.parametrize(
    "text", ["那先复机再停机保号行不行", "先办复机,再办停机保号可以吗", "先复机然后去停机保号能行吗"]
)
def test_what_is_asked_about_stands_behind_what_is_done_first(rules: RuleBase, text: str) -> None:
    resume = Understanding("answer", ("resume_service",), ("conditions",), permission=True, named=True)
    checks = Checks(status="suspended")
    reply, after = ask(rules, checks, text, resume, Context("suspend_service", aspect="eligibility", number=NUMBER))
    assert (after.operation, status(reply)) == ("suspend_service", "needs_review")
    assert checks.asked[-1] == (TODAY, {"status": "active"})


@pytest.mark.parametrize("text", ["下个月呢", "要是我把积分用掉呢"])
def test_what_does_not_apply_is_not_judged_on_what_changes_nothing_of_that(rules: RuleBase, text: str) -> None:
    context = Context("suspend_service", aspect="eligibility", number=NUMBER)
    reply, _ = ask(rules, Checks(status="suspended"), text, Understanding("clarify", follow_up=True), context)
    assert status(reply) == "not_applicable"
    assert "没有再按假设推算" in shown(reply)


def test_without_signing_in_nothing_is_supposed(rules: RuleBase) -> None:
    checks = Checks()
    reply, _ = ask(
        rules, checks, "交清欠费就能办吗", context=Context("change_number", aspect="eligibility"), identity=None
    )
    assert checks.asked == []
    assert "登录" in shown(reply)


def test_a_question_for_something_else_supposes_nothing(rules: RuleBase) -> None:
    where = Understanding("clarify", aspects=("channels",))
    reply, _ = ask(rules, Checks(), "在哪里交清欠费", where)
    assert reply.verdict is None
    assert reply.aspect == "channels"


def test_the_weather_is_no_day_of_a_check(rules: RuleBase) -> None:
    reply, _ = ask(rules, Checks(), "明天天气好吗", Understanding("out_of_scope"))
    assert reply.decision == "out_of_scope"
    assert reply.verdict is None


def test_which_number_is_meant_can_be_asked_in_between(rules: RuleBase) -> None:
    both = Identity(role="customer", numbers=(NUMBER, "18600000002"))
    named = Understanding("answer", ("change_number",), ("eligibility",), named=True)
    checks = Checks(subsidy_agreement_end=date(2027, 12, 31))
    _, context = ask(rules, checks, "2028年1月1号我能换号吗", named, Context(), both)
    assert checks.asked == []
    reply, context = ask(rules, checks, "1", Understanding("clarify", choice=1), context, both)
    assert (status(reply), checks.asked[-1][0]) == ("allowed", date(2028, 1, 1))
    assert not any(choice.request.supposing for choice in context.choices)


def test_a_lost_number_is_not_helped_by_ending_a_pause(rules: RuleBase) -> None:
    lost = judged({"status": "lost"}, "blocked")
    asked = Request("change_number", aspect="eligibility", supposing="先复机再换号呢")
    refused = supposed(asked, lost, rules, TODAY)
    assert isinstance(refused, NotSupposed)
    assert "挂失" in refused.text
    paused = supposed(asked, judged({"status": "suspended"}, "blocked"), rules, TODAY)
    assert isinstance(paused, Supposed)
    assert paused.assumed == {"status": "active"}


def test_a_step_concerns_a_check_only_where_a_condition_reads_what_it_changes(rules: RuleBase) -> None:
    asked = Request("change_number", aspect="eligibility", supposing="那我先停机保号行不行")
    assert concerns(asked, judged({"status": "active"}), rules, TODAY)
    assert not concerns(asked, judged({"arrears": "0.00"}), rules, TODAY)


def test_what_only_the_scope_looks_at_is_looked_at(rules: RuleBase) -> None:
    asked = Request("suspend_service", aspect="eligibility", supposing="先复机再停机保号呢")
    verdict = check(rules_of("suspend_service"), account_of({**CLEAR, "status": "barred"}), TODAY).to_json()
    assert concerns(asked, verdict, rules, TODAY)
    so = supposed(asked, verdict, rules, TODAY)
    assert isinstance(so, Supposed)
    assert "没有看" not in so.lead
    verdict = check(rules_of("change_number"), account_of({**CLEAR, "status": "barred"}), TODAY).to_json()
    assert not concerns(replace(asked, operation="change_number"), verdict, rules, TODAY)
