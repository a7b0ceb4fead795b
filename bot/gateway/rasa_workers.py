"""Several Rasa servers as one assistant: a conversation always goes to the same one, so its messages stay in order."""

import asyncio
import zlib
from collections.abc import Sequence
from typing import Any, Final

from actions.identity import Identity
from bot.gateway.rasa_client import RasaServer

# Of one server, at a time. More would not be answered sooner, and above the length of its accept queue (100)
# connections would be dropped and tried again seconds later.
_AT_A_TIME: Final = 32


class RasaWorkers:
    """Implements `bot.assistant.Assistant`. One that is down takes its own conversations with it and no others."""

    def __init__(self, servers: Sequence[RasaServer]) -> None:
        self._servers = tuple((server, asyncio.Semaphore(_AT_A_TIME)) for server in servers)

    async def reply(self, conversation: str, text: str, identity: Identity | None) -> list[dict[str, Any]]:
        """The replies of the server that the conversation belongs to; first come, first served."""
        server, places = self._servers[zlib.crc32(conversation.encode()) % len(self._servers)]
        async with places:
            return await server.reply(conversation, text, identity)

    async def check(self) -> None:
        """Raises `AssistantUnavailable` unless every server runs with a loaded model."""
        await asyncio.gather(*(server.check() for server, _ in self._servers))

    async def close(self) -> None:
        """Closes the connections."""
        await asyncio.gather(*(server.close() for server, _ in self._servers))
