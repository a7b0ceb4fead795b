"""How long people wait for an answer: the median and the 95th percentile, in milliseconds."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, case, func, literal, select

from bot.conversations.models import entry
from bot.desk.figures.dialects import ShanghaiDay
from bot.desk.figures.period import Period, entries

_PERCENTILES: Final = (50, 95)


def latency(connection: Connection, period: Period) -> dict[str, Any]:
    """By day and altogether: the time within which that share of the answers came; None where there are none."""
    found = {row[0]: row[1:] for row in _percentiles(connection, period, ShanghaiDay(entry.c.at))}
    (whole,) = _percentiles(connection, period, literal("")) or [("", None, None)]
    by_day = []
    for day in period.days:
        p50, p95 = found.get(day.isoformat(), (None, None))
        by_day.append({"day": day.isoformat(), "p50": p50, "p95": p95})
    return {"p50": whole[1], "p95": whole[2], "by_day": by_day}


def _percentiles(connection: Connection, period: Period, by: ColumnElement[Any]) -> list[Any]:
    """Of each group the least time that at least so many in a hundred answers did not exceed."""
    answered = (
        select(by.label("by"), entry.c.milliseconds.label("ms"))
        .select_from(entries())
        .where(entry.c.kind == "assistant", entry.c.milliseconds.is_not(None), period.holds(entry.c.at))
        .subquery()
    )
    ranked = select(
        answered,
        func.row_number().over(partition_by=answered.c.by, order_by=answered.c.ms).label("place"),
        func.count().over(partition_by=answered.c.by).label("total"),
    ).subquery()
    reached = [func.min(case((ranked.c.place * 100 >= ranked.c.total * share, ranked.c.ms))) for share in _PERCENTILES]
    return list(connection.execute(select(ranked.c.by, *reached).group_by(ranked.c.by)).all())
