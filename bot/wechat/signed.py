"""Whether a request to a callback was signed with the account's token, just now; the same for both platforms."""

from collections.abc import Mapping
from typing import Final

from bot.wechat.crypto import is_signature
from bot.wechat.errors import CallbackRefused

# How far the platform's clock and ours may be apart, and how long its retries may take.
WINDOW_SECONDS: Final = 300


def require_signed(query: Mapping[str, str], name: str, token: str, *content: str, now: float) -> None:
    """Raises `CallbackRefused` unless it was.

    Args:
        query: of the request.
        name: the parameter of the query that holds the signature.
        token: the account's callback token.
        *content: what is signed beside the token, the timestamp and the nonce.
        now: seconds since the epoch.
    """
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not is_signature(query.get(name), token, timestamp, nonce, *content):
        raise CallbackRefused("wrong signature")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise CallbackRefused("no time")
    if abs(now - int(timestamp)) > WINDOW_SECONDS:
        raise CallbackRefused("another time")
