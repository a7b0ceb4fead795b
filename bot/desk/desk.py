"""What all routes of the staff interface are put together from."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from actions.settings import TIME_ZONE
from bot.conversations.service import Conversations

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Desk:
    """The conversations, and who answers how long: `seconds` is how long a member of staff waits for an answer."""

    conversations: Conversations
    seconds: float

    def now(self) -> datetime:
        """The present time, with its zone."""
        return self.conversations.store.clock()

    async def read(self, query: Callable[[Connection], Result]) -> Result:
        """Runs a query outside the event loop."""

        def run() -> Result:
            with self.conversations.store.engine.connect() as connection:
                return query(connection)

        return await asyncio.to_thread(run)

    async def write(self, change: Callable[[Connection], Result]) -> Result:
        """Runs a change in one transaction, outside the event loop."""

        def run() -> Result:
            with self.conversations.store.engine.begin() as connection:
                return change(connection)

        return await asyncio.to_thread(run)


def moment(at: datetime) -> str:
    """A point in time as the interface says it: in Shanghai, with its offset."""
    return at.astimezone(TIME_ZONE).isoformat(timespec="seconds")


def moment_or_none(at: datetime | None) -> str | None:
    """The same; None stays None."""
    return None if at is None else moment(at)
