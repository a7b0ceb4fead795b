"""A real trail, a few records in it, and the ways in which somebody with the database's password tampers with it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from actions.audit.chain import Chain, Content
from actions.audit.migrations import upgrade
from actions.audit.trail import Trail

KEY = b"a key that only the tests have"


def content(**changes: Any) -> Content:
    """What a look at one number puts on record."""
    return {
        "channel": "conversation", "role": "staff", "who": "王芳", "purpose": "解答咨询", "operation": "change_number",
        "on_day": "2026-11-22", "rules_version": "0123456789ab", "facts": "[]", "assumed": None,
        "number_hash": "0" * 64, "number_masked": "186****0101", "status": "allowed", **changes,
    }  # fmt: skip


@pytest.fixture
def trail(database_url: str) -> Iterator[Trail]:
    """An empty trail, once on SQLite and once on PostgreSQL."""
    upgrade(database_url)
    trail = Trail(database_url, Chain(KEY))
    yield trail
    trail.close()


@pytest.fixture
def filled(trail: Trail) -> Trail:
    """A trail of eight records."""
    for number in range(1, 9):
        trail.append(content(who=f"员工{number}"))
    return trail


Tamper = Callable[..., None]


@pytest.fixture
def tamper(database_url: str) -> Tamper:
    """Runs statements as the owner of the database, with the triggers out of the way."""

    def run(*statements: str) -> None:
        engine = create_engine(database_url)
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                    connection.execute(text(f"DROP TRIGGER {name}"))
            else:
                for table in ("audit_look", "audit_head"):
                    connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()

    return run
