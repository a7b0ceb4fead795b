"""All settings, read once from the environment (a `.env` file is honoured). No other module reads the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import load_dotenv

ROOT = Path(__file__).resolve().parent.parent
TIME_ZONE = ZoneInfo("Asia/Shanghai")
STAFF_ROLES = ("clerk", "supervisor", "rule_owner")


class SettingsError(ValueError):
    """A setting that cannot be used; the message is one Chinese sentence that names the variable."""


Network = IPv4Network | IPv6Network

# How often at most, by what is counted. One address may stand for a whole building, or for all customers of a proxy.
_LIMITS = "address=3000/minute session=120/minute number=20/hour report=60/minute"
_RATE = re.compile(r"[1-9][0-9]{0,8}/([1-9][0-9]{0,3})?(second|minute|hour|day)")


@dataclass(frozen=True, slots=True)
class DoorSettings:
    """What the gateway lets in, and how much of it.

    Args:
        trusted_proxies: whose word about a caller's address and scheme is believed.
        origins: origins of the pages that may embed the widget.
        public_url: origin under which people reach the gateway; without it any `Host` is taken for its own.
        limits: rates ("60/minute", several with commas) by what is counted; what has none is not limited.
        max_requests: requests that are worked on at the same time.
        max_streams: event streams that are open at the same time.
        max_connections: connections of one address, proxies excepted.
        metrics_token: what a caller of `/metrics` from elsewhere must know; without it only this machine may read them.
        shutdown_seconds: how long what runs may take to end when the gateway stops.
    """

    trusted_proxies: tuple[Network, ...] = ()
    origins: frozenset[str] = frozenset()
    public_url: str | None = None
    limits: Mapping[str, str] = field(default_factory=dict)
    max_requests: int = 1000
    max_streams: int = 5000
    max_connections: int = 500
    metrics_token: str | None = None
    shutdown_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class IdentitySettings:
    """Who may say who somebody is: the web hall, a provider of staff identities, and our own keys.

    `hall_key` is what the web hall signs with: a shared secret, or its public key (PEM). `oidc_roles` maps a value of the
    claim `oidc_role_claim` to a staff role, in order of precedence.
    """

    key: str | None
    hall_key: str | None
    hall_audience: str
    hall_issuer: str
    oidc_issuer: str | None
    oidc_client_id: str
    oidc_client_secret: str | None
    oidc_redirect: str | None
    oidc_role_claim: str
    oidc_name_claim: str
    oidc_roles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WechatSettings:
    """One Official Account: what its administration page calls AppID, AppSecret, Token, EncodingAESKey and mode.

    `quotas`: how many messages of customer service may follow on a message, a click in the menu, and a new follower.
    `menu`: the file of its menu, where it is not ours.
    """

    app_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str | None = field(repr=False)
    mode: str
    api: str
    quotas: tuple[int, int, int]
    menu: Path | None = None


@dataclass(frozen=True, slots=True)
class WecomSettings:
    """A self-built app of a company in WeCom, and its group robot, which there need not be.

    `staff`: the file that says which user of WeCom is which member of staff.
    """

    corp_id: str
    agent_id: int
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    api: str
    staff: Path | None
    robot_token: str | None = field(repr=False)
    robot_aes_key: str | None = field(repr=False)


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
    door: DoorSettings
    session_absolute_seconds: float
    identity: IdentitySettings
    capacity: int
    retention_days: int
    desk_hours: str
    wechat: WechatSettings | None
    wecom: WecomSettings | None
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


def _count(name: str, default: int, *, most: int = 1_000_000) -> int:
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


def _seconds(name: str, default: float, most: float = 3600) -> float:
    text = os.environ.get(name, "") or str(default)
    try:
        value = float(text)
    except ValueError as error:
        raise SettingsError(f"环境变量 {name} 应是秒数，现在是“{text}”。") from error
    if not 0 < value < most:
        raise SettingsError(f"环境变量 {name} 应在 0 到 {most:g} 秒之间，现在是“{text}”。")
    return value


def _words(name: str, default: str = "") -> list[str]:
    return (os.environ.get(name, "") or default).replace(",", " ").split()


def _networks(name: str) -> tuple[Network, ...]:
    found = []
    for text in _words(name):
        try:
            found.append(ip_network(text))
        except ValueError as error:
            raise SettingsError(f"环境变量 {name} 应是 IP 地址或网段（如 10.0.0.0/8），现在有“{text}”。") from error
    return tuple(found)


def _origin(name: str, text: str) -> str:
    """The origin as browsers write it: lower case, without the port that goes without saying."""
    try:
        parts = urlsplit(text.rstrip("/"))
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    origin = f"{parts.scheme}://{parts.netloc}".lower() if host else ""
    plain = host is not None and re.fullmatch(r"[a-z0-9.-]+|[0-9a-f:]+", host) is not None
    if not plain or parts.scheme not in ("http", "https") or origin != text.rstrip("/").lower() or parts.username:
        raise SettingsError(f"环境变量 {name} 应是像 https://hall.example 这样的地址，不带路径，现在有“{text}”。")
    usual = {"http": 80, "https": 443}[parts.scheme]
    return origin.removesuffix(f":{port}") if port == usual else origin


def _limits(name: str) -> dict[str, str]:
    """Rates by what is counted: those named replace the default ones; `off` is none at all."""
    text = os.environ.get(name, "").strip()
    if text == "off":
        return {}
    found = dict(word.split("=") for word in _LIMITS.split())
    for word in text.split():
        kind, _, rates = word.partition("=")
        rated = all(_RATE.fullmatch(rate) for rate in rates.split(","))
        if not re.fullmatch(r"[a-z_]+", kind) or not (rated or rates == "off"):
            raise SettingsError(
                f"环境变量 {name} 应像“session=120/minute address=3000/minute”（或 off），现在有“{word}”。"
            )
        found[kind] = rates
    return {kind: rates for kind, rates in found.items() if rates != "off"}


def _door() -> DoorSettings:
    public = os.environ.get("BOT_PUBLIC_URL", "")
    default = DoorSettings()
    return DoorSettings(
        trusted_proxies=_networks("BOT_TRUSTED_PROXIES"),
        origins=frozenset(_origin("BOT_ORIGINS", text) for text in _words("BOT_ORIGINS")),
        public_url=_origin("BOT_PUBLIC_URL", public) if public else None,
        limits=_limits("BOT_LIMITS"),
        max_requests=_count("BOT_MAX_REQUESTS", default.max_requests),
        max_streams=_count("BOT_MAX_STREAMS", default.max_streams),
        max_connections=_count("BOT_MAX_CONNECTIONS", default.max_connections),
        metrics_token=_token("BOT_METRICS_TOKEN"),
        shutdown_seconds=_seconds("BOT_SHUTDOWN_SECONDS", default.shutdown_seconds),
    )


def _token(name: str) -> str | None:
    text = os.environ.get(name, "")
    if text and not re.fullmatch(r"[!-~]{16,200}", text):
        raise SettingsError(f"环境变量 {name} 应是 16 到 200 个字母、数字或符号，中间没有空格。")
    return text or None


def _path(name: str) -> Path | None:
    text = os.environ.get(name, "")
    return Path(text).expanduser() if text else None


def _pack() -> Path:
    """The folder of the rule pack, absolute; this project is one itself."""
    pack = (_path("BOT_PACK") or ROOT).resolve()
    if not (pack / "knowledge").is_dir():
        raise SettingsError(f"环境变量 BOT_PACK 应是一个规则包的目录（里面有 knowledge/），现在是“{pack}”。")
    return pack


def _address(name: str) -> str | None:
    """An address of the web (scheme, host, perhaps a path), without its last slash."""
    text = os.environ.get(name, "").rstrip("/")
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise SettingsError(f"环境变量 {name} 应是像 https://bot.example.com 这样的网址，现在是“{text}”。")
    return text


def _text_or_file(name: str) -> str | None:
    """The variable, else what stands in the file that `<name>_FILE` names."""
    text = os.environ.get(name, "")
    file = _path(f"{name}_FILE")
    if text or file is None:
        return text or None
    try:
        return file.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"环境变量 {name}_FILE 指的文件 {file} 读不了。") from error


def _oidc_roles() -> tuple[tuple[str, str], ...]:
    text = os.environ.get("OIDC_ROLES", "")
    pairs = []
    for entry in filter(None, (part.strip() for part in text.split(","))):
        value, sign, role = (part.strip() for part in entry.rpartition("="))
        if not sign or not value or role not in STAFF_ROLES:
            raise SettingsError(
                f"环境变量 OIDC_ROLES 应像“客服组=clerk,主管组=supervisor”，角色可以是 {'、'.join(STAFF_ROLES)}，"
                f"现在有一项是“{entry}”。"
            )
        pairs.append((value, role))
    return tuple(pairs)


def _identity() -> IdentitySettings:
    oidc_issuer, oidc_redirect, oidc_roles = _address("OIDC_ISSUER"), _address("OIDC_REDIRECT_URL"), _oidc_roles()
    client = os.environ.get("OIDC_CLIENT_ID", "")
    if oidc_issuer and not (client and oidc_redirect and oidc_roles):
        raise SettingsError("设置了 OIDC_ISSUER，还要设置 OIDC_CLIENT_ID、OIDC_REDIRECT_URL 和 OIDC_ROLES。")
    return IdentitySettings(
        key=os.environ.get("IDENTITY_KEY") or None,
        hall_key=_text_or_file("HALL_KEY"),
        hall_audience=os.environ.get("HALL_AUDIENCE") or "rule-assistant",
        hall_issuer=os.environ.get("HALL_ISSUER") or "web-hall",
        oidc_issuer=oidc_issuer,
        oidc_client_id=client,
        oidc_client_secret=_text_or_file("OIDC_CLIENT_SECRET"),
        oidc_redirect=oidc_redirect,
        oidc_role_claim=os.environ.get("OIDC_ROLE_CLAIM") or "roles",
        oidc_name_claim=os.environ.get("OIDC_NAME_CLAIM") or "preferred_username",
        oidc_roles=oidc_roles,
    )


def _wechat() -> WechatSettings | None:
    app_id = os.environ.get("WECHAT_APP_ID", "")
    if not app_id:
        return None
    mode = os.environ.get("WECHAT_MODE") or "safe"
    if mode not in ("plain", "compatible", "safe"):
        raise SettingsError(f"环境变量 WECHAT_MODE 应是 plain、compatible 或 safe，现在是“{mode}”。")
    return WechatSettings(
        app_id=app_id,
        secret=_needed("WECHAT_APP_SECRET", "WECHAT_APP_ID"),
        token=_needed("WECHAT_TOKEN", "WECHAT_APP_ID"),
        aes_key=None if mode == "plain" else _aes_key("WECHAT_AES_KEY", "WECHAT_APP_ID"),
        mode=mode,
        api=_address("WECHAT_API_BASE") or "https://api.weixin.qq.com",
        quotas=(_count("WECHAT_QUOTA_MESSAGE", 5), _count("WECHAT_QUOTA_CLICK", 3), _count("WECHAT_QUOTA_FOLLOW", 3)),
        menu=_path("WECHAT_MENU_FILE"),
    )


def _wecom() -> WecomSettings | None:
    corp_id = os.environ.get("WECOM_CORP_ID", "")
    if not corp_id:
        return None
    robot = os.environ.get("WECOM_ROBOT_TOKEN") or None
    return WecomSettings(
        corp_id=corp_id,
        agent_id=_count("WECOM_AGENT_ID", 0, most=999_999_999),
        secret=_needed("WECOM_SECRET", "WECOM_CORP_ID"),
        token=_needed("WECOM_TOKEN", "WECOM_CORP_ID"),
        aes_key=_aes_key("WECOM_AES_KEY", "WECOM_CORP_ID"),
        api=_address("WECOM_API_BASE") or "https://qyapi.weixin.qq.com",
        staff=_path("WECOM_STAFF_FILE"),
        robot_token=robot,
        robot_aes_key=_aes_key("WECOM_ROBOT_AES_KEY", "WECOM_ROBOT_TOKEN") if robot else None,
    )


def _needed(name: str, because: str) -> str:
    text = _text_or_file(name)
    if not text:
        raise SettingsError(f"设置了 {because}，还要设置 {name}。")
    return text


def _aes_key(name: str, because: str) -> str:
    text = _needed(name, because)
    if not re.fullmatch(r"[A-Za-z0-9+/]{43}", text):
        raise SettingsError(f"环境变量 {name} 应是平台给出的 43 个字符的 EncodingAESKey。")
    return text


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
        door=_door(),
        session_absolute_seconds=_seconds("BOT_SESSION_ABSOLUTE", 43_200.0, most=604_800),
        identity=_identity(),
        capacity=_count("BOT_CAPACITY", 200),
        retention_days=_count("BOT_RETENTION_DAYS", 180),
        desk_hours=os.environ.get("BOT_DESK_HOURS") or "",
        wechat=_wechat(),
        wecom=_wecom(),
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
