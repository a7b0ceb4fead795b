"""What is answered most, and the gaps in the rules that people hit."""

from typing import Any, Final

from sqlalchemy import Connection, func, or_, select

from bot.conversations.models import entry
from bot.desk.figures.dialects import HasGap
from bot.desk.figures.period import Period, entries
from bot.desk.names import question, subject
from knowledge.model import RuleBase

_MOST_SUBJECTS: Final = 10
_MOST_GAPS: Final = 20


def top_subjects(connection: Connection, period: Period, rules: RuleBase) -> list[dict[str, Any]]:
    """The operations and topics answered most."""
    count = func.count().label("count")
    by = (entry.c.operation, entry.c.topic)
    rows = connection.execute(
        _answers(period, *by, count).group_by(*by).order_by(count.desc(), *by).limit(_MOST_SUBJECTS)
    )
    return [
        {"operation": operation, "topic": topic, "name": subject(rules, operation, topic), "count": number}
        for operation, topic, number in rows
    ]


def gaps(connection: Connection, period: Period, rules: RuleBase) -> list[dict[str, Any]]:
    """The answers that said most often that the rules are lost, silent, or point elsewhere."""
    count = func.count().label("count")
    by = (entry.c.operation, entry.c.topic, entry.c.aspect)
    wanted = _answers(period, *by, count).where(entry.c.reply.is_not(None), HasGap(entry.c.reply))
    rows = connection.execute(wanted.group_by(*by).order_by(count.desc(), *by).limit(_MOST_GAPS))
    return [
        {
            "operation": operation,
            "topic": topic,
            "aspect": aspect,
            "name": question(rules, operation, aspect, topic),
            "count": number,
        }
        for operation, topic, aspect, number in rows
    ]


def _answers(period: Period, *columns: Any) -> Any:
    about_something = or_(entry.c.operation.is_not(None), entry.c.topic.is_not(None))
    return (
        select(*columns)
        .select_from(entries())
        .where(entry.c.kind == "assistant", entry.c.decision == "answer", about_something, period.holds(entry.c.at))
    )
