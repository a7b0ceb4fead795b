"""Some thousand masked entries as a month of people leaves them, always the same."""

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert

from bot.conversations.models import conversation, entry, feedback
from bot.conversations.search import index_entries

# 20:00 in Shanghai.
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
# question, decision, operation, aspect, whether the answer is a gap, confidence
KINDS = [
    ("单位的号要销户要带什么", "answer", "cancel_service", "documents", False, 0.97),
    ("销户要多少钱", "answer", "cancel_service", "fee", True, 0.95),
    ("國際漫遊怎麼開通", "answer", "international_roaming", "overview", False, 0.9),
    ("补卡去哪儿办", "answer", "replace_sim", "channels", False, 0.6),
    ("明天天气怎么样", "out_of_scope", None, None, False, 0.99),
    ("明天的天气怎么样啊", "out_of_scope", None, None, False, 0.99),
    ("宽带装机要几天", "other_service", None, None, False, 0.9),
    ("那个怎么弄", "clarify", None, None, False, 0.3),
    ("谢谢", "chitchat", None, None, False, 1.0),
]


@dataclass
class Story:
    """Writes entries straight into the tables."""

    connection: Connection
    made: list[tuple[int, str]] = field(default_factory=list)
    conversations: int = 0

    def conversation(self, at: datetime, channel: str = "web", who: str | None = None) -> str:
        self.conversations += 1
        place = f"conversation-{self.conversations:05d}"
        self.connection.execute(
            insert(conversation).values(
                id=place, channel=channel, role="staff" if who else "customer", signed_in=bool(who), who=who,
                opened_at=at, last_at=at, version=1,
            )
        )  # fmt: skip
        return place

    def entry(self, place: str, at: datetime, kind: str, text: str, **values: Any) -> int:
        new = {"conversation_id": place, "at": at, "kind": kind, "text": text, "delayed": False, **values}
        made = int(self.connection.execute(insert(entry).values(new).returning(entry.c.id)).scalar_one())
        self.made.append((made, text))
        return made

    def exchange(
        self, place: str, at: datetime, text: str, decision: str | None, operation: str | None = None,
        aspect: str | None = None, gap: bool = False, confidence: float | None = None, milliseconds: int = 100,
        topic: str | None = None,
    ) -> tuple[int, int | None]:  # fmt: skip
        """A question and its answer; without a decision there is none."""
        asked = self.entry(place, at, "user", text, state="answered" if decision else "failed")
        if decision is None:
            return asked, None
        blocks = [{"type": "text", "text": f"关于“{text}”的答复", "tone": "gap" if gap else "plain"}]
        answered = self.entry(
            place, at + timedelta(milliseconds=milliseconds), "assistant", f"关于“{text}”的答复", reply_to=asked,
            reply=json.dumps({"blocks": blocks, "choices": [], "decision": decision}, ensure_ascii=False),
            decision=decision, operation=operation, aspect=aspect, topic=topic, confidence=confidence,
            rules_version="v1", milliseconds=milliseconds,
        )  # fmt: skip
        return asked, answered

    def judge(self, answered: int | None, at: datetime, score: str, reason: str | None = None) -> None:
        values = {"entry_id": answered, "score": score, "reason": reason, "comment": None, "at": at}
        self.connection.execute(insert(feedback).values(values))

    def close(self) -> None:
        index_entries(self.connection, self.made)


@dataclass
class Expected:
    """What the figures have to be, counted while writing."""

    rows: list[dict[str, Any]]


def fill(engine: Engine, conversations: int = 900) -> Expected:
    """Writes the month; returns what was written, one row a question."""
    chance = random.Random(7)
    rows = []
    with engine.begin() as connection:
        story = Story(connection)
        for _ in range(conversations):
            at = NOW - timedelta(minutes=chance.randrange(5, 40 * 24 * 60))
            channel = chance.choice(("web", "web", "wechat", "console"))
            place = story.conversation(at, channel, "李明" if channel == "console" else None)
            for _ in range(chance.randrange(1, 4)):
                text, decision, operation, aspect, gap, confidence = chance.choice(KINDS)
                waited = chance.randrange(40, 4000)
                asked, answered = story.exchange(place, at, text, decision, operation, aspect, gap, confidence, waited)
                score = chance.choice((None, None, None, "up", "down"))
                if score:
                    story.judge(answered, at, score, "wrong" if score == "down" else None)
                rows.append(
                    {"at": at, "channel": channel, "decision": decision, "operation": operation, "gap": gap, "ms": waited,
                     "score": score, "entry": asked}
                )  # fmt: skip
                at += timedelta(seconds=20)
        story.close()
    return Expected(rows)
