"""Which web pages may call the gateway: its own, and for the chat and identity API those of the configured web halls.

Browsers say where a request comes from (`Origin`, `Sec-Fetch-Site`) and no page can change that. Callers that are no
browsers say nothing; they hold no cookie of anybody, and may use what is authorised by bearer tokens.
"""

import hmac
from typing import Final

from aiohttp import web

from bot.gateway.callers import DOOR, caller, own_origin
from bot.gateway.errors import GatewayError
from bot.gateway.health import PROBES
from bot.gateway.metrics import METRICS, REFUSED, route_label
from bot.gateway.middleware import Handler

API: Final = "/api/v1/"
STAFF_API: Final = "/api/v1/staff/"
CSP_REPORTS: Final = "/api/v1/csp-reports"
# What pages of other origins load: the widget's module; the language of its words, by address.
WIDGETS: Final = {"/static/rule-assistant.js": "zh-CN", "/static/rule-assistant.zh-TW.js": "zh-TW"}

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID, Prefer",
    "Access-Control-Max-Age": "600",
}
_EXPOSED: Final = "Retry-After, X-Request-Id"


@web.middleware
async def check_host(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses other hosts than the public one (a page elsewhere may point its own name here), and odd methods.

    Who watches the gateway calls it by its address: the probes and the metrics answer to every name.
    """
    if request.method not in _METHODS:
        raise web.HTTPMethodNotAllowed(request.method, sorted(_METHODS))
    public = request.app[DOOR].public_url
    if public is not None and request.path not in (*PROBES, METRICS):
        scheme, _, host = public.partition("://")
        given = [name.lower().removesuffix(_usual_port(scheme)) for name in request.headers.getall("Host", [])]
        if given != [host]:
            REFUSED.labels("host").inc()
            raise GatewayError(400, "wrong_host", "这个地址不属于本系统，请从正式的网址进入。")
    return await handler(request)


@web.middleware
async def check_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answers preflights, and refuses what pages elsewhere must not do."""
    preflight = (
        request.method == "OPTIONS"
        and "Origin" in request.headers
        and "Access-Control-Request-Method" in request.headers
    )
    if not (allowed_origin(request) if preflight else _may_pass(request)):
        raise foreign_origin()
    return web.Response(status=204, headers=_PREFLIGHT) if preflight else await handler(request)


def _may_pass(request: web.Request) -> bool:
    route = route_label(request)
    changing = request.method not in SAFE
    if route.startswith(STAFF_API):
        # Authorised by a cookie, which browsers add by themselves: what changes anything must come from our own pages.
        return same_origin(request) if changing else not _says_foreign(request)
    # A page that keeps its address to itself (no-referrer) reports violations without an origin.
    harmless = not changing or route == CSP_REPORTS
    return harmless or not _says_foreign(request) or allowed_origin(request) is not None


def same_origin(request: web.Request) -> bool:
    """Whether a browser says that the request comes from a page of the gateway itself; silence does not say so."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin is None:
        return site == "same-origin"
    if origin == "null" or site not in (None, "same-origin"):
        return False
    return origin == own_origin(request) or _same_host(request, origin)


def require_same_origin(request: web.Request) -> None:
    """Raises `GatewayError` 403 unless a page of the gateway itself makes the request."""
    if not same_origin(request):
        raise foreign_origin()


def foreign_origin() -> GatewayError:
    """A page elsewhere asks for what only some pages may ask for."""
    REFUSED.labels("origin").inc()
    return GatewayError(403, "foreign_origin", "不接受来自其他网站页面的请求。")


def require_csrf(request: web.Request, expected: str) -> None:
    """Raises `GatewayError` 403 unless the header `X-CSRF-Token` is the session's."""
    given = request.headers.get("X-CSRF-Token", "")
    if not expected or not hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode()):
        REFUSED.labels("csrf").inc()
        raise GatewayError(403, "wrong_csrf_token", "页面已过期，请刷新后再试。")


def allowed_origin(request: web.Request) -> str | None:
    """The origin of a web hall's page that may read the answer to this request; None for every other caller."""
    origin = request.headers.get("Origin")
    return origin if origin in request.app[DOOR].origins and is_shared(request) else None


def is_shared(request: web.Request) -> bool:
    """Whether pages of the web halls may use this address at all."""
    staff = request.path.startswith(STAFF_API) or route_label(request).startswith(STAFF_API)
    return request.path.startswith((API, *WIDGETS)) and not staff


def cors_headers(request: web.Request) -> dict[str, str]:
    """What lets the page read the answer, errors included; caches must keep answers to different origins apart."""
    if not is_shared(request):
        return {}
    headers = {"Vary": "Origin"}
    if (origin := allowed_origin(request)) is not None:
        headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": _EXPOSED}
    return headers


def _says_foreign(request: web.Request) -> bool:
    if "Origin" in request.headers:
        return not same_origin(request)
    return request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")


def _same_host(request: web.Request, origin: str) -> bool:
    """Whether the origin differs in the scheme only, behind a proxy that does not tell it; the browser must agree."""
    if request.app[DOOR].public_url is not None or caller(request).proxied:
        return False
    return request.headers.get("Sec-Fetch-Site") == "same-origin" and origin == f"https://{request.host.lower()}"


def _usual_port(scheme: str) -> str:
    return ":443" if scheme == "https" else ":80"
