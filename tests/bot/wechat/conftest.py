"""Databases for the rooms of the Official Account."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.settings import settings


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("BOT_VAR", str(tmp_path / "var"))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def sessions(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'sessions.db'}"
