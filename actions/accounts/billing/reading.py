"""From the answer of a billing system to the facts of one account."""

from datetime import datetime
from typing import Any

from actions.accounts.billing.mapping import FactMapping, SourceMapping, Stamp
from actions.accounts.billing.places import MISSING, Place
from actions.accounts.billing.times import is_counted, read_time
from actions.accounts.billing.values import is_json, read_value
from actions.accounts.facts import AccountFacts, Fact, Unknown
from actions.accounts.freshness import fresh
from actions.accounts.records import MAX_NAME, MAX_WORD
from actions.accounts.source import all_unknown
from actions.accounts.wording import say


def read_account(mapping: SourceMapping, number: str, document: Any, now: datetime) -> AccountFacts:
    """All mapped facts of the number, each known, absent, or unknown and why.

    An answer that is about another number, or does not say about which, says nothing about this one.
    """
    wrong = other_number(mapping, number, document)
    if wrong:
        return all_unknown(number, [fact.spec.name for fact in mapping.facts], wrong)
    return AccountFacts(
        number=number,
        customer=_word(mapping.customer_id, document, MAX_WORD),
        customer_name=_word(mapping.customer_name, document, MAX_NAME),
        facts={fact.spec.name: _fact(fact, mapping.name, document, now) for fact in mapping.facts},
    )


def other_number(mapping: SourceMapping, number: str, document: Any) -> str | None:
    """Why the answer is not about this number; None where it is."""
    found = mapping.number.find(document)
    if found is MISSING or isinstance(found, bool) or not isinstance(found, str | int):
        return say("no_number", source=mapping.name)
    return None if str(found) == number else say("other_number", source=mapping.name)


def _fact(fact: FactMapping, source: str, document: Any, now: datetime) -> Fact:
    read_at = now
    if fact.as_of is not None:
        stamp = _time(fact.as_of, document)
        if stamp is None:
            return Unknown(say("no_stamp", source=source))
        read_at = stamp
    return fresh(read_value(fact, document, source, read_at), fact.max_age, now, source)


def _time(stamp: Stamp, document: Any) -> datetime | None:
    raw = stamp.place.find(document)
    return read_time(raw, stamp.form) if is_json(raw, "integer" if is_counted(stamp.form) else "text") else None


def _word(place: Place | None, document: Any, longest: int) -> str | None:
    """A text fit to be shown; None where there is none."""
    found = place.find(document) if place else None
    usable = isinstance(found, str) and found.strip() and len(found) <= longest and found.isprintable()
    return str(found) if usable else None
