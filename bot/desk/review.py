"""Review: the questions that went badly, grouped, labelled by people, and exported as candidates to be rewritten."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from aiohttp import web
from sqlalchemy import Connection, Row, and_, delete, exists, func, insert, or_, select

from actions.audit.asker import without_numbers
from bot.conversations.models import conversation, entry, feedback, review
from bot.desk import parameters
from bot.desk.desk import Desk, moment
from bot.desk.groups import groups
from bot.gateway.answers import json_answer
from bot.gateway.errors import GatewayError
from bot.gateway.requests import read_object
from bot.gateway.staff_access import staff_of

_KINDS: Final = ("unanswered", "unsure", "disliked")
_USES: Final = ("test", "training", "ignored")
_DAYS: Final = timedelta(days=90)
_MOST_QUESTIONS: Final = 2000
_PAGE: Final = 20
_MOST_IN_GROUP: Final = 50
# The conversation leaves an answer of less confidence than this open to what was said before.
_UNSURE: Final = 0.75
_REWRITE: Final = "请用自己的话改写后再加入"
_FIELDS: Final = ("decision", "operation", "aspect", "topic")


class ReviewRoutes:
    """The routes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_routes(self, app: web.Application) -> None:
        """Adds the routes."""
        app.router.add_get("/api/v1/staff/review", self.questions)
        app.router.add_get("/api/v1/staff/review/export", self.export)
        app.router.add_put("/api/v1/staff/review", self.label_all)
        app.router.add_put("/api/v1/staff/review/{entry}", self.label)

    async def questions(self, request: web.Request) -> web.Response:
        """A page of groups of questions of one kind."""
        staff_of(request, "supervisor", "rule_owner")
        kind = parameters.one_of(request.query, "kind", _KINDS, required=True) or ""
        labelled = parameters.one_of(request.query, "labelled", ("no", "yes", "all")) or "no"
        page = parameters.whole(request.query, "page", 1, 1000, 1)
        return json_answer(await self._desk.read(lambda c: self._groups(c, kind, labelled, page)))

    async def label(self, request: web.Request) -> web.Response:
        """Says what a question should have been understood as."""
        member = staff_of(request, "supervisor", "rule_owner")
        place = parameters.place(request, "entry")
        values = await self._label(await read_object(request))
        row = {"entry_id": place, **values, "reviewed_by": member.name, "reviewed_at": self._desk.now()}
        if not await self._desk.write(lambda c: _store(c, [row])):
            raise GatewayError(404, "unknown_entry", "没有这个问题，可能已经过了保存期。")
        return json_answer(_label_json(row))

    async def label_all(self, request: web.Request) -> web.Response:
        """Says the same of several questions at once, of all of them or, where one is gone, of none."""
        member = staff_of(request, "supervisor", "rule_owner")
        payload = await read_object(request)
        places = payload.get("entries")
        if (
            not isinstance(places, list)
            or not 1 <= len(places) <= _MOST_QUESTIONS
            or not all(
                isinstance(place, int) and not isinstance(place, bool) and 0 < place < 1 << 62 for place in places
            )
        ):
            raise parameters.wrong("entries", f"应是 1 到 {_MOST_QUESTIONS} 个问题的编号")
        values = await self._label(payload)
        by = {"reviewed_by": member.name, "reviewed_at": self._desk.now()}
        rows = [{"entry_id": place, **values, **by} for place in dict.fromkeys(places)]

        if not await self._desk.write(lambda c: _store(c, rows)):
            raise GatewayError(404, "unknown_entry", "有的问题已经过了保存期，请刷新后再标。")
        return json_answer({"labels": [_label_json(row) for row in rows]})

    async def export(self, request: web.Request) -> web.Response:
        """What was labelled for a use, one JSON object a line, each to be rewritten by a person."""
        staff_of(request, "supervisor", "rule_owner")
        use = parameters.one_of(request.query, "use", ("test", "training"), required=True) or ""
        lines = await self._desk.read(lambda c: _candidates(c, use))
        response = web.Response(text="".join(lines), content_type="application/jsonl", charset="utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="candidates-{use}.jsonl"'
        return response

    async def _label(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        rules = await asyncio.to_thread(parameters.current_rules)
        use = parameters.one_of(payload, "use", _USES, required=True)
        values: dict[str, Any] = {
            "use": use,
            "decision": parameters.decision(payload),
            "operation": parameters.operation(payload, rules),
            "aspect": parameters.aspect(payload),
            "topic": parameters.topic(payload, rules),
            "note": without_numbers(parameters.words(payload, "note", 1, 500, required=False)) or None,
        }
        if use != "ignored" and values["decision"] is None:
            raise GatewayError(400, "missing_parameter", "请写明 decision（应当怎样决定）。")
        if values["decision"] == "answer" and not (values["operation"] or values["topic"]):
            raise parameters.wrong("operation", "和 topic 至少要写一个（decision 是 answer）")
        if values["operation"] and values["topic"]:
            raise parameters.wrong("operation", "和 topic 只能写一个")
        return values

    def _groups(self, connection: Connection, kind: str, labelled: str, page: int) -> dict[str, Any]:
        rows = _questions(connection, kind, labelled, self._desk.now() - _DAYS)
        grouped = groups([row.text for row in rows])
        shown = grouped[(page - 1) * _PAGE : page * _PAGE]
        return {
            "kind": kind,
            "total": len(grouped),
            "questions": len(rows),
            "page": page,
            "pages": parameters.pages(len(grouped), _PAGE),
            "groups": [
                {
                    "title": rows[places[0]].text,
                    "count": len(places),
                    "ids": [rows[place].id for place in places],
                    "entries": [_entry_json(rows[place]) for place in places[:_MOST_IN_GROUP]],
                }
                for places in shown
            ],
        }


def _questions(connection: Connection, kind: str, labelled: str, since: Any) -> list[Row[Any]]:
    """The newest questions of a kind, each with its (first) answer, the judgement on it, and its label."""
    answer, first, later, earlier, said = (entry.alias() for _ in range(5))
    its_first = (
        select(func.min(first.c.id))
        .where(first.c.reply_to == entry.c.id, first.c.kind == "assistant")
        .scalar_subquery()
    )
    followed = exists().where(
        later.c.conversation_id == entry.c.conversation_id, later.c.id > answer.c.id, later.c.decision == "answer"
    )
    # What was said just before: without it nobody can tell what 「那个怎么弄」 asks for.
    before = (
        select(said.c.text)
        .where(
            said.c.id
            == select(func.max(earlier.c.id))
            .where(
                earlier.c.conversation_id == entry.c.conversation_id,
                earlier.c.kind == "user",
                earlier.c.id < entry.c.id,
            )
            .correlate(entry)
            .scalar_subquery()
        )
        .correlate(entry)
        .scalar_subquery()
    )
    kinds = {
        "unanswered": or_(
            answer.c.decision.in_(("out_of_scope", "other_service")), and_(answer.c.decision == "clarify", ~followed)
        ),
        "unsure": and_(answer.c.decision == "answer", answer.c.confidence < _UNSURE),
        "disliked": feedback.c.score == "down",
    }
    labels = {"no": review.c.entry_id.is_(None), "yes": review.c.entry_id.is_not(None)}
    wanted = (
        select(
            entry.c.id,
            entry.c.at,
            entry.c.text,
            conversation.c.channel,
            before.label("before"),
            answer.c.text.label("answer"),
            *(answer.c[name] for name in (*_FIELDS, "confidence")),
            feedback.c.score,
            feedback.c.reason,
            feedback.c.comment,
            *(column.label(f"label_{column.name}") for column in review.c),
        )
        .select_from(
            entry.join(conversation, conversation.c.id == entry.c.conversation_id)
            .join(answer, answer.c.id == its_first)
            .outerjoin(feedback, feedback.c.entry_id == answer.c.id)
            .outerjoin(review, review.c.entry_id == entry.c.id)
        )
        .where(entry.c.kind == "user", entry.c.at >= since, kinds[kind])
        .order_by(entry.c.id.desc())
        .limit(_MOST_QUESTIONS)
    )
    return list(connection.execute(wanted if labelled == "all" else wanted.where(labels[labelled])).all())


def _entry_json(row: Row[Any]) -> dict[str, Any]:
    label = {column.name: getattr(row, f"label_{column.name}") for column in review.c}
    return {
        "entry": row.id,
        "at": moment(row.at),
        **{name: getattr(row, name) for name in ("channel", "before", "text", "answer", *_FIELDS, "confidence")},
        "feedback": {"score": row.score, "reason": row.reason, "comment": row.comment} if row.score else None,
        "label": _label_json(label) if label["entry_id"] is not None else None,
    }


def _label_json(row: Mapping[str, Any]) -> dict[str, Any]:
    copied = {name: row[name] for name in (*_FIELDS, "use", "note", "reviewed_by")}
    return {"entry": row["entry_id"], **copied, "reviewed_at": moment(row["reviewed_at"])}


def _store(connection: Connection, labels: Sequence[Mapping[str, Any]]) -> bool:
    """Keeps labels in place of former ones; False, and nothing kept, where one of them is of no question."""
    places = [label["entry_id"] for label in labels]
    questions = select(func.count()).where(entry.c.id.in_(places), entry.c.kind == "user")
    if connection.execute(questions).scalar_one() < len(places):
        return False
    connection.execute(delete(review).where(review.c.entry_id.in_(places)))
    connection.execute(insert(review), [dict(label) for label in labels])
    return True


def _candidates(connection: Connection, use: str) -> list[str]:
    columns = (entry.c.text, *(review.c[name] for name in (*_FIELDS, "note")))
    rows = connection.execute(select(*columns).join(review).where(review.c.use == use).order_by(entry.c.id))
    candidates = ({"candidate": True, "rewrite": _REWRITE, **row._mapping} for row in rows)
    # A group is labelled as a whole, and people ask the same thing in the same words: that is one candidate.
    return list(dict.fromkeys(json.dumps(one, ensure_ascii=False) + "\n" for one in candidates))
