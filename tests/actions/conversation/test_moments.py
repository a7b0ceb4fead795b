"""When an operation becomes possible, day by day."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from actions.accounts.facts import AccountFacts, Known
from actions.conversation.moments import moments_of
from actions.conversation.verdicts import verdict_block
from actions.eligibility.verdict import check
from actions.settings import ROOT
from knowledge.conditions import OperationRules, load_operation
from knowledge.loader import load_rules
from knowledge.model import Period

ON = date(2026, 11, 22)
RULES = load_operation(ROOT / "knowledge", "cancel_service")
PACK = load_rules(ROOT / "knowledge").pack
CLEAR: dict[str, Any] = {
    "status": "active", "ownership": "organization", "arrears": Decimal("0.00"), "plan_agreement_end": date(2020, 1, 1),
    "special_terms": False, "special_number_agreement_end": date(2020, 1, 1),
}  # fmt: skip


def verdict(rules: OperationRules = RULES, **facts: Any) -> dict[str, Any]:
    """The verdict on closing a number's service; a fact that is None is not known."""
    known = {name: Known(value, "x", None) for name, value in {**CLEAR, **facts}.items() if value is not None}
    return check(rules, AccountFacts("18600000001", None, None, known), ON).to_json()


def test_from_today_over_each_day_that_clears_something_to_the_day_it_is_possible() -> None:
    moments = moments_of(
        verdict(
            arrears=Decimal("32.50"),
            plan_agreement_end=date(2027, 3, 31),
            special_number_agreement_end=date(2028, 2, 29),
        )
    )
    assert [(one["date"], one["state"]) for one in moments] == [
        ("2026-11-22", "barred"),
        ("2027-04-01", "waiting"),
        ("2028-03-01", "possible"),
    ]
    assert "32.50" in moments[0]["notes"][0]
    assert "套餐协议" in moments[1]["notes"][0]
    assert "靓号预存协议" in moments[2]["notes"][0]
    assert moments[2]["day"] == "2028年3月1日"
    assert moments[2]["text"] == "可以办理"


def test_what_only_bars_later_is_to_be_done_today_too() -> None:
    later = Period(date(2027, 1, 1), None)
    conditions = tuple(replace(one, valid=later) if one.id == "arrears_settled" else one for one in RULES.conditions)
    told = verdict(
        replace(RULES, conditions=conditions), arrears=Decimal("32.50"), plan_agreement_end=date(2027, 3, 31)
    )
    assert "32.50" in moments_of(told)[0]["notes"][0]


def test_what_is_not_known_yet_is_a_condition_of_the_last_day() -> None:
    moments = moments_of(verdict(plan_agreement_end=date(2027, 3, 31), special_terms=None))
    assert "待核实" in moments[-1]["text"]


def test_without_waiting_there_is_no_line() -> None:
    for facts in (
        {},
        {"arrears": Decimal("32.50")},
        {"special_terms": True, "plan_agreement_end": date(2027, 3, 31)},
        {"arrears": None},
        {"status": "cancelled"},
    ):
        judged = verdict(**facts)
        assert moments_of(judged) == [], facts
        assert "moments" not in verdict_block(judged, "customer", PACK)


def test_the_card_has_the_line_and_its_last_day_is_the_earliest() -> None:
    block = verdict_block(verdict(plan_agreement_end=date(2027, 3, 31)), "customer", PACK)
    assert block["moments"][-1]["date"] == block["earliest"] == "2027-04-01"
