"""The schema of the audit trail, step by step (Alembic, run from code)."""

from pathlib import Path
from typing import Final

from actions.accounts.migrations import upgrade_once
from actions.audit.database import audit_engine, audit_faults, parse_audit_url

_SCRIPTS: Final = Path(__file__).parent / "scripts"
_LOCK: Final = 7_266_001


def upgrade(url: str) -> None:
    """Brings the audit database to the newest schema, making a SQLite file where there is none. Raises `AuditError`."""
    parsed = parse_audit_url(url)
    with audit_faults(parsed):
        engine = audit_engine(parsed, create=True)
        try:
            upgrade_once(engine, _SCRIPTS, _LOCK)
        finally:
            engine.dispose()
