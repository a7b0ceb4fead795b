"""What every delivery has in common on both platforms: elements that must be there, and what tells it from others."""

from collections.abc import Mapping
from typing import Final

from bot.wechat.errors import CallbackRefused

# Nothing is that long: a name of at most 64 characters, and a number of 64 bits.
_MOST: Final = 128


def needed(fields: Mapping[str, str], name: str) -> str:
    """An element that must be there and is short; raises `CallbackRefused`."""
    value = fields.get(name, "")
    if not 0 < len(value) <= _MOST:
        raise CallbackRefused(f"no {name}")
    return value


def message_key(fields: Mapping[str, str], account: str, created: str) -> str:
    """The same for each delivery of the same message."""
    number = fields.get("MsgId", "")
    return f"message {number}" if number else f"message {account} {created}"


def event_key(fields: Mapping[str, str], account: str, created: str) -> str:
    """The same for each delivery of the same event: they have no number, and two of a kind in one second are one."""
    return f"event {account} {created} {fields.get('Event', '')} {fields.get('EventKey', '')}"
