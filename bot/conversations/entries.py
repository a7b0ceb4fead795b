"""An entry of a conversation as it is kept, and as the people in the conversation see it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from actions.settings import TIME_ZONE
from actions.understanding import KEY

Kind = Literal["user", "assistant", "staff", "note"]
# waiting: the assistant is to answer it; answered; failed: nobody waits for it any longer; staff: a person answers it.
State = Literal["waiting", "answered", "failed", "staff"]
# What a reply carries for members of staff alone.
UNDERSTANDING: Final = KEY


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, masked. `reply` is there for an assistant's entry: the whole reply, what is for staff included."""

    id: int
    conversation: str
    at: datetime
    kind: Kind
    text: str
    client_id: str | None = None
    reply_to: int | None = None
    reply: dict[str, Any] | None = None
    state: State | None = None
    score: str | None = None

    def to_json(self) -> dict[str, Any]:
        """What the customer's side of the conversation is shown of it; absent values are left out."""
        reply = shown(self.reply or {})
        optional = {
            "id": self.client_id,
            "reply_to": self.reply_to,
            "blocks": reply.get("blocks"),
            "choices": reply.get("choices"),
            "offers": reply.get("offers"),
            "rules_version": reply.get("rules_version"),
            "feedback": self.score,
        }
        return {
            "entry": self.id,
            "at": self.at.astimezone(TIME_ZONE).isoformat(timespec="milliseconds"),
            "from": self.kind,
            "text": self.text,
            **{key: value for key, value in optional.items() if value is not None},
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has become of a message; `replies` as they were stored, for an answered one.

    `delayed`: an attempt to answer it has failed. `broken`: it failed by a fault of ours, just now.
    """

    state: State
    replies: tuple[dict[str, Any], ...] = ()
    delayed: bool = False
    broken: bool = False


def entry_of(row: Any) -> Entry:
    """The entry in a row of `reading.ENTRY`."""
    return Entry(
        id=row.id,
        conversation=row.conversation_id,
        at=row.at,
        kind=row.kind,
        text=row.text,
        client_id=row.client_id,
        reply_to=row.reply_to,
        reply=json.loads(row.reply) if row.reply else None,
        state=row.state,
        score=row.score,
    )


def shown(reply: dict[str, Any]) -> dict[str, Any]:
    """A reply without what is for staff only."""
    return {key: value for key, value in reply.items() if key != UNDERSTANDING}
