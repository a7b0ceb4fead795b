"""Links to a page with the whole answer to one message, for what a text message cannot show.

A link is made from the message alone, so that telling an answer twice (in the reply to a delivery, and again for the
outbox) gives the same link, and nothing has to be kept for it. It opens for a limited time, on the device that opens it
first, and only while the conversation is the person's and they are who they were in it, with the same numbers.
Synchronous: callers on an event loop use a thread.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from actions.identity import Identity
from actions.settings import TIME_ZONE
from bot.conversations.entries import entry_of, shown
from bot.conversations.models import entry as entry_table
from bot.conversations.reading import ENTRY
from bot.identity.keys import Keys
from bot.messaging.models import person
from bot.messaging.store import MessagingStore

DETAIL_HOURS: Final = 2
PATH: Final = "/detail/"
_SECONDS: Final = DETAIL_HOURS * 3600
# Half of SHA-256 and more: nobody guesses it, and the link stays short enough for a text.
_MAC: Final = 40
_TOKEN: Final = re.compile(rf"([1-9][0-9]{{0,17}})-([0-9a-f]{{{_MAC}}})")


@dataclass(frozen=True, slots=True)
class Detail:
    """The whole answer to a message.

    `account`: whose it is, as the platform names them; `told`: what stands for who they were then, None for nobody known;
    `seconds`: how long it opens.
    """

    message: int
    account: str
    told: str | None
    at: datetime
    seconds: int
    blocks: tuple[dict[str, Any], ...]


class Details:
    """The links of one platform's account.

    Args:
        store: its people.
        keys: what links are signed with.
        public_url: where people reach the gateway; without it there are no links.
    """

    def __init__(self, store: MessagingStore, keys: Keys, public_url: str | None) -> None:
        self._store = store
        self._keys = keys
        self._public_url = public_url

    def link(self, message: int) -> str | None:
        """The address of the page with the answer to this message (the id of its entry)."""
        return f"{self._public_url}{PATH}{message}-{self._mac(message)}" if self._public_url else None

    def find(self, token: str) -> Detail | None:
        """What a link leads to; None where it was not made here, has ended, or the person's conversation is another."""
        read = _TOKEN.fullmatch(token)
        if read is None or not hmac.compare_digest(read[2], self._mac(int(read[1]))):
            return None
        message = int(read[1])
        answers = ENTRY.where(entry_table.c.reply_to == message, entry_table.c.kind == "assistant")
        with self._store.engine.connect() as connection:
            said = [entry_of(row) for row in connection.execute(answers.order_by(entry_table.c.id)).all()]
            if not said:
                return None
            mine = person.c.conversation == said[0].conversation, person.c.platform == self._store.platform
            whose = select(person.c.account_sealed, person.c.identity_hash).where(*mine)
            row = connection.execute(whose).one_or_none()
        left = int(said[0].at.timestamp() + _SECONDS - self._store.clock())
        if row is None or left <= 0:
            return None
        blocks = tuple(block for one in said for block in shown(one.reply or {}).get("blocks") or [])
        account = self._store.account_of(row.account_sealed)
        return Detail(message, account, row.identity_hash, said[0].at.astimezone(TIME_ZONE), left, blocks)

    def is_for(self, detail: Detail, identity: Identity | None) -> bool:
        """Whether an answer may be shown to its person, who is this identity now.

        What was said to somebody known may be about any of their numbers, in words as well as in a verdict: with one number
        less it is nobody's to read. What was said to nobody known is about no number.
        """
        return detail.told is None or detail.told == self._store.identity_hash(identity)

    def claim(self, detail: Detail, device: str) -> bool:
        """Whether the page is this device's: that of the first one that opened it. `device` is what it shows each time."""
        # Kept for longer than the link opens, so that no second device comes first after it was forgotten.
        return self._store.is_first_use(f"detail {detail.message}", device, _SECONDS * 2)

    def _mac(self, message: int) -> str:
        return self._keys.digest("detail page", self._store.scope, str(message))[:_MAC]
