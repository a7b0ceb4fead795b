"""Sessions: who is asking, kept on the server. The client holds an opaque token, the database only its hash."""

import hashlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, String, Text, create_engine, delete, event, make_url, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from actions.identity import Identity, from_metadata

_TOKEN_BYTES: Final = 32
# Writing the time of last use on every message would double the writes for nothing.
_TOUCH_AFTER_SECONDS: Final = 60


class _Base(DeclarativeBase):
    pass


class _Row(_Base):
    __tablename__ = "gateway_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation: Mapped[str] = mapped_column(String(64), unique=True)
    identity: Mapped[str | None] = mapped_column(Text)
    demo: Mapped[bool]
    opened_at: Mapped[int]
    used_at: Mapped[int] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class ChatSession:
    """One conversation with one identity; a change of identity is always another session and conversation."""

    conversation: str
    identity: Identity | None


class SessionStore:
    """All sessions of the gateway. Synchronous: callers on an event loop use a thread.

    Args:
        url: SQLAlchemy URL of the database; its table is created when missing.
        idle_seconds: a session that is not used for this long is gone.
        demo: whether sessions signed in by the demo sign-in count; without it they do not exist.
        clock: seconds since the epoch.
    """

    def __init__(self, url: str, *, idle_seconds: float, demo: bool, clock: Callable[[], float] = time.time) -> None:
        self._engine = _engine(url)
        self._idle = int(idle_seconds)
        # Sessions that live shortly must be seen to be used more often than that.
        self._touch_after = min(_TOUCH_AFTER_SECONDS, self._idle // 2)
        self._demo = demo
        self._clock = clock
        _Base.metadata.create_all(self._engine)
        self.purge()

    def open(self, identity: Identity | None = None, *, demo: bool = False) -> str:
        """Opens a session with a conversation of its own; returns its token, which is stored nowhere."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        now = int(self._clock())
        row = _Row(
            token_hash=_hash(token),
            conversation=secrets.token_hex(16),
            identity=json.dumps(identity.to_metadata(), ensure_ascii=False) if identity else None,
            demo=demo,
            opened_at=now,
            used_at=now,
        )
        with Session(self._engine) as database, database.begin():
            database.add(row)
        return token

    def find(self, token: str) -> ChatSession | None:
        """The session of this token; None when there is none (any more)."""
        now = int(self._clock())
        with Session(self._engine) as database, database.begin():
            row = database.scalar(select(_Row).where(_Row.token_hash == _hash(token)))
            if row is None or row.used_at < now - self._idle or (row.demo and not self._demo):
                return None
            if row.used_at < now - self._touch_after:
                database.execute(update(_Row).where(_Row.token_hash == row.token_hash).values(used_at=now))
            identity = from_metadata(json.loads(row.identity)) if row.identity else None
            return ChatSession(row.conversation, identity)

    def close(self, token: str) -> None:
        """Ends a session; ending one that is not there is no error."""
        with Session(self._engine) as database, database.begin():
            database.execute(delete(_Row).where(_Row.token_hash == _hash(token)))

    def purge(self) -> None:
        """Removes the sessions that have not been used for too long."""
        with Session(self._engine) as database, database.begin():
            database.execute(delete(_Row).where(_Row.used_at < int(self._clock()) - self._idle))

    def dispose(self) -> None:
        """Closes the connections."""
        self._engine.dispose()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _engine(url: str) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        database = make_url(url).database
        if database:
            Path(database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: object, _record: object) -> None:
    """Lets readers and a writer work side by side, and makes a second writer wait instead of failing."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()
