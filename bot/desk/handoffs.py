"""Hand-overs as staff see them: the queue, claiming, writing, giving back, and a stream of all that."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from aiohttp import web
from sqlalchemy import Connection, Row, case, func, select

from bot.conversations.models import conversation, entry, handoff
from bot.desk import parameters
from bot.desk.conversations import staff_entries, staff_entry
from bot.desk.desk import Desk, moment, moment_or_none
from bot.desk.names import subject
from bot.gateway.answers import json_answer
from bot.gateway.errors import GatewayError
from bot.gateway.requests import message_text, read_object
from bot.gateway.staff_access import StaffMember, staff_of
from knowledge.model import RuleBase

_POLL_SECONDS: Final = 1.0
_COMMENT_SECONDS: Final = 15.0
# A stream is opened anew after that, so that somebody who was signed out sees no more.
_STREAM_SECONDS: Final = 60.0
_MOST_ENTRIES: Final = 200
# So many of the last entries are sent again to somebody who reconnects: another conversation's may have come late.
_AGAIN: Final = 50


class HandoffRoutes:
    """The routes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stopping = asyncio.Event()

    def add_routes(self, app: web.Application) -> None:
        """Adds the routes."""
        app.router.add_get("/api/v1/staff/handoffs", self.queue)
        app.router.add_post("/api/v1/staff/handoffs/{id}/claim", self.claim)
        app.router.add_post("/api/v1/staff/handoffs/{id}/messages", self.write)
        app.router.add_post("/api/v1/staff/handoffs/{id}/return", self.give_back)
        app.router.add_get("/api/v1/staff/events", self.events)

        async def stop(_app: web.Application) -> None:
            self._stopping.set()

        app.on_shutdown.append(stop)

    async def queue(self, request: web.Request) -> web.Response:
        """The queue."""
        member = _clerk(request)
        await self._desk.conversations.clerk_is_there(member.name)
        return json_answer(_queue_json(await self._open(member)))

    async def claim(self, request: web.Request) -> web.Response:
        """Takes a queued conversation over; of two who try at once one gets it."""
        member, place = _clerk(request), parameters.place(request, "id")
        if not await self._desk.conversations.claim(place, member.name):
            if await self._conversation(place) is None:
                raise _unknown()
            raise GatewayError(409, "already_taken", "这个对话已经有人接手，或者不再排队了。")
        mine = [one for one in await self._open(member) if one["id"] == place]
        if not mine:
            raise GatewayError(409, "already_taken", "这个对话不再需要人工了。")
        return json_answer(mine[0])

    async def write(self, request: web.Request) -> web.Response:
        """Says something to the customer."""
        member, place = _clerk(request), parameters.place(request, "id")
        text = message_text(await read_object(request))
        found = await self._conversation(place)
        if found is None:
            raise _unknown()
        conversation_id, holder = found
        said = None
        if holder == member.name:
            said = await self._desk.conversations.add_staff_entry(conversation_id, member.name, text)
        if said is None:
            raise _not_yours()
        return json_answer({"entry": said}, 201)

    async def give_back(self, request: web.Request) -> web.Response:
        """Gives the conversation back to the assistant."""
        member, place = _clerk(request), parameters.place(request, "id")
        if not await self._desk.conversations.return_(place, member.name):
            raise _unknown() if await self._conversation(place) is None else _not_yours()
        return web.Response(status=204)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """The queue when it changes, and what is said in the conversations that this person has taken over."""
        member = _clerk(request)
        last = request.headers.get("Last-Event-ID") or request.query.get("after")
        after = parameters.whole({"after": last}, "after", 0, 1 << 62) if last else None
        response = web.StreamResponse()
        response.content_type, response.charset = "text/event-stream", "utf-8"
        response.headers["X-Accel-Buffering"] = "no"
        await response.prepare(request)
        await response.write(b"retry: 2000\n\n")
        loop = asyncio.get_running_loop()
        started = spoken = loop.time()
        told: object = None
        present: float | None = None
        # Entries become visible in the order of their ids within a conversation only: each has its own place.
        start = await self._desk.read(_newest) if after is None else max(after - _AGAIN, 0)
        places: dict[str, int] = {}
        while loop.time() - started < _STREAM_SECONDS and not self._stopping.is_set():
            if present is None or loop.time() - present >= _COMMENT_SECONDS:
                await self._desk.conversations.clerk_is_there(member.name)
                present = loop.time()
            queue = await self._open(member)
            state = [(one["id"], one["state"], one["claimed_by"], one["subject"]) for one in queue]
            if state != told:
                await _send(response, "queue", _queue_json(queue))
                told, spoken = state, loop.time()
            for one in queue:
                if not one["mine"]:
                    continue
                place = one["conversation"]
                for row in await self._desk.read(partial(_entries, place=place, after=places.get(place, start))):
                    data = {"handoff": one["id"], "conversation": place, "entry": staff_entry(row)}
                    await _send(response, "entry", data, row.id)
                    places[place], spoken = row.id, loop.time()
            if loop.time() - spoken >= _COMMENT_SECONDS:
                await response.write(b": \n\n")
                spoken = loop.time()
            try:
                await asyncio.wait_for(self._stopping.wait(), _POLL_SECONDS)
            except TimeoutError:
                continue
        return response

    async def _open(self, member: StaffMember) -> list[dict[str, Any]]:
        rules = await asyncio.to_thread(parameters.current_rules)
        now, idle = self._desk.now(), self._desk.conversations.limits.handoff_idle
        return await self._desk.read(lambda c: _open(c, member, rules, now, idle))

    async def _conversation(self, place: int) -> tuple[str, str | None] | None:
        """The conversation of an open hand-over, and who has it."""
        h = handoff.c
        wanted = select(h.conversation_id, h.claimed_by).where(h.id == place)
        row = await self._desk.read(lambda c: c.execute(wanted).one_or_none())
        return (row.conversation_id, row.claimed_by) if row is not None else None


