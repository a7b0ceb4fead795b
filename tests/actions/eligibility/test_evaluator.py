"""The three-valued meaning of the vocabulary; whole domains of the rules are in `proofs/`."""

from itertools import product

from knowledge.predicates import AllOf, AnyOf, Lost, Not, OneOf, SilentUnless
from tests.actions.eligibility.domains import ON


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
