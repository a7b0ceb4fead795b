"""`POST /api/v1/csp-reports`: what browsers had to keep our pages from doing. Counted, and logged without addresses."""

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.gateway.callers import caller
from bot.gateway.errors import GatewayError
from bot.gateway.limits import LIMITER
from bot.gateway.metrics import CSP_REPORTS
from bot.gateway.origins import CSP_REPORTS as PATH
from bot.gateway.requests import parse_json, read_body

logger = logging.getLogger("bot.gateway")

_TYPES: Final = frozenset({"application/csp-report", "application/reports+json", "application/json"})
_MOST_BYTES: Final = 16 * 1024
_MOST_REPORTS: Final = 10
_DIRECTIVES: Final = frozenset(
    {
        "base-uri",
        "connect-src",
        "default-src",
        "font-src",
        "form-action",
        "frame-ancestors",
        "frame-src",
        "img-src",
        "manifest-src",
        "media-src",
        "object-src",
        "require-trusted-types-for",
        "script-src",
        "script-src-attr",
        "script-src-elem",
        "style-src",
        "style-src-attr",
        "style-src-elem",
        "trusted-types",
        "worker-src",
    }
)


def add_routes(app: web.Application) -> None:
    """Adds the route to an application."""
    app.router.add_post(PATH, post_reports)


async def post_reports(request: web.Request) -> web.Response:
    """Takes one report (`report-uri`) or a list of them (`report-to`)."""
    if request.content_type not in _TYPES:
        raise GatewayError(415, "unsupported_media_type", "这里只接收浏览器的 CSP 报告。")
    await request.app[LIMITER].hit("report", caller(request).network)
    body = await read_body(request)
    if len(body) > _MOST_BYTES:
        raise web.HTTPRequestEntityTooLarge(_MOST_BYTES, len(body))
    for report in _reports(parse_json(body)):
        directive = _text(report, "effectiveDirective", "effective-directive", "violated-directive").split(" ")[0]
        directive = directive if directive in _DIRECTIVES else "other"
        CSP_REPORTS.labels(directive).inc()
        fields = {
            "directive": directive,
            "page": _first_step(_text(report, "documentURL", "document-uri")),
            "blocked": _origin(_text(report, "blockedURL", "blocked-uri")),
        }
        logger.warning("CSP violation", extra={"fields": fields})
    return web.Response(status=204)


def _reports(value: Any) -> Iterator[Mapping[str, Any]]:
    """The violations in a body of either form; what is none is left out."""
    for item in (value if isinstance(value, list) else [value])[:_MOST_REPORTS]:
        if isinstance(item, dict):
            report = item.get("csp-report") or (item.get("body") if item.get("type") == "csp-violation" else None)
            if isinstance(report, dict):
                yield report


def _text(report: Mapping[str, Any], *names: str) -> str:
    return next((value for name in names if isinstance(value := report.get(name), str)), "")


def _first_step(url: str) -> str:
    """Which page it was; the rest of an address may be a token."""
    step = _split(url).path.split("/")[1:2]
    return f"/{step[0]}" if step and re.fullmatch(r"[a-z]{0,20}", step[0]) else "-"


def _origin(url: str) -> str:
    """Where what was blocked comes from: an origin, or a word such as `inline` or `eval`."""
    if re.fullmatch(r"[a-z-]{1,30}", url):
        return url
    parts = _split(url)
    return f"{parts.scheme}://{parts.netloc}"[:200] if re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", parts.netloc) else "-"


def _split(url: str) -> Any:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
