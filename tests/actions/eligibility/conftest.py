"""Fixtures of the eligibility tests: the real rules, and accounts made from plain values."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from actions.accounts.facts import Absent, AccountFacts, Known
from knowledge.conditions import OperationRules, load_all
from knowledge.facts import NONE, Value

RULES = Path(__file__).resolve().parents[3] / "knowledge"
MakeAccount = Callable[[Mapping[str, Value]], AccountFacts]


@pytest.fixture(scope="session")
def all_rules() -> dict[str, OperationRules]:
    return load_all(RULES)


@pytest.fixture(scope="session")
def make_account() -> MakeAccount:
    def make(values: Mapping[str, Value]) -> AccountFacts:
        facts = {
            name: Absent("test", None) if value == NONE else Known(value, "test", None)
            for name, value in values.items()
        }
        return AccountFacts("18600000001", "G1001", "源创三象", facts)

    return make
