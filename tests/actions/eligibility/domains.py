"""Small domains of account facts, complete for the rules: each side of each threshold, each word, none, unknown."""

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from math import prod

from knowledge.conditions import OperationRules
from knowledge.facts import NONE, PLACES, FactSpec, Value
from knowledge.predicates import EndsWithin, MoreThan, OneOf, Predicate, facts_of, walk

ON = date(2028, 2, 28)
State = dict[str, Value]
"""The known facts of an account; an unknown fact is left out."""


def deciding(rules: OperationRules) -> list[Predicate]:
    """The predicates that decide the verdict of an operation (notices aside)."""
    return [*(condition.require for condition in rules.conditions), *([rules.scope.require] if rules.scope else [])]


def facts_read(rules: OperationRules) -> list[str]:
    """The facts that decide the verdict of an operation (notices aside)."""
    named = ["status", *(name for predicate in deciding(rules) for name in facts_of(predicate))]
    return list(dict.fromkeys(named))


def values_of(spec: FactSpec, predicates: list[Predicate], on: date) -> list[Value]:
    """Values of a fact that stand for all others in these predicates on this day."""
    parts = [part for predicate in predicates for part in walk(predicate)]
    values: list[Value]
    if spec.type == "bool":
        values = [True, False]
    elif spec.type == "enum":
        values = list(spec.values or ())
    elif spec.type == "date":
        windows = [part.days for part in parts if isinstance(part, EndsWithin) and part.fact == spec.name]
        steps = {-1, 0, 1, *(days + more for days in windows for more in (0, 1))}
        near = {on.toordinal() + step for step in steps} | {date(on.year, 12, 31).toordinal()}
        values = [date.fromordinal(day) for day in sorted(near) if day <= date.max.toordinal()]
    else:
        limits = [part.limit for part in parts if isinstance(part, MoreThan) and part.fact == spec.name]
        limits += [
            option for part in parts if isinstance(part, OneOf) and part.fact == spec.name for option in part.options
        ]
        unit = 1 if spec.type == "int" else Decimal(1).scaleb(-PLACES[spec.type])
        around = {limit + step for limit in limits or [0 * unit] for step in (-unit, 0 * unit, unit)}
        values = sorted(value for value in around if spec.minimum is None or value >= spec.minimum)
    return [*values, NONE] if spec.none else values


def domains_of(rules: OperationRules, on: date = ON) -> dict[str, list[Value]]:
    """The small domain of each fact that decides the verdict of an operation."""
    predicates = deciding(rules)
    return {name: values_of(rules.facts[name], predicates, on) for name in facts_read(rules)}


def states(rules: OperationRules, *, on: date = ON, most: int = 20_000, seed: int = 0) -> Iterator[State]:
    """Every account state of the small domains, or `most` of them drawn evenly, always the same ones."""
    domains = {name: [*values, None] for name, values in domains_of(rules, on).items()}
    total = prod(len(values) for values in domains.values())
    chosen = range(total) if total <= most else random.Random(seed).sample(range(total), most)
    for index in chosen:
        state: State = {}
        for name, values in domains.items():
            index, position = divmod(index, len(values))
            if (value := values[position]) is not None:
                state[name] = value
        yield state
