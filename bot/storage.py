"""What the databases that the gateway writes to have in common: SQLite files and PostgreSQL."""

import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Engine, Integer, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite

# SQLite counts rows itself only where the key is INTEGER.
SEQUENCE: Final = BigInteger().with_variant(Integer, "sqlite")
NAMING: Final = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
}
# As many as the threads that may ask at the same time (`asyncio.to_thread` has at most 32).
_CONNECTIONS: Final = 32
_SWITCH_ATTEMPTS: Final = 100


def open_storage(url: str, *pragmas: str) -> Engine:
    """An engine for a database that several threads, and several gateways, write to at the same time.

    The folder of a SQLite file is made. `pragmas` are for SQLite only, see `sqlite_pragmas`. Raises SQLAlchemy's `ArgumentError` for what is no URL of a database.
    """
    parsed = make_url(url)
    options: dict[str, Any] = {"pool_size": _CONNECTIONS, "max_overflow": 0}
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, **options)
        event.listen(engine, "connect", sqlite_pragmas("foreign_keys=ON", *pragmas))
        return engine
    # A server that was restarted has cut the connections in the pool.
    return create_engine(parsed, pool_pre_ping=True, **options)


def sqlite_pragmas(*more: str) -> Callable[[Any, object], None]:
    """What a new SQLite connection is told: readers and a writer work side by side, a second writer waits.

    After a power cut the last transactions may be missing, but the file is whole. Of what is said twice, the later counts.
    """

    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in ("busy_timeout=10000", "synchronous=NORMAL", *more):
            cursor.execute(f"PRAGMA {pragma}")
        _write_ahead(cursor)
        cursor.close()

    return prepare


def _write_ahead(cursor: Any) -> None:
    """Switches a file to WAL, once and for all; several processes may open a new file at the same moment.

    Of two that switch, one is refused at once instead of waiting: SQLite sees that each would wait for the other.
    """
    for attempt in range(_SWITCH_ATTEMPTS):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or attempt == _SWITCH_ATTEMPTS - 1:
                raise
            time.sleep(random.uniform(0.001, 0.05))  # noqa: S311 - so that they do not meet again
        else:
            return


def insert_of(connection: Connection) -> Any:
    """The `insert` that knows ON CONFLICT, of the database in use."""
    return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
