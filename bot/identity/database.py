"""Opens and migrates the identity database."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table

from actions.accounts.migrations import upgrade_once
from bot.storage import insert_of, open_storage

_SCRIPTS: Final = Path(__file__).parent / "migrations" / "scripts"
_LOCK: Final = 7_266_003


def open_database(url: str) -> Engine:
    """An engine for the database at this SQLAlchemy URL, which is made or brought to the newest schema."""
    # What is deleted here is overwritten in the file as well.
    engine = open_storage(url, "busy_timeout=5000", "secure_delete=ON")
    upgrade_once(engine, _SCRIPTS, _LOCK)
    return engine


def insert_unless_there(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """Inserts a row unless one has its primary key; says whether it did."""
    insert = insert_of(connection)
    return bool(connection.execute(insert(table).values(values).on_conflict_do_nothing()).rowcount == 1)
