"""Where something stands in a JSON document, and what has to stand there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Scalar = str | int | bool
_CHOICE = re.compile(r"\[([^=\]]+)=([^\]]*)\]")


class Nothing:
    """What is found where nothing stands (a JSON null is something)."""


class Several:
    """What is found where a choice from a list fits more than one entry."""


MISSING: Final = Nothing()
SEVERAL: Final = Several()


@dataclass(frozen=True, slots=True)
class Place:
    """A place, step by step: a key, the index of a list, or `[key=value]` for the one entry of a list that has it."""

    steps: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """From a JSON pointer (`/data/fee/0`) or the same with dots (`data.fee.0`); None for anything else."""
        if text.startswith("/"):
            steps = [step.replace("~1", "/").replace("~0", "~") for step in text[1:].split("/")]
        else:
            steps = text.split(".")
        return cls(tuple(steps)) if all(steps) else None

    def __str__(self) -> str:
        return ".".join(self.steps)

    def find(self, document: Any) -> Any:
        """What stands there, `MISSING` or `SEVERAL`."""
        found = document
        for step in self.steps:
            if isinstance(found, Mapping):
                found = found.get(step, MISSING)
            elif isinstance(found, list):
                found = _entry(found, step)
            else:
                return found if found is SEVERAL else MISSING
        return found


def _entry(entries: list[Any], step: str) -> Any:
    if choice := _CHOICE.fullmatch(step):
        chosen = [one for one in entries if isinstance(one, Mapping) and written(one.get(choice[1])) == choice[2]]
        return MISSING if not chosen else chosen[0] if len(chosen) == 1 else SEVERAL
    return entries[int(step)] if re.fullmatch(r"\d{1,4}", step, re.ASCII) and int(step) < len(entries) else MISSING


def written(raw: object) -> str | None:
    """A text, whole number or truth value as it is written in a mapping file; None for anything else."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return str(raw) if isinstance(raw, str | int) else None


def same(raw: object, expected: Scalar) -> bool:
    """Whether a JSON value is exactly this one: 1, true and "1" are three different things."""
    return isinstance(raw, bool) == isinstance(expected, bool) and (
        isinstance(raw, str) == isinstance(expected, str) and raw == expected
    )


@dataclass(frozen=True, slots=True)
class Marker:
    """A place that says something by having one of these values."""

    place: Place
    equals: tuple[Scalar, ...]

    def shown(self, document: Any) -> bool:
        """Whether the document says it."""
        found = self.place.find(document)
        return any(same(found, expected) for expected in self.equals)


@dataclass(frozen=True, slots=True)
class Without:
    """A complete list that says "there is none" by having no entry of this kind.

    `kinds` are all kinds that the system has: an entry of another kind could be the one that is looked for.
    """

    place: Place
    key: str
    kind: str
    kinds: tuple[str, ...]

    def shown(self, document: Any) -> bool:
        """Whether the list is there, each of its entries is of a known kind, and none is of this one."""
        found = self.place.find(document)
        if not isinstance(found, list):
            return False
        kinds = [entry.get(self.key) if isinstance(entry, Mapping) else None for entry in found]
        return all(isinstance(kind, str) and kind in self.kinds for kind in kinds) and self.kind not in kinds
