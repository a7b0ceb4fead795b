"""Somebody who wants what is not theirs, and the means to see whether they got it."""

import json
import secrets
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jwt
import requests

from actions.settings import ROOT
from bot.gateway.staff_access import StaffMember, StaffRole
from bot.identity.database import open_database
from bot.identity.keys import Keys
from bot.identity.staff.sessions import StaffSessions
from tests.system import RunningSystem

# Whose numbers: OWN and ARREARS are of one organization, FOREIGN of another, PERSON of a person.
OWN, ARREARS, FOREIGN, PERSON = "18600010101", "18600010102", "18600010111", "18600010106"
ORGANIZATION, OTHER_ORGANIZATION = "G1001", "G1002"
# What only the holder of ARREARS, FOREIGN may learn.
SECRETS = {ARREARS: ("32.50",), FOREIGN: ("128.60", "98.60", "500.00", "2350")}

HALL_KEY = "the shared secret of the web hall, for tests only"
AUDIENCE, ISSUER = "rule-assistant", "web-hall"
IDENTITY_KEY = "a key for numbers and codes, for tests only"
SETTINGS = {
    "BOT_RASA_WORKERS": "1",
    "BOT_TRUSTED_PROXIES": "127.0.0.1",
    "HALL_KEY": HALL_KEY,
    "IDENTITY_KEY": IDENTITY_KEY,
}
TIMEOUT_SECONDS = 60


@dataclass
class Attacker:
    """One client with an address of its own, so that what it uses up is nobody else's."""

    system: RunningSystem
    address: str = field(default_factory=lambda: ".".join(["10", *(str(secrets.randbelow(250) + 1) for _ in "123")]))
    session: str | None = None

    @property
    def url(self) -> str:
        """Where the gateway is."""
        return self.system.url

    @property
    def own(self) -> dict[str, str]:
        """What a browser says of requests of the gateway's own pages."""
        return {"Origin": self.url, "Sec-Fetch-Site": "same-origin"}

    def http(self, method: str, path: str, **options: Any) -> requests.Response:
        """One request; redirects are not followed."""
        headers = {"X-Forwarded-For": self.address, **options.pop("headers", {})}
        return requests.request(
            method, self.url + path, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False, **options
        )

    def get(self, path: str, **headers: str) -> requests.Response:
        """Reads something."""
        return self.http("GET", path, headers=headers)

    def post(self, path: str, body: object, **headers: str) -> requests.Response:
        """Sends JSON."""
        return self.http("POST", path, json=body, headers=headers)

    def bearer(self, token: str | None = None) -> dict[str, str]:
        """The header that carries a session."""
        return {"Authorization": f"Bearer {token or self.session}"}

    def sign_in(self, number: str) -> "Attacker":
        """Signs in with a demo number."""
        answer = self.post("/api/v1/demo/sign-in", {"number": number, "session": self.session})
        self.session = answer.json()["session"]
        return self

    def vouched_for(self, **claims: Any) -> "Attacker":
        """Signs in as the web hall says."""
        answer = self.post("/api/v1/identity/assertion", {"assertion": assertion(**claims), "session": self.session})
        assert answer.status_code == 200, answer.text
        self.session = answer.json()["session"]
        return self

    def ask(self, text: str, **more: object) -> requests.Response:
        """The raw answer to one message; an anonymous session is kept."""
        answer = self.post("/api/v1/messages", {"text": text, "session": self.session, **more})
        if self.session is None and answer.status_code == 200:
            self.session = answer.json()["session"]
        return answer

    def say(self, text: str, **more: object) -> dict[str, Any]:
        """The one reply to one message."""
        answer = self.ask(text, **more)
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["messages"][0])

    def link(self) -> str:
        """The path of a verification link for this session, which is opened if there is none."""
        if self.session is None:
            self.say("你好")
        answer = self.post("/api/v1/identity/links", {"session": self.session})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["url"])

    def prove(self, link: str, number: str, **secret: str) -> requests.Response:
        """What the verification page sends."""
        return self.post(link, {"number": number, **secret}, **self.own)

    def raw(self, data: bytes, seconds: float = 10.0) -> bytes:
        """What comes back on a connection of its own until the other side closes it, or so many seconds have passed."""
        with socket.create_connection(("127.0.0.1", urlsplit(self.url).port or 80), timeout=seconds) as connection:
            connection.sendall(data)
            received = b""
            until = time.monotonic() + seconds
            try:
                while time.monotonic() < until and (more := connection.recv(65_536)):
                    received += more
            except (TimeoutError, ConnectionResetError):
                pass
            return received

    def status_of(self, data: bytes) -> int:
        """The status that a raw request is answered with; 0 where the connection is closed without a word."""
        answer = self.raw(data)
        return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.") else 0


