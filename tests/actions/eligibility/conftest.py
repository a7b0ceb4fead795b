"""Fixtures of the eligibility tests: the real rules, and accounts made from plain values."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from actions.accounts.facts import AccountFacts
from knowledge.conditions import OperationRules, load_all
from knowledge.facts import Value
from tests.actions.eligibility.rule_cases import account_of

RULES = Path(__file__).resolve().parents[3] / "knowledge"
MakeAccount = Callable[[Mapping[str, Value]], AccountFacts]


@pytest.fixture(scope="session")
def all_rules() -> dict[str, OperationRules]:
    return load_all(RULES)


@pytest.fixture(scope="session")
def make_account() -> MakeAccount:
    return account_of
