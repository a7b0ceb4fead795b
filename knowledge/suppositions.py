"""What can be supposed of an account, once `knowledge/supposition_reader.py` has found nothing wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.facts import FactSpec, Value


@dataclass(frozen=True, slots=True)
class Supposition:
    """One thing to suppose: `said` names it, `words` are how people say it (with gaps), `sets` the facts it makes so.

    `operation`: the service that makes them so. `only_from`: the values of facts that it can change at all: nothing that
    ends a pause helps a number that was reported lost.
    """

    said: str
    sets: Mapping[str, Value]
    words: tuple[str, ...]
    operation: str | None = None
    only_from: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suppositions:
    """Everything that can be supposed; `ends` are date facts with what they are called, `any_end` is said of any."""

    suppose: tuple[Supposition, ...] = ()
    ends: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    any_end: tuple[str, ...] = ()
    facts: Mapping[str, FactSpec] = field(default_factory=dict)
