"""What a message is answered in its conversation, where that takes more than one rule."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from actions.conversation.context import Choice, Context, Request
from actions.conversation.respond import Turn, fixed_reply, respond
from actions.identity import Identity
from actions.reply import Reply
from actions.settings import ROOT
from actions.understanding import Alternative, Understanding
from knowledge.facts import Value
from knowledge.identifiers import Aspect
from knowledge.loader import load_rules
from knowledge.model import RuleBase

DAY = date(2026, 11, 22)
ONE, TWO = "18600000001", "18600000002"
STAFF = Identity(role="staff", name="李")
CUSTOMER = Identity(role="customer", numbers=(ONE, TWO))


@pytest.fixture(scope="module")
def rules() -> RuleBase:
    return load_rules(ROOT / "knowledge")


class Checks:
    """Says yes to everything, for the operations whose rules look at accounts."""

    def never_applies(self, operation: str) -> str | None:
        return None

    def covers(self, operation: str) -> bool:
        return operation in ("change_number", "cancel_service")

    def check(
        self, number: str, operation: str, on: date, identity: Identity, assumed: Mapping[str, Value] | None = None
    ) -> dict[str, Any]:
        return {
            "status": "allowed", "title": f"{number[-4:]} {operation}", "number": number[-4:], "conditions": [],
            "applies": {"state": "met", "text": "", "citation": None, "fact_details": []}, "steps": [], "notices": [], "notice_citations": [], "notice_audiences": [],
            "earliest": {"date": None, "certain": True},
        }  # fmt: skip


def said(
    rules: RuleBase,
    understanding: Understanding,
    context: Context | None = None,
    identity: Identity | None = None,
    text: str = "",
) -> tuple[Reply, Context]:
    return respond(Turn(text, understanding, context or Context(), identity, DAY), rules, Checks())


def shown(reply: Reply) -> str:
    return str(reply.to_json()["text"])


def test_more_questions_than_anybody_reads_are_answered_in_part_and_the_rest_is_offered(rules: RuleBase) -> None:
    asked = Understanding("answer", ("cancel_service",), ("documents", "channels", "fee", "time_limit"), named=True)
    reply, context = said(rules, asked)
    assert "【销户要带什么】" in shown(reply)
    assert "【销户多久生效】" not in shown(reply)
    assert "一次问了好几件" in shown(reply)
    assert reply.choices[0] == "销户多久生效"
    assert context.choices[0].request == Request("cancel_service", aspect="time_limit")
    rest, _ = said(rules, Understanding("clarify", choice=1), context)
    assert rest.aspect == "time_limit"


def test_several_numbers_are_checked_each(rules: RuleBase) -> None:
    asked = Understanding("answer", ("change_number",), ("eligibility",), numbers=(ONE, TWO), named=True)
    reply, _ = said(rules, asked, identity=STAFF)
    assert "0001 change_number" in shown(reply)
    assert "0002 change_number" in shown(reply)


@pytest.mark.parametrize("aspects", [("eligibility", "documents"), ("documents", "eligibility")])
def test_a_check_and_a_rule_come_in_the_order_in_which_they_were_asked(
    rules: RuleBase, aspects: tuple[Aspect, ...]
) -> None:
    asked = Understanding("answer", ("cancel_service",), aspects, numbers=(ONE,), named=True)
    reply, context = said(rules, asked, identity=STAFF)
    text = shown(reply)
    assert (text.index("cancel_service") < text.index("介绍信")) == (aspects[0] == "eligibility")
    assert reply.verdict is not None
    assert context.aspect == "eligibility"


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("移动的卡怎么销户", True),
        ("中国电信的号能销户吗", True),
        ("移动业务怎么销户", False),
        ("移动电话怎么销", False),
    ],
)
def test_who_names_another_operator_is_told_whose_rules_these_are(rules: RuleBase, text: str, others: bool) -> None:
    asked = Understanding("answer", ("cancel_service",), ("documents",), named=True)
    reply, _ = said(rules, asked, text=text)
    told = shown(reply)
    assert told.startswith("您提到了别家运营商。下面是中国联通的规定，别家的请问那一家。") == others
    assert "介绍信" in told


def test_nothing_that_was_just_told_is_offered(rules: RuleBase) -> None:
    reply, _ = said(rules, Understanding("answer", ("cancel_service",), ("documents", "channels"), named=True))
    assert not {"销户要带什么", "销户在哪儿办"} & set(reply.choices)


def test_a_question_of_ours_that_stands_is_not_called_a_guess(rules: RuleBase) -> None:
    _, context = said(rules, Understanding("clarify", aspects=("documents",)))
    reply, _ = said(rules, Understanding("clarify", ownership="organization"), context)
    assert shown(reply).startswith("好的，按单位名称开户来说。您问的是哪一项业务？")


def test_a_number_is_remembered_over_answers_that_need_none(rules: RuleBase) -> None:
    checked = Context("change_number", aspect="eligibility", number=ONE)
    _, context = said(rules, Understanding("clarify", aspects=("documents",)), checked, STAFF)
    assert context.number == ONE
    _, context = said(rules, Understanding("answer", topic="data_cap"), context, STAFF)
    assert context.number == ONE


def test_a_number_alone_is_remembered_and_what_to_check_is_asked(rules: RuleBase) -> None:
    reply, context = said(rules, Understanding("clarify", numbers=(ONE,)), identity=STAFF)
    assert reply.decision == "clarify"
    assert "186****0001" in shown(reply)
    assert ONE not in shown(reply)
    assert [choice.request.number for choice in context.choices] == [ONE, ONE]
    assert context.number == ONE


@pytest.mark.parametrize("identity", [None, Identity(role="customer", numbers=(TWO,))])
def test_a_number_of_somebody_else_is_not_remembered(rules: RuleBase, identity: Identity | None) -> None:
    _, context = said(rules, Understanding("clarify", numbers=(ONE,)), identity=identity)
    assert context.number is None


def test_no_number_is_asked_for_that_would_decide_nothing(rules: RuleBase) -> None:
    asked = Understanding("answer", ("transfer_ownership",), ("eligibility",), named=True)
    for identity in (STAFF, CUSTOMER):
        reply, _ = said(rules, asked, identity=identity)
        assert reply.decision == "answer"
        assert "不能按号码的实际情况自动判断" in shown(reply)


def test_whose_account_it_is_is_acknowledged_and_kept(rules: RuleBase) -> None:
    reply, context = said(rules, Understanding("clarify", ownership="individual"))
    assert shown(reply).startswith("好的，按个人名称开户来说。")
    assert {choice.request.ownership for choice in context.choices} == {"individual"}
    documents = Understanding("answer", ("replace_sim",), ("documents",), named=True)
    answered, _ = said(rules, documents, context)
    assert answered.ownership == "individual"


def test_what_is_not_understood_leads_on_about_the_subject(rules: RuleBase) -> None:
    reply, context = said(rules, Understanding("clarify"), Context("replace_sim", aspect="documents"))
    assert "补换卡" in shown(reply)
    assert {choice.request.operation for choice in context.choices} == {"replace_sim"}
    reply, context = said(rules, Understanding("clarify"), Context(topic="data_cap"))
    assert "流量封顶" in shown(reply)
    assert context.choices == ()


def test_a_topic_that_is_asked_on_is_said_to_hold_no_more(rules: RuleBase) -> None:
    fee = Understanding("clarify", aspects=("fee",))
    reply, _ = said(rules, fee, Context(topic="data_cap"))
    assert shown(reply).startswith("关于流量封顶，规则文件里写到的都在下面")
    reply, _ = said(rules, Understanding("answer", topic="data_cap", named=True), Context(topic="data_cap"))
    assert not shown(reply).startswith("关于流量封顶")


def test_what_the_message_names_decides_which_rules_of_the_subject_are_told(rules: RuleBase) -> None:
    by_mail = Understanding("clarify", aspects=("channels",), words=("发到邮箱",), permission=True)
    reply, _ = said(rules, by_mail, Context("query_call_records", aspect="conditions", ownership="organization"))
    assert reply.aspect == "procedure"
    assert "邮箱" in shown(reply)
    certain = replace(by_mail, confidence=1.0)
    reply, _ = said(rules, certain, Context("query_call_records", aspect="conditions", ownership="organization"))
    assert reply.aspect == "channels"
    unknown = Understanding("clarify", aspects=("channels",), words=("发到火星",), permission=True)
    reply, _ = said(rules, unknown, Context("query_call_records", aspect="conditions", ownership="organization"))
    assert reply.aspect == "channels"


def test_whose_account_it_is_asks_the_same_again(rules: RuleBase) -> None:
    private = Understanding("clarify", ownership="individual", follow_up=True, words=("个人",), confidence=0.99)
    context = Context("cancel_service", aspect="documents", ownership="organization")
    reply, _ = said(rules, private, context, text="个人的呢?")
    assert (reply.operations, reply.aspect, reply.ownership) == (["cancel_service"], "documents", "individual")


def test_what_was_only_assumed_to_be_asked_is_named(rules: RuleBase) -> None:
    guess = Understanding("answer", ("new_connection",), ("time_limit",), confidence=0.3)
    reply, _ = said(rules, guess, Context("replace_sim", aspect="fee"), text="新卡多久能打通")
    assert shown(reply).startswith("【补换卡多久生效】")


def test_guesses_are_offered_for_the_kind_of_customer_that_was_said(rules: RuleBase) -> None:
    guesses = (Alternative("change_number", None, None, 0.6),)
    understanding = Understanding("clarify", aspects=("fee",), alternatives=guesses, ownership="organization")
    _, context = said(rules, understanding)
    assert context.choices == (Choice("改号收费吗", Request("change_number", aspect="fee", ownership="organization")),)


def test_small_talk_leaves_the_choices_standing(rules: RuleBase) -> None:
    offered = (Choice("销户要带什么", Request("cancel_service", aspect="documents")),)
    _, context = fixed_reply("chitchat", "thank", Context(choices=offered), rules.pack)
    assert context.choices == offered
