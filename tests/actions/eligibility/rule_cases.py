"""The cases that stand beside the eligibility rules of a rule base, each with its clock."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from actions.accounts.facts import Absent, AccountFacts, Known
from actions.eligibility.verdict import check
from knowledge.conditions import OperationRules, covered_operations
from knowledge.facts import NONE, Value
from knowledge.yaml_source import read_yaml


def cases(rules: Path) -> Iterator[Any]:
    """(operation, base facts, case) of every case, as parameters of a test."""
    for operation in covered_operations(rules):
        content = read_yaml(rules / "eligibility" / f"{operation}.cases.yml")
        for case in content["cases"]:
            yield pytest.param(operation, content["base"], case, id=f"{operation}: {case['name']}")


def account_of(values: Mapping[str, Value]) -> AccountFacts:
    """An account of which these facts are known, and no others."""
    facts = {
        name: Absent("test", None) if value == NONE else Known(value, "test", None) for name, value in values.items()
    }
    return AccountFacts("18600000001", "G1001", "源创三象", facts)


def judged(rules: OperationRules, base: Mapping[str, Any], case: Mapping[str, Any]) -> dict[str, Any]:
    """What the rules say of the account in the case, of all that the case expects."""
    facts = {name: value for name, value in {**base, **case.get("facts", {})}.items() if value is not None}
    values = {
        name: rules.facts[name].from_json(value) if isinstance(value, str) else value for name, value in facts.items()
    }
    verdict = check(rules, account_of(values), case["on"])
    found = {
        "status": verdict.status,
        "blockers": [condition.id for condition in verdict.blockers],
        "unknowns": [condition.id for condition in verdict.unknowns],
        "earliest": {"date": verdict.earliest.day, "certain": verdict.earliest.certain},
        "steps": list(verdict.steps),
        "notices": [notice.id for notice in verdict.notices],
    }
    return {key: found[key] for key in case["expect"]}
