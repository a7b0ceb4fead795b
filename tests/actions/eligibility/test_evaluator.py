"""Every account state of a small domain, against the definition of "unknown": some value would say yes, another no."""

from collections.abc import Iterator
from itertools import product

import pytest

from actions.eligibility.evaluator import evaluate
from knowledge.facts import Value
from knowledge.predicates import AllOf, AnyOf, Lost, Not, OneOf, SilentUnless, facts_of
from tests.actions.eligibility.domains import ON, facts_read, states, values_of

OPERATIONS = ("change_number", "cancel_service")


def completions(rules, state: dict[str, Value], names) -> Iterator[dict[str, Value]]:
    missing = [name for name in names if name not in state]
    for values in product(*(values_of(rules.facts[name]) for name in missing)):
        yield {**state, **dict(zip(missing, values, strict=True))}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_condition_is_unknown_exactly_while_an_unknown_fact_could_change_it(operation, all_rules):
    rules = all_rules[operation]
    for condition in rules.conditions:
        if isinstance(condition.require, SilentUnless):
            continue
        for state in states(rules):
            names = facts_of(condition.require)
            outcomes = {condition.require.holds(full, ON) for full in completions(rules, state, names)}
            expected = outcomes.pop() if len(outcomes) == 1 else None
            assert condition.require.holds(state, ON) is expected, (condition.id, state)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_status_follows_the_order_of_the_contract(operation, all_rules):
    rules = all_rules[operation]
    seen = set()
    for state in states(rules):
        outcome = evaluate(rules, state, ON)
        truths = [condition.require.holds(state, ON) for condition in rules.conditions]
        if state.get("status") == "cancelled":
            expected = "not_applicable"
        elif False in truths:
            expected = "blocked"
        elif None in truths or "status" not in state:
            expected = "needs_review"
        else:
            expected = "allowed"
        assert outcome.status == expected, state
        seen.add(expected)
    assert seen == {"allowed", "blocked", "needs_review", "not_applicable"}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_learning_a_fact_never_flips_what_was_definite(operation, all_rules):
    rules = all_rules[operation]
    for state in states(rules):
        before = evaluate(rules, state, ON)
        for name in facts_read(rules):
            if name in state:
                continue
            for value in values_of(rules.facts[name]):
                after = evaluate(rules, {**state, name: value}, ON)
                assert before.status != "allowed", "an unknown fact must never be allowed"
                if before.status == "not_applicable":
                    assert after.status == "not_applicable"
                if before.status == "blocked":
                    # Only finding out that the number no longer exists can put an end to the question.
                    assert after.status == "blocked" or (name, value) == ("status", "cancelled")
                for old, new in zip(before.truths, after.truths, strict=False):
                    assert old is None or old is new


@pytest.mark.parametrize("operation", OPERATIONS)
def test_doing_what_a_remedy_says_makes_its_condition_met_and_no_other_worse(operation, all_rules):
    rules = all_rules[operation]
    remedied = 0
    for state in states(rules):
        before = evaluate(rules, state, ON)
        for index, truth in enumerate(before.truths):
            remedy = rules.conditions[index].remedy
            if truth is False and remedy and remedy.sets:
                after = evaluate(rules, {**state, **remedy.sets}, ON)
                assert after.truths[index] is True
                assert all(
                    new is not False for old, new in zip(before.truths, after.truths, strict=True) if old is True
                )
                remedied += 1
    assert remedied


def test_the_connectives_are_those_of_kleene():
    truths = (True, False, None)
    known = OneOf("status", ("active",))

    def predicate(truth):
        return Lost() if truth is None else known if truth else Not(known)

    values = {"status": "active"}
    for left, right in product(truths, truths):
        both, either = AllOf((predicate(left), predicate(right))), AnyOf((predicate(left), predicate(right)))
        assert both.holds(values, ON) is (False if False in (left, right) else None if None in (left, right) else True)
        assert either.holds(values, ON) is (True if True in (left, right) else None if None in (left, right) else False)
    for truth in truths:
        assert Not(predicate(truth)).holds(values, ON) is (None if truth is None else not truth)
        assert SilentUnless(predicate(truth)).holds(values, ON) is (True if truth else None)
