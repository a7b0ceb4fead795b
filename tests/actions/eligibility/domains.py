"""Small domains of account facts, complete for the rules: each side of each threshold, each word, none, unknown."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

from knowledge.conditions import OperationRules
from knowledge.facts import NONE, FactSpec, Value
from knowledge.predicates import facts_of

ON = date(2028, 2, 28)
DATES = (ON - timedelta(1), ON, ON + timedelta(1), date(2028, 12, 31))


def values_of(spec: FactSpec) -> list[Value]:
    """Values of a fact that stand for all others in the rules (which compare amounts with 0 only)."""
    values: list[Value]
    if spec.type == "bool":
        values = [True, False]
    elif spec.type == "enum":
        values = list(spec.values or ())
    elif spec.type == "date":
        values = list(DATES)
    else:
        values = [0, 1] if spec.type == "int" else [Decimal("0.00"), Decimal("0.01")]
    return [*values, NONE] if spec.none else values


def facts_read(rules: OperationRules) -> list[str]:
    """The facts that decide the verdict of an operation (notices aside)."""
    named = ["status", *(name for condition in rules.conditions for name in facts_of(condition.require))]
    if rules.scope:
        named += facts_of(rules.scope.require)
    return list(dict.fromkeys(named))


def states(rules: OperationRules, *, unknown: bool = True) -> Iterator[dict[str, Value]]:
    """Every account state of the small domain; an unknown fact is left out."""
    names = facts_read(rules)
    domains: list[list[Value | None]] = []
    for name in names:
        values: list[Value | None] = list(values_of(rules.facts[name]))
        if name == "status":
            values = ["active", "cancelled"] if rules.scope is None else values
        domains.append([*values, None] if unknown else values)
    for combination in product(*domains):
        yield {name: value for name, value in zip(names, combination, strict=True) if value is not None}
