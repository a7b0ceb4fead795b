"""The web hall's assertions: signed statements, valid for two minutes and once, of who is signed in there."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import Engine, delete

from actions.identity import Identity
from actions.settings import SettingsError
from bot.identity.database import insert_unless_there
from bot.identity.models import used_assertion

MOST_SECONDS_AHEAD: Final = 120
# Clocks of two machines are never quite the same.
_LEEWAY_SECONDS: Final = 5
_MAX_CHARACTERS: Final = 8_192
_MAX_NUMBERS: Final = 200
_HEADER: Final = frozenset({"alg", "typ", "kid"})
_NUMBER: Final = re.compile(r"[0-9A-Za-z\-]{3,64}")
_PEM: Final = re.compile(r"-----BEGIN [A-Z ]+-----.*?-----END [A-Z ]+-----", re.DOTALL)
_MIN_SECRET: Final = 32
_MIN_RSA_BITS: Final = 2_048

Algorithm = Literal["HS256", "RS256", "ES256"]


@dataclass(frozen=True, slots=True)
class HallKey:
    """A key with the one algorithm it is good for: what the assertion says of its algorithm chooses nothing."""

    algorithm: Algorithm
    key: bytes | RSAPublicKey | EllipticCurvePublicKey


@dataclass(frozen=True, slots=True)
class Hall:
    """Who may vouch for customers: its name, the name it must call us, and its keys (several while they change)."""

    issuer: str
    audience: str
    keys: tuple[HallKey, ...]


class AssertionRefusedError(Exception):
    """Not a valid assertion. The reason is for logs and metrics; whoever sent it is told none."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def hall_keys(text: str) -> tuple[HallKey, ...]:
    """The keys in a setting: public keys in PEM (RSA: RS256, P-256: ES256), or else one shared secret (HS256).

    Raises `SettingsError` for anything that would be unsafe to verify with.
    """
    blocks = _PEM.findall(text)
    if blocks:
        return tuple(_public_key(block) for block in blocks)
    if "-----" in text:
        raise SettingsError("HALL_KEY 不是完整的 PEM 公钥。")
    if len(text) < _MIN_SECRET:
        raise SettingsError(f"HALL_KEY 里的共享密钥太短，至少要 {_MIN_SECRET} 个字符。")
    return (HallKey("HS256", text.encode()),)


def _public_key(pem: str) -> HallKey:
    if "PRIVATE" in pem:
        raise SettingsError("HALL_KEY 里是私钥；这里只要网上营业厅的公钥，私钥不要离开签发的机器。")
    try:
        key = load_pem_public_key(pem.encode())
    except ValueError as error:
        raise SettingsError("HALL_KEY 里的 PEM 公钥读不懂。") from error
    if isinstance(key, RSAPublicKey) and key.key_size >= _MIN_RSA_BITS:
        return HallKey("RS256", key)
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return HallKey("ES256", key)
    raise SettingsError(f"HALL_KEY 里的公钥只能是 {_MIN_RSA_BITS} 位以上的 RSA，或者 P-256 的 EC。")


class Assertions:
    """Takes assertions, each once.

    Args:
        engine: the identity database, where used ones are remembered for all gateways.
        halls: who may sign.
        clock: seconds since the epoch.
    """

    def __init__(self, engine: Engine, halls: Sequence[Hall], clock: Callable[[], float]) -> None:
        self._engine = engine
        self._halls = tuple(halls)
        self._clock = clock

    def accept(self, assertion: str) -> Identity:
        """Who is signed in at the web hall; the assertion is used up. Raises `AssertionRefusedError`."""
        if len(assertion) > _MAX_CHARACTERS:
            raise AssertionRefusedError("too_long")
        hall, claims = self._verified(assertion)
        expires = self._check_times(claims)
        identity = _identity(claims)
        self._use_up(hall, claims["jti"], expires)
        return identity

    def purge(self) -> None:
        """Forgets used assertions that have expired anyway."""
        with self._engine.begin() as database:
            database.execute(delete(used_assertion).where(used_assertion.c.expires_at < int(self._clock())))

    def _verified(self, assertion: str) -> tuple[Hall, dict[str, Any]]:
        try:
            header = jwt.get_unverified_header(assertion)
        except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
            raise AssertionRefusedError("malformed") from error
        if not set(header) <= _HEADER:
            raise AssertionRefusedError("header")  # keys that come along (jwk, jku, x5c) and extensions (crit)
        reason = "signature"
        for hall in self._halls:
            for key in hall.keys:
                try:
                    return hall, _decode(assertion, hall, key)
                except jwt.InvalidSignatureError:
                    continue
                except (jwt.InvalidAudienceError, jwt.InvalidIssuerError) as error:
                    # Another hall may use the same key under another name.
                    reason = "audience" if isinstance(error, jwt.InvalidAudienceError) else "issuer"
                except jwt.InvalidAlgorithmError:
                    reason = "algorithm"
                except (jwt.InvalidTokenError, ValueError, TypeError, RecursionError) as error:
                    raise AssertionRefusedError("malformed") from error
        raise AssertionRefusedError(reason)

    def _check_times(self, claims: Mapping[str, Any]) -> int:
        now = self._clock()
        expires, issued, begins = claims["exp"], claims["iat"], claims.get("nbf", claims["iat"])
        if any(type(moment) is not int for moment in (expires, issued, begins)):
            raise AssertionRefusedError("times")
        if expires + _LEEWAY_SECONDS <= now:
            raise AssertionRefusedError("expired")
        if expires > now + MOST_SECONDS_AHEAD + _LEEWAY_SECONDS or expires - issued > MOST_SECONDS_AHEAD:
            raise AssertionRefusedError("too_far_ahead")
        if max(issued, begins) > now + _LEEWAY_SECONDS or issued > expires:
            raise AssertionRefusedError("not_yet")
        return int(expires)

    def _use_up(self, hall: Hall, jti: object, expires: int) -> None:
        if not isinstance(jti, str) or not 8 <= len(jti) <= 200:
            raise AssertionRefusedError("jti")
        key = hashlib.sha256(f"{hall.issuer}\0{jti}".encode("utf-8", "replace")).hexdigest()
        with self._engine.begin() as database:
            values = {"jti_hash": key, "expires_at": expires + 2 * _LEEWAY_SECONDS}
            if not insert_unless_there(database, used_assertion, values):
                raise AssertionRefusedError("replayed")


def _decode(assertion: str, hall: Hall, key: HallKey) -> dict[str, Any]:
    return jwt.decode(
        assertion,
        key.key,
        algorithms=[key.algorithm],
        audience=hall.audience,
        issuer=hall.issuer,
        options={
            "require": ["exp", "iat", "jti", "sub", "aud", "iss"],
            "strict_aud": True,
            # Judged by our clock, and more strictly.
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
        },
    )


def _identity(claims: Mapping[str, Any]) -> Identity:
    customer, numbers, handler = claims["sub"], claims.get("numbers", []), claims.get("handler", False)
    name = claims.get("name")
    if not isinstance(customer, str) or not 1 <= len(customer) <= 64 or not isinstance(handler, bool):
        raise AssertionRefusedError("claims")
    if not isinstance(numbers, list) or len(numbers) > _MAX_NUMBERS or not (numbers or handler):
        raise AssertionRefusedError("claims")
    if not all(isinstance(number, str) and _NUMBER.fullmatch(number) for number in numbers):
        raise AssertionRefusedError("claims")
    if name is not None and (not isinstance(name, str) or len(name) > 64):
        raise AssertionRefusedError("claims")
    return Identity("customer", tuple(dict.fromkeys(numbers)), customer, name, handler)
