"""What a waiting message keeps in clear: its text and who sent it, in memory, and sealed in the database."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from actions.identity import Identity, from_metadata


class Masked(Protocol):
    """A masked text, and which kinds of things were masked in it."""

    @property
    def text(self) -> str:
        """The text without anything that names a number or a person."""
        ...

    @property
    def found(self) -> frozenset[Any]:
        """The kinds; `secret` is a password or a code."""
        ...


Mask = Callable[[str], Masked]
# Both take what the sealed value is bound to as their second argument (`sealed_for`).
Seal = Callable[[Any, str], str]
Unseal = Callable[[str, str], Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A message in clear, with the identity of its session."""

    text: str
    identity: Identity | None

    def to_json(self) -> dict[str, Any]:
        """The form that is sealed."""
        return {"text": self.text, "identity": self.identity.to_metadata() if self.identity else None}


def said_of(value: Any) -> Said:
    """Reads `Said.to_json` back; raises ValueError for anything else."""
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        raise ValueError("not a sealed message")
    return Said(value["text"], from_metadata(value.get("identity")))


def sealed_for(conversation: str) -> str:
    """What a waiting message is bound to: it can be read in no other conversation, and as nothing else."""
    return f"waiting message of {conversation}"
