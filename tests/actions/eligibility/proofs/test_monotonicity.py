"""Learning a fact only ever moves what was unknown, and a remedy never makes anything worse.

A step is one more known fact. Every state of a small domain is tried with every step out of it, so what holds for
each step holds for every way in which the unknown facts can turn out.
"""

from collections.abc import Iterator

from hypothesis import given, settings

from actions.eligibility.evaluator import evaluate
from actions.eligibility.timeline import earliest
from knowledge.predicates import Lost, SilentUnless, facts_of
from tests.actions.eligibility.domains import ON, State, domains_of, states
from tests.actions.eligibility.proofs.generated import DOMAINS, PREDICATES, all_states

BETTER_OR_EQUAL = {
    "allowed": {"allowed"},
    "needs_review": {"needs_review", "allowed"},
    "blocked": {"blocked", "needs_review", "allowed"},
}


def steps(state: State, domains) -> Iterator[State]:
    """The states that are reached by learning one unknown fact."""
    for name, values in domains.items():
        if name not in state:
            for value in values:
                yield {**state, name: value}


def test_what_was_definite_stays_whatever_is_learnt(rules):
    domains = domains_of(rules)
    for state in states(rules):
        before = evaluate(rules, state, ON)
        for learnt in steps(state, domains):
            after = evaluate(rules, learnt, ON)
            if before.status in ("allowed", "not_applicable"):
                assert after.status == before.status, (state, learnt)
            if before.status == "blocked":
                # That the operation does not even apply is the only other thing that can come out.
                ended = before.applies is None and after.status == "not_applicable"
                assert after.status == "blocked" or ended, (state, learnt)
            assert before.applies is None or after.applies is before.applies, (state, learnt)
            for old, new in zip(before.truths, after.truths, strict=False):
                assert old is None or old is new, (state, learnt)


def test_a_condition_is_unknown_exactly_while_an_unknown_fact_could_still_change_it(rules):
    """Backwards from full knowledge: undecided steps, or steps that disagree, are what unknown means."""
    domains = domains_of(rules)
    for condition in rules.conditions:
        if isinstance(condition.require, Lost | SilentUnless):
            continue
        own = {name: domains[name] for name in facts_of(condition.require)}
        for state in states(rules):
            reached: set[bool | None] = {condition.require.holds(learnt, ON) for learnt in steps(state, own)}
            truth = condition.require.holds(state, ON)
            if all(name in state for name in own):
                assert truth is not None, (condition.id, state)
            elif len(reached) == 1:
                assert truth is reached.pop(), (condition.id, state)
            else:
                assert truth is None, (condition.id, state)


def test_a_certain_earliest_day_stays_whatever_is_learnt(rules):
    domains = domains_of(rules)
    for state in states(rules):
        outcome = evaluate(rules, state, ON)
        before = earliest(rules, state, ON, outcome)
        if not before.certain:
            continue
        for learnt in steps(state, domains):
            after = evaluate(rules, learnt, ON)
            assert earliest(rules, learnt, ON, after) == before, (state, learnt)


def test_doing_what_a_remedy_says_helps_and_worsens_nothing(rules):
    """The facts that a remedy sets become so: its condition is met, and neither another nor the whole gets worse."""
    remedies = {c.id: c.remedy.sets for c in rules.conditions if c.remedy and c.remedy.sets}
    done = set()
    for state in states(rules):
        before = evaluate(rules, state, ON)
        for index, (condition, truth) in enumerate(zip(rules.conditions_on(ON), before.truths, strict=False)):
            if truth is False and condition.id in remedies:
                after = evaluate(rules, {**state, **remedies[condition.id]}, ON)
                assert after.truths[index] is True, (condition.id, state)
                assert after.applies is before.applies, (condition.id, state)
                assert after.status in BETTER_OR_EQUAL[before.status], (condition.id, state)
                for old, new in zip(before.truths, after.truths, strict=True):
                    assert new is old or new is True, (condition.id, state)
                done.add(condition.id)
    assert done == set(remedies)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(predicate=PREDICATES)
def test_no_predicate_that_the_vocabulary_can_say_takes_back_what_it_said(predicate):
    own = {name: DOMAINS[name] for name in facts_of(predicate)}
    for state in all_states(predicate):
        truth = predicate.holds(state, ON)
        if truth is None:
            assert len(state) < len(own), "a known account must be decided"
        else:
            assert {predicate.holds(learnt, ON) for learnt in steps(state, own)} <= {truth}
