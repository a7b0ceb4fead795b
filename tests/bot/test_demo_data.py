"""The accounts that every start finds."""

import pytest

from actions.accounts.demo import demo_accounts
from actions.settings import settings
from bot.demo_data import prepare_accounts


@pytest.fixture
def pack(tmp_path, monkeypatch):
    """A rule pack without demo accounts."""
    (tmp_path / "knowledge").mkdir()
    for name in ("BOT_VAR", "ACCOUNTS_URL", "BOT_DEMO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BOT_PACK", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def test_a_pack_without_demo_accounts_says_so_and_starts(pack, capsys):
    prepare_accounts()
    assert demo_accounts() == []
    assert capsys.readouterr().err == f"这套规则没有演示账户（{pack}/data/demo）。\n"
