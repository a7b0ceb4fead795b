"""What a delivery of an Official Account says: messages, events, and what nobody can answer."""

from collections.abc import Mapping
from typing import Final

from bot.messaging.exchange import Incoming, Kind
from bot.messaging.store import Credit
from bot.wechat.errors import CallbackRefused
from bot.wechat.menu import Menu
from bot.wechat.wording import say

_MESSAGE_SECONDS: Final = 48 * 3600.0
_EVENT_SECONDS: Final = 60.0
# Nothing is that long: a name of 28 characters, and a number of 64 bits.
_MOST_ID: Final = 128
_FOLLOWED: Final = frozenset({"subscribe", "SCAN"})


def incoming(fields: Mapping[str, str], quotas: tuple[int, int, int], menu: Menu) -> Incoming:
    """What these elements of a message say; raises `CallbackRefused` where they are not those of one."""
    account, kind = _needed(fields, "FromUserName"), _needed(fields, "MsgType")
    created = _needed(fields, "CreateTime")
    if kind == "event":
        return _event(fields, account, created, quotas, menu)
    number = fields.get("MsgId", "")
    key = f"message {number}" if number else f"message {account} {created}"
    credit = Credit(quotas[0], _MESSAGE_SECONDS)
    if kind == "text":
        return Incoming(account, key, "message", fields.get("Content", ""), credit)
    if kind == "voice":
        recognised = fields.get("Recognition", "").strip()
        if recognised:
            return Incoming(account, key, "message", recognised, credit)
        return Incoming(account, key, "told", say("voice_not_understood"), credit)
    return Incoming(account, key, "told", say("only_text"), credit)


def _event(fields: Mapping[str, str], account: str, created: str, quotas: tuple[int, int, int], menu: Menu) -> Incoming:
    event, value = fields.get("Event", ""), fields.get("EventKey", "")
    # Events have no number of their own; two of a kind in one second are one.
    key = f"event {account} {created} {event} {value}"
    _, clicks, follows = quotas
    if event == "CLICK":
        entry = menu.entry(value)
        kind: Kind = "message" if entry is not None and entry.asks else "told"
        text = (entry.asks or entry.says) if entry is not None else say("unknown_entry")
        return Incoming(account, key, kind, text or "", Credit(clicks, _EVENT_SECONDS))
    if event in _FOLLOWED:
        text = say("greeting") if event == "subscribe" else ""
        return Incoming(account, key, "told" if text else "silent", text, Credit(follows, _EVENT_SECONDS))
    return Incoming(account, key, "left" if event == "unsubscribe" else "silent")


def _needed(fields: Mapping[str, str], name: str) -> str:
    value = fields.get(name, "")
    if not 0 < len(value) <= _MOST_ID:
        raise CallbackRefused(f"no {name}")
    return value
