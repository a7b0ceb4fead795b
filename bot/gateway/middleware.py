"""Errors as JSON: whatever goes wrong, the caller gets a status and a body of one shape, and no detail."""

import logging
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from bot.gateway.answers import json_answer
from bot.gateway.errors import GatewayError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
logger = logging.getLogger("bot.gateway")

REQUEST_ID: Final = web.RequestKey("request_id", str)
_HTTP_ERRORS: Final = {
    403: ("forbidden", "不允许访问这个地址。"),
    404: ("not_found", "没有这个地址。"),
    405: ("method_not_allowed", "这个地址不支持这种请求方法。"),
    413: ("body_too_large", "请求内容太大。"),
}


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns every error into a status and a body of one shape."""
    try:
        return await handler(request)
    except GatewayError as error:
        return _answer(error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        code, message = _HTTP_ERRORS.get(error.status, ("bad_request", "请求不正确。"))
        response = _answer(GatewayError(error.status, code, message))
        if "Allow" in error.headers:
            response.headers["Allow"] = error.headers["Allow"]
        return response
    except Exception:
        logger.exception("unexpected error", extra={"fields": {"id": request.get(REQUEST_ID)}})
        return _answer(GatewayError(500, "internal_error", "系统出了点问题，请稍后再试。"))


def _answer(error: GatewayError) -> web.Response:
    response = json_answer(error.to_json(), error.status)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response
