"""Keyed hashes and tokens: what stands in the identity database instead of a number, a code or a token."""

import hashlib
import hmac
import json
import secrets
from typing import Final

from actions.secret import kept_secret
from actions.settings import settings

_TOKEN_BYTES: Final = 32


class Keys:
    """HMAC-SHA256 with a key of its own for each purpose, derived from one secret.

    A plain hash of a telephone number or of a six-digit code could be found by trying all of them.

    Args:
        secret: at least 16 bytes.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def derive(self, purpose: str) -> bytes:
        """A key of 32 bytes for this purpose."""
        return hmac.digest(self._secret, f"identity {purpose}".encode(), "sha256")

    def digest(self, purpose: str, *parts: str) -> str:
        """What stands for these parts, 64 hexadecimal digits; the same for the same purpose and parts."""
        message = json.dumps(parts, ensure_ascii=False).encode("utf-8", "replace")
        return hmac.new(self.derive(purpose), message, "sha256").hexdigest()


def identity_keys() -> Keys:
    """The keys of the settings, else of a secret that is made once and kept. Raises `SettingsError`."""
    secret = kept_secret(settings().identity.key, "IDENTITY_KEY", settings().var / "identity.key", "身份密钥")
    return Keys(secret)


def new_token() -> str:
    """256 random bits that fit in a URL and a header."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What is stored of a token: nothing needs to be secret here, since a token cannot be guessed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
