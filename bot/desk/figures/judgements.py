"""What people think of the answers, by the day on which they said so."""

from collections import Counter
from typing import Any

from sqlalchemy import Connection, func, select

from bot.conversations.models import entry, feedback
from bot.desk.figures.dialects import ShanghaiDay
from bot.desk.figures.period import Period, entries
from bot.desk.wording import word


def judgements(connection: Connection, period: Period) -> dict[str, Any]:
    """Thumbs up and down by day, and the reasons given for the latter."""
    day = ShanghaiDay(feedback.c.at).label("day")
    rows = connection.execute(
        select(day, feedback.c.score, feedback.c.reason, func.count())
        .select_from(entries().join(feedback, feedback.c.entry_id == entry.c.id))
        .where(period.holds(feedback.c.at))
        .group_by(day, feedback.c.score, feedback.c.reason)
    ).all()
    scores: Counter[tuple[str, str]] = Counter()
    reasons: Counter[str | None] = Counter()
    for found, score, reason, count in rows:
        scores[found, score] += count
        if score == "down":
            reasons[reason] += count
    by_day = [
        {"day": one.isoformat(), "up": scores[one.isoformat(), "up"], "down": scores[one.isoformat(), "down"]}
        for one in period.days
    ]
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0] or ""))
    return {
        "up": sum(one["up"] for one in by_day),
        "down": sum(one["down"] for one in by_day),
        "reasons": [{"reason": name, "name": word("reasons", name or "none"), "count": n} for name, n in ordered],
        "by_day": by_day,
    }
