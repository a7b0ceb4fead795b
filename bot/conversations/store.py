"""Messages and their answers in the database. Synchronous: callers on an event loop use a thread.

Whoever changes a conversation first counts its version up. That locks its row, so that the entries of one conversation
become visible in the order of their ids (a stream that has seen entry 7 never misses a 6), and a gateway sees by the
version that another one has written.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, bindparam, delete, exists, func, insert, or_, select, update

from bot.conversations.entries import UNDERSTANDING, State
from bot.conversations.models import conversation, entry, feedback, handoff
from bot.conversations.search import index_entry
from bot.storage import insert_of

NO_LEASE: Final[dict[str, Any]] = {"sealed": None, "lease_by": None, "lease_until": None}

# What every message needs is put together once: that takes longer than the database does.
_CONVERSATION: Final = "of_conversation"
_OF_CONVERSATION: Final = entry.c.conversation_id == bindparam(_CONVERSATION)
_WAITING: Final = (
    select(func.count()).select_from(entry).where(_OF_CONVERSATION, entry.c.state == "waiting").scalar_subquery()
)
_CLAIMED: Final = exists().where(handoff.c.conversation_id == bindparam(_CONVERSATION), handoff.c.state == "claimed")
_HOW_IT_STANDS: Final = select(_CLAIMED.label("claimed"), _WAITING.label("waiting"))
_STILL_WAITING: Final = select(_WAITING)
_KNOWN: Final = select(entry.c.id, entry.c.state, entry.c.text).where(
    _OF_CONVERSATION, entry.c.client_id == bindparam("known")
)
_COUNT_UP: Final = (
    update(conversation)
    .where(conversation.c.id == bindparam(_CONVERSATION))
    .values(version=conversation.c.version + 1, last_at=bindparam("now"))
)
_ADD: Final = insert(entry).returning(entry.c.id)
_LEAVE: Final = (
    update(entry)
    .where(entry.c.id == bindparam("place"), entry.c.state == "waiting")
    .values(state=bindparam("become"), **NO_LEASE)
)
_LEAVE_OWN: Final = _LEAVE.where(entry.c.lease_by == bindparam("owner"))


class TooManyWaitingError(Exception):
    """The conversation has as many unanswered messages as it may have."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, as far as it is kept: through which channel, in which role; only members of staff have a name."""

    channel: str
    role: str
    signed_in: bool
    name: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that has been leased, to be answered now."""

    entry: int
    conversation: str
    sealed: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Submitted:
    """A message in the database. `waits`: this call made it wait. `mine`: and leased it to the one who submitted it."""

    entry: int
    state: State
    waits: bool = False
    mine: Waiting | None = None


class ConversationStore:
    """All conversations.

    Args:
        engine: the migrated database.
        clock: the present time, with its zone.
        lease_seconds: how long a message is left to a gateway that gives no sign of life.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime], lease_seconds: float = 15.0) -> None:
        self.engine = engine
        self.clock = clock
        self.lease_seconds = lease_seconds
        self._lease = timedelta(seconds=lease_seconds)

    def submit(
        self,
        conversation_id: str,
        speaker: Speaker,
        client_id: str,
        text: str,
        sealed: str | None,
        owner: str,
        most_waiting: int,
    ) -> Submitted:
        """Stores a message, or finds the one that the client sent with this id before.

        A failed one that is sent again waits again. Raises `TooManyWaitingError`, and then nothing is stored.

        Args:
            conversation_id: the conversation, made where it is new.
            speaker: who speaks.
            client_id: the client's id of the message.
            text: the masked text.
            sealed: the clear text and the identity, sealed.
            owner: the gateway, which gets the lease at once where no earlier message is waiting.
            most_waiting: how many messages may wait in this conversation.
        """
        with self.engine.begin() as connection:
            self.touch(connection, conversation_id, speaker)
            known = connection.execute(_KNOWN, {_CONVERSATION: conversation_id, "known": client_id}).one_or_none()
            if known is not None and (known.state != "failed" or known.text != text):
                return Submitted(known.id, known.state)
            stands = connection.execute(_HOW_IT_STANDS, {_CONVERSATION: conversation_id}).one()
            if stands.claimed:
                values: dict[str, Any] = {"state": "staff"}
            else:
                if stands.waiting >= most_waiting:
                    raise TooManyWaitingError
                values = {"state": "waiting", "sealed": sealed, "delayed": False}
                if not stands.waiting:
                    values |= {"lease_by": owner, "lease_until": self.clock() + self._lease}
            if known is not None:
                connection.execute(update(entry).where(entry.c.id == known.id).values(values))
                place = known.id
            else:
                said = {"kind": "user", "client_id": client_id, "text": text, **values}
                place = self.add(connection, conversation_id, said)
            leased = Waiting(place, conversation_id, sealed, self.clock()) if "lease_by" in values else None
            return Submitted(place, values["state"], values["state"] == "waiting", leased)

    def claim(self, conversation_id: str, owner: str) -> Waiting | None:
        """Leases the first waiting message of a conversation, unless another gateway has it; its lease is renewed."""
        now = self.clock()
        waiting = entry.alias()
        first = (
            select(func.min(waiting.c.id))
            .where(waiting.c.conversation_id == conversation_id, waiting.c.state == "waiting")
            .scalar_subquery()
        )
        statement = (
            update(entry)
            .where(entry.c.id == first, entry.c.state == "waiting", _is_free(now, owner))
            .values(lease_by=owner, lease_until=now + self._lease)
            .returning(entry.c.id, entry.c.conversation_id, entry.c.sealed, entry.c.at)
        )
        # Asked first, because most conversations have nothing more, and a write would make others wait.
        with self.engine.connect() as connection:
            if not connection.execute(_STILL_WAITING, {_CONVERSATION: conversation_id}).scalar_one():
                return None
        with self.engine.begin() as connection:
            row = connection.execute(statement).one_or_none()
        return Waiting(*row) if row is not None else None

    def renew(self, places: Iterable[int], owner: str) -> None:
        """Keeps the leases of messages that are still being answered."""
        with self.engine.begin() as connection:
            connection.execute(
                update(entry)
                .where(entry.c.id.in_(list(places)), entry.c.lease_by == owner, entry.c.state == "waiting")
                .values(lease_until=self.clock() + self._lease)
            )

    def release(self, owner: str) -> None:
        """Gives up all leases: the messages stay waiting, for whoever comes."""
        with self.engine.begin() as connection:
            connection.execute(
                update(entry)
                .where(entry.c.lease_by == owner, entry.c.state == "waiting")
                .values(lease_by=None, lease_until=None)
            )

    def to_take_up(self, limit: int) -> list[str]:
        """Conversations with waiting messages that no living gateway has, the longest waiting first."""
        earlier = entry.alias()
        # Only the first of a conversation is ever taken up; behind it, messages wait without a lease.
        behind = exists().where(
            earlier.c.conversation_id == entry.c.conversation_id,
            earlier.c.state == "waiting",
            earlier.c.id < entry.c.id,
        )
        statement = (
            select(entry.c.conversation_id)
            .where(entry.c.state == "waiting", _is_free(self.clock(), None), ~behind)
            .order_by(entry.c.id)
            .limit(limit)
        )
        with self.engine.connect() as connection:
            return list(connection.execute(statement).scalars())

    def finish(self, message: Waiting, owner: str, replies: Sequence[dict[str, Any]]) -> int | None:
        """Stores the answer; returns how many messages of the conversation are still waiting.

        None where the message is no longer this gateway's to answer, and nothing is stored.
        """
        with self.engine.begin() as connection:
            self.touch(connection, message.conversation)
            if not _leave(connection, message.entry, owner, "answered"):
                return None
            passed = self.clock() - message.at
            for reply in replies:
                self.add(
                    connection,
                    message.conversation,
                    {
                        "kind": "assistant",
                        "reply_to": message.entry,
                        "text": str(reply.get("text") or ""),
                        "reply": json.dumps(reply, ensure_ascii=False),
                        **{name: reply.get(name) for name in ("decision", "operation", "aspect", "topic")},
                        "confidence": (reply.get(UNDERSTANDING) or {}).get("confidence"),
                        "rules_version": reply.get("rules_version"),
                        "milliseconds": round(passed.total_seconds() * 1000),
                    },
                )
            return int(connection.execute(_STILL_WAITING, {_CONVERSATION: message.conversation}).scalar_one())

    def fail(self, message: Waiting, owner: str, note: str) -> bool:
        """Gives a message up, and says so in the conversation. False where it is no longer this gateway's."""
        with self.engine.begin() as connection:
            self.touch(connection, message.conversation)
            if not _leave(connection, message.entry, owner, "failed"):
                return False
            self.add(connection, message.conversation, {"kind": "note", "reply_to": message.entry, "text": note})
            return True

    def withdraw(self, conversation_id: str, place: int) -> bool:
        """Gives a message up whose sender was told that there is no answer; False where it no longer waits."""
        with self.engine.begin() as connection:
            self.touch(connection, conversation_id)
            return _leave(connection, place, None, "failed")

    def delay(self, message: Waiting, owner: str) -> bool:
        """Notes that an attempt has failed, so that the conversation can be told that the answer takes longer.

        False where the message is no longer this gateway's to answer.
        """
        with self.engine.begin() as connection:
            self.touch(connection, message.conversation)
            return bool(
                connection.execute(
                    update(entry)
                    .where(entry.c.id == message.entry, entry.c.lease_by == owner, entry.c.state == "waiting")
                    .values(delayed=True)
                ).rowcount
            )

    def judge(self, conversation_id: str, place: int, score: str, reason: str | None, comment: str | None) -> bool:
        """Keeps what a user thinks of an answer, instead of an earlier judgement; False for what is no answer of it."""
        with self.engine.begin() as connection:
            its_own = exists().where(
                entry.c.id == place, entry.c.conversation_id == conversation_id, entry.c.kind == "assistant"
            )
            if not connection.execute(select(its_own)).scalar():
                return False
            values = {"score": score, "reason": reason, "comment": comment, "at": self.clock()}
            statement = insert_of(connection)(feedback).values(entry_id=place, **values)
            connection.execute(statement.on_conflict_do_update(index_elements=[feedback.c.entry_id], set_=values))
            return True

    def purge(self, older_than: timedelta) -> int:
        """Removes the conversations that nobody has spoken in for that long; returns how many."""
        with self.engine.begin() as connection:
            return connection.execute(
                delete(conversation).where(conversation.c.last_at < self.clock() - older_than)
            ).rowcount

    def touch(self, connection: Connection, conversation_id: str, speaker: Speaker | None = None) -> None:
        """Locks a conversation until the transaction ends and counts its version up; makes it for a speaker."""
        now = self.clock()
        its_own = {_CONVERSATION: conversation_id, "now": now}
        if connection.execute(_COUNT_UP, its_own).rowcount or speaker is None:
            return
        new = {
            "id": conversation_id,
            "channel": speaker.channel,
            "role": speaker.role,
            "signed_in": speaker.signed_in,
            "who": speaker.name,
            "opened_at": now,
            "last_at": now,
            "version": 0,
        }
        # Two gateways may get its first two messages at the same moment.
        connection.execute(insert_of(connection)(conversation).values(new).on_conflict_do_nothing())
        connection.execute(_COUNT_UP, its_own)

    def add(self, connection: Connection, conversation_id: str, values: dict[str, Any]) -> int:
        """Adds an entry to a conversation that this transaction has touched; returns its id."""
        new = {"conversation_id": conversation_id, "at": self.clock(), "delayed": False, **values}
        place = int(connection.execute(_ADD, new).scalar_one())
        index_entry(connection, place, new["text"])
        return place


def _is_free(now: datetime, owner: str | None) -> Any:
    free = or_(entry.c.lease_until.is_(None), entry.c.lease_until < now)
    return free if owner is None else or_(free, entry.c.lease_by == owner)


def _leave(connection: Connection, place: int, owner: str | None, state: State) -> bool:
    """Ends the waiting of a message, if it is waiting, and leased to this owner where one is given."""
    statement = _LEAVE if owner is None else _LEAVE_OWN
    return connection.execute(statement, {"place": place, "owner": owner, "become": state}).rowcount == 1
