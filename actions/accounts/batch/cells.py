"""Account facts as SQL expressions that say what `read_fact` says of a stored value: NULL is unknown.

A value that the fact cannot have (a word outside its domain, negative arrears, what another program wrote into SQLite)
is unknown as well. The one difference: where reading a single account fails because a value cannot be read at all, here
only that fact is unknown, for one such value must not take away the verdicts on a whole company.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Date, FromClause, String, and_, case, cast, false, null, or_
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.types import TypeEngine

from actions.accounts.batch.dialects import RealDay
from actions.accounts.models import customer, subscription
from actions.accounts.types import Scaled
from knowledge.facts import MAX_INTEGER_DIGITS, NONE, PLACES, FactSpec

_MARKER: Final = "{}_is_none"
# A fact may be called as a column of a subquery is.
_HANDED_ON: Final = "fact_{}"
_KINDS: Final[Mapping[str, TypeEngine[Any]]] = {
    "bool": Boolean(),
    "int": BigInteger(),
    "date": Date(),
    "enum": String(),
    **{kind: Scaled(places) for kind, places in PLACES.items()},
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A fact in SQL.

    `value` is NULL while the fact is unknown. Of a date, `none` is true where there is explicitly none, and `value` is
    NULL then too; the other types have the word in `value`, and `none` is None.
    """

    value: ColumnElement[Any]
    none: ColumnElement[bool] | None


def source_of(specs: Mapping[str, FactSpec], facts: Collection[str]) -> FromClause:
    """The table that has these facts: with the customer only where a fact is about the customer."""
    if any(specs[name].level == "customer" for name in facts):
        return subscription.outerjoin(customer)
    return subscription


def stored_cells(specs: Mapping[str, FactSpec], facts: Collection[str]) -> dict[str, Cell]:
    """The facts from the columns that the tables keep them in."""
    columns = {**subscription.c, **{name: customer.c[name] for name in facts if specs[name].level == "customer"}}
    return {name: _cell(specs[name], columns.get(name), columns.get(_MARKER.format(name))) for name in facts}


def columns_of(facts: Mapping[str, Cell]) -> list[ColumnElement[Any]]:
    """Facts as columns of a subquery, which `handed_on` finds again in it."""
    columns: list[ColumnElement[Any]] = []
    for name, cell in facts.items():
        columns.append(cell.value.label(_HANDED_ON.format(name)))
        if cell.none is not None:
            columns.append(cell.none.label(_HANDED_ON.format(_MARKER.format(name))))
    return columns


def handed_on(subquery: FromClause, facts: Collection[str]) -> dict[str, Cell]:
    """The facts from a subquery that has `columns_of` them."""
    return {
        name: Cell(subquery.c[_HANDED_ON.format(name)], subquery.c.get(_HANDED_ON.format(_MARKER.format(name))))
        for name in facts
    }


def _cell(spec: FactSpec, column: ColumnElement[Any] | None, marker: ColumnElement[bool] | None) -> Cell:
    if column is None:
        # A rule pack may declare a fact that these tables do not keep: it is unknown of everybody.
        return Cell(cast(null(), _KINDS[spec.type]), None)
    if spec.type == "date":
        return _date(spec, column, marker)
    if spec.type == "bool":
        return Cell(column != false(), None)
    if spec.type == "enum":
        words = [*(spec.values or ()), *([NONE] if spec.none else [])]
        return Cell(case((or_(*(column == word for word in words)), column)), None)
    return Cell(case((_is_number(spec, column), column)), None)


def _date(spec: FactSpec, column: ColumnElement[Any], marker: ColumnElement[bool] | None) -> Cell:
    if marker is None:
        return Cell(RealDay(column), None)
    # An explicit "none" counts only where the fact can have it; a date beside it never does.
    value = case((and_(column.is_not(None), marker == false()), RealDay(column)))
    return Cell(value, None if spec.none is None else marker != false())


def _is_number(spec: FactSpec, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a column holds a number in the domain; words that SQLite lets into it are greater than any number."""
    unit = Decimal(1).scaleb(-PLACES.get(spec.type, 0))
    limit = 10**MAX_INTEGER_DIGITS - unit
    lowest = -limit if spec.minimum is None else max(spec.minimum, -limit)
    if spec.type == "int":
        # SQLite also keeps fractions there; to others the second comparison is nothing.
        return and_(column.between(int(lowest), int(limit)), cast(column, BigInteger) == column)
    return column.between(lowest, limit)
