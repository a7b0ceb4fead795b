"""What the language understanding says of one message; it travels in Rasa's parse data under `KEY`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from knowledge.identifiers import Aspect, Decision, Ownership

KEY: Final = "understanding"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another reading of the message; `confidence` is between 0 and 1."""

    operation: str | None
    topic: str | None
    aspect: Aspect | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """One message on its own, without the conversation before it.

    `aspects` holds only aspects that were expressed: a bare 「销户」 has none. `small_talk` is the intent of a
    `chitchat` (greet, thank, goodbye, ask_bot, abuse, affirm, deny). `choice` is the number of an offered choice,
    counted from 1; -1 is the last one, 0 is all of them. `follow_up`: the wording leans on what was said before (「那…呢」).
    `numbers` are telephone numbers: of the understanding stand-ins for masked ones (`actions.privacy.masking.stand_in`), in a
    turn of the conversation the clear ones; `tails` the last digits of some (「尾号0102」); `other_number`:
    another one is meant than before. `permission`: it asks whether something is possible, and nothing else. `named`: what
    it is about is called by a name of it, not only guessed. `pairs` says which aspect is
    asked of which operation, where not every one is asked of each. `words`: what the message names, without the words that
    only ask or point.
    """

    decision: Decision
    operations: tuple[str, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    topic: str | None = None
    ownership: Ownership | None = None
    numbers: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    other_number: bool = False
    permission: bool = False
    named: bool = False
    pairs: tuple[tuple[str, Aspect], ...] = ()
    confidence: float = 0.0
    alternatives: tuple[Alternative, ...] = ()
    small_talk: str | None = None
    choice: int | None = None
    follow_up: bool = False
    words: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """A JSON-serialisable form; `from_json` reads it back."""
        return asdict(self)

    def to_trace(self) -> dict[str, Any]:
        """What may be kept beside the reply, for members of staff: no words and no numbers of the message."""
        return {
            "decision": self.decision,
            "operations": list(self.operations),
            "aspects": list(self.aspects),
            "topic": self.topic,
            "ownership": self.ownership,
            "confidence": self.confidence,
            "alternatives": [asdict(alternative) for alternative in self.alternatives],
        }


def from_json(value: Mapping[str, Any]) -> Understanding:
    """Reads `Understanding.to_json` back; unknown keys are ignored so that an older model keeps working."""
    return Understanding(
        decision=value["decision"],
        operations=tuple(value.get("operations") or ()),
        aspects=tuple(value.get("aspects") or ()),
        topic=value.get("topic"),
        ownership=value.get("ownership"),
        numbers=tuple(value.get("numbers") or ()),
        tails=tuple(value.get("tails") or ()),
        other_number=bool(value.get("other_number")),
        permission=bool(value.get("permission")),
        named=bool(value.get("named")),
        pairs=tuple((operation, aspect) for operation, aspect in value.get("pairs") or ()),
        confidence=float(value.get("confidence") or 0.0),
        alternatives=tuple(
            Alternative(a.get("operation"), a.get("topic"), a.get("aspect"), float(a.get("confidence") or 0.0))
            for a in value.get("alternatives") or ()
        ),
        small_talk=value.get("small_talk"),
        choice=value.get("choice"),
        follow_up=bool(value.get("follow_up")),
        words=tuple(value.get("words") or ()),
    )
