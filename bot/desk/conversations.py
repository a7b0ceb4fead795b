"""`GET search/conversations` and `GET conversations/{id}`: what was said, masked, for those who may read it."""

import asyncio
import json
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from aiohttp import web
from sqlalchemy import Connection, Row, Select, and_, exists, func, select

from actions.settings import TIME_ZONE
from bot.conversations.models import conversation, entry, feedback, handoff
from bot.conversations.search import matching
from bot.desk import parameters
from bot.desk.asking import is_own
from bot.desk.desk import Desk, moment
from bot.desk.snippets import snippet, wanted_words
from bot.gateway.answers import json_answer
from bot.gateway.errors import GatewayError
from bot.gateway.staff_access import StaffMember, staff_of

_PAGE: Final = 20
_ENTRIES: Final = 200


class ConversationRoutes:
    """The two routes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_routes(self, app: web.Application) -> None:
        """Adds the routes."""
        app.router.add_get("/api/v1/staff/search/conversations", self.search)
        app.router.add_get("/api/v1/staff/conversations/{id}", self.read)

    async def search(self, request: web.Request) -> web.Response:
        """A page of the entries that have all words of `q`, the newest first."""
        staff_of(request, "supervisor")
        query = request.query
        words = parameters.words(query, "q", 1, 100, required=False)
        page = parameters.whole(query, "page", 1, 1000, 1)
        rules = await asyncio.to_thread(parameters.current_rules)
        filters = {
            "decision": parameters.decision(query),
            "operation": parameters.operation(query, rules),
            "channel": parameters.one_of(query, "channel", parameters.CHANNELS),
            "feedback": parameters.one_of(query, "feedback", ("up", "down")),
        }
        first, last = parameters.day(query, "from"), parameters.day(query, "to")
        answer = await self._desk.read(lambda c: find(c, words, filters, first, last, page))
        return json_answer(answer)

    async def read(self, request: web.Request) -> web.Response:
        """One conversation; whoever may not read it is told that there is none."""
        member, place = staff_of(request), request.match_info["id"]
        after = parameters.whole(request.query, "after", 0, 1 << 62, 0)
        found = await self._desk.read(lambda c: _conversation(c, place, member, after))
        if found is None:
            raise GatewayError(404, "unknown_conversation", "没有这个对话，或者不是您能看的。")
        return json_answer(found)


def find(
    connection: Connection,
    words: str,
    filters: dict[str, str | None],
    first: date | None,
    last: date | None,
    page: int,
) -> dict[str, Any]:
    """A page of entries; decision, operation and feedback are those of the entry's answer."""
    answers = entry.alias()
    its_answer = (
        select(func.min(answers.c.id))
        .where(answers.c.reply_to == entry.c.id, answers.c.kind == "assistant")
        .scalar_subquery()
    )
    answer = entry.alias()
    joined = (
        entry.join(conversation, conversation.c.id == entry.c.conversation_id)
        .outerjoin(answer, answer.c.id == func.coalesce(its_answer, entry.c.id))
        .outerjoin(feedback, feedback.c.entry_id == answer.c.id)
    )
    conditions: list[Any] = [entry.c.kind != "note"]
    if words:
        matched = matching(connection, words)
        if matched is None:
            return {"total": 0, "page": page, "pages": 0, "results": []}
        conditions.append(matched)
    columns = {
        "decision": answer.c.decision,
        "operation": answer.c.operation,
        "channel": conversation.c.channel,
        "feedback": feedback.c.score,
    }
    conditions += [columns[name] == value for name, value in filters.items() if value is not None]
    if first:
        conditions.append(entry.c.at >= beginning(first))
    if last:
        conditions.append(entry.c.at < beginning(last + timedelta(days=1)))
    where = and_(*conditions)
    total = connection.execute(select(func.count()).select_from(joined).where(where)).scalar_one()
    rows = connection.execute(
        select(
            entry.c.id,
            entry.c.conversation_id,
            conversation.c.channel,
            entry.c.at,
            entry.c.kind,
            entry.c.text,
            answer.c.decision,
            answer.c.operation,
            answer.c.aspect,
            answer.c.topic,
            answer.c.confidence,
            feedback.c.score,
        )
        .select_from(joined)
        .where(where)
        .order_by(entry.c.id.desc())
        .limit(_PAGE)
        .offset((page - 1) * _PAGE)
    ).all()
    wanted = wanted_words(words)
    results = [
        {
            "entry": row.id,
            "conversation": row.conversation_id,
            "channel": row.channel,
            "at": moment(row.at),
            "from": row.kind,
            "snippet": snippet(row.text, wanted),
            **{name: getattr(row, name) for name in ("decision", "operation", "aspect", "topic", "confidence")},
            "feedback": row.score,
        }
        for row in rows
    ]
    return {"total": total, "page": page, "pages": parameters.pages(total, _PAGE), "results": results}


def beginning(day: date) -> datetime:
    """The moment at which a day begins in Shanghai."""
    return datetime.combine(day, time(), TIME_ZONE)


def _conversation(connection: Connection, place: str, member: StaffMember, after: int) -> dict[str, Any] | None:
    row = connection.execute(select(conversation).where(conversation.c.id == place)).one_or_none()
    if row is None or not _may_read(connection, place, member):
        return None
    wanted = staff_entries().where(entry.c.conversation_id == place, entry.c.id > after)
    rows = connection.execute(wanted.order_by(entry.c.id).limit(_ENTRIES + 1)).all()
    return {
        "conversation": {
            "id": row.id,
            "channel": row.channel,
            "role": row.role,
            "signed_in": row.signed_in,
            "who": row.who,
            "opened_at": moment(row.opened_at),
            "last_at": moment(row.last_at),
        },
        "entries": [staff_entry(one) for one in rows[:_ENTRIES]],
        "more": len(rows) > _ENTRIES,
    }


def _may_read(connection: Connection, place: str, member: StaffMember) -> bool:
    if member.role == "supervisor" or is_own(connection, place, member):
        return True
    h = handoff.c
    held = exists().where(h.conversation_id == place, h.state == "claimed", h.claimed_by == member.name)
    return member.role == "clerk" and bool(connection.execute(select(held)).scalar())


def staff_entries() -> Select[Any]:
    """Entries with what was thought of them."""
    judged = (feedback.c.score, feedback.c.reason, feedback.c.comment)
    return select(entry, *judged).outerjoin(feedback, feedback.c.entry_id == entry.c.id)


def staff_entry(row: Row[Any]) -> dict[str, Any]:
    """An entry as staff see it, from a row of `staff_entries`."""
    reply = json.loads(row.reply) if row.reply else {}
    copied = ("text", "reply_to", "decision", "operation", "aspect", "topic", "confidence", "rules_version")
    return {
        "entry": row.id,
        "at": moment(row.at),
        "from": row.kind,
        "id": row.client_id,
        "blocks": reply.get("blocks"),
        "choices": reply.get("choices"),
        **{name: getattr(row, name) for name in (*copied, "milliseconds", "state")},
        "feedback": {"score": row.score, "reason": row.reason, "comment": row.comment} if row.score else None,
    }
