"""Forged, altered and replayed assertions of the web hall."""

import asyncio
import base64
import hmac
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from actions.settings import settings
from bot.gateway.app import Parts, create_app
from bot.identity.parts import build_identity
from bot.identity.sessions import SessionStore
from tests.attacks.attacker import ARREARS, AUDIENCE, HALL_KEY, ISSUER, Attacker, assertion, code, gives_away
from tests.bot.gateway.fakes import FakeAssistant
from tests.bot.identity_parts import KEYS

NOW = int(time.time())


def unsigned(algorithm: str) -> str:
    """An assertion that says it needs no signature."""
    _, claims, _ = assertion(numbers=[ARREARS]).split(".")
    return f"{encoded({'alg': algorithm, 'typ': 'JWT'})}.{claims}."


def encoded(value: Any) -> str:
    """As JWTs write their parts."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def altered(**claims: Any) -> str:
    """Signed, and then changed."""
    head, body, signature = assertion().split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return f"{head}.{encoded({**said, **claims})}.{signature}"


def in_two_parts() -> str:
    """Without its signature."""
    return assertion().rpartition(".")[0]


def by_rsa(**headers: Any) -> str:
    """Signed with an RSA key of the attacker's own."""
    return assertion(rsa.generate_private_key(public_exponent=65_537, key_size=2048), "RS256", headers)


def by_curve() -> str:
    """Signed with an EC key of the attacker's own."""
    return assertion(ec.generate_private_key(ec.SECP256R1()), "ES256")


def with_own_key_along() -> str:
    """Signed with a key that comes along in the header."""
    return by_rsa(jwk={"kty": "RSA", "n": "AQAB", "e": "AQAB"})


FORGED = {
    "algorithm none": lambda: unsigned("none"),
    "algorithm None": lambda: unsigned("None"),
    "algorithm NONE": lambda: unsigned("NONE"),
    "no algorithm": lambda: unsigned(""),
    "no signature": in_two_parts,
    "empty signature": lambda: in_two_parts() + ".",
    "another key": lambda: assertion("another key that is also long enough for this"),
    "an empty key": lambda: assertion("x" * 32),
    "HS384 with the right key": lambda: assertion(HALL_KEY * 2, "HS384"),
    "HS512 with the right key": lambda: assertion(HALL_KEY * 2, "HS512"),
    "RS256 with an own key": by_rsa,
    "ES256 with an own key": by_curve,
    "a key that comes along (jwk)": with_own_key_along,
    "an address of keys (jku)": lambda: assertion(headers={"jku": "http://127.0.0.1:9/keys"}),
    "a certificate (x5u)": lambda: assertion(headers={"x5u": "http://127.0.0.1:9/cert"}),
    "a path as key id": lambda: assertion("another key that is also long enough for this", headers={"kid": "../../dev/null"}),
    "SQL as key id": lambda: assertion("another key that is also long enough for this", headers={"kid": "' UNION SELECT 'x"}),
    "a critical extension": lambda: assertion(headers={"crit": ["b64"], "b64": True}),
    "altered number": lambda: altered(numbers=[ARREARS]),
    "altered customer": lambda: altered(sub="G1002"),
    "altered to a handler": lambda: altered(handler=True),
    "altered expiry": lambda: altered(exp=NOW + 100_000),
    "expired": lambda: assertion(iat=NOW - 300, exp=NOW - 200),
    "far in the future": lambda: assertion(exp=NOW + 86_400),
    "valid for longer than two minutes": lambda: assertion(iat=int(time.time()) - 60, exp=int(time.time()) + 100),
    "not yet valid": lambda: assertion(iat=int(time.time()) + 60, exp=int(time.time()) + 100),
    "not before later": lambda: assertion(nbf=int(time.time()) + 60),
    "no expiry": lambda: assertion(exp=None),
    "no issue time": lambda: assertion(iat=None),
    "expiry as text": lambda: assertion(exp=str(NOW + 100)),
    "expiry as a fraction": lambda: assertion(exp=time.time() + 100),
    "expiry true": lambda: assertion(exp=True),
    "another audience": lambda: assertion(aud="another service"),
    "several audiences": lambda: assertion(aud=[AUDIENCE, "another service"]),
    "no audience": lambda: assertion(aud=None),
    "another issuer": lambda: assertion(iss="another hall"),
    "no issuer": lambda: assertion(iss=None),
    "the demo hall's name": lambda: assertion(iss="demo-hall"),
    "no id": lambda: assertion(jti=None),
    "an empty id": lambda: assertion(jti=""),
    "an id that is a number": lambda: assertion(jti=12345678),
    "no customer": lambda: assertion(sub=None),
    "an empty customer": lambda: assertion(sub=""),
    "no number and no handler": lambda: assertion(numbers=[]),
    "numbers as text": lambda: assertion(numbers=ARREARS),
    "a wildcard for a number": lambda: assertion(numbers=["%%%"]),
    "SQL for a number": lambda: assertion(numbers=["1' OR '1'='1"]),
    "handler as text": lambda: assertion(handler="true"),
    "handler as a number": lambda: assertion(handler=1),
    "ten thousand numbers": lambda: assertion(numbers=[str(10_000 + one) for one in range(900)]),
    "nested a thousand deep": lambda: f"{encoded({'alg': 'HS256'})}.{'[' * 900}{']' * 900}.AAAA",
    "empty": lambda: "",
    "dots": lambda: "..",
    "not Base64": lambda: "§.§.§",
    "an encrypted one": lambda: f"{encoded({'alg': 'dir', 'enc': 'A256GCM'})}....",
    "too long": lambda: "A" * 9_000,
}  # fmt: skip


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
def test_a_forged_assertion_signs_nobody_in(attacker: Attacker, rows, forge: Any) -> None:
    def used() -> object:
        return rows("sessions", "SELECT count(*) FROM used_assertion")

    attacker.say("你好")
    before = used()
    answer = attacker.post("/api/v1/identity/assertion", {"assertion": forge(), "session": attacker.session})
    assert (answer.status_code, code(answer)) == (401, "assertion_refused")
    assert answer.json()["error"]["message"] == "登录信息无效或已过期，请回到网上营业厅刷新页面后再试。"
    assert used() == before
    assert attacker.get("/api/v1/session", **attacker.bearer()).json() == {"identity": None}


