"""A conversations database with the messaging tables, a clock that obeys, and conversations without an assistant."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from bot.conversations.entries import Entry
from bot.conversations.store import ConversationStore, Speaker
from bot.identity.keys import Keys
from bot.messaging.migrations import upgrade
from bot.messaging.models import delivery, person
from bot.messaging.outbox import Outbox
from bot.messaging.store import Credit, MessagingStore, Taken
from tests.bot.conversations.parts import make_store

KEYS = Keys(b"k" * 32)
ANNA, BERT = "o-anna", "o-bert"
CREDIT = Credit(5, 48 * 3600.0)
START = 1_790_000_000.0
FOLLOWER = Speaker("wechat", "customer", signed_in=False, name=None)


@dataclass
class Sent:
    """What was sent, and what the platform says to it: `fails` is raised as often as it is long."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)

    async def __call__(self, account: str, text: str) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.texts.append((account, text))


class Desk:
    """One gateway's part, and what a test does with it."""

    def __init__(self, url: str, idle_seconds: float = 1800.0) -> None:
        self.now = START
        self.rooms: ConversationStore = make_store(url, lambda: datetime.fromtimestamp(self.now, UTC))
        upgrade(self.rooms.engine)
        self.store = MessagingStore(
            self.rooms.engine, KEYS, "wechat", "wx1", idle_seconds=idle_seconds, clock=lambda: self.now
        )
        self.sent = Sent()
        self.outbox = self.another_outbox(self.sent)

    def another_outbox(self, send: Any, told: Callable[[Entry], Sequence[str]] | None = None) -> Outbox:
        """The outbox of another gateway."""
        return Outbox(self.store, send, told or (lambda entry: entry.text.split("|")))

    def writes(self, account: str, key: str, text: str = "问") -> tuple[Taken, int]:
        """Somebody's message comes in and is stored; (what was taken, its entry)."""
        taken = self.store.take(account, key, CREDIT)
        submitted = self.rooms.submit(taken.conversation, FOLLOWER, taken.key, text, None, "gateway", 20)
        return taken, submitted.entry

    def answers(self, taken: Taken, answer: str) -> None:
        """The assistant answers the conversation's first waiting message; `|` parts texts."""
        message = self.rooms.claim(taken.conversation, "gateway")
        assert message is not None
        assert self.rooms.finish(message, "gateway", [{"text": answer, "blocks": []}]) is not None

    async def send_all(self, outbox: Outbox | None = None) -> None:
        """Everything that can be sent now is."""
        outbox = outbox or self.outbox
        outbox.collect()
        while letters := outbox._claim(16):
            for letter in letters:
                await outbox._deliver(letter)

    def deliveries(self) -> list[tuple[str, str, str | None]]:
        """(text, state, reason) of everything in the outbox."""
        with self.rooms.engine.connect() as connection:
            rows = connection.execute(select(delivery).order_by(delivery.c.id)).all()
        return [(row.text, row.state, row.reason) for row in rows]

    def quota(self, account: str = ANNA) -> int:
        """How many messages may be sent to somebody."""
        with self.rooms.engine.connect() as connection:
            hashed = self.store._hash("account", account)
            found = connection.execute(select(person.c.quota).where(person.c.account_hash == hashed)).scalar_one()
        return int(found)

    def dispose(self) -> None:
        """Closes the connections."""
        self.rooms.engine.dispose()
