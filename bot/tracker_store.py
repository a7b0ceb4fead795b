"""Conversations in SQL as Rasa keeps them, at a fraction of the cost: one short query and one commit a message."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import Connection, Table, event, func, insert, select

from bot.storage import sqlite_pragmas

_KEPT: Final = 2_000


@dataclass(frozen=True, slots=True)
class _Recent:
    """A tracker as it was saved last: the row of its last event, and how many events it had."""

    tracker: DialogueStateTracker
    row: int


class ConversationStore(SQLTrackerStore):  # type: ignore[misc]  # Rasa has no type information
    """Rasa's own table. The conversations of late are kept in memory too, and used while the table shows no newer event.

    So several Rasa servers may share a database. A tracker is handed out once: where a message fails halfway, the next
    one reads the conversation from the table.
    """

    def __init__(self, url: str) -> None:
        super().__init__(host=url)
        self._table: Table = self.SQLEvent.__table__
        self._recent: OrderedDict[str, _Recent] = OrderedDict()
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", sqlite_pragmas("busy_timeout=5000"))
            self.engine.dispose()  # those that were opened before this

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation since its last session began; None where there is none."""
        recent = self._recent.pop(sender_id, None)
        with self.engine.connect() as connection:
            last = self._last_row(connection, sender_id)
        if last is None:
            return None
        if recent is not None and recent.row == last:
            recent.tracker.stored_events = len(recent.tracker.events)
            return recent.tracker
        tracker = await super().retrieve(sender_id)
        if tracker is not None:
            tracker.stored_events = len(tracker.events)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Appends the events that are new."""
        await self.stream_events(tracker)
        stored = getattr(tracker, "stored_events", None)
        with self.engine.begin() as connection:
            if stored is None:
                stored = self._stored(tracker.sender_id)
            new = list(tracker.events)[stored:]
            if new:
                connection.execute(insert(self._table), [_row(tracker.sender_id, one.as_dict()) for one in new])
            last = self._last_row(connection, tracker.sender_id)
        tracker.stored_events = len(tracker.events)
        self._remember(tracker, last)

    def _remember(self, tracker: DialogueStateTracker, last: int | None) -> None:
        # After a second beginning the table gives only what came after it, which this tracker is not.
        if last is None or sum(isinstance(one, SessionStarted) for one in tracker.events) > 1:
            return
        self._recent[tracker.sender_id] = _Recent(tracker, last)
        if len(self._recent) > _KEPT:
            self._recent.popitem(last=False)

    def _stored(self, sender_id: str) -> int:
        with self.session_scope() as session:
            return int(self._event_query(session, sender_id, fetch_events_from_all_sessions=False).count())

    def _last_row(self, connection: Connection, sender_id: str) -> int | None:
        rows = self._table.c
        last: int | None = connection.scalar(select(func.max(rows.id)).where(rows.sender_id == sender_id))
        return last


def _row(sender_id: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "sender_id": sender_id,
        "type_name": data["event"],
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }
