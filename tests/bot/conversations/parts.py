"""What a conversation room is put together from in tests: real databases, real sealing, and an assistant that obeys."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from actions.identity import Identity
from actions.privacy.masking import mask
from actions.privacy.sealing import seal, unseal
from bot.conversations.entries import Entry
from bot.conversations.limits import Limits
from bot.conversations.migrations import upgrade
from bot.conversations.service import Conversations
from bot.conversations.store import ConversationStore, Speaker
from bot.storage import open_storage

GUEST = Speaker("web", "customer", signed_in=False, name=None)
CUSTOMER = Identity(role="customer", numbers=("18600010101",), customer="G1001")
# Everything that takes seconds in operation takes hundredths of them.
QUICK = Limits(
    attempt=0.5, slow=0.2, give_up=20.0, first_pause=0.02, longest_pause=0.1, poll=0.05, grace=0.3, capacity=1000
)


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # a Wednesday, 10:00 in Shanghai

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **delta: float) -> None:
        self.now += timedelta(**delta)


def make_store(url: str, clock: Any = lambda: datetime.now(UTC), lease_seconds: float = 15.0) -> ConversationStore:
    engine = open_storage(url)
    upgrade(engine)
    return ConversationStore(engine, clock, lease_seconds)


def make_room(
    url: str, assistant: Any, *, lease_seconds: float = 15.0, clock: Any = None, **more: Any
) -> Conversations:
    limits = replace(QUICK, **{name: more.pop(name) for name in list(more) if hasattr(QUICK, name)})
    store = make_store(url, clock or (lambda: datetime.now(UTC)), lease_seconds)
    return Conversations(store, assistant, mask=mask, seal=seal, unseal=unseal, limits=limits, **more)


@dataclass
class Reader:
    """A browser: follows a conversation, and goes on after the last entry when it was cut off."""

    room: Conversations
    conversation: str
    entries: list[Entry] = field(default_factory=list)
    states: list[Any] = field(default_factory=list)

    @property
    def last(self) -> int:
        return self.entries[-1].id if self.entries else 0

    async def read_until(self, done: Any) -> None:
        async for event in self.room.subscribe(self.conversation, self.last):
            if isinstance(event, Entry):
                self.entries.append(event)
            else:
                self.states.append(event)
            if done(self):
                return

    def texts(self, kind: str) -> list[str]:
        return [entry.text for entry in self.entries if entry.kind == kind]


def texts(entries: Sequence[Entry], kind: str | None = None) -> list[str]:
    return [entry.text for entry in entries if kind in (None, entry.kind)]
