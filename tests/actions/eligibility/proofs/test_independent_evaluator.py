"""CEL, as cel-python evaluates it, is asked the same questions: there must be no answer that differs."""

from datetime import date

import celpy
import pytest
from hypothesis import given, settings

from actions.eligibility.evaluator import evaluate, scope_of
from knowledge.conditions import OperationRules
from knowledge.predicates import facts_of
from tests.actions.eligibility.domains import ON, State, states
from tests.actions.eligibility.proofs.cel import Program, activation, conjunction, source
from tests.actions.eligibility.proofs.generated import PREDICATES, all_states

DAYS = (ON, date(2028, 2, 29), date(2026, 12, 31), date.max)
MOST = 250
STATUS = {True: "allowed", False: "blocked", None: "needs_review"}


def only(state: State, names) -> State:
    return {name: state[name] for name in names if name in state}


def test_every_condition_and_scope_is_what_cel_says(rules: OperationRules):
    for predicate in (scope_of(rules), *(condition.require for condition in rules.conditions)):
        program, names = Program(source(predicate)), facts_of(predicate)
        dated = any(rules.facts[name].type == "date" for name in names)
        for on in DAYS if dated else DAYS[:1]:
            own = {tuple(only(state, names).items()) for state in states(rules, on=on)}
            assert len(own) >= min(2, 1 + len(names))
            for items in own:
                state = dict(items)
                assert program.truth(activation(state, on)) is predicate.holds(state, on), (program.expression, state)


def test_every_status_is_what_cel_says_of_all_conditions_at_once(rules: OperationRules):
    applies = Program("false" if rules.never_applies else source(scope_of(rules)))
    together = Program(conjunction(condition.require for condition in rules.conditions_on(ON)))
    tried = 0
    for state in states(rules, most=MOST):
        known = activation(state, ON)
        in_scope, met = applies.truth(known), together.truth(known)
        expected = STATUS[met] if in_scope or met is False else "needs_review"
        if in_scope is False:
            expected = "not_applicable"
        outcome = evaluate(rules, state, ON)
        assert (outcome.status, outcome.applies) == (expected, in_scope), state
        tried += 1
    total = len(list(states(rules)))
    assert tried == min(MOST, total)


def test_anything_the_vocabulary_can_say_is_what_cel_says():
    tried = []

    @settings(max_examples=80, deadline=None, derandomize=True, database=None)
    @given(predicate=PREDICATES)
    def agree(predicate):
        program = Program(source(predicate))
        possible = all_states(predicate)
        for state in possible[:: 1 + len(possible) // 15]:
            assert program.truth(activation(state, ON)) is predicate.holds(state, ON), (program.expression, state)
            tried.append(state)

    agree()
    assert len(tried) > 500


def test_a_wrong_type_is_a_fault_and_no_unknown_fact():
    with pytest.raises(celpy.CELEvalError, match="overload"):
        Program("arrears > 0").truth({"arrears": activation({"x": "word"}, ON)["x"]})