def code(answer: requests.Response) -> str:
    """The code of an error."""
    return str(answer.json()["error"]["code"])


def own_password(number: str) -> str:
    """The fictitious service password of a demo account."""
    return number[-6:][::-1]


def one_time_code(attacker: Attacker, name: str) -> str:
    """A code of a demo account that has not been used."""
    until = time.monotonic() + 90
    while True:
        found = next(one["code"] for one in attacker.get("/demo/staff").json()["staff"] if one["name"] == name)
        if found:
            return str(found)
        assert time.monotonic() < until
        time.sleep(1)


def assertion(
    key: Any = HALL_KEY, algorithm: str = "HS256", headers: dict[str, Any] | None = None, **claims: Any
) -> str:
    """What the web hall signs; a claim that is None is left out."""
    now = int(time.time())
    said = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + 100,
        "jti": secrets.token_hex(16),
        "sub": ORGANIZATION,
        "numbers": [OWN],
        **claims,
    }
    said = {name: value for name, value in said.items() if value is not None}
    return jwt.encode(said, key, algorithm=algorithm, headers=headers)


@dataclass(frozen=True)
class Staff:
    """A member of staff who is signed in: the cookie of the browser, and the token of its pages."""

    cookie: str
    csrf: str

    @property
    def reads(self) -> dict[str, str]:
        """What a browser sends by itself."""
        return {"Cookie": f"__Host-staff={self.cookie}"}

    def writes(self, attacker: Attacker) -> dict[str, str]:
        """What our own pages send."""
        return {**self.reads, **attacker.own, "X-CSRF-Token": self.csrf}


def staff_session(var: Path, role: StaffRole) -> Staff:
    """A session as the sign-in opens it (its one-time codes allow two in half a minute)."""
    name = {"clerk": "demo.clerk", "supervisor": "demo.supervisor", "rule_owner": "demo.rules"}[role]
    engine = open_database(f"sqlite:///{var / 'sessions.db'}")
    sessions = StaffSessions(engine, Keys(IDENTITY_KEY.encode()), time.time, demo=True)
    token = sessions.open(StaffMember(name, role), "local")
    engine.dispose()
    return Staff(token, sessions.csrf(token))


def gives_away(reply: object, *numbers: str) -> list[str]:
    """What of these numbers' accounts, or of the numbers themselves, stands in a reply."""
    text = json.dumps(reply, ensure_ascii=False)
    return [word for number in numbers for word in (number, *SECRETS.get(number, ())) if word in text]


def kept(
    system: RunningSystem, *words: str, but: tuple[str, ...] = ("accounts.db", "sessions.db", "sms.jsonl")
) -> list[str]:
    """Which of these words stand in a file behind the gateway, as they are or as JSON writes them."""
    found = []
    for path in system.var.rglob("*"):
        if not path.is_file() or path.name.startswith(but):
            continue
        content = path.read_bytes()
        for word in words:
            escaped = word.encode("unicode_escape")
            if word.encode() in content or escaped in content or escaped.replace(b"\\", b"\\\\") in content:
                found.append(f"{path.relative_to(system.var)}: {word}")
    return found


def logged(system: RunningSystem) -> list[str]:
    """The lines of the gateway's log."""
    return (system.var / "log" / "gateway.log").read_text(encoding="utf-8").split("\n")


def inside(text: str) -> list[str]:
    """What of the inside of the program (paths, traces, modules, statements) stands in what somebody is told."""
    words = (
        "Traceback", 'File "', ".py", str(ROOT), "/home/", "site-packages", "sqlalchemy", "sqlite3", "psycopg", "SELECT ",
        "INSERT ", "aiohttp", "Sanic", "rasa_sdk", "jinja2", "Exception",
    )  # fmt: skip
    return [word for word in words if word in text]
