"""The sentences of the dialogue, read from `actions/wording.yml`."""

from functools import cache
from pathlib import Path
from typing import Any

from actions.conversation.context import Choice, Request
from knowledge.identifiers import Aspect
from knowledge.yaml_source import read_yaml

_FILE = Path(__file__).resolve().parent.parent / "wording.yml"


@cache
def _wording() -> dict[str, Any]:
    return dict(read_yaml(_FILE))


def say(key: str, **values: object) -> str:
    """The sentence `key` with its placeholders filled."""
    return str(_wording()[key]).format(**values)


def aspect_label(name: str, aspect: Aspect) -> str:
    """One aspect of an operation as a question, for choices and headings."""
    return str(_wording()["labels"][aspect]).format(name=name)


def suggestions() -> tuple[Choice, ...]:
    """Questions to offer somebody who does not know what to ask."""
    return tuple(
        Choice(entry["label"], Request(operation=entry["operation"], aspect=entry["aspect"]))
        for entry in _wording()["suggestions"]
    )


def common_operations() -> tuple[str, ...]:
    """The operations to name when all that is known is the aspect."""
    return tuple(_wording()["common_operations"])
