"""The cases that stand beside each rule file, each with its clock."""

from collections.abc import Iterator
from typing import Any

import pytest

from actions.eligibility.verdict import check
from knowledge.conditions import covered_operations
from knowledge.yaml_source import read_yaml
from tests.actions.eligibility.conftest import RULES


def cases() -> Iterator[Any]:
    for operation in covered_operations(RULES):
        content = read_yaml(RULES / "eligibility" / f"{operation}.cases.yml")
        for case in content["cases"]:
            yield pytest.param(operation, content["base"], case, id=f"{operation}: {case['name']}")


@pytest.mark.parametrize(("operation", "base", "case"), cases())
def test_a_case_beside_the_rules_holds(operation, base, case, all_rules, make_account):
    rules = all_rules[operation]
    facts = {name: value for name, value in {**base, **case.get("facts", {})}.items() if value is not None}
    values = {
        name: rules.facts[name].from_json(value) if isinstance(value, str) else value for name, value in facts.items()
    }
    verdict = check(rules, make_account(values), case["on"])
    found = {
        "status": verdict.status,
        "blockers": [condition.id for condition in verdict.blockers],
        "unknowns": [condition.id for condition in verdict.unknowns],
        "earliest": {"date": verdict.earliest.day, "certain": verdict.earliest.certain},
        "notices": [notice.id for notice in verdict.notices],
    }
    expected = dict(case["expect"])
    assert {key: found[key] for key in expected} == expected


def test_the_cases_see_every_condition_unmet_and_unknown(all_rules):
    for operation, rules in all_rules.items():
        content = read_yaml(RULES / "eligibility" / f"{operation}.cases.yml")
        seen = {condition.id: set() for condition in rules.conditions}
        for case in content["cases"]:
            for identifier in case["expect"]["blockers"]:
                seen[identifier].add("unmet")
            for identifier in case["expect"]["unknowns"]:
                seen[identifier].add("unknown")
        for condition in rules.conditions:
            wanted = {"unmet", "unknown"} if condition.remedy else {"unknown"}
            missing = wanted - seen[condition.id]
            assert not missing, f"{operation} {condition.id}: {missing}"
