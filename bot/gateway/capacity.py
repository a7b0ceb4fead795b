"""How much at the same time: beyond it a caller is told at once to come again, instead of everybody waiting longer."""

import asyncio
import contextlib
from typing import Final

from aiohttp import web

from bot.gateway.callers import DOOR
from bot.gateway.errors import GatewayError
from bot.gateway.health import PROBES
from bot.gateway.metrics import IN_FLIGHT, METRICS, REFUSED, STREAMS, route_label
from bot.gateway.middleware import Handler

# Answers that last as long as the page is open: bounded apart from the others, and ended first when the gateway stops.
STREAM_ROUTES: Final = frozenset({"/api/v1/events", "/api/v1/staff/events"})
_RETRY_SECONDS: Final = 3


class Load:
    """What runs in one gateway at this moment."""

    def __init__(self) -> None:
        self.requests = 0
        self.streams: set[asyncio.Task[object]] = set()


LOAD: Final = web.AppKey("load", Load)


@web.middleware
async def bound_load(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Lets a request in, or refuses it politely; who watches the gateway is always let in."""
    if request.path in (*PROBES, METRICS):
        return await handler(request)
    load, door = request.app[LOAD], request.app[DOOR]
    if route_label(request) in STREAM_ROUTES:
        if len(load.streams) >= door.max_streams:
            raise _busy()
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a handler always runs in a task
        load.streams.add(task)
        STREAMS.inc()
        try:
            return await handler(request)
        finally:
            load.streams.discard(task)
            STREAMS.dec()
    if load.requests >= door.max_requests:
        raise _busy()
    load.requests += 1
    IN_FLIGHT.inc()
    try:
        return await handler(request)
    finally:
        load.requests -= 1
        IN_FLIGHT.dec()


async def end_streams(app: web.Application) -> None:
    """Ends the streams when the gateway stops: browsers come back by themselves, and nobody waits for them to go."""
    streams = list(app[LOAD].streams)
    for stream in streams:
        stream.cancel()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(1):
            await asyncio.gather(*streams, return_exceptions=True)


def _busy() -> GatewayError:
    REFUSED.labels("capacity").inc()
    return GatewayError(503, "busy", "现在使用的人比较多，请过几秒再试。", retry_after=_RETRY_SECONDS)
