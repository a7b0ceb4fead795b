from pathlib import Path

import pytest

from actions.settings import SettingsError, settings


def test_everything_has_a_default_below_the_var_folder(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("ACCOUNTS_URL", "TRACKER_URL", "SESSIONS_URL", "BOT_DEMO", "RULES_TODAY"):
        environment.delenv(name, raising=False)
    found = settings()
    assert found.demo
    assert all(str(tmp_path) in url for url in (found.accounts_url, found.tracker_url, found.sessions_url))


def test_a_database_of_somebodys_own_gets_no_demo_accounts_unless_asked_for(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ACCOUNTS_URL", "postgresql://bot@127.0.0.1/accounts")
    assert not settings().demo
    settings.cache_clear()
    environment.setenv("BOT_DEMO", "true")
    assert settings().demo


@pytest.mark.parametrize(
    ("name", "value"),
    [("BOT_PORT", "eighty"), ("BOT_DEMO", "maybe"), ("RULES_TODAY", "2026-13-01"), ("BOT_REPLY_TIMEOUT", "-1")],
)
def test_a_bad_value_is_refused_with_the_name_of_the_variable(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        settings()
    assert name in str(caught.value)
    assert value in str(caught.value)
