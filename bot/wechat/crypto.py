"""Signatures and encryption of callbacks, the same for Official Accounts and WeCom.

AES-256 in CBC mode; the key is the account's EncodingAESKey, the initialisation vector its first 16 bytes. What is
encrypted: 16 random bytes, the length of the message in 4 bytes (big-endian), the message, and the id of the account it
is for; padded to a multiple of 32 bytes with bytes that say how many they are. A signature is SHA-1, in hexadecimal, over
its parts sorted and joined.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.wechat.errors import CallbackRefused

_KEY: Final = re.compile(r"[A-Za-z0-9+/]{43}")
_RANDOM, _LENGTH, _BLOCK = 16, 4, 32


@dataclass(frozen=True, slots=True)
class MessageCipher:
    """Encrypts and decrypts the messages of one account.

    Args:
        encoding_key: the 43 characters of the EncodingAESKey. Raises `ValueError` for anything else.
        receiver: the AppID or CorpID that must stand in every message; an intelligent robot of WeCom has an empty one.
    """

    encoding_key: str = field(repr=False)
    receiver: str
    _key: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.encoding_key):
            raise ValueError("EncodingAESKey")
        object.__setattr__(self, "_key", base64.b64decode(self.encoding_key + "="))

    def encrypt(self, message: bytes) -> str:
        """The message encrypted for the platform, in base64."""
        body = secrets.token_bytes(_RANDOM) + len(message).to_bytes(_LENGTH) + message + self.receiver.encode()
        padding = _BLOCK - len(body) % _BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(body + bytes([padding]) * padding) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> bytes:
        """The message in what the platform encrypted; raises `CallbackRefused` where that is not a message for this account."""
        try:
            secret = base64.b64decode(encrypted, validate=True)
        except (binascii.Error, ValueError) as error:
            raise CallbackRefused("not base64") from error
        if not secret or len(secret) % _BLOCK:
            raise CallbackRefused("wrong length")
        decryptor = self._cipher().decryptor()
        body = _unpadded(decryptor.update(secret) + decryptor.finalize())
        start = _RANDOM + _LENGTH
        end = start + int.from_bytes(body[_RANDOM:start])
        if len(body) < start or end > len(body):
            raise CallbackRefused("wrong length field")
        if not hmac.compare_digest(body[end:], self.receiver.encode()):
            raise CallbackRefused("for another account")
        return body[start:end]

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES256(self._key), modes.CBC(self._key[:16]))


def _unpadded(body: bytes) -> bytes:
    count = body[-1]
    if not 1 <= count <= _BLOCK or body[-count:] != bytes([count]) * count:
        raise CallbackRefused("wrong padding")
    return body[:-count]


def signature(*parts: str) -> str:
    """The signature over token, timestamp, nonce and, where there is one, the encrypted message."""
    return hashlib.sha1("".join(sorted(parts)).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def is_signature(given: str | None, *parts: str) -> bool:
    """Whether this is the signature over these parts; how long the answer takes tells nothing."""
    return given is not None and hmac.compare_digest(given.encode("utf-8", "replace"), signature(*parts).encode())
