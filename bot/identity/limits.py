"""How often something may be done: by number and by address."""

from math import ceil
from time import time
from typing import Protocol

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter


class Limiter(Protocol):
    """Counts what is done, and says when it is too much."""

    async def wait(self, rates: str, action: str, who: str) -> int:
        """Counts once; 0, or the seconds until this may be done again. `rates` as in "5/hour; 10/day"."""
        ...


class MemoryLimiter:
    """Counts in the memory of this process."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._rates: dict[str, list[RateLimitItem]] = {}

    async def wait(self, rates: str, action: str, who: str) -> int:
        """Counts once; 0, or the seconds until this may be done again."""
        for rate in self._rates.setdefault(rates, parse_many(rates)):
            if not await self._limiter.hit(rate, action, who):
                window = await self._limiter.get_window_stats(rate, action, who)
                return max(ceil(window.reset_time - time()), 1)
        return 0
