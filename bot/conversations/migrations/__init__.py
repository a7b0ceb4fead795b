"""The schema of the conversations database, step by step (Alembic, run from code)."""

from pathlib import Path
from typing import Final

from alembic import command
from sqlalchemy import Engine

from actions.accounts.migrations import config

_SCRIPTS: Final = Path(__file__).parent / "scripts"


def upgrade(engine: Engine) -> None:
    """Brings the conversations database to the newest schema."""
    with engine.begin() as connection:
        command.upgrade(config(connection, _SCRIPTS), "head")
