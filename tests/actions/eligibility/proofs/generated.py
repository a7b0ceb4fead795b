"""Predicates and accounts that nobody wrote: anything the vocabulary can say, over a few facts of every type."""

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import strategies as st

from knowledge.facts import NONE, Value
from knowledge.predicates import AllOf, AnyOf, EndsWithin, MoreThan, NoneOrPassed, Not, OneOf, Predicate, facts_of
from tests.actions.eligibility.domains import ON, State

DOMAINS: dict[str, list[Value]] = {
    "status": ["active", "lost", "cancelled"],
    "roaming": [True, False],
    "relocated": ["new", "old", NONE],
    "arrears": [Decimal("0.00"), Decimal("0.01"), Decimal("8.00")],
    "plan_agreement_end": [date(2028, 2, 27), ON, date(2028, 2, 29), date(2028, 3, 1), NONE],
    "special_number_agreement_end": [ON, date(2028, 12, 31), NONE],
}
_DATES = ("plan_agreement_end", "special_number_agreement_end")


def _options(fact: str) -> st.SearchStrategy[Predicate]:
    values = st.lists(st.sampled_from(DOMAINS[fact]), min_size=1, max_size=2, unique=True)
    return values.map(lambda options: OneOf(fact, tuple(options)))


LEAVES: st.SearchStrategy[Predicate] = st.one_of(
    *(_options(fact) for fact in DOMAINS),
    st.sampled_from(DOMAINS["arrears"]).map(lambda limit: MoreThan("arrears", limit)),
    st.sampled_from(_DATES).map(NoneOrPassed),
    st.builds(EndsWithin, st.sampled_from(_DATES), st.sampled_from([0, 1, 2, 307])),
)


def _grown(smaller: st.SearchStrategy[Predicate]) -> st.SearchStrategy[Predicate]:
    parts = st.lists(smaller, min_size=2, max_size=3).map(tuple)
    return st.one_of(smaller.map(Not), parts.map(AllOf), parts.map(AnyOf))


PREDICATES: st.SearchStrategy[Predicate] = st.recursive(LEAVES, _grown, max_leaves=6)


def all_states(predicate: Predicate) -> list[State]:
    """Every account state of the facts that the predicate reads, unknown ones included."""
    names = facts_of(predicate)
    choices: list[list[Any]] = [[*DOMAINS[name], None] for name in names]
    return [
        {name: value for name, value in zip(names, combination, strict=True) if value is not None}
        for combination in product(*choices)
    ]
