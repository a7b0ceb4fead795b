"""The security headers of every answer: what a page may load, who may open or frame it, and who may keep it."""

from typing import Final

from aiohttp import web

from bot.gateway.callers import caller
from bot.gateway.metrics import route_label
from bot.gateway.origins import CSP_REPORTS, WIDGETS, cors_headers

_NOTHING: Final = ("default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'")
_PAGE: Final = (
    *_NOTHING,
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    # Scripts must not turn text into markup or code, and must not make themselves an exception (a policy) either.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    f"report-uri {CSP_REPORTS}",
    "report-to csp",
)
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PAGE_HEADERS: Final = {
    "Content-Security-Policy": "; ".join(_PAGE),
    "Reporting-Endpoints": f'csp="{CSP_REPORTS}"',
}
_DATA_HEADERS: Final = {"Content-Security-Policy": "; ".join(_NOTHING)}
# The chat opens the verification page in a window, which hands the grant back to it; a web hall on another origin too.
_OPENERS: Final = ("/", "/chat")
_OPENED: Final = "/verify/"
# Its one form opens it. It has no script, and must not get one.
_FORM: Final = "/detail/"
_FORM_CSP: Final = tuple(
    part.replace("form-action 'none'", "form-action 'self'")
    for part in _PAGE
    if not part.startswith(("script-src", "connect-src"))
)
_YEAR: Final = 31_536_000
# Those of an answer to what is no request.
FIXED: Final = _HEADERS | _DATA_HEADERS | {"Cache-Control": "no-store"}


async def set_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Adds the headers; a file may be kept if it is asked for again, an answer never."""
    route = route_label(request)
    headers = _HEADERS | (_DATA_HEADERS if request.path.startswith("/api/") else _PAGE_HEADERS)
    if route in _OPENERS:
        headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
    elif route.startswith(_OPENED):
        headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
        # Its own form must come with an origin; other sites are still told nothing.
        headers["Referrer-Policy"] = "same-origin"
    elif route.startswith(_FORM):
        headers["Content-Security-Policy"] = "; ".join(_FORM_CSP)
        # The form must come with an origin, as above.
        headers["Referrer-Policy"] = "same-origin"
    if request.path.startswith(tuple(WIDGETS)):
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if caller(request).secure:
        headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
    headers["Cache-Control"] = "no-cache" if request.path.startswith(("/static/", *WIDGETS)) else "no-store"
    response.headers.update(headers | cors_headers(request))
    response.headers.pop("Server", None)
