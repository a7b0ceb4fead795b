"""The signature by which the Rasa channel knows that a request comes from the gateway (and the gateway's only secret)."""

import hashlib
import hmac
from typing import Final

TIMESTAMP_HEADER: Final = "X-Bot-Timestamp"
SIGNATURE_HEADER: Final = "X-Bot-Signature"
WINDOW_SECONDS: Final = 60


def sign(secret: bytes, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over timestamp, a full stop and the body, in hexadecimal."""
    return hmac.new(secret, b"%d." % timestamp + body, hashlib.sha256).hexdigest()


def signed_headers(secret: bytes, now: float, body: bytes) -> dict[str, str]:
    """The two headers a request with this body must carry."""
    timestamp = int(now)
    return {TIMESTAMP_HEADER: str(timestamp), SIGNATURE_HEADER: sign(secret, timestamp, body)}


def is_signed(secret: bytes, now: float, timestamp: str | None, signature: str | None, body: bytes) -> bool:
    """Whether the headers are a signature of exactly this body, made within the last minute."""
    if not timestamp or not signature or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    expected = sign(secret, int(timestamp), body)
    fresh = abs(now - int(timestamp)) <= WINDOW_SECONDS
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")) and fresh
