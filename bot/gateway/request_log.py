"""One id, one log line and one count for every request."""

import logging
import re
import secrets
import time
from typing import Final

from aiohttp import web

from bot.gateway.callers import caller
from bot.gateway.capacity import STREAM_ROUTES
from bot.gateway.metrics import observe_request, route_label
from bot.gateway.middleware import REQUEST_ID, Handler

logger = logging.getLogger("bot.gateway")

REQUEST_ID_HEADER: Final = "X-Request-Id"
_FORM: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Letters only: an id must never look like a number that is to be masked.
_LETTERS: Final = str.maketrans("0123456789", "ghjkmnpqrs")


@web.middleware
async def log_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Logs what was asked for and how it went; never what was said, nor the address as typed (it may hold a number)."""
    started = time.perf_counter()
    request[REQUEST_ID] = request_id = _id(request)
    response = await handler(request)
    seconds = time.perf_counter() - started
    route = route_label(request)
    observe_request(request, response.status, None if route in STREAM_ROUTES else seconds)
    fields = {
        "id": request_id,
        "method": request.method,
        "path": route,
        "status": response.status,
        "ms": round(seconds * 1000),
    }
    logger.info("request", extra={"fields": fields})
    return response


async def set_request_id(request: web.Request, response: web.StreamResponse) -> None:
    """Tells the caller the id to name when something went wrong."""
    if (request_id := request.get(REQUEST_ID)) is not None:
        response.headers[REQUEST_ID_HEADER] = request_id


def _id(request: web.Request) -> str:
    """A new id; the one given only where a trusted proxy gives it."""
    given = request.headers.get(REQUEST_ID_HEADER, "")
    if caller(request).proxied and _FORM.fullmatch(given):
        return given
    return new_request_id()


def new_request_id() -> str:
    """An id nobody has had."""
    return secrets.token_hex(8).translate(_LETTERS)
