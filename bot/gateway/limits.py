"""How often at most: counted by session, by client address, by telephone number, and by whatever a room names.

Counters are in memory, or in Redis where several gateways share them. Keys are hashed with a secret: whoever reads the
counters learns no number and no token.
"""

import hashlib
import logging
import math
import time
from collections.abc import Mapping, Sequence
from typing import Final

from aiohttp import web
from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import RateLimiter, SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from packaging.version import Version
from redis.asyncio import ConnectionPool

from bot.gateway.callers import caller
from bot.gateway.errors import GatewayError
from bot.gateway.health import PROBES
from bot.gateway.metrics import LIMITS_HIT, METRICS
from bot.gateway.middleware import Handler

logger = logging.getLogger("bot.gateway")

# A Redis that does not answer holds nobody up for longer, and is left alone for a while.
_REDIS_SECONDS: Final = 0.5
_AFTER_FAILURE_SECONDS: Final = 10.0
_KEY_BYTES: Final = 16
_REFUSED: Final = 403


class _Redis(RedisStorage):
    """With the client that Rasa pins (4.6), which limits does not declare; the tests run it against a real server."""

    DEPENDENCIES: dict[str, Version | None] = {"redis": Version("4.6.0")}  # noqa: RUF012 - as limits declares it


class Limiter:
    """All rate limits of this gateway.

    Args:
        limits: rates by what is counted, as in `DoorSettings.limits`; what is not in it is not limited.
        secret: what keys are hashed with, the same for all gateways that share a Redis.
        redis_url: where counters are kept; in memory where it is None, or does not answer.
    """

    def __init__(self, limits: Mapping[str, str], secret: bytes, redis_url: str | None = None) -> None:
        self._limits: dict[str, list[RateLimitItem]] = {kind: parse_many(rates) for kind, rates in limits.items()}
        self._rates: dict[str, list[RateLimitItem]] = {}
        self._secret = hashlib.sha256(b"limits" + secret).digest()
        self._here = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared: RateLimiter | None = None
        self._pool: ConnectionPool | None = None
        if redis_url is not None:
            self._pool = ConnectionPool.from_url(
                redis_url, socket_timeout=_REDIS_SECONDS, socket_connect_timeout=_REDIS_SECONDS
            )
            self._shared = SlidingWindowCounterRateLimiter(
                _Redis(f"async+{redis_url}", implementation="redispy", wrap_exceptions=True, connection_pool=self._pool)
            )
        self._redis_again = 0.0

    async def hit(self, kind: str, key: str) -> None:
        """Counts one more for this key; raises `GatewayError` 429 where that is too many."""
        if seconds := await self._count(self._limits.get(kind, []), kind, key):
            raise GatewayError(
                429, "too_many_requests", f"操作太频繁了，请过{_words(seconds)}再试。", retry_after=seconds
            )

    async def wait(self, rates: str, kind: str, key: str) -> int:
        """Counts one more by rates that are no setting, as in "5/hour; 10/day"; 0, or the seconds until it may be again."""
        if rates not in self._rates:
            self._rates[rates] = parse_many(rates)
        return await self._count(self._rates[rates], kind, key)

    async def _count(self, items: Sequence[RateLimitItem], kind: str, key: str) -> int:
        hashed = hashlib.blake2b(key.encode("utf-8", "replace"), key=self._secret, digest_size=_KEY_BYTES).hexdigest()
        for item in items:
            wait = await self._wait(item, kind, hashed)
            if wait is not None:
                LIMITS_HIT.labels(kind).inc()
                return max(1, math.ceil(wait))
        return 0

    async def close(self) -> None:
        """Closes the connections to Redis."""
        if self._pool is not None:
            await self._pool.disconnect()

    async def _wait(self, item: RateLimitItem, kind: str, hashed: str) -> float | None:
        """Seconds until the next one may come; None where this one may."""
        if self._shared is not None and time.monotonic() >= self._redis_again:
            try:
                return await _count(self._shared, item, kind, hashed)
            except StorageError as error:
                self._redis_again = time.monotonic() + _AFTER_FAILURE_SECONDS
                logger.warning("limits are counted in memory: Redis fails", exc_info=error)
        return await _count(self._here, item, kind, hashed)


async def _count(limiter: RateLimiter, item: RateLimitItem, kind: str, hashed: str) -> float | None:
    if await limiter.hit(item, kind, hashed):
        return None
    reset: float = (await limiter.get_window_stats(item, kind, hashed)).reset_time
    return reset - time.time()


def _words(seconds: int) -> str:
    if seconds < 60:
        return f" {seconds} 秒"
    minutes = math.ceil(seconds / 60)
    return f" {minutes} 分钟" if minutes < 60 else f" {math.ceil(minutes / 60)} 小时"


LIMITER: Final = web.AppKey("limiter", Limiter)
# Where messaging platforms deliver: a few of their addresses stand for all their users, and they sign what they send.
CALLBACKS: Final = web.AppKey("callbacks", set[str])
_COUNTED: Final = web.RequestKey("counted_session", str)


@web.middleware
async def limit_rates(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Counts the request for its address, and for its session where that stands in the header.

    A session that stands in a body is counted where the body is read (`bot.gateway.requests`). Of what comes to a callback
    only what is refused counts.
    """
    if request.path in request.app[CALLBACKS]:
        try:
            return await handler(request)
        except GatewayError as error:
            if error.status == _REFUSED:
                await request.app[LIMITER].hit("address", caller(request).network)
            raise
    if request.path not in (*PROBES, METRICS):
        await request.app[LIMITER].hit("address", caller(request).network)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token:
            await count_session(request, token.strip())
    return await handler(request)


async def count_session(request: web.Request, token: str) -> None:
    """Counts the request for a session, once; raises `GatewayError` 429 where that is too many."""
    if request.get(_COUNTED) != token:
        request[_COUNTED] = token
        await request.app[LIMITER].hit("session", token)
