"""What a member of staff did in the app: messages, events, and what nobody can answer."""

from collections.abc import Mapping
from typing import Final

from bot.incoming_text import clean_text
from bot.messaging.exchange import HANDOFF, Incoming
from bot.messaging.store import Credit
from bot.wechat.fields import event_key, message_key, needed
from bot.wecom.staff import Member
from bot.wecom.wording import say

# WeCom counts by minute and hour and not by what a member did; this only bounds what one message can set off.
_CREDIT: Final = Credit(100, 7 * 86_400.0)
# Everybody opens the app often; they are greeted when they become able to.
_GREETED: Final = "subscribe"


def incoming(fields: Mapping[str, str], member: Member) -> Incoming:
    """What these elements of a message say; raises `CallbackRefused` where they are not those of one."""
    kind, created = needed(fields, "MsgType"), needed(fields, "CreateTime")
    account = member.account
    if kind == "event":
        key = event_key(fields, account, created)
        told = {_GREETED: "greeting", "click": "no_menu"}.get(fields.get("Event", ""))
        return Incoming(account, key, "told", say(told), _CREDIT) if told else Incoming(account, key, "silent")
    key = message_key(fields, account, created)
    if kind != "text":
        return Incoming(account, key, "told", say("only_text"), _CREDIT)
    text = fields.get("Content", "")
    if clean_text(text) in HANDOFF:
        # There is nobody to hand a member of staff over to, and nothing of theirs belongs in the queue of customers.
        return Incoming(account, key, "told", say("no_person"), _CREDIT)
    return Incoming(account, key, "message", text, _CREDIT)
