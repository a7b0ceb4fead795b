"""Assertions of the web hall: taken once, from nobody else, and refused without a word of why."""

import base64
import hashlib
import hmac
import json
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from actions.identity import Identity
from actions.settings import SettingsError
from bot.identity.assertions import AssertionRefusedError, Assertions, Hall, hall_keys
from bot.identity.database import open_database
from tests.bot.gateway.fakes import ALLOWED, ARREARS
from tests.bot.identity.conftest import code_of

SECRET = "a shared secret of at least 32 characters"
RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def public(key) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


RSA_PUBLIC, EC_PUBLIC = public(RSA_KEY), public(EC_KEY)


@pytest.fixture
def accepting(tmp_path, clock):
    engine = open_database(f"sqlite:///{tmp_path / 'identity.db'}")

    def make(key: str = SECRET) -> Assertions:
        return Assertions(engine, [Hall("web-hall", "rule-assistant", hall_keys(key))], clock)

    return make


def claims(clock, **changes):
    now = int(clock())
    made = {
        "iss": "web-hall",
        "aud": "rule-assistant",
        "sub": "G1001",
        "numbers": [ALLOWED],
        "iat": now,
        "exp": now + 60,
        "jti": uuid4().hex,
    } | changes
    return {name: value for name, value in made.items() if value is not None}


def signed(body, key=SECRET, algorithm="HS256", **headers) -> str:
    return jwt.encode(body, key, algorithm=algorithm, headers=headers or None)


def by_hand(header: dict, body: dict, signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), json.dumps(body).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


@pytest.mark.parametrize(
    ("verifying", "signing", "algorithm"),
    [(SECRET, SECRET, "HS256"), (RSA_PUBLIC, RSA_KEY, "RS256"), (EC_PUBLIC, EC_KEY, "ES256")],
)
def test_a_good_assertion_says_who_it_is(accepting, clock, verifying, signing, algorithm):
    body = claims(clock, handler=True, name="张经办", numbers=[ALLOWED, ARREARS, ALLOWED])

    assert accepting(verifying).accept(signed(body, signing, algorithm)) == Identity(
        "customer", (ALLOWED, ARREARS), "G1001", "张经办", True
    )


def test_while_keys_change_both_are_good(accepting, clock):
    other = rsa.generate_private_key(65537, 2048)
    both = accepting(public(other) + "\n" + RSA_PUBLIC)

    for key in (other, RSA_KEY):
        assert both.accept(signed(claims(clock), key, "RS256")).customer == "G1001"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"exp": 1_799_999_990}, "expired"),
        ({"exp": 1_800_000_200}, "too_far_ahead"),
        ({"iat": 1_799_990_000}, "too_far_ahead"),
        ({"iat": 1_800_000_030}, "not_yet"),
        ({"nbf": 1_800_000_030}, "not_yet"),
        ({"exp": "1800000060"}, "times"),
        ({"exp": True}, "times"),
        ({"exp": None}, "malformed"),
        ({"iat": None}, "malformed"),
        ({"jti": None}, "malformed"),
        ({"jti": "short"}, "jti"),
        ({"sub": None}, "malformed"),
        ({"sub": ""}, "claims"),
        ({"aud": "another"}, "audience"),
        ({"aud": ["rule-assistant", "another"]}, "audience"),
        ({"aud": None}, "malformed"),
        ({"iss": "another"}, "issuer"),
        ({"iss": None}, "malformed"),
        ({"numbers": "18600010101"}, "claims"),
        ({"numbers": []}, "claims"),
        ({"numbers": [18600010101]}, "claims"),
        ({"numbers": ["1' OR 1=1"]}, "claims"),
        ({"handler": "true"}, "claims"),
        ({"name": "名" * 65}, "claims"),
    ],
)
def test_a_claim_that_is_not_right_is_refused(accepting, clock, changes, reason):
    with pytest.raises(AssertionRefusedError) as refused:
        accepting().accept(signed(claims(clock, **changes)))

    assert refused.value.reason == reason


