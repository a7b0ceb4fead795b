"""Engines for the databases that the gateway writes to: SQLite files and PostgreSQL."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event, make_url

# As many as the threads that may ask at the same time (`asyncio.to_thread` has at most 32).
_CONNECTIONS: Final = 32


def open_storage(url: str) -> Engine:
    """An engine for a database that several threads, and several gateways, write to at the same time.

    The folder of a SQLite file is made. Raises SQLAlchemy's `ArgumentError` for what is no URL of a database.
    """
    parsed = make_url(url)
    options: dict[str, Any] = {"pool_size": _CONNECTIONS, "max_overflow": 0}
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, **options)
        event.listen(engine, "connect", _prepare_sqlite)
        return engine
    # A server that was restarted has cut the connections in the pool.
    return create_engine(parsed, pool_pre_ping=True, **options)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Lets readers and a writer work side by side, and makes a second writer wait instead of failing."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "busy_timeout=10000", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
