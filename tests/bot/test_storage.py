"""What the gateway's databases have in common."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot import storage
from bot.storage import open_storage


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """A file that nobody has switched to WAL yet."""
    file = tmp_path / "new.db"
    with closing(sqlite3.connect(file)) as first:
        first.execute("CREATE TABLE word (word TEXT)")
    return file


def hold(file: Path) -> sqlite3.Connection:
    """Another process that is just writing: SQLite refuses a switch to WAL at once, without waiting."""
    other = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_a_new_file_that_another_process_is_writing_is_waited_for(held: Path) -> None:
    other = hold(held)
    release = threading.Timer(0.3, other.rollback)
    release.start()
    engine = open_storage(f"sqlite:///{held}")
    try:
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    finally:
        release.join()
        other.close()
        engine.dispose()


def test_a_file_that_stays_locked_is_given_up(held: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_SWITCH_ATTEMPTS", 3)
    engine = open_storage(f"sqlite:///{held}")
    with closing(hold(held)), pytest.raises(OperationalError, match="locked"):
        engine.connect()
    engine.dispose()
