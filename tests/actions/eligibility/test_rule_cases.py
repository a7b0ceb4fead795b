"""The cases that stand beside each rule file, each with its clock."""

import pytest

from knowledge.yaml_source import read_yaml
from tests.actions.eligibility.conftest import RULES
from tests.actions.eligibility.rule_cases import cases, judged


@pytest.mark.parametrize(("operation", "base", "case"), cases(RULES))
def test_a_case_beside_the_rules_holds(operation, base, case, all_rules):
    assert judged(all_rules[operation], base, case) == dict(case["expect"])


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
