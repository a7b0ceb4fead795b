"""What a gateway is put together from in tests: an assistant that does as it is told, and two demo accounts."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from actions.accounts.demo import DemoAccount
from actions.identity import Identity
from actions.reply import Reply
from bot.assistant import AssistantUnavailable

ALLOWED, ARREARS = "18600010101", "18600010102"


@dataclass(frozen=True)
class Asked:
    conversation: str
    text: str
    identity: Identity | None


def echo(text: str) -> Reply:
    return Reply(decision="answer", blocks=[{"type": "text", "text": f"回答：{text}"}])


@dataclass
class FakeAssistant:
    """Answers with `answer`; `seconds` makes it slow, `down` makes it fail, and it notices messages that overtake each other."""

    asked: list[Asked] = field(default_factory=list)
    answer: Callable[[str], Reply] = echo
    seconds: float = 0.0
    down: bool = False
    busy: set[str] = field(default_factory=set)
    overtaken: bool = False

    async def reply(self, conversation: str, text: str, identity: Identity | None) -> list[dict[str, Any]]:
        self.overtaken |= conversation in self.busy
        self.busy.add(conversation)
        try:
            self.asked.append(Asked(conversation, text, identity))
            await asyncio.sleep(self.seconds)
            if self.down:
                raise AssistantUnavailable("down")
            return [self.answer(text).to_json()]
        finally:
            self.busy.discard(conversation)


def demo_account(number: str, title: str) -> DemoAccount:
    return DemoAccount(number, title, "我现在能换号吗？", "可以办理", "G1001", "某公司")


DEMO_ACCOUNTS = [demo_account(ALLOWED, "一切正常"), demo_account(ARREARS, "欠费")]
