"""The cases that stand beside each rule file, each with its clock."""

import pytest

from knowledge.predicates import Lost, SilentUnless
from knowledge.reading import rule_files
from knowledge.yaml_source import read_yaml
from tests.actions.eligibility.conftest import RULES
from tests.actions.eligibility.rule_cases import cases, judged


@pytest.mark.parametrize(("operation", "base", "case"), cases(RULES))
def test_a_case_beside_the_rules_holds(operation, base, case, all_rules):
    assert judged(all_rules[operation], base, case) == dict(case["expect"])


@pytest.fixture(scope="module")
def expected(all_rules):
    """What the cases of each operation expect: operation -> list of expectations."""
    return {
        operation: [case["expect"] for case in read_yaml(RULES / "eligibility" / f"{operation}.cases.yml")["cases"]]
        for operation in all_rules
    }


def test_the_cases_see_every_condition_in_each_state_it_can_have(all_rules, expected):
    for operation, rules in all_rules.items():
        applying = [expect for expect in expected[operation] if expect["status"] != "not_applicable"]
        for condition in rules.conditions:
            seen = {
                "unmet" if condition.id in expect["blockers"] else
                "unknown" if condition.id in expect["unknowns"] else "met"
                for expect in applying
            }  # fmt: skip
            can = {"met", "unknown"} if isinstance(condition.require, SilentUnless) else {"met", "unmet", "unknown"}
            assert seen == ({"unknown"} if isinstance(condition.require, Lost) else can), f"{operation} {condition.id}"


def test_the_cases_see_every_notice_told_and_every_scope_from_outside(all_rules, expected):
    for operation, rules in all_rules.items():
        told = [identifier for expect in expected[operation] for identifier in expect.get("notices", [])]
        assert {notice.id for notice in rules.notices} == set(told), operation
        if rules.scope:
            outside = [expect for expect in expected[operation] if expect["status"] == "not_applicable"]
            assert len(outside) >= 2, f"{operation}: one cancelled, one out of scope"


def test_every_operation_of_the_rule_base_has_rules_and_cases(all_rules):
    assert set(all_rules) == {path.stem for path in rule_files(RULES / "operations")}
