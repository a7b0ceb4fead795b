"""Reads the verdicts on many numbers: streamed, however many there are, or summed up."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    Connection,
    FromClause,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from actions.accounts.batch.dialects import ByteOrder, Position
from actions.accounts.batch.findings import Finding, Findings
from actions.accounts.batch.pattern import STATUSES, status_in
from actions.accounts.batch.statement import verdicts
from actions.accounts.database import chinese_faults, open_existing, parse_url
from actions.accounts.models import customer, subscription
from actions.eligibility.evaluator import Status
from knowledge.conditions import OperationRules

_CHUNK: Final = 5000


Row = tuple[str, str | None, int]
"""One number as the statement gives it: the earliest day as ISO text or None, the rest in a code for `Findings`."""


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who holds numbers."""

    id: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """How many numbers have each status, and the first of the rows, in ascending order of number."""

    counts: dict[Status, int]
    first: tuple[tuple[str, date | None, Finding], ...]


class BatchReader:
    """The accounts database, for reading many numbers. Safe to use from several threads."""

    def __init__(self, url: str) -> None:
        """Raises `AccountsMissing` where the database has not been made, `AccountsError` for a bad URL."""
        self._url = parse_url(url)
        # In a transaction: PostgreSQL keeps a server-side cursor only as long as one.
        self._engine = open_existing(self._url)

    def rows(self, rules: OperationRules, on: date, holder: str | None = None) -> Iterator[Sequence[Row]]:
        """The verdicts on all numbers, or on those of the customer with this id, some thousands at a time.

        One statement and constant memory, however many numbers there are. Raises `AccountsError`.
        """
        statement = verdicts(rules, on, holder)
        with chinese_faults(self._url), self._engine.connect() as connection:
            _prepare(connection)
            result = connection.execution_options(stream_results=True).execute(statement)
            # SQLAlchemy reads one row itself. The others as the driver gives them: its own rows take as long again.
            first: Sequence[Any] = result.fetchmany(1)
            if not first:
                return
            yield [tuple(first[0])]
            cursor: Any = result.cursor
            while chunk := cursor.fetchmany(_CHUNK):
                yield chunk

    def total(self, holder: str | None = None) -> int:
        """How many numbers there are, of all or of the customer with this id."""
        counted = select(func.count()).select_from(subscription)
        return int(self._all(counted if holder is None else counted.where(subscription.c.customer_id == holder))[0][0])

    def has_customer(self, holder: str) -> bool:
        """Whether there is a customer with this id."""
        numbers = select(subscription.c.number).where(subscription.c.customer_id == holder).exists()
        known = select(or_(select(customer.c.id).where(customer.c.id == holder).exists(), numbers))
        return bool(self._all(known)[0][0])

    def customer(self, holder: str) -> Customer | None:
        """The customer with this id."""
        return next(iter(self._customers(customer.c.id == holder, 1)), None)

    def customers_with_name(self, name: str, limit: int = 2) -> list[Customer]:
        """The customers with exactly this name, by id."""
        return self._customers(customer.c.name == name, limit)

    def customers_called(self, names: Sequence[str], text: str, limit: int = 20) -> list[Customer]:
        """The customers that a message may mean, by one statement.

        Args:
            names: what it may call the customer by: an id, a name, or a part of one.
            text: the message, in which a whole name may stand.
            limit: at most so many; those whose id or whole name is among `names` come first, then the longest names.

        `names` and `text` are in lower case, with brackets of half width; so are names compared.
        """
        plain = func.replace(func.replace(func.lower(customer.c.name), "（", "("), "）", ")")
        exact = or_(plain.in_(names), func.lower(customer.c.id).in_(names))
        called = or_(
            exact,
            *(Position(plain, literal(name)) > 0 for name in names),
            and_(func.length(plain) > 1, Position(literal(text), plain) > 0),
        )
        order = (case((exact, 0), else_=1), func.length(plain).desc(), customer.c.name, customer.c.id)
        return self._customers(called, limit, *order)

    def summary(self, rules: OperationRules, on: date, holder: str, first: int) -> Summary:
        """The verdicts on a customer's numbers, summed up by one statement. Raises `AccountsError`."""
        found = verdicts(rules, on, holder, ordered=False).cte("found")
        counted = _counted(found).subquery()
        counts = select(cast(null(), String), cast(null(), String), counted.c.code, counted.c.numbers)
        rows = (
            select(found.c.number, found.c.day, found.c.code, cast(null(), Integer))
            .order_by(ByteOrder(found.c.number))
            .limit(first)
            .subquery()
        )
        totals: Counter[Status] = Counter(dict.fromkeys(STATUSES, 0))
        findings = Findings(rules, on)
        listed = []
        for number, day, code, numbers in self._all(union_all(counts, select(rows))):
            if number is None:
                totals[STATUSES[code]] = numbers
            else:
                listed.append((number, date.fromisoformat(day) if day else None, findings[code]))
        return Summary(dict(totals), tuple(sorted(listed, key=lambda row: row[0])))

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()

    def _customers(self, condition: Any, limit: int, *order: Any) -> list[Customer]:
        statement = select(customer.c.id, customer.c.name).where(condition)
        rows = self._all(statement.order_by(*order or (customer.c.id,)).limit(limit))
        return [Customer(identifier, name) for identifier, name in rows]

    def _all(self, statement: Any) -> Sequence[Any]:
        with chinese_faults(self._url), self._engine.connect() as connection:
            _prepare(connection)
            return connection.execute(statement).all()


def _prepare(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # All rows are wanted, not the first ones soon; compiling the expressions takes longer than it saves.
        connection.exec_driver_sql("SET LOCAL cursor_tuple_fraction = 1.0")
        connection.exec_driver_sql("SET LOCAL jit = off")


def _counted(found: FromClause) -> Select[Any]:
    """How many of the rows of the batch statement have which status, as its place in `STATUSES`."""
    status = status_in(found.c.code)
    return select(status.label("code"), func.count().label("numbers")).group_by(status)
