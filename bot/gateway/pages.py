"""The pages for customers, and the help widget as one module for any page: one for each language it speaks.

In demo mode `/` is a demo web hall with the widget in its corner; `/chat` is the widget alone.
"""

import gzip
import hashlib
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.gateway.bundle import bundle
from bot.gateway.origins import WIDGETS

WEB: Final = Path(__file__).resolve().parent.parent / "web"


def add_routes(app: web.Application, *, demo: bool) -> None:
    """Adds the pages, the widget's module and the files that the pages need."""
    app.router.add_get("/", _page("hall/index.html") if demo else _to_chat)
    app.router.add_get("/chat", _page("chat.html"))
    for address in WIDGETS:
        app.router.add_get(address, get_widget)
    app.router.add_static("/static", WEB)


def _page(name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def page(_request: web.Request) -> web.StreamResponse:
        return web.FileResponse(WEB / name)

    return page


async def _to_chat(_request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/chat")


async def get_widget(request: web.Request) -> web.Response:
    """The widget's module; pages of other origins may load it, since it holds nothing that is anybody's."""
    text, packed, tag = widget(WIDGETS[request.path])
    headers = {
        "ETag": tag,
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
    }
    if any(known.value == tag.strip('"') for known in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    body = text
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        body = packed
        headers["Content-Encoding"] = "gzip"
    return web.Response(body=body, headers=headers, content_type="text/javascript", charset="utf-8")


@cache
def widget(language: str) -> tuple[bytes, bytes, str]:
    """The module with the words of a language, the same packed by gzip, and its entity tag."""
    text = bundle(WEB / "widget" / "rule-assistant.js", language).encode()
    return text, gzip.compress(text, 9, mtime=0), f'"{hashlib.sha256(text).hexdigest()[:20]}"'
