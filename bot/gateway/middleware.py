"""What applies to every request: errors as JSON, security headers, and one log line."""

import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from bot.gateway.answers import json_answer
from bot.gateway.errors import GatewayError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
logger = logging.getLogger("bot.gateway")

_CONTENT_SECURITY_POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ]
)
_HEADERS: Final = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_REQUEST_ID: Final = web.RequestKey("request_id", str)
_HTTP_ERRORS: Final = {
    403: ("forbidden", "不允许访问这个地址。"),
    404: ("not_found", "没有这个地址。"),
    405: ("method_not_allowed", "这个地址不支持这种请求方法。"),
    413: ("body_too_large", "请求内容太大。"),
}


async def set_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Adds the security headers; a page may be kept if it is asked for again, an answer never."""
    response.headers.update(_HEADERS)
    response.headers["Cache-Control"] = "no-cache" if request.path.startswith("/static/") else "no-store"
    response.headers.pop("Server", None)


@web.middleware
async def log_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Logs what was asked for and how it went; never what was said, nor the address as typed (it may hold a number)."""
    started = time.perf_counter()
    request_id = secrets.token_hex(8)
    request[_REQUEST_ID] = request_id
    response = await handler(request)
    resource = request.match_info.route.resource
    logger.info(
        "request",
        extra={
            "fields": {
                "id": request_id,
                "method": request.method,
                "path": resource.canonical if resource else "-",
                "status": response.status,
                "ms": round((time.perf_counter() - started) * 1000),
            }
        },
    )
    response.headers["X-Request-Id"] = request_id
    return response


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns every error into a status and a body of one shape."""
    try:
        return await handler(request)
    except GatewayError as error:
        return json_answer(error.to_json(), error.status)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        code, message = _HTTP_ERRORS.get(error.status, ("bad_request", "请求不正确。"))
        response = json_answer(GatewayError(error.status, code, message).to_json(), error.status)
        if "Allow" in error.headers:
            response.headers["Allow"] = error.headers["Allow"]
        return response
    except Exception:
        logger.exception("unexpected error", extra={"fields": {"id": request.get(_REQUEST_ID)}})
        failure = GatewayError(500, "internal_error", "系统出了点问题，请稍后再试。")
        return json_answer(failure.to_json(), failure.status)
