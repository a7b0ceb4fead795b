"""The derived earliest day in single accounts; whole domains are searched day by day in `proofs/`."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from actions.eligibility.evaluator import evaluate
from actions.eligibility.timeline import clears_on, earliest
from knowledge.conditions import Condition, OperationRules, Remedy
from knowledge.facts import NONE
from knowledge.model import Citation
from knowledge.predicates import AllOf, AnyOf, NoneOrPassed, OneOf
from tests.actions.eligibility.domains import ON


def one_condition(all_rules, require) -> tuple[OperationRules, Condition]:
    template = all_rules["change_number"]
    condition = Condition(
        id="agreements_ended",
        citation=Citation("集团客户标准服务内容", "十三(二)"),
        require=require,
        requirement="",
        unmet="",
        unknown="",
        remedy=Remedy("time", "", {}),
        line=0,
    )
    rules = OperationRules("x", "x", template.facts, (condition,), (), None, None, template.path)
    return rules, condition


def test_a_blocker_without_remedy_stays_even_if_another_remedy_touches_its_fact(all_rules):
    paid = all_rules["change_number"].conditions[0]
    rules = replace(all_rules["change_number"], conditions=(paid, replace(paid, remedy=Remedy("none", "", {}))))
    values = {"status": "active", "arrears": Decimal("5.00")}
    result = earliest(rules, values, ON, evaluate(rules, values, ON))
    assert (result.day, result.certain) == (None, True)


def test_several_agreements_in_one_condition_clear_with_the_last(all_rules):
    both = AllOf((NoneOrPassed("plan_agreement_end"), NoneOrPassed("subsidy_agreement_end")))
    rules, condition = one_condition(all_rules, both)
    values = {"status": "active", "plan_agreement_end": ON, "subsidy_agreement_end": ON + timedelta(10)}
    result = earliest(rules, values, ON, evaluate(rules, values, ON))
    assert (result.day, result.certain) == (ON + timedelta(11), True)
    assert clears_on(condition, values, ON) == ON + timedelta(11)


def test_an_unknown_second_agreement_inside_an_unmet_condition_makes_the_day_uncertain(all_rules):
    both = AllOf((NoneOrPassed("plan_agreement_end"), NoneOrPassed("subsidy_agreement_end")))
    rules, condition = one_condition(all_rules, both)
    values = {"status": "active", "plan_agreement_end": ON + timedelta(3)}
    outcome = evaluate(rules, values, ON)
    assert outcome.status == "blocked"
    result = earliest(rules, values, ON, outcome)
    assert (result.day, result.certain) == (ON + timedelta(4), False)
    assert clears_on(condition, values, ON) == ON + timedelta(4)


def test_one_of_two_ways_out_is_enough(all_rules):
    either = AnyOf((OneOf("payment", ("prepaid",)), NoneOrPassed("plan_agreement_end")))
    rules, _ = one_condition(all_rules, either)
    values = {"status": "active", "payment": "postpaid", "plan_agreement_end": date(2028, 2, 28)}
    result = earliest(rules, values, ON, evaluate(rules, values, ON))
    assert (result.day, result.certain) == (date(2028, 2, 29), True)


@pytest.mark.parametrize(
    ("end", "day"),
    [
        (date(2026, 12, 31), date(2027, 1, 1)),
        (date(2028, 2, 28), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2028, 3, 1)),
        (date(2027, 2, 28), date(2027, 3, 1)),
        (date.max, None),
    ],
)
def test_an_agreement_bars_through_its_last_day(all_rules, end, day):
    rules = all_rules["change_number"]
    values = {
        "status": "active",
        "arrears": rules.conditions[0].remedy.sets["arrears"],
        "relocated": NONE,
        "campaign_restricted": False,
        "special_number_restricted": False,
        "subsidy_agreement_end": end,
    }
    outcome = evaluate(rules, values, end)
    assert outcome.status == "blocked"
    assert earliest(rules, values, end, outcome).day == day
    if day:
        assert evaluate(rules, values, day).status == "allowed"
