"""The derived earliest day against a search that does the remedies and then asks one day after another."""

import random
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

import actions.settings
from actions.eligibility.evaluator import Outcome, evaluate
from actions.eligibility.timeline import Earliest, clears_on, earliest
from actions.settings import settings, today
from knowledge.conditions import OperationRules
from knowledge.facts import NONE
from knowledge.model import Period
from tests.actions.eligibility.domains import State, domains_of, facts_read, states

# The last days of February in leap years and others, the turn of a year, and the end of the calendar.
DAYS = (
    date(2028, 2, 28),
    date(2028, 2, 29),
    date(2027, 2, 28),
    date(2100, 2, 28),
    date(2026, 12, 31),
    date(2027, 1, 1),
    date.max - timedelta(1),
    date.max,
)
AHEAD = 70
GENERATED = 400


def accounts(rules: OperationRules, on: date) -> list[State]:
    """States of the small domains and others in which every date is drawn from around the day asked about."""
    dice = random.Random(on.toordinal())
    domains = domains_of(rules, on)
    first, last = max(1, on.toordinal() - 3), min(date.max.toordinal(), on.toordinal() + AHEAD)
    result = list(states(rules, on=on, most=GENERATED))
    for _ in range(GENERATED):
        state: State = {}
        for name in facts_read(rules):
            if rules.facts[name].type == "date":
                near = date.fromordinal(dice.randint(first, last))
                value = dice.choice([near, near, near, NONE, None])
            else:
                value = dice.choice([*domains[name], None])
            # Numbers that exist are the interesting ones.
            if value is not None and value != "cancelled":
                state[name] = value
        result.append(state)
    return result


def changes(rules: OperationRules) -> list[date]:
    """The days on which conditions begin and end."""
    return [day for condition in rules.conditions for day in (condition.valid.start, condition.valid.end) if day]


def search(rules: OperationRules, values: State, on: date, outcome: Outcome) -> date | None:
    """Does every customer remedy, of coming conditions too, then asks each day until nothing known bars."""
    if outcome.status == "not_applicable":
        return None
    paid = dict(values)
    for condition in rules.conditions:
        over = condition.valid.end is not None and condition.valid.end < on
        if over or condition.require.holds(values, on) is not False:
            continue
        if condition.remedy and condition.remedy.by != "none":
            paid.update(condition.remedy.sets)
        elif condition.valid.end is None and condition.valid.covers(on):
            return None
    last = max([on, *(value for value in paid.values() if isinstance(value, date)), *changes(rules)])
    day = on
    while True:
        if all(condition.require.holds(paid, day) is not False for condition in rules.conditions_on(day)):
            return day
        if day > last or day == date.max:
            return None
        day += timedelta(1)


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_the_earliest_day_is_the_one_a_day_by_day_search_finds(rules, on):
    for values in accounts(rules, on):
        outcome = evaluate(rules, values, on)
        found = earliest(rules, values, on, outcome)
        assert found.day == search(rules, values, on, outcome), values
        if outcome.status == "allowed":
            assert found == Earliest(on, certain=True), values
        if found.day is None:
            assert found.certain, values
        else:
            unknown = None in outcome.truths or outcome.applies is None
            assert not (found.certain and unknown), values
            assert found.certain or unknown or len(values) < len(facts_read(rules)), values


@pytest.mark.parametrize("on", DAYS[:2], ids=str)
def test_so_it_is_where_conditions_count_for_some_days_only(rules, on):
    days = [on + timedelta(step) for step in (-1, 0, 1, 2, 5, 9)]
    periods = [Period(), *(Period(start, end) for start in (None, *days) for end in (None, *days[1:]))]
    dice = random.Random(on.toordinal())
    for values in accounts(rules, on):
        conditions = tuple(replace(condition, valid=dice.choice(periods)) for condition in rules.conditions)
        dated = replace(rules, conditions=conditions)
        outcome = evaluate(dated, values, on)
        assert len(outcome.truths) in (0, len(dated.conditions_on(on)))
        found = earliest(dated, values, on, outcome)
        assert found.day == search(dated, values, on, outcome), (values, [one.valid for one in conditions])


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_on_the_day_promised_the_number_that_did_its_part_is_allowed_and_on_the_day_before_it_is_not(rules, on):
    promised = 0
    for values in accounts(rules, on):
        outcome = evaluate(rules, values, on)
        found = earliest(rules, values, on, outcome)
        if found.day is None or not found.certain:
            continue
        unmet = [c for c, truth in zip(rules.conditions_on(on), outcome.truths, strict=False) if truth is False]
        paid = {**values, **{fact: value for c in unmet if c.remedy for fact, value in c.remedy.sets.items()}}
        assert evaluate(rules, paid, found.day).status == "allowed", values
        if found.day > on:
            assert evaluate(rules, paid, found.day - timedelta(1)).status == "blocked", values
            promised += 1
        for condition in unmet:
            if condition.remedy and condition.remedy.by == "time":
                clears = clears_on(condition, values, on)
                assert clears is not None, values
                assert condition.require.holds(values, clears - timedelta(1)) is False, values
                assert condition.require.holds(values, clears) is not False, values
    timed = any(c.remedy and c.remedy.by == "time" for c in rules.conditions)
    whole = all(c.id not in ("lost_text",) for c in rules.conditions)
    if timed and whole and on < date.max - timedelta(1):
        assert promised


@pytest.fixture
def clock(monkeypatch):
    """A machine whose own time zone is UTC, and a clock that is set by hand."""
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("RULES_TODAY", raising=False)
    time.tzset()
    settings.cache_clear()

    def put(moment: datetime) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz=None):
                return moment.astimezone(tz)

        monkeypatch.setattr(actions.settings, "datetime", Clock)

    yield put
    monkeypatch.undo()
    time.tzset()
    settings.cache_clear()


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2028, 2, 28, 15, 59, 59, tzinfo=UTC), date(2028, 2, 28)),
        (datetime(2028, 2, 28, 16, 0, 0, tzinfo=UTC), date(2028, 2, 29)),
        (datetime(2028, 2, 29, 16, 0, 0, tzinfo=UTC), date(2028, 3, 1)),
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
    ids=str,
)
def test_the_day_turns_at_midnight_in_shanghai_whatever_the_zone_of_the_machine(clock, moment, day):
    clock(moment)
    assert today() == day


def test_an_agreement_bars_until_midnight_in_shanghai(clock, all_rules):
    rules = all_rules["cancel_service"]
    last_day = date(2028, 2, 29)
    values = {name: domain[-1] for name, domain in domains_of(rules).items()}
    values |= {"status": "active", "ownership": "organization", "plan_agreement_end": last_day}
    values |= rules.conditions[1].remedy.sets
    clock(datetime(2028, 2, 29, 15, 59, 59, tzinfo=UTC))
    assert evaluate(rules, values, today()).status == "blocked"
    clock(datetime(2028, 2, 29, 16, 0, 0, tzinfo=UTC))
    assert evaluate(rules, values, today()).status == "allowed"
