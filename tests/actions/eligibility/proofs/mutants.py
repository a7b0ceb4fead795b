"""Rules that are broken on purpose, each in one place, to see who notices."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain

from actions.eligibility.evaluator import scope_of
from knowledge.conditions import Condition, OperationRules, Remedy
from knowledge.facts import NONE, PLACES, FactSpec, Value
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
)
from tests.actions.eligibility.proofs.solver import Shifted


@dataclass(frozen=True)
class Mutant:
    """Broken rules, what was done to them, and the predicate before and after (None: another part was broken)."""

    name: str
    rules: OperationRules
    before: Predicate | None = None
    after: Predicate | None = None


def mutants(rules: OperationRules) -> Iterator[Mutant]:
    """Every mutant of the rules of an operation."""
    for index, condition in enumerate(rules.conditions):
        for what, changed in _conditions(condition, rules):
            kept = (*rules.conditions[:index], *changed, *rules.conditions[index + 1 :])
            before, after = (condition.require, changed[0].require) if changed else (None, None)
            moved = before != after
            name = f"{rules.operation} {condition.id}: {what}"
            yield Mutant(name, replace(rules, conditions=kept), before if moved else None, after if moved else None)
    if rules.scope:
        changed_scopes = [
            (what, replace(rules.scope, require=r)) for what, r in predicates(rules.scope.require, rules.facts)
        ]
        for what, scope in (("removed", None), *changed_scopes):
            changed_rules = replace(rules, scope=scope)
            name = f"{rules.operation} applies_to: {what}"
            yield Mutant(name, changed_rules, scope_of(rules), scope_of(changed_rules))
    for index, notice in enumerate(rules.notices):
        kept_notices = (*rules.notices[:index], *rules.notices[index + 1 :])
        yield Mutant(f"{rules.operation} {notice.id}: removed", replace(rules, notices=kept_notices))
        for what, when in predicates(notice.when, rules.facts):
            changed_notice = replace(notice, when=when)
            kept_notices = (*rules.notices[:index], changed_notice, *rules.notices[index + 1 :])
            name = f"{rules.operation} {notice.id}: {what}"
            yield Mutant(name, replace(rules, notices=kept_notices), notice.when, when)


def _conditions(condition: Condition, rules: OperationRules) -> Iterator[tuple[str, tuple[Condition, ...]]]:
    yield "removed", ()
    for what, require in predicates(condition.require, rules.facts):
        yield what, (replace(condition, require=require),)
    if condition.remedy and condition.remedy.by != "none":
        yield "no remedy", (replace(condition, remedy=Remedy("none", condition.remedy.text, {})),)


def predicates(predicate: Predicate, facts: Mapping[str, FactSpec]) -> Iterator[tuple[str, Predicate]]:
    """Every predicate that differs from this one in one place, with a name for the difference."""
    match predicate:
        case SilentUnless(child):
            yield "bars where the rules are silent", child
            for what, changed in predicates(child, facts):
                yield what, SilentUnless(changed)
            return
        case Lost():
            return
        case Not(child):
            yield "not dropped", child
            for what, changed in predicates(child, facts):
                yield what, Not(changed)
            return
        case AllOf(parts) | AnyOf(parts):
            kind = type(predicate)
            yield "all and any swapped", (AnyOf if kind is AllOf else AllOf)(parts)
            for index, part in enumerate(parts):
                rest = (*parts[:index], *parts[index + 1 :])
                yield f"part {index + 1} dropped", kind(rest)
                for what, changed in predicates(part, facts):
                    yield f"part {index + 1}: {what}", kind((*parts[:index], changed, *parts[index + 1 :]))
            return
    yield "negated", Not(predicate)
    yield from _leaf(predicate, facts)


def _leaf(predicate: Predicate, facts: Mapping[str, FactSpec]) -> Iterator[tuple[str, Predicate]]:
    match predicate:
        case OneOf(fact, options):
            spec = facts[fact]
            for option in options:
                rest = tuple(other for other in options if other != option)
                if rest:
                    yield f"{fact}: {option} dropped", OneOf(fact, rest)
            for other in _others(spec, options):
                yield f"{fact}: {other} added", OneOf(fact, (*options, other))
                for option in options:
                    swapped = tuple(other if each == option else each for each in options)
                    yield f"{fact}: {option} became {other}", OneOf(fact, swapped)
        case MoreThan(fact, limit):
            for step in (-_unit(facts[fact]), _unit(facts[fact])):
                yield f"{fact}: limit {limit} became {limit + step}", MoreThan(fact, limit + step)
        case NoneOrPassed(fact):
            yield f"{fact}: in force a day longer", Shifted(predicate, -1)
            yield f"{fact}: in force a day less", Shifted(predicate, 1)
            yield f"{fact}: none counts as in force", AllOf((predicate, Not(OneOf(fact, (NONE,)))))
            yield f"{fact}: only none counts as ended", OneOf(fact, (NONE,))
        case EndsWithin(fact, days):
            yield f"{fact}: within {days + 1} days", EndsWithin(fact, days + 1)
            yield f"{fact}: within {days - 1} days", EndsWithin(fact, days - 1)
            yield f"{fact}: none counts too", AnyOf((predicate, OneOf(fact, (NONE,))))
            yield f"{fact}: not once it has passed", AllOf((predicate, Not(NoneOrPassed(fact))))
    for other in facts.values():
        spec = facts[predicate.fact]  # type: ignore[attr-defined]
        if other.name != spec.name and (other.type, other.values, other.none is None) == (
            spec.type,
            spec.values,
            spec.none is None,
        ):
            yield f"{spec.name}: {other.name} read instead", replace(predicate, fact=other.name)  # type: ignore[type-var]


def _others(spec: FactSpec, options: tuple[Value, ...]) -> list[Value]:
    """Values that the fact could have been compared with instead: the other words, the amounts next to it."""
    if spec.type == "bool":
        return [value for value in (True, False) if value not in options]
    if spec.type == "enum":
        return [value for value in (*(spec.values or ()), *([NONE] if spec.none else [])) if value not in options]
    if spec.type == "date":
        return []
    around = chain.from_iterable((option - _unit(spec), option + _unit(spec)) for option in options)  # type: ignore[operator]
    return [value for value in around if value not in options and (spec.minimum is None or value >= spec.minimum)]


def _unit(spec: FactSpec) -> int | Decimal:
    return 1 if spec.type == "int" else Decimal(1).scaleb(-PLACES[spec.type])
