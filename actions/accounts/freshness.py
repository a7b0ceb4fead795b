"""How old a fact may be."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from actions.accounts.facts import Fact, Unknown
from actions.accounts.wording import say
from actions.settings import TIME_ZONE
from knowledge.reading import FileReader
from knowledge.yaml_source import Mapping

# Clocks of two machines may differ by this much; what is stamped later than that cannot be true.
_CLOCKS_DIFFER: Final = timedelta(minutes=5)
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_WORDS: Final = {"s": "秒", "m": "分钟", "h": "小时", "d": "天"}
_AGE = re.compile(r"([1-9]\d{0,5})([smhd])", re.ASCII)


@dataclass(frozen=True, slots=True)
class MaxAge:
    """A limit of age, and how people read it."""

    age: timedelta
    shown: str


def parse_age(text: str) -> MaxAge | None:
    """The limit written like `30s`, `15m`, `2h` or `1d`; None for anything else."""
    match = _AGE.fullmatch(text)
    if not match:
        return None
    return MaxAge(timedelta(**{_UNITS[match[2]]: int(match[1])}), f"{match[1]} {_WORDS[match[2]]}")


def read_age(file: FileReader, node: Mapping, key: str) -> MaxAge | None:
    """A limit of age under `key`, None where there is none."""
    if key not in node:
        return None
    age = parse_age(str(node[key]))
    if age is None:
        file.note(node.line_of(key), f"“{key}”应写成 30s、15m、2h 或 1d 这样")
    return age


def fresh(fact: Fact, limit: MaxAge | None, now: datetime, source: str) -> Fact:
    """The fact, or why it cannot be relied on: it is older than the limit, has no time, or a time yet to come."""
    if isinstance(fact, Unknown):
        return fact
    if fact.read_at is None:
        return fact if limit is None else Unknown(say("no_stamp", source=source))
    shown = f"{fact.read_at.astimezone(TIME_ZONE):%Y-%m-%d %H:%M}"
    if fact.read_at > now + _CLOCKS_DIFFER:
        return Unknown(say("future_stamp", source=source, read_at=shown))
    if limit is not None and now - fact.read_at > limit.age:
        return Unknown(say("stale", source=source, read_at=shown, limit=limit.shown))
    return fact
