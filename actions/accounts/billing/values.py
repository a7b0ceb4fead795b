"""One fact from the JSON of a billing system: known, explicitly absent, or unknown and why. Nothing is guessed."""

import re
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, ROUND_UP, Decimal, InvalidOperation
from typing import Any, Final

from actions.accounts.billing.mapping import FactMapping, JsonType
from actions.accounts.billing.places import MISSING, SEVERAL, same, written
from actions.accounts.billing.times import read_time
from actions.accounts.facts import Absent, Fact, Unknown, read_fact
from actions.accounts.wording import say
from knowledge.facts import NONE, PLACES, Value

_NUMBER = re.compile(r"-?\d{1,20}(\.\d{1,9})?", re.ASCII)
_DIGITS: Final = 20
# Before and after these years nothing is agreed on: such a date stands for something else, or is a slip.
_FIRST_YEAR, _LAST_YEAR = 1980, 2199
_ROUNDING: Final = {"up": ROUND_UP, "down": ROUND_DOWN}


class _Unusable(Exception):  # noqa: N818 - carries the reason out of the reading of one value
    """The value cannot be used; the message is the Chinese reason."""


def read_value(mapping: FactMapping, document: Any, source: str, read_at: datetime | None) -> Fact:
    """The fact that the mapping finds in a document.

    Args:
        mapping: how the fact is read.
        document: the answer, with exact decimals.
        source: what the source is called.
        read_at: of which time the data is.
    """
    raw = mapping.place.find(document)
    said_none = mapping.none_when is not None and mapping.none_when.shown(document)
    if any(same(raw, marker) for marker in mapping.none):
        return Absent(source, read_at)
    if said_none:
        contradicted = raw is not MISSING and raw is not None and raw != ""
        return Unknown(say("contradiction", source=source)) if contradicted else Absent(source, read_at)
    if raw is MISSING or raw is SEVERAL or raw is None:
        key = {id(MISSING): "missing", id(SEVERAL): "several"}.get(id(raw), "null_value")
        return Unknown(say(key, source=source))
    try:
        return read_fact(mapping.spec, _value(mapping, raw, source), source, read_at)
    except _Unusable as reason:
        return Unknown(str(reason))


def _value(mapping: FactMapping, raw: object, source: str) -> Value:
    if not is_json(raw, mapping.json):
        raise _Unusable(say("wrong_type", source=source, expected=say(f"json_{mapping.json}")))
    if mapping.words is not None:
        word = written(raw)
        if word is None or word not in mapping.words:
            raise _Unusable(say("no_word", source=source, value=_shown(raw)))
        return mapping.words[word]
    if mapping.spec.type == "date":
        return _date(mapping, raw, source)
    if mapping.spec.type in ("int", "money", "decimal"):
        return _number(mapping, raw, source)
    # "none" is our own word: only the mapping says which of theirs means it.
    if raw == NONE:
        raise _Unusable(say("no_word", source=source, value=_shown(raw)))
    return raw  # type: ignore[return-value]  # a text or a truth value; the declaration of the fact judges it


def is_json(raw: object, expected: JsonType) -> bool:
    """Whether a JSON value is of this type; a truth value is no number, and 5.0 no whole one."""
    if isinstance(raw, bool):
        return expected == "boolean"
    types: dict[JsonType, type | tuple[type, ...]] = {
        "text": str,
        "integer": int,
        "number": (int, Decimal),
        "boolean": bool,
    }
    return isinstance(raw, types[expected])


def _date(mapping: FactMapping, raw: Any, source: str) -> Value:
    time = read_time(raw, mapping.form)
    if time is None:
        raise _Unusable(say("bad_time", source=source, value=_shown(raw)))
    if not _FIRST_YEAR <= time.year <= _LAST_YEAR:
        raise _Unusable(say("absurd_date", source=source, value=time.date().isoformat()))
    return (time + timedelta(mapping.days)).date()


def _number(mapping: FactMapping, raw: Any, source: str) -> Value:
    if isinstance(raw, str) and not _NUMBER.fullmatch(raw):
        raise _Unusable(say("not_a_number", source=source, value=_shown(raw)))
    number = Decimal(raw)
    if number.adjusted() >= _DIGITS:
        raise _Unusable(say("too_large", source=source))
    number /= mapping.divisor
    if mapping.at_most is not None and abs(number) > mapping.at_most:
        raise _Unusable(say("too_large", source=source))
    places = PLACES.get(mapping.spec.type, 0)
    try:
        exact = number.quantize(Decimal(1).scaleb(-places), _ROUNDING.get(mapping.rounding or "", ROUND_DOWN))
    except InvalidOperation as error:
        raise _Unusable(say("too_large", source=source)) from error
    if exact != number and mapping.rounding is None:
        raise _Unusable(say("too_fine", source=source))
    return int(exact) if mapping.spec.type == "int" else exact + 0


def _shown(raw: object) -> str:
    return str(raw)[:20]
