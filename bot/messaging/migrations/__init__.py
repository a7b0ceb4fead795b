"""The schema of the messaging tables, step by step (Alembic, run from code)."""

from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from actions.accounts.migrations import upgrade_once

_SCRIPTS: Final = Path(__file__).parent / "scripts"
_LOCK: Final = 7_266_004


def upgrade(engine: Engine) -> None:
    """Brings the messaging tables to the newest schema; of gateways that start at the same moment, one does it."""
    upgrade_once(engine, _SCRIPTS, _LOCK)
