"""What is counted and timed, and `GET /metrics`. Labels take values from closed sets only, so that none holds user data."""

import hmac
import time
import tomllib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from aiohttp import web
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from actions.settings import ROOT
from bot.gateway.callers import DOOR, caller
from bot.gateway.errors import GatewayError

METRICS: Final = "/metrics"
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_DECISIONS: Final = frozenset({"answer", "other_service", "out_of_scope", "chitchat", "handoff", "clarify"})
_FORWARDED: Final = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")

REGISTRY: Final = CollectorRegistry()
for _collector in (ProcessCollector, PlatformCollector, GCCollector):
    _collector(registry=REGISTRY)
_REQUESTS: Final = Counter("bot_http_requests", "Requests answered.", ["method", "route", "status"], registry=REGISTRY)
_LATENCY: Final = Histogram(
    "bot_http_request_seconds",
    "From a request to its answer, streams excepted.",
    ["route"],
    buckets=_SECONDS,
    registry=REGISTRY,
)
_MESSAGES: Final = Counter("bot_messages", "Replies, by what was decided.", ["decision"], registry=REGISTRY)
_ANSWERS: Final = Counter("bot_answers", "Messages, by how they ended.", ["outcome"], registry=REGISTRY)
_ASSISTANT: Final = Histogram(
    "bot_assistant_seconds", "Time that Rasa takes for a message.", buckets=_SECONDS, registry=REGISTRY
)
QUEUE: Final = Gauge("bot_messages_waiting", "Messages that wait for an answer.", registry=REGISTRY)
IN_FLIGHT: Final = Gauge("bot_http_requests_in_flight", "Requests being worked on.", registry=REGISTRY)
STREAMS: Final = Gauge("bot_streams_open", "Event streams that are open.", registry=REGISTRY)
LIMITS_HIT: Final = Counter("bot_limits_hit", "Requests beyond a rate limit.", ["kind"], registry=REGISTRY)
REFUSED: Final = Counter("bot_requests_refused", "Requests refused at the door.", ["reason"], registry=REGISTRY)
CSP_REPORTS: Final = Counter("bot_csp_reports", "CSP violations reported.", ["directive"], registry=REGISTRY)
_BUILD: Final = Info("bot_build", "What runs here.", registry=REGISTRY)


def add_routes(app: web.Application) -> None:
    """Adds the route to an application."""
    app.router.add_get(METRICS, get_metrics)
    _BUILD.info({"version": version()})


@cache
def version() -> str:
    """The version of this project."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


async def get_metrics(request: web.Request) -> web.Response:
    """The figures in Prometheus' text format, for this machine and for those who know the token."""
    if not _may_read(request):
        raise GatewayError(403, "forbidden", "指标只能在本机读取，或者带上 BOT_METRICS_TOKEN 设定的令牌。")
    return web.Response(body=generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _may_read(request: web.Request) -> bool:
    token = request.app[DOOR].metrics_token
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if token is not None and scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), token.encode()):
        return True
    # What a proxy on this machine passes on comes from elsewhere, also where nobody has named it as a proxy.
    passed_on = any(header in request.headers for header in _FORWARDED)
    address = caller(request).address
    return not passed_on and address is not None and address.is_loopback


def route_label(request: web.Request) -> str:
    """The address as the routes know it; what was typed may hold anything."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "-"


def observe_request(request: web.Request, status: int, seconds: float | None) -> None:
    """Counts an answered request; a stream has no time that would say anything (None)."""
    route = route_label(request)
    _REQUESTS.labels(_one_of(request.method, _METHODS), route, str(status)).inc()
    if seconds is not None:
        _LATENCY.labels(route).observe(seconds)


def count_replies(replies: Iterable[dict[str, Any]]) -> None:
    """Counts the replies to a message."""
    for reply in replies:
        _MESSAGES.labels(_one_of(reply.get("decision"), _DECISIONS)).inc()


def count_answer(outcome: str) -> None:
    """Counts how a message ended: `answered`, `slow`, `unavailable`, `busy`, `failed` or `staff`."""
    _ANSWERS.labels(_one_of(outcome, {"answered", "slow", "unavailable", "busy", "failed", "staff"})).inc()


@contextmanager
def assistant_timed() -> Iterator[None]:
    """Times what Rasa takes for a message, also where it fails."""
    started = time.perf_counter()
    try:
        yield
    finally:
        _ASSISTANT.observe(time.perf_counter() - started)


def _one_of(value: object, known: Collection[str]) -> str:
    return value if isinstance(value, str) and value in known else "other"
