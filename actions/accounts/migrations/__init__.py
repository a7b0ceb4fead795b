"""The schema of the accounts database, step by step (Alembic, run from code).

`scripts/` is no package: the action server imports every module below `actions`, and these only run inside Alembic.
"""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from actions.accounts.database import chinese_faults, open_engine, parse_url, sqlite_file

_SCRIPTS: Final = Path(__file__).parent / "scripts"
# How a database lets one process migrate while others wait; the number tells one kind of database from another.
_ONE_AT_A_TIME: Final = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "SELECT pg_advisory_xact_lock({lock})"}


def upgrade(url: str, revision: str = "head") -> None:
    """Brings the accounts database to the newest schema, making a SQLite file where there is none."""
    parsed = parse_url(url)
    file = sqlite_file(parsed)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    engine = open_engine(parsed)
    try:
        with chinese_faults(parsed), engine.begin() as connection:
            command.upgrade(config(connection), revision)
    finally:
        engine.dispose()


def config(connection: Connection, scripts: Path = _SCRIPTS) -> Config:
    """Alembic's configuration, without an ini file; the migrations run on this connection."""
    result = Config()
    result.set_main_option("script_location", str(scripts).replace("%", "%%"))
    result.attributes["connection"] = connection
    return result


def upgrade_once(engine: Engine, scripts: Path, lock: int) -> None:
    """Brings a database to the newest schema of these scripts; several processes may do so at the same moment.

    `lock`: any number, the same for everybody who migrates databases of this kind, and another one for other kinds.
    """
    with engine.begin() as connection:
        connection.execute(text(_ONE_AT_A_TIME[engine.dialect.name].format(lock=lock)))
        command.upgrade(config(connection, scripts), "head")
