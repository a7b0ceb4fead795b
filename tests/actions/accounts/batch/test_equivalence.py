"""The statement against the evaluator: 100,000 random accounts in each database, not one difference."""

import random
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from actions.accounts.batch.reader import BatchReader
from knowledge.conditions import Condition, OperationRules, Remedy, Scope, load_all
from knowledge.facts import NONE
from knowledge.model import Citation, Period
from knowledge.predicates import (
    AllOf,
    AnyOf,
    EndsWithin,
    Lost,
    MoreThan,
    NoneOrPassed,
    Not,
    OneOf,
    Predicate,
    SilentUnless,
    can_be_false,
    date_facts_of,
    facts_of,
)
from tests.actions.accounts.batch.python_way import by_python, by_sql, known_values
from tests.actions.accounts.batch.random_accounts import RandomAccounts, store
from tests.actions.accounts.conftest import ROOT

NUMBERS = 100_000
DAYS = (date(2026, 11, 22), date(2026, 12, 31), date(2027, 1, 1), date(2028, 2, 28), date(2028, 2, 29), date.max)
HOLDERS = 6
RULES = load_all(ROOT / "knowledge")


def test_every_verdict_is_the_one_that_the_evaluator_forms(database_url):
    """Each customer is judged for one operation on one day, so that each number is judged once each way."""
    jobs = {f"{place}": job for place, job in enumerate((o, d) for o in RULES for d in DAYS for _ in range(HOLDERS))}
    accounts = RandomAccounts(next(iter(RULES.values())).facts, DAYS, seed=20261122)
    store(
        database_url,
        [accounts.customer_row(holder) for holder in jobs],
        (accounts.row(f"{n:011d}", str(n % len(jobs))) for n in random.Random(5).sample(range(NUMBERS), NUMBERS)),
    )
    values = defaultdict(dict)
    for number, holder, known in known_values(database_url):
        values[holder][number] = known
    statuses, differences, compared = Counter(), [], 0
    with closing(BatchReader(database_url)) as reader:
        for holder, (operation, on) in jobs.items():
            rules = RULES[operation]
            found = list(by_sql(reader, rules, on, holder))
            assert [number for number, _ in found] == sorted(values[holder])
            for number, verdict in found:
                expected = by_python(rules, values[holder][number], on)
                statuses[operation, expected[0]] += 1
                if verdict != expected:
                    differences.append((operation, on, values[holder][number], verdict, expected))
            compared += len(found)
    assert differences[:3] == []
    assert compared == NUMBERS
    # The comparison is worth something only where all verdicts occur.
    for operation, rules in RULES.items():
        barring = any(can_be_false(c.require) for c in rules.conditions)
        assert statuses[operation, "not_applicable"]
        assert bool(statuses[operation, "blocked"]) == barring
        assert bool(statuses[operation, "needs_review"]) == (rules.never_applies is None)


class RandomRules:
    """Rules of the whole vocabulary, more tangled than anybody would write them."""

    WORDS = ("status", "payment", "lifecycle", "relocated", "prepayment_kind")
    FLAGS = ("special_terms", "campaign_restricted", "blacklisted")
    NUMBERS = ("arrears", "points", "data_used_gb", "roaming_prepayment")
    DATES = ("plan_agreement_end", "subsidy_agreement_end", "special_number_agreement_end")

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.facts = next(iter(RULES.values())).facts

    def rules(self) -> OperationRules:
        template = RULES["cancel_service"]
        conditions = tuple(self._condition(place) for place in range(self.random.randint(0, 6)))
        # What else a scope has is wording.
        scope = Scope(**{**dict.fromkeys(Scope.__slots__, ""), "require": self._predicate(2)})
        scope = scope if self.random.random() < 0.4 else None
        return replace(template, conditions=conditions, scope=scope)

    def _condition(self, place: int) -> Condition:
        require: Predicate = self._predicate(3)
        if self.random.random() < 0.15:
            require = self.random.choice((SilentUnless(require), Lost()))
        remedy = self._remedy(require) if can_be_false(require) else None
        condition = Condition(f"c{place}", Citation("x", "一"), require, "", "", "", remedy, 0)
        if self.random.random() < 0.3:
            start, end = sorted(self.random.choice(DAYS) + timedelta(self.random.randint(-2, 0)) for _ in range(2))
            period = Period(self.random.choice((start, None)), self.random.choice((end, None)))
            condition = replace(condition, valid=period)
        return condition

    def _remedy(self, require: Predicate) -> Remedy:
        by = self.random.choice(("customer", "customer", "time", "none"))
        if by == "time" and not date_facts_of(require):
            by = "none"
        facts = facts_of(require)
        chosen = self.random.sample(facts, self.random.randint(1, len(facts))) if by == "customer" else ()
        return Remedy(by, "", {fact: self._constant(fact) for fact in chosen})

    def _predicate(self, depth: int) -> Predicate:
        kind = self.random.random()
        if depth and kind < 0.15:
            return Not(self._predicate(depth - 1))
        if depth and kind < 0.5:
            group = self.random.choice((AllOf, AnyOf))
            return group(tuple(self._predicate(depth - 1) for _ in range(self.random.randint(2, 3))))
        if kind < 0.65:
            fact = self.random.choice((*self.WORDS, *self.FLAGS, *self.NUMBERS, *self.DATES))
            return OneOf(fact, tuple({self._constant(fact): 0 for _ in range(self.random.randint(1, 3))}))
        if kind < 0.75:
            fact = self.random.choice(self.NUMBERS)
            return MoreThan(fact, self._constant(fact))
        fact = self.random.choice(self.DATES)
        return NoneOrPassed(fact) if kind < 0.95 else EndsWithin(fact, self.random.choice((0, 30, 90)))

    def _constant(self, fact: str) -> Any:
        spec = self.facts[fact]
        if spec.none and self.random.random() < 0.4:
            return NONE
        if spec.type == "enum":
            return self.random.choice(list(spec.values))
        if spec.type == "bool":
            return self.random.random() < 0.5
        if spec.type == "date":
            return self.random.choice((*DAYS, DAYS[0] + timedelta(30)))
        if spec.type == "int":
            return self.random.choice((0, 1, 3250))
        return self.random.choice((Decimal("0.00"), Decimal("0.01"), Decimal("32.50")))


@pytest.mark.parametrize("seed", range(4))
def test_rules_of_the_whole_vocabulary_mean_the_same_in_sql(database_url, seed):
    source = RandomRules(seed)
    accounts = RandomAccounts(source.facts, DAYS[:4], seed)
    holders = [f"{place}" for place in range(9)]
    store(
        database_url,
        map(accounts.customer_row, holders),
        (accounts.row(f"{n:011d}", accounts.random.choice((*holders, None))) for n in range(400)),
    )
    values = {number: known for number, _, known in known_values(database_url)}
    statuses = Counter()
    with closing(BatchReader(database_url)) as reader:
        for _ in range(60):
            rules, on = source.rules(), source.random.choice(DAYS)
            for number, verdict in by_sql(reader, rules, on, None):
                assert verdict == by_python(rules, values[number], on), (
                    rules.conditions,
                    rules.scope,
                    on,
                    values[number],
                )
                statuses[verdict[0], verdict[3] is not None and verdict[3] > on.isoformat()] += 1
    assert {status for status, _ in statuses} == {"allowed", "blocked", "needs_review", "not_applicable"}
    assert statuses["blocked", True] > 100
