"""Reads conversations: for the stream and the history of a customer, and for members of staff."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine, Select, func, select

from bot.conversations.entries import Entry, Outcome, entry_of
from bot.conversations.handoffs import HandoffState, handoff_state
from bot.conversations.models import conversation, entry, feedback

# What a stream or the history gives at once.
PAGE: Final = 200
# SQLite knew no more than 999 parameters for long.
_IDS: Final = 500

ENTRY: Final[Select[tuple[object, ...]]] = select(
    entry.c.id,
    entry.c.conversation_id,
    entry.c.at,
    entry.c.kind,
    entry.c.text,
    entry.c.client_id,
    entry.c.reply_to,
    entry.c.reply,
    entry.c.state,
    feedback.c.score,
).outerjoin(feedback, feedback.c.entry_id == entry.c.id)


@dataclass(frozen=True, slots=True)
class Glance:
    """A conversation at one moment.

    `entries`: those after the one asked about, in order, at most `PAGE`. `waiting_since` and `delayed`: of the first
    message that waits for the assistant.
    """

    entries: tuple[Entry, ...]
    waiting_since: datetime | None
    delayed: bool
    handoff: HandoffState

    @property
    def more(self) -> bool:
        """Whether there may be further entries."""
        return len(self.entries) == PAGE


def glance(engine: Engine, conversation_id: str, after: int | None) -> Glance:
    """What has been added after the entry with this id, and how things stand; the newest entries where it is None."""
    of_conversation = entry.c.conversation_id == conversation_id
    with engine.connect() as connection:
        first = connection.execute(
            select(entry.c.at, entry.c.delayed)
            .where(of_conversation, entry.c.state == "waiting")
            .order_by(entry.c.id)
            .limit(1)
        ).one_or_none()
        state = handoff_state(connection, conversation_id)
        page = ENTRY.where(of_conversation).limit(PAGE)
        if after is None:
            rows = list(reversed(connection.execute(page.order_by(entry.c.id.desc())).all()))
        else:
            rows = list(connection.execute(page.where(entry.c.id > after).order_by(entry.c.id)).all())
    entries = tuple(entry_of(row) for row in rows)
    return Glance(entries, first.at if first else None, bool(first and first.delayed), state)


def newest(engine: Engine, conversation_id: str) -> int:
    """The id of the newest entry; 0 where there is none."""
    statement = select(func.max(entry.c.id)).where(entry.c.conversation_id == conversation_id)
    with engine.connect() as connection:
        return connection.execute(statement).scalar() or 0


def outcome(engine: Engine, place: int) -> Outcome | None:
    """What has become of a message; None where there is no such message."""
    with engine.connect() as connection:
        message = connection.execute(
            select(entry.c.state, entry.c.delayed).where(entry.c.id == place, entry.c.kind == "user")
        ).one_or_none()
        return None if message is None else Outcome(message.state, _replies(connection, place), message.delayed)


def _replies(connection: Connection, place: int) -> tuple[dict[str, object], ...]:
    replies = select(entry.c.reply).where(entry.c.reply_to == place, entry.c.kind == "assistant").order_by(entry.c.id)
    return tuple(json.loads(reply) for reply in connection.execute(replies).scalars())


def versions(engine: Engine, conversations: Iterable[str]) -> dict[str, int]:
    """The versions of those conversations that there are."""
    wanted = list(conversations)
    found: dict[str, int] = {}
    with engine.connect() as connection:
        for start in range(0, len(wanted), _IDS):
            some = conversation.c.id.in_(wanted[start : start + _IDS])
            rows = connection.execute(select(conversation.c.id, conversation.c.version).where(some))
            found.update((row.id, row.version) for row in rows)
    return found