def test_a_public_key_is_no_secret_to_sign_with(tmp_path: Path) -> None:
    """RS/HS confusion: the hall signs with RSA, the attacker signs HS256 with the public key as secret."""
    pem = rsa.generate_private_key(public_exponent=65_537, key_size=2048).public_key()
    text = pem.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    head, body, _ = assertion(numbers=[ARREARS]).split(".")
    signatures = [
        base64.urlsafe_b64encode(hmac.digest(key.encode(), f"{head}.{body}".encode(), "sha256")).rstrip(b"=").decode()
        for key in (text, text.strip(), text.replace("\n", "\r\n"))
    ]

    async def attempt() -> set[int]:
        async with other_gateway(tmp_path, f"sqlite:///{tmp_path / 'sessions.db'}", text) as client:
            return {await status(client, f"{head}.{body}.{signature}") for signature in signatures}

    assert asyncio.run(attempt()) == {401}


def test_an_assertion_is_taken_once(attacker: Attacker, victim: Attacker) -> None:
    once = assertion(numbers=[ARREARS])
    assert victim.post("/api/v1/identity/assertion", {"assertion": once}).status_code == 200
    again = attacker.post("/api/v1/identity/assertion", {"assertion": once})
    assert (again.status_code, code(again)) == (401, "assertion_refused")
    assert not gives_away(again.json(), ARREARS)


def test_an_assertion_sent_twenty_times_at_once_opens_one_session(attacker: Attacker) -> None:
    once = assertion(numbers=[ARREARS])
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: attacker.post("/api/v1/identity/assertion", {"assertion": once}), range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 19


def test_a_new_assertion_with_a_used_id_is_refused(attacker: Attacker) -> None:
    assert attacker.post("/api/v1/identity/assertion", {"assertion": assertion(jti="the same id")}).status_code == 200
    again = attacker.post("/api/v1/identity/assertion", {"assertion": assertion(jti="the same id", numbers=[ARREARS])})
    assert again.status_code == 401


def test_an_assertion_with_a_changed_encoding_of_its_signature_is_not_taken_again(attacker: Attacker) -> None:
    once = assertion()
    assert attacker.post("/api/v1/identity/assertion", {"assertion": once}).status_code == 200
    for variant in (once + "=", once + "==", f" {once}", f"{once}\n", once.replace("-", "+").replace("_", "/")):
        assert attacker.post("/api/v1/identity/assertion", {"assertion": variant}).status_code == 401


def test_an_assertion_is_not_taken_by_a_second_gateway_after_the_first(attacker: Attacker, tmp_path: Path) -> None:
    once = assertion(numbers=[ARREARS])
    assert attacker.post("/api/v1/identity/assertion", {"assertion": once}).status_code == 200
    assert asyncio.run(tried_elsewhere(attacker, tmp_path, once)) == 401


def test_an_assertion_is_not_taken_by_the_first_gateway_after_a_second(attacker: Attacker, tmp_path: Path) -> None:
    once = assertion(numbers=[ARREARS])
    assert asyncio.run(tried_elsewhere(attacker, tmp_path, once)) == 200
    assert attacker.post("/api/v1/identity/assertion", {"assertion": once}).status_code == 401


def test_an_assertion_as_a_session_opens_nothing(attacker: Attacker) -> None:
    assert attacker.get("/api/v1/history", **attacker.bearer(assertion())).status_code == 401


def test_the_demo_hall_vouches_for_no_number_that_is_not_a_demo_account(attacker: Attacker) -> None:
    for number in ("13800138000", "%", "", None, ["18600010101"], {"$gt": ""}):
        answer = attacker.post("/demo/hall/assertion", {"number": number})
        assert answer.status_code == 404
        assert "assertion" not in answer.json()


def test_the_demo_hall_vouches_for_no_handler_of_an_unknown_unit(attacker: Attacker) -> None:
    for unit in ("G9999", "%", "", ["G1001"], True):
        assert attacker.post("/demo/hall/assertion", {"handler_of": unit}).status_code == 404


async def tried_elsewhere(attacker: Attacker, folder: Path, text: str) -> int:
    """The status of a second gateway on the database of the first."""
    url = f"sqlite:///{attacker.system.var / 'sessions.db'}"
    async with other_gateway(folder, url, HALL_KEY) as client:
        return await status(client, text)


def other_gateway(folder: Path, url: str, hall_key: str) -> TestClient:
    """Another gateway of the same web hall."""
    ours = settings()
    identity = replace(ours.identity, hall_key=hall_key, hall_audience=AUDIENCE, hall_issuer=ISSUER)
    sessions = SessionStore(url, idle_seconds=1800, demo=False, keys=KEYS)
    parts = build_identity(replace(ours, var=folder, identity=identity), sessions, keys=KEYS)
    return TestClient(TestServer(create_app(Parts(FakeAssistant(), sessions, 1.0, identity=parts))))


async def status(client: TestClient, text: str) -> int:
    """What a gateway answers to an assertion."""
    return (await client.post("/api/v1/identity/assertion", json={"assertion": text})).status
