"""Conditions as CEL, so that an evaluator that others wrote can be asked the same question.

An unknown fact is a variable that is not there: reading it is an error, which CEL's `&&` and `||` absorb from either
side, so that an error at the end means unknown. CEL has no decimals: amounts are whole thousandths.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import celpy
from celpy import celtypes

from knowledge.facts import NONE, Value
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
    Truth,
)

# Never given: what our copy of the rules does not say.
_SILENT = "text_that_we_do_not_have"
_ENVIRONMENT = celpy.Environment()
# How the facts with a date are named. The none of any other fact is a word like its others.
DATED = ("_end", "_on")


def source(predicate: Predicate) -> str:
    """The predicate as a CEL expression."""
    match predicate:
        case OneOf(fact, options):
            return "(" + " || ".join(_equals(fact, option) for option in options) + ")"
        case MoreThan(fact, limit):
            return f"({fact} > {_literal(limit)})"
        case NoneOrPassed(fact):
            return f"({fact}_is_none || today > {fact})"
        case EndsWithin(fact, days):
            return f"(!{fact}_is_none && {fact} - today <= duration('{days * 86400}s'))"
        case Not(child):
            return f"(!{source(child)})"
        case AllOf(parts):
            return "(" + " && ".join(map(source, parts)) + ")"
        case AnyOf(parts):
            return "(" + " || ".join(map(source, parts)) + ")"
        case SilentUnless(child):
            return f"({source(child)} || {_SILENT})"
        case Lost():
            return _SILENT
    raise TypeError(predicate)


def conjunction(predicates: Iterable[Predicate]) -> str:
    """All of them at once."""
    return " && ".join(["true", *map(source, predicates)])


class Program:
    """An expression, compiled."""

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self._program = _ENVIRONMENT.program(_ENVIRONMENT.compile(expression))

    def truth(self, activation: Mapping[str, Any]) -> Truth:
        """True, false, or None where CEL could not do without a variable that is not there."""
        try:
            return bool(self._program.evaluate(dict(activation)))
        except celpy.CELEvalError as error:
            # Anything else, such as a wrong type, is a fault of this translation and no unknown fact.
            if "undeclared reference" not in str(error):
                raise
            return None


def activation(values: Mapping[str, Value], on: date) -> dict[str, Any]:
    """The known facts as CEL variables; dates have a second one that says whether there is none."""
    result: dict[str, Any] = {"today": _cel(on)}
    for name, value in values.items():
        if name.endswith(DATED):
            result[f"{name}_is_none"] = celtypes.BoolType(value == NONE)
        if value != NONE or not name.endswith(DATED):
            result[name] = _cel(value)
    return result


def _equals(fact: str, option: Value) -> str:
    if not fact.endswith(DATED):
        return f"{fact} == {_literal(option)}"
    return f"{fact}_is_none" if option == NONE else f"(!{fact}_is_none && {fact} == {_literal(option)})"


def _literal(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return f"timestamp('{value:%Y-%m-%d}T00:00:00Z')"
    return f"'{value}'" if isinstance(value, str) else str(_whole(value))


def _cel(value: Value) -> Any:
    if isinstance(value, bool):
        return celtypes.BoolType(value)
    if isinstance(value, date):
        return celtypes.TimestampType(datetime(value.year, value.month, value.day, tzinfo=UTC))
    return celtypes.StringType(value) if isinstance(value, str) else celtypes.IntType(_whole(value))


def _whole(value: int | Decimal) -> int:
    return int(value * 1000)
