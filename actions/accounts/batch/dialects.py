"""The few expressions that SQLite and PostgreSQL write differently."""

from typing import Any

from sqlalchemy import Date, Integer, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.sql.functions import GenericFunction


class RealDay(GenericFunction[Any]):
    """A date as Python can have it; NULL for anything else that a column of dates may hold."""

    type = Date()
    inherit_cache = True
    name = "real_day"


class DayAfter(GenericFunction[Any]):
    """The day that lies so many days after a date: `DayAfter(date, days)`."""

    type = Date()
    inherit_cache = True
    name = "day_after"


class FirstDay(GenericFunction[Any]):
    """The earliest of several dates, of which some may be NULL; NULL where all are."""

    type = Date()
    inherit_cache = True
    name = "first_day"


class ByteOrder(GenericFunction[Any]):
    """A text as it is sorted by its characters' codes, whatever the database's language is."""

    type = Text()
    inherit_cache = True
    name = "byte_order"


class Position(GenericFunction[Any]):
    """Where a text begins to have another in it, counted from 1: `Position(text, part)`; 0 where it has not."""

    type = Integer()
    inherit_cache = True
    name = "position_of"


def _arguments(element: GenericFunction[Any], compiler: Any, options: dict[str, Any]) -> list[str]:
    clauses: list[ColumnElement[Any]] = list(element.clauses)
    return [compiler.process(clause, **options) for clause in clauses]


@compiles(RealDay, "sqlite")
def _(element: RealDay, compiler: Any, **options: Any) -> str:
    # SQLite keeps whatever it is given, as text; its own function knows the calendar, and normalises when it calculates.
    (day,) = _arguments(element, compiler, options)
    return f"CASE WHEN {day} >= '0001-01-01' AND date({day}, '+0 days') = {day} THEN {day} END"


@compiles(RealDay, "postgresql")
def _(element: RealDay, compiler: Any, **options: Any) -> str:
    # The driver reads "infinity" as the last day of the calendar, and cannot read what lies outside of it.
    (day,) = _arguments(element, compiler, options)
    return (
        f"CASE WHEN {day} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN {day}"
        f" WHEN {day} = DATE 'infinity' THEN DATE '9999-12-31'"
        f" WHEN {day} = DATE '-infinity' THEN DATE '0001-01-01' END"
    )


@compiles(DayAfter, "sqlite")
def _(element: DayAfter, compiler: Any, **options: Any) -> str:
    day, days = _arguments(element, compiler, options)
    return f"date({day}, ({days}) || ' days')"


@compiles(DayAfter, "postgresql")
def _(element: DayAfter, compiler: Any, **options: Any) -> str:
    day, days = _arguments(element, compiler, options)
    return f"({day} + CAST({days} AS INTEGER))"


@compiles(FirstDay, "sqlite")
def _(element: FirstDay, compiler: Any, **options: Any) -> str:
    # min() of several values is NULL as soon as one of them is; "~" sorts after every date.
    days = _arguments(element, compiler, options)
    if len(days) == 1:
        return days[0]
    return f"nullif(min({', '.join(f'''coalesce({day}, '~')''' for day in days)}), '~')"


@compiles(FirstDay, "postgresql")
def _(element: FirstDay, compiler: Any, **options: Any) -> str:
    return f"least({', '.join(_arguments(element, compiler, options))})"


@compiles(ByteOrder, "sqlite")
def _(element: ByteOrder, compiler: Any, **options: Any) -> str:
    (text,) = _arguments(element, compiler, options)
    return text


@compiles(ByteOrder, "postgresql")
def _(element: ByteOrder, compiler: Any, **options: Any) -> str:
    (text,) = _arguments(element, compiler, options)
    return f'{text} COLLATE "C"'


@compiles(Position, "sqlite")
def _(element: Position, compiler: Any, **options: Any) -> str:
    return f"instr({', '.join(_arguments(element, compiler, options))})"


@compiles(Position, "postgresql")
def _(element: Position, compiler: Any, **options: Any) -> str:
    return f"strpos({', '.join(_arguments(element, compiler, options))})"
