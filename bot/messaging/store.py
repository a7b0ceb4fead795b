"""What came in over a platform and what became of it. Synchronous: callers on an event loop use a thread.

Every further delivery of the same message gets the first result. Whether an answer goes into the reply to a delivery or
into the outbox is decided once, in the database, so that of several gateways, and of one that is started again in the
middle, never both do it.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, Literal

from sqlalchemy import Connection, Engine, Select, and_, delete, exists, func, or_, select, update

from actions.identity import Identity
from actions.privacy.sealing import seal, unseal
from bot.conversations.limits import Limits
from bot.conversations.models import entry
from bot.identity.keys import Keys
from bot.messaging.models import binding, delivery, former, person, received, seen_nonce
from bot.storage import insert_of

Platform = Literal["wechat", "wecom"]
State = Literal["taken", "passive", "deferred"]

_KEEP_SECONDS: Final = 2 * 86_400.0
_KEEP_SENT_SECONDS: Final = 30 * 86_400.0
_RETENTION: Final = Limits().retention
# What is held for want of quota is sent again a moment later than the answer that may carry it.
_HELD_PAUSE_SECONDS: Final = 6.0
QUOTA_REASONS: Final = ("45015", "45047", "quota")


@dataclass(frozen=True, slots=True)
class Credit:
    """What may be sent to somebody because of what they did: so many messages for so many seconds."""

    messages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Taken:
    """Something that came in. `text`: of the answer given to its first delivery."""

    key: str
    person: int
    conversation: str
    state: State
    first: bool
    text: str | None = None


class MessagingStore:
    """The people, the received and the nonces of one platform's account.

    Args:
        engine: the conversations database, migrated.
        keys: what ids of people and messages are hashed with.
        platform: the platform.
        app: the account or app on it.
        idle_seconds: after so long a person's next message begins another conversation.
        retention: so long after their last message a person is forgotten of whom nothing is bound and to whom nothing
            is to be sent.
        clock: seconds since the epoch.
    """

    def __init__(
        self,
        engine: Engine,
        keys: Keys,
        platform: Platform,
        app: str,
        *,
        idle_seconds: float,
        retention: timedelta = _RETENTION,
        clock: Callable[[], float],
    ) -> None:
        self.engine: Final = engine
        self.platform: Final = platform
        self.clock: Final = clock
        self._keys = keys
        self._app = app
        self._idle = idle_seconds
        self._retention = retention

    def take(self, account: str, key: str, credit: Credit | None) -> Taken:
        """Notes a delivery with this key from this person; what is known already comes back as it stands.

        `credit` is what the person gains by it, the first time it comes.
        """
        now = self.clock()
        hashed = self._hash("received", key)
        with self.engine.begin() as connection:
            who = self._person(connection, account, now)
            new = {
                "key_hash": hashed,
                "person_id": who.id,
                "conversation": who.conversation,
                "state": "taken",
                "at": now,
            }
            first = connection.execute(insert_of(connection)(received).values(new).on_conflict_do_nothing()).rowcount
            if first:
                self._touch(connection, who, now, credit)
                return Taken(hashed, who.id, who.conversation, "taken", first=True)
            return _taken(
                connection.execute(select(received).where(received.c.key_hash == hashed)).one(),
            )

    def settle(self, taken: Taken, text: str | None, limit: int = 0) -> Taken:
        """Decides how the answer is given, unless that is decided: in the reply to the delivery, or by the outbox (None).

        What is held for the person goes in front of it, as far as a message of `limit` bytes holds it.
        """
        state: State = "deferred" if text is None else "passive"
        mine = received.c.key_hash == taken.key
        with self.engine.connect() as connection:
            still = select(received).where(mine).with_for_update()
            if connection.execute(still).one().state == "taken":
                text = text if text is None else _with_held(connection, taken.person, text, limit)
                undecided = update(received).where(mine, received.c.state == "taken")
                if connection.execute(undecided.values(state=state, text=text)).rowcount:
                    connection.commit()
                else:
                    # Somebody else was quicker: what was taken out of the outbox for this text stays in it.
                    connection.rollback()
            return _taken(connection.execute(select(received).where(mine)).one())

    def conversation_of(self, taken: Taken, identity: Identity | None) -> Taken:
        """The same, with the conversation of this identity: a conversation never goes on under another one.

        What is still to be said in the former one is delivered all the same.
        """
        whose = self.identity_hash(identity)
        while True:
            with self.engine.begin() as connection:
                found = self._conversation_of(connection, taken, whose)
            if found is not None:
                return found

    def _conversation_of(self, connection: Connection, taken: Taken, whose: str | None) -> Taken | None:
        """See above; None where another gateway has changed the conversation at the same moment."""
        who = connection.execute(select(person).where(person.c.id == taken.person).with_for_update()).one()
        # A further delivery of what has been submitted is not submitted again elsewhere.
        if connection.execute(_submitted(taken)).scalar():
            return taken
        conversation = who.conversation
        if who.identity_hash != whose:
            conversation = secrets.token_hex(16)
            unchanged = (person.c.id == who.id) & (person.c.conversation == who.conversation)
            another = update(person).where(unchanged).values(conversation=conversation, identity_hash=whose, open=True)
            if not connection.execute(another).rowcount:
                return None
            past = {"conversation": who.conversation, "person_id": who.id, "cursor": who.cursor}
            connection.execute(insert_of(connection)(former).values(past).on_conflict_do_nothing())
        if conversation != taken.conversation:
            mine = received.c.key_hash == taken.key
            connection.execute(update(received).where(mine).values(conversation=conversation))
        return replace(taken, conversation=conversation)

    def look(self, taken: Taken) -> Taken:
        """What has become of it since."""
        with self.engine.connect() as connection:
            return _taken(connection.execute(select(received).where(received.c.key_hash == taken.key)).one())

    def is_entry(self, taken: Taken) -> bool:
        """Whether what came in stands in its conversation, where it will be answered."""
        with self.engine.connect() as connection:
            return bool(connection.execute(_submitted(taken)).scalar())

    def is_first_use(self, nonce: str, content: str, seconds: float) -> bool:
        """Whether a nonce has not come before with other content; remembers it for so long."""
        now = self.clock()
        hashed, what = self._hash("nonce", nonce), self._hash("content", content)
        new = {"nonce_hash": hashed, "content_hash": what, "expires_at": now + seconds}
        with self.engine.begin() as connection:
            if connection.execute(insert_of(connection)(seen_nonce).values(new).on_conflict_do_nothing()).rowcount:
                return True
            known = select(seen_nonce.c.content_hash).where(seen_nonce.c.nonce_hash == hashed)
            return connection.execute(known).scalar() == what

    def account_of(self, sealed: str) -> str:
        """The id of a person on the platform, for sending."""
        return str(unseal(sealed, self._context))

    def purge(self) -> None:
        """Forgets what no delivery and no sending can need any more, and people who have not written for too long."""
        now = self.clock()
        with self.engine.begin() as connection:
            connection.execute(delete(received).where(received.c.at < now - _KEEP_SECONDS))
            connection.execute(delete(seen_nonce).where(seen_nonce.c.expires_at < now))
            over = delivery.c.state.not_in(("waiting", "sending")) & (delivery.c.due_at < now - _KEEP_SENT_SECONDS)
            connection.execute(delete(delivery).where(over))
            gone = person.c.used_at < now - self._retention.total_seconds(), person.c.open.is_(False)
            bound = exists().where(binding.c.person_id == person.c.id)
            unsent = exists().where(
                delivery.c.person_id == person.c.id, delivery.c.state.in_(("waiting", "sending", "held"))
            )
            unsaid = exists().where(former.c.person_id == person.c.id)
            connection.execute(delete(person).where(*gone, ~bound, ~unsent, ~unsaid))

    @property
    def scope(self) -> str:
        """The platform and the account or app on it."""
        return f"{self.platform} {self._app}"

    @property
    def _context(self) -> str:
        return f"messaging {self.scope}"

    def account_hash(self, account: str) -> str:
        """What stands for a person."""
        return self._hash("account", account)

    def identity_hash(self, identity: Identity | None) -> str | None:
        """What stands for who somebody is, their numbers included; None for nobody known."""
        if identity is None:
            return None
        return self._hash("identity", json.dumps([identity.role, identity.customer, *sorted(identity.numbers)]))

    def _hash(self, purpose: str, value: str) -> str:
        return self._keys.digest(f"messaging {purpose}", self.platform, self._app, value)

    def _person(self, connection: Connection, account: str, now: float) -> Any:
        """The row of a person, with a conversation that goes on."""
        mine = select(person).where(person.c.account_hash == self.account_hash(account))
        row = connection.execute(mine).one_or_none()
        if row is not None and row.used_at < now - self._idle and not row.open:
            connection.execute(
                update(person)
                .where(person.c.id == row.id, person.c.used_at == row.used_at)
                .values(conversation=secrets.token_hex(16), used_at=now)
            )
            # They may be forgotten at this very moment.
            row = connection.execute(mine).one_or_none()
        if row is None:
            new = {
                "platform": self.platform,
                "account_hash": self.account_hash(account),
                "account_sealed": seal(account, self._context),
                "conversation": secrets.token_hex(16),
                "used_at": now,
                "quota": 0,
                "quota_until": 0.0,
                "cursor": 0,
                "open": False,
            }
            # Two of their messages may come at once.
            connection.execute(insert_of(connection)(person).values(new).on_conflict_do_nothing())
            row = connection.execute(mine).one()
        return row

    def _touch(self, connection: Connection, who: Any, now: float, credit: Credit | None) -> None:
        values: dict[str, Any] = {"used_at": now, "open": True}
        if credit is not None:
            left = who.quota if who.quota_until > now else 0
            values |= {
                "quota": max(left, credit.messages),
                "quota_until": max(who.quota_until, now + credit.seconds),
            }
            held = (delivery.c.person_id == who.id) & (delivery.c.state == "held")
            again = update(delivery).where(held, delivery.c.reason.in_(QUOTA_REASONS))
            connection.execute(again.values(state="waiting", attempts=0, due_at=now + _HELD_PAUSE_SECONDS))
        connection.execute(update(person).where(person.c.id == who.id).values(values))


def _submitted(taken: Taken) -> Select[tuple[bool]]:
    """Whether the message has become an entry of its conversation."""
    return select(exists().where(entry.c.conversation_id == taken.conversation, entry.c.client_id == taken.key))


def _taken(row: Any) -> Taken:
    return Taken(row.key_hash, row.person_id, row.conversation, row.state, first=False, text=row.text)


def _with_held(connection: Connection, who: int, text: str, limit: int) -> str:
    """The text with what could not be sent before in front of it, as far as one message holds it."""
    stuck = or_(delivery.c.state == "held", and_(delivery.c.state == "waiting", delivery.c.reason.is_not(None)))
    first = select(func.min(delivery.c.id)).where(delivery.c.person_id == who, stuck).scalar_subquery()
    # What waits behind a text that cannot be sent cannot be sent either.
    held = and_(delivery.c.state.in_(("held", "waiting")), delivery.c.id >= first)
    mine = select(delivery.c.id, delivery.c.text).where(delivery.c.person_id == who, held).order_by(delivery.c.id)
    rows = connection.execute(mine).all()
    while rows:
        joined = "\n\n".join([*(row.text for row in rows), text])
        if len(joined.encode()) <= limit:
            # One that is being sent by now is not given as well; then none is, so that they keep their order.
            given = update(delivery).where(delivery.c.id.in_([row.id for row in rows]), held)
            savepoint = connection.begin_nested()
            if connection.execute(given.values(state="sent", reason="passive")).rowcount == len(rows):
                savepoint.commit()
                return joined
            savepoint.rollback()
            return text
        rows = rows[:-1]
    return text


def newest_entry(connection: Connection, conversation: str) -> int:
    """The id of the newest entry of a conversation; 0 where there is none."""
    found = connection.execute(select(func.max(entry.c.id)).where(entry.c.conversation_id == conversation)).scalar()
    return int(found or 0)
