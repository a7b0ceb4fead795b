"""When a number becomes eligible, derived from the rules: a date condition flips on a day that can be computed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from actions.eligibility.evaluator import Outcome
from knowledge.conditions import Condition, OperationRules
from knowledge.predicates import Values, date_facts_of


@dataclass(frozen=True, slots=True)
class Earliest:
    """The first day on which nothing known bars the operation; None: no such day.

    `certain` is false while something unknown could still move it.
    """

    day: date | None
    certain: bool


def earliest(rules: OperationRules, values: Values, on: date, outcome: Outcome) -> Earliest:
    """The earliest day, if the customer does every customer remedy on the day asked about and time passes.

    A condition that begins later counts from the day on which it begins, one that ends bars no longer.
    """
    if outcome.status == "not_applicable":
        return Earliest(None, certain=True)
    coming = [condition for condition in rules.conditions if condition.valid.end is None or condition.valid.end >= on]
    unmet = [condition for condition in coming if condition.require.holds(values, on) is False]
    if any(_stays(condition, on) for condition in unmet):
        # Whatever the unknown facts turn out to be, this one stays.
        return Earliest(None, certain=True)
    remedied = {**values, **{fact: value for c in unmet if c.remedy for fact, value in c.remedy.sets.items()}}
    for day in _days(coming, remedied, on):
        truths = [condition.require.holds(remedied, day) for condition in rules.conditions_on(day)]
        if False not in truths:
            return Earliest(day, certain=None not in truths and outcome.applies is True)
    return Earliest(None, certain=True)


def clears_on(condition: Condition, values: Values, on: date) -> date | None:
    """The first day on which an unmet condition is no longer known to bar, by time alone."""
    return next(
        (
            day
            for day in _days([condition], values, on)
            if condition.require.holds(values, day) is not False or not condition.valid.covers(day)
        ),
        None,
    )


def _stays(condition: Condition, on: date) -> bool:
    """Whether nothing ever lifts the condition, which bars on this day."""
    helped = condition.remedy is not None and condition.remedy.by != "none"
    return not helped and condition.valid.end is None and condition.valid.covers(on)


def _days(conditions: Iterable[Condition], values: Values, on: date) -> list[date]:
    """The days on which any condition can cease to bar, from the day asked about on."""
    ends: list[date] = []
    for condition in conditions:
        ends += [end for fact in date_facts_of(condition.require) if isinstance(end := values.get(fact), date)]
        ends += [condition.valid.end] if condition.valid.end else []
    # What ends on the last day of the calendar never clears.
    return sorted({on, *(end + timedelta(1) for end in ends if on <= end < date.max)})
