"""The schema of the audit trail, step by step (Alembic, run from code)."""

from pathlib import Path
from typing import Final

from alembic import command
from sqlalchemy import text

from actions.accounts.migrations import config
from actions.audit.database import audit_engine, audit_faults, parse_audit_url

_SCRIPTS: Final = Path(__file__).parent / "scripts"
# Any number, the same for everybody who wants to migrate.
_ADVISORY_LOCK: Final = 7_266_001
# Several processes may find at the same moment that there is no trail yet: one makes it, the others wait for it.
_ONE_AT_A_TIME: Final = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})",
}


def upgrade(url: str) -> None:
    """Brings the audit database to the newest schema, making a SQLite file where there is none. Raises `AuditError`."""
    parsed = parse_audit_url(url)
    with audit_faults(parsed):
        engine = audit_engine(parsed, create=True)
        try:
            with engine.begin() as connection:
                connection.execute(text(_ONE_AT_A_TIME[engine.dialect.name]))
                command.upgrade(config(connection, _SCRIPTS), "head")
        finally:
            engine.dispose()
