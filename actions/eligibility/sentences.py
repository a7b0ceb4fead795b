"""Fills the sentences of the rules with what is known of an account, and says where each fact comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from actions.accounts.facts import Fact, Unknown
from actions.eligibility.wording import say
from actions.settings import TIME_ZONE
from knowledge.condition_reader import IN_FORCE, MISSING
from knowledge.facts import FactSpec, Value, show_date
from knowledge.predicates import NoneOrPassed, Predicate, Values, facts_of, walk


class FactDetails(TypedDict):
    """One fact behind a condition: its JSON value and Chinese text, its source and time, or why it is unknown.

    `note` says the latter three in Chinese.
    """

    name: str
    label: str
    value: bool | int | str | None
    shown: str
    source: str | None
    read_at: str | None
    reason: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Sentences:
    """Fills the sentences of the rules for one account on one day."""

    values: Values
    specs: Mapping[str, FactSpec]
    on: date

    def fill(self, text: str, predicate: Predicate, **more: str) -> str:
        """The sentence with its placeholders filled: the facts of its predicate, and what is derived from them."""
        named = facts_of(predicate)
        filling = {name: self.specs[name].show(self.values.get(name)) for name in named}
        filling[MISSING] = "、".join(self.specs[name].label for name in named if name not in self.values)
        filling[IN_FORCE] = "、".join(
            say("in_force", label=self.specs[part.fact].label, day=filling[part.fact])
            for part in walk(predicate)
            if isinstance(part, NoneOrPassed) and part.holds(self.values, self.on) is False
        )
        return text.format_map({**filling, **more})


def fact_details(spec: FactSpec, fact: Fact, value: Value | None) -> FactDetails:
    """What staff are shown of a fact; times are those of Shanghai."""
    source = reason = read_at = None
    if isinstance(fact, Unknown):
        note = reason = fact.reason
    else:
        note = source = fact.source
        if fact.read_at is not None:
            time = fact.read_at.astimezone(TIME_ZONE)
            read_at = time.isoformat(timespec="seconds")
            note = say("fact_read", source=source, day=show_date(time.date()), time=f"{time:%H:%M}")
    return {
        "name": spec.name,
        "label": spec.label,
        "value": spec.to_json(value),
        "shown": spec.show(value),
        "source": source,
        "read_at": read_at,
        "reason": reason,
        "note": note,
    }


def fact_text(details: FactDetails) -> str:
    """A fact in one line, with its note."""
    return say("fact", label=details["label"], value=details["shown"], note=details["note"])
