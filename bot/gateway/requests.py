"""Reads request bodies: whatever a client sends, the answer is a value of the right type or a clear error."""

import asyncio
import json
from typing import Any, Final

from aiohttp import web

from bot.gateway.errors import GatewayError
from bot.incoming_text import clean_text, says_nothing

MAX_TEXT_CHARACTERS: Final = 2_000
MAX_BODY_BYTES: Final = 256 * 1024
_BODY_SECONDS: Final = 10.0
_MAX_TOKEN_CHARACTERS: Final = 200


async def read_object(request: web.Request) -> dict[str, Any]:
    """The JSON object in the body."""
    if request.content_type != "application/json":
        raise GatewayError(415, "unsupported_media_type", "请求的 Content-Type 应是 application/json。")
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            body = await request.read()
    except TimeoutError as error:
        raise GatewayError(408, "request_timeout", "请求发送得太慢，已放弃接收，请重试。") from error
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GatewayError(400, "not_utf8", "请求内容不是 UTF-8 编码。") from error
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise GatewayError(400, "not_json", "请求内容不是正确的 JSON。") from error
    if not isinstance(value, dict):
        raise GatewayError(400, "not_an_object", '请求内容应是一个 JSON 对象，例如 {"text": "销户要带什么"}。')
    return value


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
