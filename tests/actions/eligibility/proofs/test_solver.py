"""z3 looks for conditions that decide nothing, over every account and every day there could be."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from actions.eligibility.evaluator import CANCELLED
from knowledge.conditions import OperationRules, load_operation
from knowledge.predicates import Not, OneOf, Predicate
from tests.actions.eligibility.domains import ON, deciding, states
from tests.actions.eligibility.proofs.conftest import RULES
from tests.actions.eligibility.proofs.solver import Accounts, faults

SAY = "{requirement: x, unmet: x, unknown: x}"


def bad_rules(folder, conditions: dict[str, str], scope: Predicate | None) -> OperationRules:
    """A rule file that loads; its conditions are given in the vocabulary."""
    (folder / "operations").mkdir()
    (folder / "eligibility").mkdir()
    (folder / "facts.yml").write_text((RULES / "facts.yml").read_text())
    (folder / "operations" / "change_number.yml").write_text("name: 改号\n")
    body = "".join(
        f"  - id: {identifier}\n    cite: {{document: a, section: b}}\n    require: {require}\n    say: {SAY}\n"
        "    remedy: {by: none, text: x}\n"
        for identifier, require in conditions.items()
    )
    (folder / "eligibility" / "change_number.yml").write_text(f"operation: change_number\nconditions:\n{body}")
    rules = load_operation(folder, "change_number")
    # Of a scope, nothing but its predicate counts here.
    return rules if scope is None else replace(rules, scope=SimpleNamespace(require=scope))


def test_no_condition_scope_or_notice_is_dead_or_decided_by_the_rest(rules):
    assert list(faults(rules)) == []


def test_the_formulas_mean_what_the_predicates_mean(rules):
    accounts = Accounts(rules.facts)
    for predicate in deciding(rules):
        formulas = accounts.formulas(predicate)
        for state in states(rules, most=6, seed=1):
            truth = predicate.holds(state, ON)
            here = accounts.one(state, ON)
            assert accounts.can_be(here, formulas.true) is (truth is True), state
            assert accounts.can_be(here, formulas.false) is (truth is False), state


ACTIVE = OneOf("status", ("active",))
IMPOSSIBLE = "conditions: no number can ever meet them all"


@pytest.mark.parametrize(
    ("conditions", "scope", "found"),
    [
        ({"a": "{any: [{equals: {roaming: true}}, {equals: {roaming: false}}]}"}, None, ["a: is always met"]),
        ({"a": "{not_equals: {status: lost}}"}, ACTIVE, ["a: is always met"]),
        ({"a": "{not_equals: {status: cancelled}}", "b": "{equals: {roaming: true}}"}, None, ["a: is always met"]),
        (
            {"a": "{all: [{equals: {roaming: true}}, {not_equals: {roaming: true}}]}"},
            None,
            [IMPOSSIBLE, "a: can never be met"],
        ),
        (
            {"a": "{equals: {arrears: '0.00'}}", "b": "{not: {more_than: {arrears: '5.00'}}}"},
            None,
            ["b: is implied by the others"],
        ),
        (
            {"a": "{not_equals: {relocated: new}}", "b": "{in: {relocated: [new, none]}}"},
            OneOf("relocated", ("new", "old")),
            [IMPOSSIBLE],
        ),
        (
            {"a": "{equals: {roaming: true}}"},
            CANCELLED,
            ["applies_to: no number can ever be in scope"],
        ),
        (
            {"a": "{equals: {roaming: true}}"},
            Not(CANCELLED),
            ["applies_to: every number is in scope"],
        ),
    ],
)
def test_a_rule_that_decides_nothing_is_reported(tmp_path, conditions, scope, found):
    assert list(faults(bad_rules(tmp_path, conditions, scope))) == found
