"""Seals what must travel in clear through places that keep what passes: AES-GCM with a key of this installation."""

import base64
import binascii
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from actions.secret import kept_secret
from actions.settings import settings

# Another way of sealing gets another prefix, so that what was sealed before it stays readable or is known as old.
_VERSION: Final = "v1."
_NONCE_BYTES: Final = 12


class SealError(ValueError):
    """The text was not sealed here for this context, or has been changed."""


def seal(value: Any, context: str) -> str:
    """A JSON value as ASCII text (`v1.` and URL-safe base64) that only `unseal` with the same context opens.

    Raises `SettingsError` for a key that is too short, `OSError` where its file cannot be used.
    """
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _cipher(_secret()).encrypt(nonce, plain, _bound_to(context))
    return _VERSION + base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(text: str, context: str) -> Any:
    """The value that was sealed for this context; raises `SealError` for anything else, and what `seal` raises."""
    if not isinstance(text, str) or not text.startswith(_VERSION):
        raise SealError("not sealed")
    try:
        sealed = base64.b64decode(text[len(_VERSION) :].encode("ascii"), altchars=b"-_", validate=True)
        plain = _cipher(_secret()).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound_to(context))
    except (InvalidTag, UnicodeEncodeError, binascii.Error, ValueError) as error:
        raise SealError("not sealed here for this context") from error
    return json.loads(plain.decode("utf-8", "surrogatepass"))


def _bound_to(context: str) -> bytes:
    return f"{_VERSION}{context}".encode("utf-8", "surrogatepass")


def _secret() -> bytes:
    return _kept_secret(settings().sealing_key, settings().var / "sealing.key")


@lru_cache(maxsize=4)
def _kept_secret(configured: str | None, path: Path) -> bytes:
    return kept_secret(configured, "BOT_SEALING_KEY", path, "封装密钥")


@lru_cache(maxsize=4)
def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"rule assistant: sealed metadata").derive(secret))
