from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.accounts.demo import prepare_demo_accounts
from actions.accounts.migrations import upgrade
from actions.settings import settings


@pytest.fixture(scope="session")
def demo_accounts_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A real SQLite database with the demo accounts."""
    url = f"sqlite:///{tmp_path_factory.mktemp('accounts') / 'accounts.db'}"
    upgrade(url)
    prepare_demo_accounts(url)
    return url


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """Settings are read again for this test and forgotten after it."""
    monkeypatch.setenv("BOT_VAR", str(tmp_path))
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()
