"""When an operation becomes possible: the days of a verdict in their order, for channels that can draw them."""

from datetime import date
from typing import Any

from actions.blocks import Moment
from actions.conversation.wording import say
from actions.eligibility.wording import status_name
from knowledge.facts import show_date


def moments_of(verdict: dict[str, Any]) -> list[Moment]:
    """The day asked about with what to do on it, the days on which time clears something, and the day it is possible.

    Empty where waiting plays no part: nothing in the way, no way out, or possible on the very day asked about.
    """
    first_day = verdict["earliest"]["date"]
    if verdict["status"] != "blocked" or first_day is None or first_day == verdict["on"]:
        return []
    remedies = [condition["remedy"] for condition in verdict["conditions"] if condition["remedy"]]
    # The last step says the day. What only bars later is to be done too, and stands in the steps alone.
    *to_do, _ = verdict["steps"]
    cleared: dict[str, list[str]] = {}
    for remedy in remedies:
        if remedy["clears_on"]:
            cleared.setdefault(remedy["clears_on"], []).append(remedy["text"])
    possible = "moment_possible" if verdict["earliest"]["certain"] else "moment_possible_if"
    return [
        _moment(verdict["on"], "barred", status_name("blocked"), to_do),
        *(_moment(day, "waiting", say("moment_waiting"), cleared[day]) for day in sorted(cleared) if day < first_day),
        _moment(first_day, "possible", say(possible), cleared.get(first_day, [])),
    ]


def _moment(day: str, state: Any, text: str, notes: list[str]) -> Moment:
    return {"date": day, "day": show_date(date.fromisoformat(day)), "state": state, "text": text, "notes": notes}
