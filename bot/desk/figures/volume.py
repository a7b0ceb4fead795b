"""How many messages people send: by day, by hour of the day, by channel."""

from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.sql.expression import ColumnElement

from bot.conversations.models import conversation, entry
from bot.desk.figures.dialects import ShanghaiDay, ShanghaiHour
from bot.desk.figures.period import Period, entries


def volume(connection: Connection, period: Period) -> dict[str, Any]:
    """The counts; days and hours without a message are there with 0."""
    by_day = _counted(connection, period, ShanghaiDay(entry.c.at))
    by_hour = _counted(connection, period, ShanghaiHour(entry.c.at))
    by_channel = _counted(connection, period, conversation.c.channel)
    return {
        "total": sum(by_day.values()),
        "by_day": [{"day": day.isoformat(), "count": by_day.get(day.isoformat(), 0)} for day in period.days],
        "by_hour": [{"hour": hour, "count": by_hour.get(hour, 0)} for hour in range(24)],
        "by_channel": [{"channel": name, "count": count} for name, count in sorted(by_channel.items())],
    }


def _counted(connection: Connection, period: Period, by: ColumnElement[Any]) -> dict[Any, int]:
    group = by.label("by")
    counted = select(group, func.count()).select_from(entries()).where(entry.c.kind == "user", period.holds(entry.c.at))
    return {row[0]: row[1] for row in connection.execute(counted.group_by(group))}
