"""What a conversation remembers between messages; Rasa keeps it in slots."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from knowledge.identifiers import Aspect, Ownership


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to answer: an operation's aspect, or a topic; `number` only where one was chosen from several.

    `supposing`: the words that suppose something of the account, of this one question and never of another.
    `customer`: the id of the customer all whose numbers are asked about; for staff only.
    """

    operation: str | None = None
    topic: str | None = None
    aspect: Aspect = "overview"
    ownership: Ownership | None = None
    number: str | None = None
    supposing: str | None = None
    customer: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A request offered to the user under a label."""

    label: str
    request: Request


@dataclass(frozen=True, slots=True)
class Context:
    """The subject of the conversation so far, and the choices that were offered last."""

    operation: str | None = None
    topic: str | None = None
    aspect: Aspect | None = None
    ownership: Ownership | None = None
    number: str | None = None
    choices: tuple[Choice, ...] = field(default=())

    def to_slots(self) -> dict[str, Any]:
        """Slot names and JSON values; `from_slots` reads them back."""
        return {
            "operation": self.operation,
            "topic": self.topic,
            "aspect": self.aspect,
            "ownership": self.ownership,
            "number": self.number,
            "choices": [asdict(choice) for choice in self.choices],
        }


def from_slots(slots: Mapping[str, Any]) -> Context:
    """The context in a tracker's slots; empty slots give an empty context."""
    return Context(
        operation=slots.get("operation"),
        topic=slots.get("topic"),
        aspect=slots.get("aspect"),
        ownership=slots.get("ownership"),
        number=slots.get("number"),
        choices=tuple(Choice(choice["label"], Request(**choice["request"])) for choice in slots.get("choices") or ()),
    )
