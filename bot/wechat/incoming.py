"""What a delivery of an Official Account says: messages, events, and what nobody can answer."""

from collections.abc import Mapping
from typing import Final

from bot.messaging.exchange import Incoming, Kind
from bot.messaging.store import Credit
from bot.wechat.fields import event_key, message_key, needed
from bot.wechat.menu import Menu
from bot.wechat.wording import say

_MESSAGE_SECONDS: Final = 48 * 3600.0
_EVENT_SECONDS: Final = 60.0
_FOLLOWED: Final = frozenset({"subscribe", "SCAN"})


def incoming(fields: Mapping[str, str], quotas: tuple[int, int, int], menu: Menu) -> Incoming:
    """What these elements of a message say; raises `CallbackRefused` where they are not those of one."""
    account, kind = needed(fields, "FromUserName"), needed(fields, "MsgType")
    created = needed(fields, "CreateTime")
    if kind == "event":
        return _event(fields, account, created, quotas, menu)
    key = message_key(fields, account, created)
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
    key = event_key(fields, account, created)
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
