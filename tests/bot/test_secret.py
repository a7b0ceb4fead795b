"""The secret that keeps everyone but the gateway out of Rasa."""

import stat

import pytest

from actions.settings import SettingsError, settings
from bot.secret import channel_secret


@pytest.fixture(autouse=True)
def fresh_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("BOT_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("BOT_CHANNEL_SECRET", raising=False)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_it_is_made_once_and_only_its_owner_can_read_it(tmp_path):
    secret = channel_secret()
    file = tmp_path / "var" / "channel.secret"

    assert channel_secret() == secret
    assert len(secret) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["channel.secret"]


def test_a_configured_secret_is_used_and_no_file_made(tmp_path, monkeypatch):
    monkeypatch.setenv("BOT_CHANNEL_SECRET", "configured-by-somebody")
    settings.cache_clear()

    assert channel_secret() == b"configured-by-somebody"
    assert not (tmp_path / "var").exists()


def test_a_secret_too_short_to_protect_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("BOT_CHANNEL_SECRET", "short")
    settings.cache_clear()
    with pytest.raises(SettingsError, match="BOT_CHANNEL_SECRET"):
        channel_secret()


def test_an_empty_file_is_refused_rather_than_used(tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "channel.secret").write_text("")
    with pytest.raises(SettingsError, match=r"channel\.secret"):
        channel_secret()
