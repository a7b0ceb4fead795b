"""Opens and migrates the identity database."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite

from actions.accounts.migrations import config

_SCRIPTS: Final = Path(__file__).parent / "migrations" / "scripts"
# Several gateways may start at the same moment: one migrates, the others wait. Any number, the same for all of them.
_ONE_AT_A_TIME: Final = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "SELECT pg_advisory_xact_lock(7266003)"}


def open_database(url: str) -> Engine:
    """An engine for the database at this SQLAlchemy URL, which is made or brought to the newest schema."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        database = make_url(url).database
        if database:
            Path(database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _prepare_sqlite)
    _upgrade(engine)
    return engine


def insert_unless_there(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """Inserts a row unless one has its primary key; says whether it did."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    return connection.execute(insert(table).values(values).on_conflict_do_nothing()).rowcount == 1


def _upgrade(engine: Engine) -> None:
    from alembic import command  # takes long to import, and is needed once

    with engine.begin() as connection:
        connection.execute(text(_ONE_AT_A_TIME[engine.dialect.name]))
        command.upgrade(config(connection, _SCRIPTS), "head")


def _prepare_sqlite(connection: object, _record: object) -> None:
    """Readers and a writer side by side, a second writer waits instead of failing, what is deleted is overwritten."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in (
        "journal_mode=WAL",
        "busy_timeout=5000",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
