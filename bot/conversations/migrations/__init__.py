"""The schema of the conversations database, step by step (Alembic, run from code)."""

from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from actions.accounts.migrations import upgrade_once

_SCRIPTS: Final = Path(__file__).parent / "scripts"
_LOCK: Final = 7_266_002


def upgrade(engine: Engine) -> None:
    """Brings the conversations database to the newest schema; of gateways that start at the same moment, one does it."""
    upgrade_once(engine, _SCRIPTS, _LOCK)
