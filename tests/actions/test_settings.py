from pathlib import Path

import pytest

from actions.settings import ROOT, SettingsError, settings


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


def test_everything_of_a_rule_pack_is_found_in_its_folder(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("BOT_VAR", "RULES_DIR", "ACCOUNTS_URL"):
        environment.delenv(name, raising=False)
    (tmp_path / "knowledge").mkdir()
    environment.setenv("BOT_PACK", str(tmp_path))
    found = settings()
    for place in (found.rules, found.models, found.generated, found.demo_data, found.var):
        assert place.is_relative_to(tmp_path)
    assert str(tmp_path) in found.accounts_url


def test_the_rules_may_stand_outside_of_the_pack(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("RULES_DIR", str(tmp_path / "elsewhere"))
    assert settings().rules == tmp_path / "elsewhere"
    assert settings().pack == ROOT


def test_a_pack_without_a_rule_base_is_refused(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("BOT_PACK", str(tmp_path / "nowhere"))
    with pytest.raises(SettingsError, match=r"^环境变量 BOT_PACK .*nowhere”。$"):
        settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_PORT", "eighty"),
        ("BOT_DEMO", "maybe"),
        ("RULES_TODAY", "2026-13-01"),
        ("BOT_REPLY_TIMEOUT", "-1"),
        ("BOT_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("BOT_TRUSTED_PROXIES", "proxy.example"),
        ("BOT_ORIGINS", "*"),
        ("BOT_ORIGINS", "null"),
        ("BOT_ORIGINS", "https://*.hall.example"),
        ("BOT_ORIGINS", "https://hall.example/page"),
        ("BOT_ORIGINS", "https://hall.example:port"),
        ("BOT_ORIGINS", "https://somebody@hall.example"),
        ("BOT_ORIGINS", "ftp://hall.example"),
        ("BOT_ORIGINS", "https://[hall"),
        ("BOT_PUBLIC_URL", "assistant.example"),
        ("BOT_LIMITS", "session=many"),
        ("BOT_LIMITS", "session=5/fortnight"),
        ("BOT_LIMITS", "session"),
        ("BOT_LIMITS", "session=0/minute"),
        ("BOT_MAX_REQUESTS", "0"),
        ("BOT_MAX_STREAMS", "-1"),
        ("BOT_MAX_CONNECTIONS", "²"),
        ("BOT_SHUTDOWN_SECONDS", "soon"),
    ],
)
def test_a_bad_value_is_refused_with_the_name_of_the_variable(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        settings()
    assert name in str(caught.value)
    assert value in str(caught.value)


def test_a_token_that_could_be_guessed_is_refused_and_not_shown(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BOT_METRICS_TOKEN", "hunter2")
    with pytest.raises(SettingsError, match="BOT_METRICS_TOKEN") as caught:
        settings()
    assert "hunter2" not in str(caught.value)


def test_origins_are_read_as_browsers_write_them(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BOT_ORIGINS", "https://Hall.example:443/, http://127.0.0.1:9000 http://[::1]:80")
    assert settings().door.origins == {"https://hall.example", "http://127.0.0.1:9000", "http://[::1]"}


def test_a_limit_that_is_named_replaces_the_default_and_the_others_stay(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BOT_LIMITS", "session=5/second,100/5minute number=off sign_in=3/hour")
    limits = settings().door.limits
    assert limits["session"] == "5/second,100/5minute"
    assert limits["sign_in"] == "3/hour"
    assert "address" in limits
    assert "number" not in limits


def test_limits_can_be_lifted(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("BOT_LIMITS", "off")
    assert settings().door.limits == {}
