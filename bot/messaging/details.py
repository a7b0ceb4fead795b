"""Links to a page with the whole answer to one message, for what a text message cannot show.

A link is made from the message alone, so that telling an answer twice (in the reply to a delivery, and again for the
outbox) gives the same link, and nothing has to be kept for it. It opens for a limited time, on the device that opens it
first, and only while the conversation is the person's and the numbers in the answer are theirs. Synchronous: callers on
an event loop use a thread.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from actions.identity import Identity, mask_number
from actions.settings import TIME_ZONE
from bot.conversations.entries import entry_of, shown
from bot.conversations.models import conversation
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
    """The whole answer to a message. `account`: whose it is, as the platform names them; `seconds`: how long it opens."""

    message: int
    account: str
    signed_in: bool
    at: datetime
    seconds: int
    blocks: tuple[dict[str, Any], ...]

    def is_for(self, identity: Identity | None) -> bool:
        """Whether it may be shown to its person, who is this identity now.

        What was answered to somebody known is not for whom nobody knows any more, and a verdict not for whom the number
        is not theirs (any more).
        """
        if self.signed_in and identity is None:
            return False
        theirs = {mask_number(number) for number in identity.numbers} if identity is not None else set()
        return all(mask_number(block["number"]) in theirs for block in self.blocks if block["type"] == "verdict")


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
            whose = select(person.c.account_sealed, conversation.c.signed_in).join(
                conversation, conversation.c.id == person.c.conversation
            )
            row = connection.execute(
                whose.where(person.c.conversation == said[0].conversation, person.c.platform == self._store.platform)
            ).one_or_none()
        left = int(said[0].at.timestamp() + _SECONDS - self._store.clock())
        if row is None or left <= 0:
            return None
        blocks = tuple(block for one in said for block in shown(one.reply or {}).get("blocks") or [])
        account = self._store.account_of(row.account_sealed)
        return Detail(message, account, row.signed_in, said[0].at.astimezone(TIME_ZONE), left, blocks)

    def claim(self, detail: Detail, device: str) -> bool:
        """Whether the page is this device's: that of the first one that opened it. `device` is what it shows each time."""
        # Kept for longer than the link opens, so that no second device comes first after it was forgotten.
        return self._store.is_first_use(f"detail {detail.message}", device, _SECONDS * 2)

    def _mac(self, message: int) -> str:
        return self._keys.digest("detail page", self._store.scope, str(message))[:_MAC]
