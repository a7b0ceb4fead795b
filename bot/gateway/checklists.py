"""`GET /checklists/{operation}`: what to bring and to know for one operation, on a page to print."""

import asyncio
from http import HTTPStatus
from typing import Final

from aiohttp import web

from actions.rule_base import rules
from actions.settings import today
from knowledge.identifiers import OWNERSHIPS
from knowledge.pages.checklist import checklist_page, checklist_refusal
from knowledge.pages.render import STATIC

_FILES: Final = "/static/pages"
_STYLESHEET: Final = f"{_FILES}/checklist.css"
_SCRIPT: Final = f"{_FILES}/print.js"
_ICON: Final = "/static/icon.svg"


def add_routes(app: web.Application) -> None:
    """Serves the checklists and the files they need."""
    app.router.add_get("/checklists/{operation}", get_checklist)
    app.router.add_static(_FILES, STATIC)


async def get_checklist(request: web.Request) -> web.Response:
    """The page for everybody: what is for staff only never stands on it."""
    status, page = await asyncio.to_thread(_page, request.match_info["operation"], request.query.get("ownership"))
    return web.Response(text=page, content_type="text/html", charset="utf-8", status=status)


def _page(operation: str, ownership: str | None) -> tuple[HTTPStatus, str]:
    current = rules()
    known = operation in current.operations
    if not known or ownership not in (None, *OWNERSHIPS):
        status = HTTPStatus.BAD_REQUEST if known else HTTPStatus.NOT_FOUND
        return status, checklist_refusal(current, operation, _STYLESHEET, _ICON)
    page = checklist_page(current, operation, ownership, "customer", today(), _STYLESHEET, _SCRIPT, _ICON)
    return HTTPStatus.OK, page
