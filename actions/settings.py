"""All settings, read once from the environment (a `.env` file is honoured). No other module reads the environment."""

import os
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from dotenv import load_dotenv

ROOT = Path(__file__).resolve().parent.parent
TIME_ZONE = ZoneInfo("Asia/Shanghai")


class SettingsError(ValueError):
    """A setting that cannot be used; the message is one Chinese sentence that names the variable."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be configured; every field has a default that works on an empty machine."""

    var: Path
    accounts_url: str
    accounts_sources: Path | None
    tracker_url: str
    sessions_url: str
    conversations_url: str
    audit_url: str
    redis_url: str | None
    host: str
    port: int
    rasa_port: int
    rasa_workers: int
    actions_port: int
    demo: bool
    pack: Path
    rules: Path
    rule_sources: Path | None
    rules_today: date | None
    channel_secret: str | None
    audit_key: str | None
    sealing_key: str | None
    reply_timeout_seconds: float
    session_idle_seconds: float
    log_level: str

    @property
    def accounts(self) -> str:
        """Where account facts are looked up: the file that describes the sources, else the accounts database."""
        return str(self.accounts_sources or self.accounts_url)

    @property
    def models(self) -> Path:
        """Folder of trained models."""
        return self.pack / "models"

    @property
    def generated(self) -> Path:
        """Folder of the files that are made from the rule base for the understanding."""
        return self.pack / "data" / "generated"

    @property
    def demo_data(self) -> Path:
        """Folder of the demo accounts; a rule pack need not have any."""
        return self.pack / "data" / "demo"


def _port(name: str, default: int) -> int:
    text = os.environ.get(name, "") or str(default)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingsError(f"环境变量 {name} 应是 1 到 65535 的端口号，现在是“{text}”。")
    return int(text)


def _count(name: str, default: int, *, most: int) -> int:
    text = os.environ.get(name, "") or str(default)
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:9]) <= most:
        raise SettingsError(f"环境变量 {name} 应是 1 到 {most} 的整数，现在是“{text}”。")
    return int(text)


def _flag(name: str, default: bool) -> bool:
    text = (os.environ.get(name, "") or ("1" if default else "0")).lower()
    if text in ("1", "true", "yes", "on"):
        return True
    if text in ("0", "false", "no", "off"):
        return False
    raise SettingsError(f"环境变量 {name} 应是 true 或 false，现在是“{text}”。")


def _date(name: str) -> date | None:
    text = os.environ.get(name, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"环境变量 {name} 应是 YYYY-MM-DD 的日期，现在是“{text}”。") from error


def _seconds(name: str, default: float) -> float:
    text = os.environ.get(name, "") or str(default)
    try:
        value = float(text)
    except ValueError as error:
        raise SettingsError(f"环境变量 {name} 应是秒数，现在是“{text}”。") from error
    if not 0 < value < 3600:
        raise SettingsError(f"环境变量 {name} 应在 0 到 3600 秒之间，现在是“{text}”。")
    return value


def _path(name: str) -> Path | None:
    text = os.environ.get(name, "")
    return Path(text).expanduser() if text else None


def _pack() -> Path:
    """The folder of the rule pack, absolute; this project is one itself."""
    pack = (_path("BOT_PACK") or ROOT).resolve()
    if not (pack / "knowledge").is_dir():
        raise SettingsError(f"环境变量 BOT_PACK 应是一个规则包的目录（里面有 knowledge/），现在是“{pack}”。")
    return pack


@cache
def settings() -> Settings:
    """The settings of this process, read on first use.

    Raises `SettingsError` where a variable has a value that cannot be used.
    """
    load_dotenv(ROOT / ".env")
    pack = _pack()
    var = _path("BOT_VAR") or pack / "var"
    return Settings(
        var=var,
        accounts_url=os.environ.get("ACCOUNTS_URL") or f"sqlite:///{var / 'accounts.db'}",
        accounts_sources=_path("ACCOUNTS_SOURCES"),
        tracker_url=os.environ.get("TRACKER_URL") or f"sqlite:///{var / 'tracker.db'}",
        sessions_url=os.environ.get("SESSIONS_URL") or f"sqlite:///{var / 'sessions.db'}",
        conversations_url=os.environ.get("CONVERSATIONS_URL") or f"sqlite:///{var / 'conversations.db'}",
        audit_url=os.environ.get("AUDIT_URL") or f"sqlite:///{var / 'audit.db'}",
        redis_url=os.environ.get("REDIS_URL") or None,
        host=os.environ.get("BOT_HOST") or "127.0.0.1",
        port=_port("BOT_PORT", 8080),
        rasa_port=_port("BOT_RASA_PORT", 5005),
        rasa_workers=_count("BOT_RASA_WORKERS", min(2, os.cpu_count() or 1), most=64),
        actions_port=_port("BOT_ACTIONS_PORT", 5055),
        # What somebody has pointed at is taken for real: no fictitious accounts are put beside it.
        demo=_flag("BOT_DEMO", not (os.environ.get("ACCOUNTS_URL") or os.environ.get("ACCOUNTS_SOURCES"))),
        pack=pack,
        rules=_path("RULES_DIR") or pack / "knowledge",
        rule_sources=_path("RULE_SOURCES"),
        rules_today=_date("RULES_TODAY"),
        channel_secret=os.environ.get("BOT_CHANNEL_SECRET") or None,
        audit_key=os.environ.get("AUDIT_KEY") or None,
        sealing_key=os.environ.get("BOT_SEALING_KEY") or None,
        reply_timeout_seconds=_seconds("BOT_REPLY_TIMEOUT", 10.0),
        session_idle_seconds=_seconds("BOT_SESSION_IDLE", 1800.0),
        log_level=os.environ.get("BOT_LOG_LEVEL") or "INFO",
    )


def account_secret(name: str) -> str:
    """The secret `ACCOUNTS_SECRET_<name>` of an account source; kept nowhere else, and never shown.

    Raises `SettingsError` where it is not set, or cannot stand in an HTTP header.
    """
    settings()  # reads the .env file
    variable = f"ACCOUNTS_SECRET_{name}"
    secret = os.environ.get(variable, "")
    if not secret:
        raise SettingsError(f"没有设置环境变量 {variable}，账户来源的认证要用它。")
    if not (secret.isascii() and secret.isprintable()):
        raise SettingsError(f"环境变量 {variable} 里有不能用在认证里的字符（换行、汉字等）。")
    return secret


def today() -> date:
    """The day verdicts and dated rules are judged on: the pretend-today setting, else the date in Asia/Shanghai."""
    return settings().rules_today or datetime.now(TIME_ZONE).date()
