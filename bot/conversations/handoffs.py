"""Hand-overs to a person: queued, claimed, and then returned to the assistant or cancelled by the customer.

Every change writes a note into the conversation, in the same transaction. Synchronous, as the store is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Connection, Engine, Row, exists, func, insert, select, update

from bot.conversations.models import entry, handoff, presence
from bot.conversations.store import NO_LEASE, ConversationStore, Speaker
from bot.storage import insert_of

OPEN: Final = ("queued", "claimed")


@dataclass(frozen=True, slots=True)
class HandoffState:
    """How a conversation's hand-over stands. `position` counts from 1, while it is queued."""

    state: Literal["none", "queued", "claimed"] = "none"
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Handoff:
    """An open hand-over, as members of staff see it."""

    id: int
    conversation: str
    state: Literal["queued", "claimed"]
    requested_at: datetime
    claimed_at: datetime | None
    claimed_by: str | None
    active_at: datetime | None


_HANDOFF: Final = select(
    handoff.c.id,
    handoff.c.conversation_id,
    handoff.c.state,
    handoff.c.requested_at,
    handoff.c.claimed_at,
    handoff.c.claimed_by,
    handoff.c.active_at,
)


class Handoffs:
    """All hand-overs of a store."""

    def __init__(self, store: ConversationStore) -> None:
        self._store = store

    def request(self, conversation_id: str, speaker: Speaker, note: Callable[[int], str]) -> HandoffState:
        """Queues a hand-over, unless one is open; `note` makes the note from the place in the queue."""
        with self._store.engine.begin() as connection:
            self._store.touch(connection, conversation_id, speaker)
            present = handoff_state(connection, conversation_id)
            if present.state != "none":
                return present
            new = {"conversation_id": conversation_id, "state": "queued", "requested_at": self._store.clock()}
            connection.execute(insert(handoff).values(new))
            state = handoff_state(connection, conversation_id)
            self._note(connection, conversation_id, note(state.position or 1))
            return state

    def decline(self, conversation_id: str, speaker: Speaker, note: str) -> None:
        """Says in the conversation that nobody can be had now."""
        with self._store.engine.begin() as connection:
            self._store.touch(connection, conversation_id, speaker)
            self._note(connection, conversation_id, note)

    def cancel(self, conversation_id: str, note: str) -> bool:
        """Ends the open hand-over on the customer's wish; False where there is none."""
        with self._store.engine.begin() as connection:
            self._store.touch(connection, conversation_id)
            of_conversation = handoff.c.conversation_id == conversation_id
            return self._close(connection, conversation_id, of_conversation, OPEN, "cancelled", note)

    def cancel_queued(self, note: str) -> list[str]:
        """Ends all queued hand-overs, at the end of the office hours; returns the conversations."""
        return self._close_all(handoff.c.state == "queued", ("queued",), "cancelled", note)

    def claim(self, place: int, who: str, note: str) -> bool:
        """Gives a queued hand-over to a member of staff; False where it is no longer queued.

        Messages that wait for the assistant are that person's from now on.
        """
        with self._store.engine.begin() as connection:
            conversation_id = _conversation(connection, place)
            if conversation_id is None:
                return False
            self._store.touch(connection, conversation_id)
            now = self._store.clock()
            claimed = (
                update(handoff)
                .where(handoff.c.id == place, handoff.c.state == "queued")
                .values(state="claimed", claimed_at=now, claimed_by=who, active_at=now)
            )
            if not connection.execute(claimed).rowcount:
                return False
            connection.execute(
                update(entry)
                .where(entry.c.conversation_id == conversation_id, entry.c.state == "waiting")
                .values(state="staff", **NO_LEASE)
            )
            self._note(connection, conversation_id, note)
            return True

    def give_back(self, place: int, who: str, note: str) -> bool:
        """Gives a conversation back to the assistant; False unless that member of staff had it."""
        with self._store.engine.begin() as connection:
            conversation_id = _conversation(connection, place)
            if conversation_id is None:
                return False
            self._store.touch(connection, conversation_id)
            theirs = (handoff.c.id == place) & (handoff.c.claimed_by == who)
            return self._close(connection, conversation_id, theirs, ("claimed",), "returned", note)

    def give_back_left(self, idle: timedelta, note: str) -> list[str]:
        """Gives back what its member of staff has left for that long; returns the conversations."""
        left = (handoff.c.state == "claimed") & (handoff.c.active_at < self._store.clock() - idle)
        return self._close_all(left, ("claimed",), "returned", note)

    def requeue_gone(self, gone: timedelta, note: str) -> list[str]:
        """Puts conversations back to their old place in the queue whose member of staff has closed the console.

        Returns the conversations. Where nobody else is there either they wait as they are until they are left for long.
        """
        since = self._store.clock() - gone
        seen = exists().where(presence.c.name == handoff.c.claimed_by, presence.c.seen_at >= since)
        lost = (handoff.c.state == "claimed") & (handoff.c.active_at < since) & ~seen
        if not self.somebody_is_there(gone):
            return []
        with self._store.engine.connect() as connection:
            found = connection.execute(select(handoff.c.id, handoff.c.conversation_id).where(lost)).all()
        requeued = []
        for place, conversation_id in found:
            with self._store.engine.begin() as connection:
                self._store.touch(connection, conversation_id)
                queued = update(handoff).where(handoff.c.id == place, lost)
                queued = queued.values(state="queued", claimed_at=None, claimed_by=None, active_at=None)
                # Asked once more under the lock: the console may just have come back.
                if connection.execute(queued).rowcount:
                    self._note(connection, conversation_id, note)
                    requeued.append(conversation_id)
        return requeued

    def say(self, conversation_id: str, who: str, text: str) -> int | None:
        """Adds what a member of staff says; returns the entry's id, None unless that person has the conversation."""
        with self._store.engine.begin() as connection:
            self._store.touch(connection, conversation_id)
            theirs = (
                update(handoff)
                .where(
                    handoff.c.conversation_id == conversation_id,
                    handoff.c.state == "claimed",
                    handoff.c.claimed_by == who,
                )
                .values(active_at=self._store.clock())
            )
            if not connection.execute(theirs).rowcount:
                return None
            return self._store.add(connection, conversation_id, {"kind": "staff", "text": text})

    def seen(self, who: str) -> None:
        """Notes that the console of a member of staff who can take hand-overs is open."""
        now = self._store.clock()
        with self._store.engine.begin() as connection:
            statement = insert_of(connection)(presence).values(name=who, seen_at=now)
            connection.execute(statement.on_conflict_do_update(index_elements=[presence.c.name], set_={"seen_at": now}))

    def somebody_is_there(self, within: timedelta) -> bool:
        """Whether the console of any member of staff has been seen lately."""
        lately = exists().where(presence.c.seen_at >= self._store.clock() - within)
        with self._store.engine.connect() as connection:
            return bool(connection.execute(select(lately)).scalar())

    def _close_all(self, which: Any, states: tuple[str, ...], state: str, note: str) -> list[str]:
        with self._store.engine.connect() as connection:
            found = connection.execute(select(handoff.c.id, handoff.c.conversation_id).where(which)).all()
        closed = []
        for place, conversation_id in found:
            with self._store.engine.begin() as connection:
                self._store.touch(connection, conversation_id)
                # Asked once more under the lock: the member of staff may just have done something.
                if self._close(connection, conversation_id, (handoff.c.id == place) & which, states, state, note):
                    closed.append(conversation_id)
        return closed

    def _close(
        self, connection: Connection, conversation_id: str, which: Any, states: tuple[str, ...], state: str, note: str
    ) -> bool:
        closed = (
            update(handoff).where(which, handoff.c.state.in_(states)).values(state=state, closed_at=self._store.clock())
        )
        if not connection.execute(closed).rowcount:
            return False
        self._note(connection, conversation_id, note)
        return True

    def _note(self, connection: Connection, conversation_id: str, text: str) -> None:
        self._store.add(connection, conversation_id, {"kind": "note", "text": text})


