"""The outbox: what is said in people's conversations and was not given in the reply to a delivery is sent to them.

Entries become texts to send in one transaction with the place up to which that is done, so that none is forgotten and none
comes twice, whichever gateway does it and whenever it is stopped. Texts of one person are sent in their order. A text whose
sending was cut off by the end of a gateway is sent again: once too often is better than never.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from bot.conversations.entries import Entry, entry_of
from bot.conversations.models import entry, handoff
from bot.conversations.reading import ENTRY
from bot.messaging.models import delivery, former, person, received
from bot.messaging.store import MessagingStore, newest_entry
from bot.storage import insert_of

logger = logging.getLogger("bot.messaging")

# A delivery whose gateway has not decided after so long is answered by the outbox.
_UNDECIDED_SECONDS: Final = 6.0
# After so long the platform does not deliver a message again, and what is no entry by then never becomes one.
_FRESH_SECONDS: Final = 60.0
# What follows on the reply to a delivery is sent a moment after it.
_AFTER_PASSIVE_SECONDS: Final = 0.5
_LEASE_SECONDS: Final = 40.0
# No call to a platform takes longer, its repetitions included.
_SENDING_SECONDS: Final = 28.0
_POLL_SECONDS: Final = 0.5
_PURGE_SECONDS: Final = 3600.0
_MOST_ATTEMPTS: Final = 10
_LONGEST_PAUSE_SECONDS: Final = 600.0
_AT_A_TIME: Final = 16
_ENTRIES: Final = 100
_SAID_TO_PEOPLE: Final = ("assistant", "staff", "note")


class Hold(Exception):  # noqa: N818 - it is an outcome
    """Nothing can be sent to this person until they write again; the argument is the reason."""


class Refused(Exception):  # noqa: N818
    """The platform will never take this text; the argument is the reason."""


class Unconfirmed(Exception):  # noqa: N818
    """It was sent, but there was no answer: it may have arrived, and is not sent again."""


class Later(Exception):  # noqa: N818
    """It could not be sent now; the argument is the reason."""


class Sender(Protocol):
    """Sends one text to a person by the id that the platform knows; raises one of the four outcomes above."""

    async def __call__(self, account: str, text: str) -> None:
        """Sends it."""
        ...


@dataclass(frozen=True, slots=True)
class _Letter:
    id: int
    account: str
    text: str
    attempts: int
    lease_until: float


class Outbox:
    """One gateway's part in the outbox of a platform's account.

    Args:
        store: the people and what came in.
        send: sends a text.
        render: the texts that an entry is told in.
    """

    def __init__(self, store: MessagingStore, send: Sender, render: Callable[[Entry], Sequence[str]]) -> None:
        self._store = store
        self._send = send
        self._render = render
        self._awake = asyncio.Event()
        self._stopping = False
        self._sending: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begins, and goes on with what is there already."""
        self._task = asyncio.create_task(self._forever())

    async def stop(self) -> None:
        """Ends, after what is being sent has been; the rest stays in the database."""
        self._stopping = True
        self._awake.set()
        if self._task is not None:
            await self._task
        await asyncio.gather(*self._sending, return_exceptions=True)

    def wake(self) -> None:
        """There may be something to send."""
        self._awake.set()

    async def _forever(self) -> None:
        loop = asyncio.get_running_loop()
        purged = -_PURGE_SECONDS
        while not self._stopping:
            self._awake.clear()
            try:
                await asyncio.to_thread(self.collect)
                room = _AT_A_TIME - len(self._sending)
                for letter in await asyncio.to_thread(self._claim, room) if room else ():
                    task = asyncio.create_task(self._deliver(letter))
                    self._sending.add(task)
                    task.add_done_callback(self._done)
                if loop.time() - purged >= _PURGE_SECONDS:
                    purged = loop.time()
                    await asyncio.to_thread(self._store.purge)
            except SQLAlchemyError:
                logger.exception("The messaging tables cannot be used.")
            try:
                await asyncio.wait_for(self._awake.wait(), _POLL_SECONDS)
            except TimeoutError:
                continue

    def _done(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self._awake.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("A text could not be sent.", exc_info=error)

    # From entries to texts

    def collect(self) -> None:
        """Hands over what has been said to people since the last time.

        Only people for whom something is new, or nothing more can come, are looked at one by one: while many wait for an
        answer there are many of them, and this is asked several times a second.
        """
        newer = exists().where(entry.c.conversation_id == person.c.conversation, entry.c.id > person.c.cursor)
        due = or_(newer, ~_goes_on(person.c.id, person.c.conversation, self._store.clock()))
        waiting = select(person).where(person.c.platform == self._store.platform, person.c.open.is_(True), due)
        with self._store.engine.connect() as connection:
            people = connection.execute(waiting).all()
            past = select(former.c.person_id.label("id"), former.c.conversation, former.c.cursor)
            mine = past.join(person, person.c.id == former.c.person_id).where(person.c.platform == self._store.platform)
            ended = connection.execute(mine).all()
        for who in ended:
            with self._store.engine.begin() as connection:
                self._collect(connection, who, _advance_former)
        for who in people:
            with self._store.engine.begin() as connection:
                self._collect(connection, who, _advance)

    def _collect(self, connection: Connection, who: Any, advance: "_Advance") -> None:
        now = self._store.clock()
        rows = connection.execute(
            ENTRY.where(entry.c.conversation_id == who.conversation, entry.c.id > who.cursor)
            .order_by(entry.c.id)
            .limit(_ENTRIES)
        ).all()
        cursor = who.cursor
        letters: list[dict[str, Any]] = []
        told: dict[int, int] = {}
        for one in map(entry_of, rows):
            if one.kind in _SAID_TO_PEOPLE:
                came = _came(connection, one.reply_to)
                if came is not None and came.state == "taken":
                    if came.at > now - _UNDECIDED_SECONDS:
                        break
                    mine = and_(received.c.key_hash == came.key_hash, received.c.state == "taken")
                    if not connection.execute(update(received).where(mine).values(state="deferred")).rowcount:
                        break
                passive = came is not None and came.state == "passive"
                # The first text of the first answer was given in the reply to the delivery.
                skipped = passive and one.reply_to is not None and _is_first_answer(connection, one, told)
                letters += [
                    {
                        "person_id": who.id,
                        "entry": one.id,
                        "part": part,
                        "text": text,
                        "due_at": now + (_AFTER_PASSIVE_SECONDS if passive else 0.0),
                    }
                    for part, text in enumerate(self._render(one))
                    if part or not skipped
                ]
            cursor = one.id
        goes_on = select(_goes_on(who.id, who.conversation, now))
        everything = cursor == newest_entry(connection, who.conversation)
        if not advance(connection, who, cursor, everything and not connection.execute(goes_on).scalar()):
            connection.rollback()
            return
        for letter in letters:
            new = {"state": "waiting", "attempts": 0, "lease_until": 0.0, **letter}
            connection.execute(insert_of(connection)(delivery).values(new).on_conflict_do_nothing())

    # From texts to people

    def _claim(self, most: int) -> list[_Letter]:
        """Texts that are due and that nobody sends: of each person the first that is not yet sent."""
        now = self._store.clock()
        earlier = delivery.alias()
        behind = exists().where(
            earlier.c.person_id == delivery.c.person_id,
            earlier.c.id < delivery.c.id,
            earlier.c.state.in_(("waiting", "sending", "held")),
        )
        free = or_(
            and_(delivery.c.state == "waiting", delivery.c.due_at <= now),
            and_(delivery.c.state == "sending", delivery.c.lease_until < now),
        )
        found = []
        with self._store.engine.begin() as connection:
            due = (
                select(delivery, person.c.account_sealed, person.c.quota, person.c.quota_until)
                .join(person, person.c.id == delivery.c.person_id)
                .where(person.c.platform == self._store.platform, free, ~behind)
                .order_by(delivery.c.id)
                .limit(most)
            )
            for row in connection.execute(due).all():
                mine = and_(
                    delivery.c.id == row.id, delivery.c.state == row.state, delivery.c.lease_until == row.lease_until
                )
                if row.quota <= 0 or row.quota_until <= now:
                    connection.execute(update(delivery).where(mine).values(state="held", reason="quota"))
                    continue
                taking = update(delivery).where(mine).values(state="sending", lease_until=now + _LEASE_SECONDS)
                if connection.execute(taking).rowcount:
                    less = update(person).where(person.c.id == row.person_id)
                    connection.execute(less.values(quota=person.c.quota - 1))
                    account = self._store.account_of(row.account_sealed)
                    found.append(_Letter(row.id, account, row.text, row.attempts + 1, now + _LEASE_SECONDS))
        return found

    async def _deliver(self, letter: _Letter) -> None:
        if self._store.clock() > letter.lease_until - _SENDING_SECONDS:
            # This gateway stood still since: another one may be sending it by now, or will be.
            logger.warning("a text was not sent: its lease is about to end")
            return
        state, reason, pause = "sent", None, 0.0
        try:
            await self._send(letter.account, letter.text)
        except Hold as error:
            state, reason = "held", str(error)
        except Refused as error:
            state, reason = "failed", str(error)
        except Unconfirmed as error:
            state, reason = "unconfirmed", str(error)
        except Later as error:
            last = letter.attempts >= _MOST_ATTEMPTS
            state, reason = ("failed" if last else "waiting"), str(error)
            pause = min(0.5 * 2**letter.attempts, _LONGEST_PAUSE_SECONDS)
        if state != "sent":
            logger.warning("a text was not sent: %s", reason, extra={"state": state})
        await asyncio.to_thread(self._note, letter, state, reason, pause)

    def _note(self, letter: _Letter, state: str, reason: str | None, pause: float) -> None:
        values = {
            "state": state,
            "reason": reason,
            "attempts": letter.attempts,
            "due_at": self._store.clock() + pause,
            "lease_until": 0.0,
        }
        with self._store.engine.begin() as connection:
            # Not where the lease ended meanwhile and another gateway has it.
            mine = and_(
                delivery.c.id == letter.id,
                delivery.c.state == "sending",
                delivery.c.lease_until == letter.lease_until,
            )
            noted = connection.execute(update(delivery).where(mine).values(values)).rowcount
            if noted and state == "waiting":
                whose = select(delivery.c.person_id).where(delivery.c.id == letter.id).scalar_subquery()
                connection.execute(update(person).where(person.c.id == whose).values(quota=person.c.quota + 1))


# Notes up to which entry a conversation has been handed over, and whether that is all; False where somebody else did.
_Advance = Callable[[Connection, Any, int, bool], bool]


def _advance(connection: Connection, who: Any, cursor: int, done: bool) -> bool:
    unchanged = and_(
        person.c.id == who.id,
        person.c.cursor == who.cursor,
        person.c.conversation == who.conversation,
        person.c.used_at == who.used_at,
    )
    values: dict[str, Any] = {"cursor": cursor, **({"open": False} if done else {})}
    return bool(connection.execute(update(person).where(unchanged).values(values)).rowcount)


def _advance_former(connection: Connection, past: Any, cursor: int, done: bool) -> bool:
    unchanged = and_(former.c.conversation == past.conversation, former.c.cursor == past.cursor)
    change = delete(former).where(unchanged) if done else update(former).where(unchanged).values(cursor=cursor)
    return bool(connection.execute(change).rowcount)


def _came(connection: Connection, place: int | None) -> Any:
    """The delivery whose message an entry answers; None where it answers none."""
    if place is None:
        return None
    by_key = select(received).join(entry, entry.c.client_id == received.c.key_hash).where(entry.c.id == place)
    return connection.execute(by_key).first()


def _is_first_answer(connection: Connection, one: Entry, told: dict[int, int]) -> bool:
    """Whether no entry before this one answers the same message."""
    assert one.reply_to is not None  # noqa: S101 - only asked of answers
    if one.reply_to not in told:
        first = select(func.min(entry.c.id)).where(entry.c.reply_to == one.reply_to, entry.c.kind == "assistant")
        told[one.reply_to] = int(connection.execute(first).scalar() or 0)
    return told[one.reply_to] == one.id


def _goes_on(who: Any, conversation: Any, now: float) -> ColumnElement[bool]:
    """Whether more may be said to somebody by itself: a message waits, or a person has been asked for."""
    waiting = exists().where(entry.c.conversation_id == conversation, entry.c.state == "waiting")
    asked = exists().where(handoff.c.conversation_id == conversation, handoff.c.state.in_(("queued", "claimed")))
    # A message that has come in and is not an entry yet, or whose answer's way is not decided.
    fresh = received.c.at > now - _FRESH_SECONDS
    undecided = exists().where(received.c.person_id == who, received.c.state == "taken", fresh)
    return or_(waiting, asked, undecided)
