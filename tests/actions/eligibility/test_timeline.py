"""The derived earliest day in single accounts; whole domains are searched day by day in `proofs/`."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from actions.eligibility.evaluator import evaluate
from actions.eligibility.timeline import clears_on, earliest
from actions.eligibility.verdict import check
from knowledge.conditions import Condition, OperationRules, Remedy
from knowledge.facts import NONE
from knowledge.model import Citation, Period
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


def dated(all_rules, **periods: Period) -> OperationRules:
    """The rules of `change_number`, some conditions of which are in force for a time only."""
    rules = all_rules["change_number"]
    conditions = (replace(condition, valid=periods.get(condition.id, Period())) for condition in rules.conditions)
    return replace(rules, conditions=tuple(conditions))


CLEAR = {
    "status": "active",
    "arrears": Decimal("0.00"),
    "relocated": NONE,
    "campaign_restricted": False,
    "special_number_restricted": False,
    "subsidy_agreement_end": NONE,
}


@pytest.mark.parametrize(
    ("valid", "status"),
    [
        (Period(end=ON), "blocked"),
        (Period(end=ON - timedelta(1)), "allowed"),
        (Period(start=ON), "blocked"),
        (Period(start=ON + timedelta(1)), "allowed"),
    ],
)
def test_a_condition_counts_on_the_days_on_which_it_is_in_force(all_rules, valid, status):
    rules = dated(all_rules, not_relocated_new=valid)
    outcome = evaluate(rules, CLEAR | {"relocated": "new"}, ON)
    assert outcome.status == status
    assert len(outcome.truths) == len(rules.conditions_on(ON))


def test_what_nothing_else_lifts_is_lifted_when_its_condition_ends(all_rules):
    rules = dated(all_rules, not_relocated_new=Period(end=date(2028, 12, 31)))
    values = CLEAR | {"relocated": "new"}
    result = earliest(rules, values, ON, evaluate(rules, values, ON))
    assert (result.day, result.certain) == (date(2029, 1, 1), True)


def test_a_condition_that_begins_before_an_agreement_ends_counts_by_then(all_rules):
    agreement = {"subsidy_agreement_end": ON + timedelta(9)}
    rules = dated(all_rules, not_relocated_new=Period(start=ON + timedelta(5)))
    barred = CLEAR | agreement | {"relocated": "new"}
    assert earliest(rules, barred, ON, evaluate(rules, barred, ON)).day is None
    unknown = {name: value for name, value in (CLEAR | agreement).items() if name != "relocated"}
    rules = dated(all_rules, not_relocated_new=Period(start=ON + timedelta(5)), not_relocated_old=Period(end=ON))
    result = earliest(rules, unknown, ON, evaluate(rules, unknown, ON))
    assert (result.day, result.certain) == (ON + timedelta(10), False)


def test_what_will_be_demanded_by_then_is_among_the_steps(all_rules, make_account):
    rules = dated(all_rules, arrears_settled=Period(start=ON + timedelta(5)))
    account = make_account(CLEAR | {"arrears": Decimal("5.00"), "subsidy_agreement_end": ON + timedelta(9)})
    verdict = check(rules, account, ON)
    assert [condition.id for condition in verdict.blockers] == ["no_subsidy_agreement"]
    assert verdict.earliest.day == ON + timedelta(10)
    assert verdict.steps[0] == "交清欠费 5.00 元。"
    assert len(verdict.steps) == 2


def test_a_time_condition_that_ends_before_its_agreement_clears_with_itself(all_rules):
    rules = dated(all_rules, no_subsidy_agreement=Period(end=ON + timedelta(3)))
    values = CLEAR | {"subsidy_agreement_end": ON + timedelta(9)}
    assert clears_on(rules.conditions[-1], values, ON) == ON + timedelta(4)
    assert earliest(rules, values, ON, evaluate(rules, values, ON)).day == ON + timedelta(4)
