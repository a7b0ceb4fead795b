"""Who is waiting for news of a conversation in this process."""

import asyncio
import contextlib
from collections.abc import Iterator, Mapping


class Watch:
    """One who waits. News that come between two waits are not missed."""

    def __init__(self) -> None:
        self._news = asyncio.Event()
        self.closed = False

    def wake(self) -> None:
        """Ends the present wait, or else the next one at once."""
        self._news.set()

    def close(self) -> None:
        """Ends the wait for good."""
        self.closed = True
        self._news.set()

    async def news(self, seconds: float) -> bool:
        """Waits for news, at most so long; whether there were any."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        return True


class Hub:
    """All who wait, by conversation."""

    def __init__(self) -> None:
        self._watches: dict[str, set[Watch]] = {}
        self._versions: dict[str, int] = {}
        self._closed = False

    @contextlib.contextmanager
    def watch(self, conversation: str) -> Iterator[Watch]:
        """Waits for news of a conversation as long as the block lasts."""
        watch = Watch()
        if self._closed:
            watch.close()
        self._watches.setdefault(conversation, set()).add(watch)
        try:
            yield watch
        finally:
            others = self._watches[conversation]
            others.discard(watch)
            if not others:
                del self._watches[conversation]
                self._versions.pop(conversation, None)

    def count(self, conversation: str) -> int:
        """How many wait for news of a conversation."""
        return len(self._watches.get(conversation, ()))

    def watched(self) -> list[str]:
        """The conversations that somebody waits for."""
        return list(self._watches)

    def wake(self, conversation: str) -> None:
        """Tells everybody who waits for news of this conversation."""
        for watch in self._watches.get(conversation, ()):
            watch.wake()

    def wake_changed(self, versions: Mapping[str, int]) -> None:
        """Wakes those whose conversation has another version than the last time."""
        for conversation, version in versions.items():
            if conversation in self._watches and self._versions.get(conversation) != version:
                self._versions[conversation] = version
                self.wake(conversation)

    def close(self) -> None:
        """Ends every wait, and every later one at once."""
        self._closed = True
        for watches in self._watches.values():
            for watch in watches:
                watch.close()
