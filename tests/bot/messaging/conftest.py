"""The messaging tables on real databases, as several gateways see them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.settings import settings
from tests.bot.messaging.parts import Desk


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("BOT_VAR", str(tmp_path / "var"))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """What one gateway has of the messaging tables."""
    made = Desk(database_url)
    yield made
    made.dispose()
