"""What a member of staff did in the app: messages, events, and what nobody can answer."""

from collections.abc import Mapping
from typing import Final

from bot.incoming_text import clean_text
from bot.messaging.exchange import HANDOFF, Incoming
from bot.messaging.store import Credit
from bot.wechat.errors import CallbackRefused
from bot.wecom.staff import Member
from bot.wecom.wording import say

# WeCom counts by minute and hour and not by what a member did; this only bounds what one message can set off.
_CREDIT: Final = Credit(100, 7 * 86_400.0)
_MOST_ID: Final = 128
# Everybody opens the app often; they are greeted when they become able to.
_GREETED: Final = "subscribe"


def incoming(fields: Mapping[str, str], member: Member) -> Incoming:
    """What these elements of a message say; raises `CallbackRefused` where they are not those of one."""
    kind, created = _needed(fields, "MsgType"), _needed(fields, "CreateTime")
    account = member.account
    if kind == "event":
        event, value = fields.get("Event", ""), fields.get("EventKey", "")
        key = f"event {account} {created} {event} {value}"
        told = {_GREETED: "greeting", "click": "no_menu"}.get(event)
        return Incoming(account, key, "told", say(told), _CREDIT) if told else Incoming(account, key, "silent")
    number = fields.get("MsgId", "")
    key = f"message {number}" if number else f"message {account} {created}"
    if kind != "text":
        return Incoming(account, key, "told", say("only_text"), _CREDIT)
    text = fields.get("Content", "")
    if clean_text(text) in HANDOFF:
        # There is nobody to hand a member of staff over to, and nothing of theirs belongs in the queue of customers.
        return Incoming(account, key, "told", say("no_person"), _CREDIT)
    return Incoming(account, key, "message", text, _CREDIT)


def _needed(fields: Mapping[str, str], name: str) -> str:
    value = fields.get(name, "")
    if not 0 < len(value) <= _MOST_ID:
        raise CallbackRefused(f"no {name}")
    return value
