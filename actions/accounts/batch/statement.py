"""The verdict on every number as ONE statement: `evaluate` and `earliest` of the eligibility rules, in SQL.

The statement has three layers, each a subquery that the database must not merge with the next (`OFFSET 0`): what one
layer has computed, the next one reads as often as it likes. Nothing is sorted but the numbers, and rows come out one by
one: SQLite runs such subqueries as co-routines, PostgreSQL as plain scans.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Date,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    false,
    literal,
    not_,
    null,
    or_,
    select,
)
from sqlalchemy import true as always
from sqlalchemy.sql.expression import ColumnElement

from actions.accounts.batch.cells import Cell, columns_of, handed_on, source_of, stored_cells
from actions.accounts.batch.dialects import ByteOrder, DayAfter, FirstDay
from actions.accounts.batch.pattern import STATUSES, Applies, Bits, encoded
from actions.accounts.batch.predicates import Day, truth
from actions.accounts.models import subscription
from actions.eligibility.evaluator import CANCELLED, scope_of
from knowledge.conditions import Condition, OperationRules
from knowledge.facts import NONE, Value
from knowledge.model import Period
from knowledge.predicates import EndsWithin, NoneOrPassed, Predicate, SilentUnless, date_facts_of, facts_of, walk

_ALLOWED, _NEEDS_REVIEW, _BLOCKED, _NOT_APPLICABLE = range(len(STATUSES))


def verdicts(rules: OperationRules, on: date, customer: str | None = None, *, ordered: bool = True) -> Select[Any]:
    """A SELECT of one row a number, of one customer or of all, in ascending order of number.

    Its columns: `number`, `day` (the earliest day as ISO text, or NULL) and `code` (everything else, see `pattern`).
    """
    return _Statement(rules, on).rows(customer, ordered)


class _Statement:
    """The parts of one statement, which all speak of the same rules and the same day."""

    def __init__(self, rules: OperationRules, on: date) -> None:
        self.rules = rules
        self.on = on
        self.bits = Bits(rules, on)
        # What has ended before the day asked about counts no more.
        self.conditions = [c for c in rules.conditions if c.valid.end is None or c.valid.end >= on]
        read = () if rules.never_applies else facts_of(scope_of(rules))
        self.facts = dict.fromkeys((*read, *(name for c in self.conditions for name in facts_of(c.require))))
        # What a remedy or time can change; the other conditions stay as they are.
        touched = {fact for c in self.conditions if c.remedy for fact in c.remedy.sets}
        self.moving = [
            c
            for c in self.conditions
            if _reads_the_day(c.require) or touched.intersection(facts_of(c.require)) or c.valid != Period()
        ]
        self.moving_facts = dict.fromkeys(name for c in self.moving for name in facts_of(c.require))

    def rows(self, customer: str | None, ordered: bool) -> Select[Any]:
        judged = self._judged(customer, ordered)
        dated = self._dated(judged)
        # A million rows: few columns, and no value that needs anything done to it on its way out.
        return select(
            dated.c.number,
            cast(dated.c.day, String).label("day"),
            encoded(dated.c.pattern, dated.c.applies, dated.c.status, cast(self._certain(dated), Integer)).label(
                "code"
            ),
        )

    # -- the layers

    def _judged(self, customer: str | None, ordered: bool) -> Subquery:
        """Each number with the truth of every condition, and the stored facts that the next layers need."""
        facts = stored_cells(self.rules.facts, self.facts)
        pattern: Any = literal(0, Integer)
        for place, condition in enumerate(self.conditions):
            state = self._state(condition, facts)
            pattern = pattern + state if place else state
        statement = select(
            subscription.c.number,
            self._applies(facts).label("applies"),
            pattern.label("pattern"),
            *columns_of({name: facts[name] for name in self.moving_facts}),
        ).select_from(source_of(self.rules.facts, self.facts))
        if customer is not None:
            statement = statement.where(subscription.c.customer_id == customer)
        if ordered:
            # Sorted here, where SQLite has an index; the other layers keep the order.
            statement = statement.order_by(ByteOrder(subscription.c.number))
        return _layer(statement)

    def _state(self, condition: Condition, facts: dict[str, Cell]) -> ColumnElement[int]:
        """The bits of one condition."""
        require, unknown = condition.require, self.bits.if_unknown(condition)
        silent = self.bits.if_silent(condition)
        otherwise = unknown | silent if silent else self.bits.if_unmet(condition)
        asked = require.child if silent and isinstance(require, SilentUnless) else require
        return case((always(), 0), (false(), otherwise), value=truth(asked, facts, self.on), else_=unknown)

    def _dated(self, judged: Subquery) -> Subquery:
        """Each number with its status and its earliest day."""
        return _layer(
            select(
                judged.c.number,
                judged.c.applies,
                judged.c.pattern,
                self._status(judged).label("status"),
                self._earliest(judged).label("day"),
                *columns_of(handed_on(judged, self.moving_facts)),
            )
        )

    # -- what stands in them

    def _applies(self, facts: dict[str, Cell]) -> ColumnElement[int]:
        if self.rules.never_applies:
            return literal(Applies.NO.value, Integer)
        no = case((truth(CANCELLED, facts, self.on), Applies.CANCELLED.value), else_=Applies.NO.value)
        unknown = case(
            (facts[CANCELLED.fact].value.is_(None), Applies.STATUS_UNKNOWN.value), else_=Applies.UNKNOWN.value
        )
        return case(
            (always(), Applies.YES.value),
            (false(), no),
            value=truth(scope_of(self.rules), facts, self.on),
            else_=unknown,
        )

    def _status(self, judged: Subquery) -> ColumnElement[int]:
        return case(
            (judged.c.applies >= Applies.CANCELLED.value, _NOT_APPLICABLE),
            (judged.c.pattern >= self.bits.blocked, _BLOCKED),
            (or_(judged.c.pattern >= self.bits.unknown, judged.c.applies != Applies.YES.value), _NEEDS_REVIEW),
            else_=_ALLOWED,
        )

    def _earliest(self, judged: Subquery) -> ColumnElement[date]:
        """The first day on which nothing known bars: the day asked about, or one on which something changes."""
        facts = self._remedied(judged)
        today = literal(self.on, Date())
        later: list[ColumnElement[Any]] = []
        for name in dict.fromkeys(name for c in self.moving for name in date_facts_of(c.require)):
            end = facts[name].value
            day = DayAfter(end, 1)
            # What ends on the last day of the calendar never clears.
            later.append(case((and_(end >= self.on, end < date.max, self._open(facts, day)), day)))
        later += [case((self._open(facts, day), literal(day, Date()))) for day in self._turns()]
        return case(
            (judged.c.applies >= Applies.CANCELLED.value, null()),
            (self._settled(judged), today),
            (judged.c.pattern >= self.bits.blocked_for_good, null()),
            (self._open(facts, self.on), today),
            else_=FirstDay(*later) if later else null(),
        )

    def _settled(self, layer: Subquery) -> ColumnElement[bool]:
        """Whether nothing is unmet, now or later, so that there is nothing to remedy or to wait for."""
        return and_(layer.c.pattern < self.bits.blocked, *self._without(layer, self.bits.coming))

    def _without(self, layer: Subquery, bits: int) -> list[ColumnElement[bool]]:
        return [layer.c.pattern.bitwise_and(bits) == 0] if bits else []

    def _turns(self) -> list[date]:
        """The later days on which conditions begin, or have ended."""
        ends = (c.valid.end for c in self.conditions)
        starts = (c.valid.start for c in self.conditions)
        turns = {end + timedelta(1) for end in ends if end is not None and end < date.max}
        return sorted(turns | {start for start in starts if start is not None and start > self.on})

    def _open(self, facts: dict[str, Cell], day: Day) -> ColumnElement[bool]:
        """Whether no condition is known to bar on a day."""
        return and_(
            always(), *(or_(*_out_of_force(c, day), _not_false(truth(c.require, facts, day))) for c in self.moving)
        )

    def _certain(self, dated: Subquery) -> ColumnElement[bool]:
        """Whether nothing unknown can move the day: on it, the scope and every condition are known."""
        facts = self._remedied(dated)
        staying = sum(self.bits.if_unknown(c) for c in self.conditions if c not in self.moving)
        return case(
            (dated.c.day.is_(None), always()),
            (dated.c.applies != Applies.YES.value, false()),
            (self._settled(dated), dated.c.pattern == 0),
            else_=and_(
                always(),
                *self._without(dated, staying),
                *(
                    or_(*_out_of_force(c, dated.c.day), _is_known(truth(c.require, facts, dated.c.day)))
                    for c in self.moving
                ),
            ),
        )

    def _remedied(self, layer: Subquery) -> dict[str, Cell]:
        """The facts once the customer has done the remedy of every unmet condition; of two, the later one counts."""
        facts = handed_on(layer, self.moving_facts)
        for name, cell in facts.items():
            sets = [
                (layer.c.pattern.bitwise_and(self.bits.if_unmet(c)) != 0, c.remedy.sets[name])
                for c in reversed(self.conditions)
                if c.remedy and name in c.remedy.sets and self.bits.if_unmet(c)
            ]
            if sets:
                facts[name] = _overlaid(cell, sets)
        return facts


def _layer(statement: Select[Any]) -> Subquery:
    return statement.offset(0).subquery()


def _reads_the_day(predicate: Predicate) -> bool:
    return any(isinstance(part, NoneOrPassed | EndsWithin) for part in walk(predicate))


def _out_of_force(condition: Condition, day: Day) -> list[ColumnElement[bool]]:
    """What holds where a condition is not in force on a day."""
    period = condition.valid
    on = literal(day, Date()) if isinstance(day, date) else day
    return [
        *([] if period.start is None else [on < period.start]),
        *([] if period.end is None else [on > period.end]),
    ]


def _is_known(expression: ColumnElement[bool]) -> ColumnElement[bool]:
    # Not `IS NOT NULL`: after a NOT, SQLAlchemy would write it without the parentheses that PostgreSQL needs.
    return case((always(), always()), (false(), always()), value=expression, else_=false())


def _not_false(expression: ColumnElement[bool]) -> ColumnElement[bool]:
    return case((not_(expression), false()), else_=always())


def _overlaid(cell: Cell, sets: Sequence[tuple[ColumnElement[bool], Value]]) -> Cell:
    kind = cell.value.type
    values = ((when, null() if cell.none is not None and to == NONE else literal(to, kind)) for when, to in sets)
    none = None if cell.none is None else case(*((when, literal(to == NONE)) for when, to in sets), else_=cell.none)
    return Cell(case(*values, else_=cell.value), none)
