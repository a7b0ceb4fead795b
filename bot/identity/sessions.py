"""Sessions: who is asking, kept on the server. The client holds an opaque token, the database only its hash."""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine, delete, or_, select, update

from actions.identity import Identity, from_metadata
from actions.privacy.sealing import seal, unseal
from bot.identity.database import open_database
from bot.identity.keys import Keys, identity_keys, new_token, token_hash
from bot.identity.models import chat_session, chat_session_subject

# Writing the time of last use on every message would double the writes for nothing.
_TOUCH_AFTER_SECONDS: Final = 60
ABSOLUTE_SECONDS: Final = 43_200.0


@dataclass(frozen=True, slots=True)
class ChatSession:
    """One conversation with one identity; a change of identity is always another session and conversation."""

    conversation: str
    identity: Identity | None


class SessionStore:
    """All sessions of the gateway. Synchronous: callers on an event loop use a thread.

    Args:
        url: SQLAlchemy URL of the identity database, which is made or migrated.
        idle_seconds: a session that is not used for this long is gone.
        demo: whether sessions signed in by demo means count; without it they do not exist.
        absolute_seconds: a session is gone so long after its beginning, however much it is used.
        clock: seconds since the epoch.
        keys: what numbers are hashed with; by default those of the settings.
    """

    def __init__(
        self,
        url: str,
        *,
        idle_seconds: float,
        demo: bool,
        absolute_seconds: float = ABSOLUTE_SECONDS,
        clock: Callable[[], float] = time.time,
        keys: Keys | None = None,
    ) -> None:
        self.engine: Final[Engine] = open_database(url)
        self.demo: Final = demo
        self._keys = keys or identity_keys()
        self._idle = int(idle_seconds)
        self._absolute = int(absolute_seconds)
        # Sessions that live shortly must be seen to be used more often than that.
        self._touch_after = min(_TOUCH_AFTER_SECONDS, self._idle // 2)
        self._clock = clock
        self.purge()

    def open(self, identity: Identity | None = None, *, demo: bool = False) -> str:
        """Opens a session with a conversation of its own; returns its token, which is stored nowhere."""
        return self.rotate(None, identity, demo=demo)

    def rotate(self, former: str | None, identity: Identity | None, *, demo: bool = False) -> str:
        """Ends the former session, if there is one, and opens another with another identity; returns its token."""
        token = new_token()
        conversation = secrets.token_hex(16)
        now = int(self._clock())
        with self.engine.begin() as database:
            if former is not None:
                database.execute(delete(chat_session).where(chat_session.c.token_hash == token_hash(former)))
            database.execute(
                chat_session.insert().values(
                    token_hash=token_hash(token),
                    conversation=conversation,
                    identity=seal(identity.to_metadata(), conversation) if identity else None,
                    demo=demo,
                    opened_at=now,
                    used_at=now,
                )
            )
            subjects = set(self._subjects(identity)) if identity else set()
            if subjects:
                database.execute(
                    chat_session_subject.insert(),
                    [{"token_hash": token_hash(token), "subject_hash": subject} for subject in sorted(subjects)],
                )
        return token

    def find(self, token: str) -> ChatSession | None:
        """The session of this token; None when there is none (any more)."""
        now = int(self._clock())
        key = token_hash(token)
        with self.engine.begin() as database:
            row = database.execute(select(chat_session).where(chat_session.c.token_hash == key)).one_or_none()
            if row is None or self._is_over(row.opened_at, row.used_at, now) or (row.demo and not self.demo):
                return None
            identity = None
            if row.identity is not None:
                try:
                    identity = from_metadata(unseal(row.identity, row.conversation))
                except ValueError:
                    return None  # sealed with another key: nobody can say whose it is
            if row.used_at < now - self._touch_after:
                database.execute(update(chat_session).where(chat_session.c.token_hash == key).values(used_at=now))
            return ChatSession(row.conversation, identity)

    def lives(self, token: str) -> bool:
        """Whether the session of this token is still there; asking does not count as using it."""
        with self.engine.connect() as database:
            query = select(chat_session).where(chat_session.c.token_hash == token_hash(token))
            row = database.execute(query).one_or_none()
        return (
            row is not None
            and not self._is_over(row.opened_at, row.used_at, int(self._clock()))
            and (self.demo or not row.demo)
        )

    def close(self, token: str) -> None:
        """Ends a session; ending one that is not there is no error."""
        with self.engine.begin() as database:
            database.execute(delete(chat_session).where(chat_session.c.token_hash == token_hash(token)))

    def end_all_of_number(self, number: str) -> int:
        """Ends every session in which this number is signed in; how many that were."""
        return self._end_all(self._keys.digest("session number", number))

    def end_all_of_customer(self, customer: str) -> int:
        """Ends every session of this customer; how many that were."""
        return self._end_all(self._keys.digest("session customer", customer))

    def purge(self) -> None:
        """Removes the sessions that are over."""
        now = int(self._clock())
        over = or_(chat_session.c.used_at < now - self._idle, chat_session.c.opened_at < now - self._absolute)
        with self.engine.begin() as database:
            database.execute(delete(chat_session).where(over))

    def dispose(self) -> None:
        """Closes the connections."""
        self.engine.dispose()

    def _is_over(self, opened_at: int, used_at: int, now: int) -> bool:
        return used_at < now - self._idle or opened_at < now - self._absolute

    def _subjects(self, identity: Identity) -> Iterator[str]:
        for number in identity.numbers:
            yield self._keys.digest("session number", number)
        if identity.customer:
            yield self._keys.digest("session customer", identity.customer)

    def _end_all(self, subject: str) -> int:
        theirs = select(chat_session_subject.c.token_hash).where(chat_session_subject.c.subject_hash == subject)
        with self.engine.begin() as database:
            return database.execute(delete(chat_session).where(chat_session.c.token_hash.in_(theirs))).rowcount