def handoff_state(connection: Connection, conversation_id: str) -> HandoffState:
    """How the conversation's hand-over stands."""
    row = connection.execute(
        select(handoff.c.id, handoff.c.state).where(
            handoff.c.conversation_id == conversation_id, handoff.c.state.in_(OPEN)
        )
    ).one_or_none()
    if row is None:
        return HandoffState()
    if row.state == "claimed":
        return HandoffState("claimed")
    ahead = select(func.count()).select_from(handoff).where(handoff.c.state == "queued", handoff.c.id <= row.id)
    return HandoffState("queued", connection.execute(ahead).scalar_one())


def open_handoffs(engine: Engine) -> list[Handoff]:
    """All open hand-overs, the oldest first."""
    with engine.connect() as connection:
        rows = connection.execute(_HANDOFF.where(handoff.c.state.in_(OPEN)).order_by(handoff.c.id)).all()
    return [_handoff(row) for row in rows]


def find_handoff(engine: Engine, place: int) -> Handoff | None:
    """An open hand-over by its id."""
    with engine.connect() as connection:
        row = connection.execute(_HANDOFF.where(handoff.c.id == place, handoff.c.state.in_(OPEN))).one_or_none()
    return _handoff(row) if row is not None else None


def _handoff(row: Row[Any]) -> Handoff:
    return Handoff(*row)


def _conversation(connection: Connection, place: int) -> str | None:
    found = select(handoff.c.conversation_id).where(handoff.c.id == place)
    return connection.execute(found).scalar_one_or_none()