def test_what_is_signed_otherwise_is_refused(accepting, clock):
    body = claims(clock)
    confused = by_hand({"alg": "HS256"}, body).rsplit(".", 1)[0]
    mac = hmac.digest(RSA_PUBLIC.encode(), confused.encode(), hashlib.sha256)
    forged = {
        "another secret": (SECRET, signed(body, "x" * 40)),
        "none": (SECRET, by_hand({"alg": "none"}, body)),
        "None": (SECRET, by_hand({"alg": "None"}, body, b"x")),
        "another HMAC": (SECRET, signed(body, SECRET * 2, "HS512")),
        "public key as secret": (
            RSA_PUBLIC,
            confused + "." + base64.urlsafe_b64encode(mac).rstrip(b"=").decode(),
        ),
        "EC for RSA": (RSA_PUBLIC, signed(body, EC_KEY, "ES256")),
        "RSA with another hash": (RSA_PUBLIC, signed(body, RSA_KEY, "RS512")),
        "key that comes along": (SECRET, signed(body, SECRET, "HS256", jwk={"kty": "oct", "k": "eA"})),
        "key to fetch": (SECRET, signed(body, SECRET, "HS256", jku="https://evil.example/keys")),
        "cut": (SECRET, signed(body)[:-4]),
        "nothing": (SECRET, ""),
        "dots": (SECRET, "..."),
        "text": (SECRET, "令牌"),
        "long": (SECRET, "a" * 9_000),
        "array": (SECRET, by_hand({"alg": "HS256"}, [1])),
    }
    taken = []
    for name, (key, assertion) in forged.items():
        try:
            taken.append((name, accepting(key).accept(assertion)))
        except AssertionRefusedError:
            continue

    assert not taken


def test_an_assertion_is_taken_once_by_all_gateways_together(accepting, clock):
    assertion = signed(claims(clock))
    accepting().accept(assertion)
    clock.now += 30

    with pytest.raises(AssertionRefusedError, match="replayed"):
        accepting().accept(assertion)


def test_used_assertions_are_remembered_until_they_have_expired(accepting, clock):
    assertion = signed(claims(clock))
    one = accepting()
    one.accept(assertion)
    clock.now += 64  # expired, but within the leeway
    one.purge()

    with pytest.raises(AssertionRefusedError, match="replayed"):
        one.accept(assertion)


@pytest.mark.parametrize(
    "key",
    [
        "short",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----",
        RSA_KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        public(rsa.generate_private_key(65537, 1024)),
        public(ec.generate_private_key(ec.SECP384R1())),
    ],
)
def test_a_key_that_would_be_unsafe_is_refused_at_the_start(key):
    with pytest.raises(SettingsError, match="HALL_KEY"):
        hall_keys(key)


async def test_the_demo_hall_signs_in_and_a_replay_gets_no_detail(world):
    made = await (await world.post("/demo/hall/assertion", {"number": ALLOWED})).json()
    first = await world.post("/api/v1/identity/assertion", made)
    body = await first.json()
    again = await world.post("/api/v1/identity/assertion", made)

    assert first.status == 200
    assert body["identity"]["numbers"] == ["186****0101"]
    assert (again.status, await code_of(again)) == (401, "assertion_refused")
    assert world.sessions.find(body["session"]).identity == Identity("customer", (ALLOWED,), "G1001")
    assert world.counted["assertion", "replayed"] == 1


async def test_a_handler_of_the_demo_organization_is_one(world):
    made = await (await world.post("/demo/hall/assertion", {"handler_of": "G1001"})).json()
    body = await (await world.post("/api/v1/identity/assertion", made)).json()
    identity = world.sessions.find(body["session"]).identity

    assert identity.handler
    assert identity.customer == "G1001"


async def test_a_reload_keeps_the_conversation_and_another_identity_never_does(world):
    async def sign_in(session, **who):
        made = await (await world.post("/demo/hall/assertion", who)).json()
        answer = await world.post("/api/v1/identity/assertion", {**made, "session": session})
        return (await answer.json())["session"]

    anonymous = world.sessions.open()
    first = await sign_in(anonymous, number=ALLOWED)
    reloaded = await sign_in(first, number=ALLOWED)
    other = await sign_in(first, number=ARREARS)

    assert world.sessions.find(anonymous) is None
    assert reloaded == first
    assert other != first
    assert world.sessions.find(first) is None


async def test_the_demo_hall_signs_for_no_other_number(world):
    for who in ({"number": "13900000000"}, {"handler_of": "G9"}, {}, {"handler_of": "G1001", "number": ALLOWED}):
        assert (await world.post("/demo/hall/assertion", who)).status == 404
