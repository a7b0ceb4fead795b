"""Reads request bodies: whatever a client sends, the answer is a value of the right type or a clear error."""

import asyncio
import json
import re
from typing import Any, Final

from aiohttp import web

from bot.gateway.errors import GatewayError
from bot.gateway.limits import count_session
from bot.incoming_text import clean_text, says_nothing

MAX_TEXT_CHARACTERS: Final = 2_000
MAX_BODY_BYTES: Final = 256 * 1024
_BODY_SECONDS: Final = 10.0
_MAX_DEPTH: Final = 16
_MAX_TOKEN_CHARACTERS: Final = 200
_MESSAGE_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


async def read_object(request: web.Request) -> dict[str, Any]:
    """The JSON object in the body. A session named in it is counted for its rate limit."""
    if request.content_type != "application/json":
        raise GatewayError(415, "unsupported_media_type", "请求的 Content-Type 应是 application/json。")
    value = parse_json(await read_body(request))
    if not isinstance(value, dict):
        raise GatewayError(400, "not_an_object", '请求内容应是一个 JSON 对象，例如 {"text": "销户要带什么"}。')
    if (token := session_token(value)) is not None:
        await count_session(request, token)
    return value


async def read_body(request: web.Request) -> bytes:
    """The whole body, where it comes within its bounds and in time; one that says it will be too long is not awaited."""
    if (announced := request.content_length or 0) > request.client_max_size:
        raise web.HTTPRequestEntityTooLarge(request.client_max_size, announced)
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            return await request.read()
    except TimeoutError as error:
        raise GatewayError(408, "request_timeout", "请求发送得太慢，已放弃接收，请重试。") from error
    except (web.RequestPayloadError, ConnectionResetError) as error:
        raise GatewayError(400, "broken_body", "请求内容没有完整收到，请重试。") from error


def parse_json(body: bytes) -> Any:
    """The JSON value in a body: no deeper than anything needs, no number that JSON does not have."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GatewayError(400, "not_utf8", "请求内容不是 UTF-8 编码。") from error
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise GatewayError(400, "not_json", "请求内容不是正确的 JSON。") from error
    if _is_deep(value):
        raise GatewayError(400, "too_deep", f"请求内容套得太深，最多 {_MAX_DEPTH} 层。")
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_MAX_DEPTH + 1):
        containers = [item for item in level if isinstance(item, dict | list)]
        if not containers:
            return False
        level = [inner for item in containers for inner in (item.values() if isinstance(item, dict) else item)]
    return True


def message_text(payload: dict[str, Any]) -> str:
    """The user's text, cleaned and within its limits."""
    text = payload.get("text")
    if text is None:
        raise GatewayError(400, "missing_text", "请求里缺少 text（要问的问题）。")
    if not isinstance(text, str):
        raise GatewayError(400, "wrong_type", "text 应是一段文字。")
    text = clean_text(text)
    if says_nothing(text):
        raise GatewayError(400, "empty_text", "请先输入您的问题。")
    if len(text) > MAX_TEXT_CHARACTERS:
        raise GatewayError(
            400,
            "text_too_long",
            f"您的问题有 {len(text):,} 个字，超过了 {MAX_TEXT_CHARACTERS:,} 个字的上限，请缩短或分几次发送。",
        )
    return text


def message_id(payload: dict[str, Any]) -> str | None:
    """The client's id of its message, if it gives one."""
    value = payload.get("id")
    if value is None:
        return None
    if not isinstance(value, str) or not _MESSAGE_ID.fullmatch(value):
        raise GatewayError(400, "wrong_id", "id（消息编号）应是 1 到 64 个字母、数字、下划线或连字符。")
    return value


def session_token(payload: dict[str, Any]) -> str | None:
    """The session's token if one is given; its form is judged only by looking it up."""
    token = payload.get("session")
    if token is None:
        return None
    if not isinstance(token, str):
        raise GatewayError(400, "wrong_type", "session 应是一段文字。")
    return token[:_MAX_TOKEN_CHARACTERS]


def bearer_token(request: web.Request) -> str | None:
    """The session's token in the `Authorization: Bearer` header, where there is no body to put it in."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip()[:_MAX_TOKEN_CHARACTERS] if scheme.lower() == "bearer" and token.strip() else None
