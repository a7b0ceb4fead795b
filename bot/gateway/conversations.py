"""Takes a message to the assistant: in order within a conversation, within a deadline, and politely when it fails."""

import asyncio
import weakref
from typing import Any

from bot.assistant import Assistant, AssistantUnavailable
from bot.gateway.errors import GatewayError
from bot.gateway.sessions import ChatSession


class Conversations:
    """All conversations of this gateway.

    Args:
        assistant: what answers.
        deadline_seconds: how long a user waits at most, the wait for earlier messages included.
    """

    def __init__(self, assistant: Assistant, deadline_seconds: float) -> None:
        self._assistant = assistant
        self._deadline = deadline_seconds
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    async def reply(self, session: ChatSession, text: str) -> list[dict[str, Any]]:
        """The replies to one message; raises `GatewayError` (503) when there are none in time."""
        lock = self._locks.setdefault(session.conversation, asyncio.Lock())
        try:
            async with asyncio.timeout(self._deadline), lock:
                return await self._assistant.reply(session.conversation, text, session.identity)
        except TimeoutError as error:
            raise GatewayError(
                503, "assistant_slow", "抱歉，助手这会儿比较忙，没能及时答复。您的问题还在，请稍后点“重试”。"
            ) from error
        except AssistantUnavailable as error:
            raise GatewayError(
                503, "assistant_unavailable", "抱歉，助手暂时无法答复（可能正在启动）。您的问题还在，请稍后点“重试”。"
            ) from error