def _clerk(request: web.Request) -> StaffMember:
    return staff_of(request, "clerk", "supervisor")


def _unknown() -> GatewayError:
    return GatewayError(404, "unknown_handoff", "没有这个转人工的请求。")


def _not_yours() -> GatewayError:
    return GatewayError(409, "not_yours", "这个对话现在不在您手上。")


def _open(
    connection: Connection, member: StaffMember, rules: RuleBase, now: datetime, idle: timedelta
) -> list[dict[str, Any]]:
    """All open hand-overs: the queued first, the longest waiting first; `idle` is how long a person may be silent."""
    h = handoff.c
    said = entry.alias()
    answered = (
        select(func.max(said.c.id))
        .where(
            said.c.conversation_id == h.conversation_id,
            said.c.kind == "assistant",
            said.c.operation.is_not(None) | said.c.topic.is_not(None),
        )
        .scalar_subquery()
    )
    rows = connection.execute(
        select(handoff, conversation.c.channel, conversation.c.signed_in, entry.c.operation, entry.c.topic)
        .join(conversation, conversation.c.id == h.conversation_id)
        .outerjoin(entry, entry.c.id == answered)
        .where(h.state.in_(("queued", "claimed")))
        .order_by(case((h.state == "queued", 0), else_=1), h.id)
    ).all()
    return [
        {
            "id": row.id,
            "conversation": row.conversation_id,
            "state": row.state,
            "channel": row.channel,
            "signed_in": row.signed_in,
            "requested_at": moment(row.requested_at),
            "waiting_seconds": max(int(((row.claimed_at or now) - row.requested_at).total_seconds()), 0),
            "claimed_at": moment_or_none(row.claimed_at),
            "claimed_seconds": row.claimed_at and max(int((now - row.claimed_at).total_seconds()), 0),
            "left_seconds": row.active_at and max(int((row.active_at + idle - now).total_seconds()), 0),
            "claimed_by": row.claimed_by,
            "mine": row.state == "claimed" and row.claimed_by == member.name,
            "subject": subject(rules, row.operation, row.topic) or None,
        }
        for row in rows
    ]


def _queue_json(queue: list[dict[str, Any]]) -> dict[str, Any]:
    queued = sum(one["state"] == "queued" for one in queue)
    return {"queued": queued, "claimed": len(queue) - queued, "handoffs": queue}


def _newest(connection: Connection) -> int:
    return int(connection.execute(select(func.max(entry.c.id))).scalar() or 0)


def _entries(connection: Connection, place: str, after: int) -> Sequence[Row[Any]]:
    wanted = staff_entries().where(entry.c.conversation_id == place, entry.c.id > after)
    return connection.execute(wanted.order_by(entry.c.id).limit(_MOST_ENTRIES)).all()


async def _send(response: web.StreamResponse, event: str, data: object, place: int | None = None) -> None:
    lines = [f"id: {place}"] if place is not None else []
    lines += [f"event: {event}", f"data: {json.dumps(data, ensure_ascii=False)}"]
    await response.write(("\n".join(lines) + "\n\n").encode())
