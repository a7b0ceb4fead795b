"""What figures are about: the last days in Shanghai, of one channel or of all."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import FromClause, and_
from sqlalchemy.sql.expression import ColumnElement

from actions.settings import TIME_ZONE
from bot.conversations.models import conversation, entry


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included; `channel` None is every channel."""

    first: date
    last: date
    channel: str | None

    @property
    def days(self) -> list[date]:
        """Every day, whether anything happened on it or not."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def holds(self, at: ColumnElement[datetime]) -> ColumnElement[bool]:
        """The condition that something happened in the period, in its channel; joined with `conversation`."""
        begins, ends = (datetime.combine(day, time(), TIME_ZONE) for day in (self.first, self.last + timedelta(days=1)))
        within = and_(at >= begins, at < ends)
        return within if self.channel is None else and_(within, conversation.c.channel == self.channel)


def entries() -> FromClause:
    """Entries with their conversations."""
    return entry.join(conversation, conversation.c.id == entry.c.conversation_id)


def last_days(now: datetime, days: int, channel: str | None) -> Period:
    """The period of so many days that ends today."""
    today = now.astimezone(TIME_ZONE).date()
    return Period(today - timedelta(days=days - 1), today, channel)
