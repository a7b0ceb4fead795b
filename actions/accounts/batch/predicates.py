"""The vocabulary of `knowledge.predicates` as SQL: true, false, and NULL for unknown, exactly as `Predicate.holds`.

SQL's own AND, OR and NOT are the three-valued ones that the vocabulary means.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Boolean, and_, case, cast, false, not_, null, or_, true
from sqlalchemy.sql.expression import ColumnElement

from actions.accounts.batch.cells import Cell
from actions.accounts.batch.dialects import DayAfter
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
)

Day = date | ColumnElement[Any]


def truth(predicate: Predicate, facts: Mapping[str, Cell], on: Day) -> ColumnElement[bool]:
    """Whether it holds for these facts on this day, which may itself be an expression."""
    match predicate:
        case OneOf(fact, options):
            return _one_of(facts[fact], options)
        case MoreThan(fact, limit):
            return facts[fact].value > limit
        case NoneOrPassed(fact):
            return _dated(facts[fact], true(), facts[fact].value < on)
        case EndsWithin(fact, days):
            return _dated(facts[fact], false(), DayAfter(facts[fact].value, -days) <= on)
        case Not(child):
            return not_(truth(child, facts, on))
        case AllOf(parts):
            return and_(*(truth(part, facts, on) for part in parts))
        case AnyOf(parts):
            return or_(*(truth(part, facts, on) for part in parts))
        case SilentUnless(child):
            return case((truth(child, facts, on), true()))
        case Lost():
            return cast(null(), Boolean)
    raise NotImplementedError(f"{type(predicate).__name__} has no SQL form")


def _one_of(cell: Cell, options: tuple[Value, ...]) -> ColumnElement[bool]:
    values = [option for option in options if not (cell.none is not None and option == NONE)]
    if not values:
        found: ColumnElement[bool] = case((cell.value.is_not(None), false()))
    elif not isinstance(values[0], bool):
        found = cell.value.in_(values) if len(values) > 1 else cell.value == values[0]
    elif len(set(values)) > 1:
        found = case((cell.value.is_not(None), true()))
    else:
        found = cell.value if values[0] else not_(cell.value)
    return _dated(cell, true() if NONE in options else false(), found)


def _dated(cell: Cell, without: ColumnElement[bool], otherwise: ColumnElement[bool]) -> ColumnElement[bool]:
    """What holds where there is explicitly no such date, and otherwise."""
    return otherwise if cell.none is None else case((cell.none, without), else_=otherwise)
