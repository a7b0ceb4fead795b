"""Conditions as formulas over every account there could be, for z3 to find what can never happen.

A fact is a whole number (a word by its place, an amount in thousandths, a date by its day), may be an explicit none,
and may be unknown. Each predicate becomes two formulas: when it is true, and when it is false; unknown is neither.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import z3

from actions.eligibility.evaluator import scope_of
from knowledge.conditions import OperationRules
from knowledge.facts import NONE, FactSpec, Value
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
    facts_of,
)

_LAST_DAY = date.max.toordinal()
_WORDS_AS_NUMBERS: dict[str, int] = {}


@dataclass(frozen=True)
class Formulas:
    """When a predicate is true and when it is false."""

    true: Any
    false: Any


@dataclass(frozen=True)
class Shifted:
    """A predicate that looks at a day so many days later; only for rules that are broken on purpose."""

    child: Predicate
    days: int

    def holds(self, values: Mapping[str, Value], on: date) -> bool | None:
        day = min(max(on.toordinal() + self.days, 1), _LAST_DAY)
        return self.child.holds(values, date.fromordinal(day))

    def children(self) -> tuple[Predicate, ...]:
        return (self.child,)


class Accounts:
    """Every account there could be on every day there could be."""

    def __init__(self, facts: Mapping[str, FactSpec]) -> None:
        self.facts = facts
        self.on = z3.Int("on")
        self.known = {name: z3.Bool(f"{name} is known") for name in facts}
        self.none = {name: z3.Bool(f"{name} is none") for name in facts}
        self.value = {name: z3.Int(name) for name in facts}
        self.possible = z3.And(self.on >= 1, self.on <= _LAST_DAY, *(self._possible(spec) for spec in facts.values()))
        self.complete = z3.And(*self.known.values())

    def _possible(self, spec: FactSpec) -> Any:
        value, none = self.value[spec.name], self.none[spec.name]
        bounds = []
        if spec.type == "bool":
            bounds = [value >= 0, value <= 1]
        elif spec.values is not None:
            bounds = [z3.Or(*(value == number(word) for word in spec.values))]
        elif spec.type == "date":
            bounds = [value >= 1, value <= _LAST_DAY]
        elif spec.minimum is not None:
            bounds = [value >= number(spec.minimum)]
        return z3.And(*bounds, *([] if spec.none else [z3.Not(none)]))

    def formulas(self, predicate: Predicate, on: Any = None) -> Formulas:
        """The meaning of a predicate, written down independently of `holds`."""
        on = self.on if on is None else on
        match predicate:
            case Not(child):
                inner = self.formulas(child, on)
                return Formulas(inner.false, inner.true)
            case AllOf(parts):
                inners = [self.formulas(part, on) for part in parts]
                return Formulas(z3.And(*(i.true for i in inners)), z3.Or(*(i.false for i in inners)))
            case AnyOf(parts):
                inners = [self.formulas(part, on) for part in parts]
                return Formulas(z3.Or(*(i.true for i in inners)), z3.And(*(i.false for i in inners)))
            case SilentUnless(child):
                return Formulas(self.formulas(child, on).true, z3.BoolVal(False))
            case Lost():
                return Formulas(z3.BoolVal(False), z3.BoolVal(False))
            case Shifted(child, days):
                day = on + days
                return self.formulas(child, z3.If(day < 1, 1, z3.If(day > _LAST_DAY, _LAST_DAY, day)))
        known, met = self._leaf(predicate, on)
        return Formulas(z3.And(known, met), z3.And(known, z3.Not(met)))

    def _leaf(self, predicate: Predicate, on: Any) -> tuple[Any, Any]:
        match predicate:
            case OneOf(fact, options):
                value, none = self.value[fact], self.none[fact]
                met = z3.Or(
                    *(none if option == NONE else z3.And(z3.Not(none), value == number(option)) for option in options)
                )
            case MoreThan(fact, limit):
                met = self.value[fact] > number(limit)
            case NoneOrPassed(fact):
                met = z3.Or(self.none[fact], on > self.value[fact])
            case EndsWithin(fact, days):
                met = z3.And(z3.Not(self.none[fact]), self.value[fact] - on <= days)
            case _:
                raise TypeError(predicate)
        return self.known[fact], met

    def one(self, values: Mapping[str, Value], on: date) -> Any:
        """That the account is this one, on this day."""
        parts = [self.on == number(on)]
        for name in self.facts:
            value = values.get(name)
            parts.append(z3.Not(self.known[name]) if value is None else self.known[name])
            if value == NONE:
                parts.append(self.none[name])
            elif value is not None:
                parts += [z3.Not(self.none[name]), self.value[name] == number(value)]
        return z3.And(*parts)

    def can_be(self, *formulas: Any) -> bool:
        """Whether there is an account of which all of these hold."""
        solver = z3.Solver()
        solver.add(self.possible, *formulas)
        answer = solver.check()
        if answer == z3.unknown:
            raise RuntimeError("z3 could not decide")
        return bool(answer == z3.sat)

    def equivalent(self, one: Predicate, other: Predicate, where: Any) -> bool:
        """Whether two predicates give the same truth for every account, known in full or in part, of which `where` holds."""
        first, second = self.formulas(one), self.formulas(other)
        return not self.can_be(where, z3.Or(first.true != second.true, first.false != second.false))


def faults(rules: OperationRules) -> Iterator[str]:
    """What in the rules of an operation is dead: never decides anything, or is decided by the rest.

    Every condition that reads a fact can be unknown: of nothing known, nothing is decided.
    """
    if rules.never_applies:
        return
    accounts = Accounts(rules.facts)
    scope = accounts.formulas(scope_of(rules))
    if not accounts.can_be(accounts.complete, scope.true):
        yield "applies_to: no number can ever be in scope"
        return
    if rules.scope and not accounts.can_be(
        accounts.complete, accounts.formulas(rules.scope.require).false, accounts.value["status"] != number("cancelled")
    ):
        yield "applies_to: every number is in scope"
    here = z3.And(accounts.complete, scope.true)
    decided = {c.id: accounts.formulas(c.require) for c in rules.conditions if not isinstance(c.require, Lost)}
    together = accounts.can_be(here, *(formulas.true for formulas in decided.values()))
    if not together:
        yield "conditions: no number can ever meet them all"
    for condition in rules.conditions:
        if condition.id not in decided:
            continue
        own = decided[condition.id]
        silent = isinstance(condition.require, SilentUnless)
        if not accounts.can_be(here, own.true):
            yield f"{condition.id}: can never be met"
        elif not accounts.can_be(here, z3.Not(own.true)):
            yield f"{condition.id}: is always met"
        elif not silent and not accounts.can_be(here, own.false):
            yield f"{condition.id}: can never bar"
        elif together and not accounts.can_be(
            here, z3.Not(own.true), *(others.true for name, others in decided.items() if name != condition.id)
        ):
            yield f"{condition.id}: is implied by the others"
    for notice in rules.notices:
        told = accounts.formulas(notice.when).true
        if not accounts.can_be(here, told):
            yield f"{notice.id}: is never told"
        elif facts_of(notice.when) and not accounts.can_be(here, z3.Not(told)):
            yield f"{notice.id}: is always told"


def number(value: Value) -> int:
    """A value as a whole number; every word gets one of its own."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, date):
        return value.toordinal()
    if isinstance(value, str):
        return _WORDS_AS_NUMBERS.setdefault(value, len(_WORDS_AS_NUMBERS))
    return int(value * 1000)
