"""What became of the messages: answered, asked back, not covered, handed over, small talk, or without an answer."""

from typing import Any, Final

from sqlalchemy import Connection, case, func, select

from bot.conversations.models import entry
from bot.desk.figures.dialects import ShanghaiDay
from bot.desk.figures.period import Period, entries

OUTCOMES: Final = ("answered", "asked_back", "not_covered", "handed_over", "small_talk", "unanswered")


def outcomes(connection: Connection, period: Period) -> dict[str, Any]:
    """The counts by day and altogether; a message counts by its first answer."""
    answer, first = entry.alias(), entry.alias()
    its_first = (
        select(func.min(first.c.id))
        .where(first.c.reply_to == entry.c.id, first.c.kind == "assistant")
        .scalar_subquery()
    )
    decision = answer.c.decision
    outcome = case(
        (entry.c.state == "staff", "handed_over"),
        (decision == "answer", "answered"),
        (decision == "clarify", "asked_back"),
        (decision.in_(("other_service", "out_of_scope")), "not_covered"),
        (decision == "handoff", "handed_over"),
        (decision.is_not(None), "small_talk"),
        else_="unanswered",
    ).label("outcome")
    day = ShanghaiDay(entry.c.at).label("day")
    rows = connection.execute(
        select(day, outcome, func.count())
        .select_from(entries().outerjoin(answer, answer.c.id == its_first))
        .where(entry.c.kind == "user", period.holds(entry.c.at))
        .group_by(day, outcome)
    ).all()
    counts = {(row[0], row[1]): row[2] for row in rows}
    by_day = [
        {"day": one.isoformat(), **{name: counts.get((one.isoformat(), name), 0) for name in OUTCOMES}}
        for one in period.days
    ]
    total = {name: sum(count for (_, found), count in counts.items() if found == name) for name in OUTCOMES}
    return {"total": total, "by_day": by_day}
