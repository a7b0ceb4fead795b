"""The sentences of the dialogue, read from `actions/wording.yml`."""

from dataclasses import asdict
from pathlib import Path

from actions.conversation.context import Choice, Request
from actions.sentences import sentences, wording
from knowledge.identifiers import Aspect
from knowledge.model import Pack

_FILE = Path(__file__).resolve().parent.parent / "wording.yml"
_filled = sentences(_FILE)


def say(key: str, pack: Pack | None = None, **values: object) -> str:
    """The sentence `key` with its placeholders filled; one that speaks for the operator needs the pack."""
    return _filled(key, **(_words_of(pack) if pack else {}), **values)


def _words_of(pack: Pack) -> dict[str, str]:
    """The placeholders that every pack fills."""
    return {
        "title": pack.title,
        "operator": pack.operator.name,
        "operations": "、".join(pack.introduced),
        "example": pack.examples.question,
        "another_example": pack.examples.another,
        "check_example": pack.examples.check,
        **asdict(pack.contact),
    }


def aspect_label(name: str, aspect: Aspect) -> str:
    """One aspect of an operation as a question, for choices and headings."""
    return str(wording(_FILE)["labels"][aspect]).format(name=name)


def suggestions(pack: Pack) -> tuple[Choice, ...]:
    """Questions to offer somebody who does not know what to ask."""
    return tuple(Choice(one.label, Request(operation=one.operation, aspect=one.aspect)) for one in pack.suggestions)
