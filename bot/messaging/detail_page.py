"""`/detail/{token}`: the whole answer to one message, on a page of its own, without a script.

Looking at the link uses nothing up: programs that preview links look as well. The page is claimed by the press of a
button, for the browser that pressed it.
"""

import asyncio
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from actions.privacy.masking import mask
from actions.sentences import wording
from bot.gateway.callers import caller
from bot.identity.keys import new_token
from bot.identity.page import TEMPLATES as SHARED_TEMPLATES
from bot.identity.page import refusal_page
from bot.messaging.details import DETAIL_HOURS, PATH, Detail, Details
from bot.messaging.exchange import Who
from knowledge.facts import show_date

_HERE: Final = Path(__file__).parent
_WORDS: Final = _HERE / "detail.yml"
_COOKIE: Final = "detail"
_LONGEST_COOKIE: Final = 100


@dataclass(frozen=True, slots=True)
class DetailPages:
    """The handlers.

    Args:
        details: the links.
        who: who a person is now, by their id on the platform.
    """

    details: Details
    who: Who

    def add_routes(self, app: web.Application) -> None:
        """Adds the routes to an application."""
        app.router.add_get(f"{PATH}{{token}}", self.get_page)
        app.router.add_post(f"{PATH}{{token}}", self.post_opening)

    async def get_page(self, request: web.Request) -> web.Response:
        """The answer for the device that opened it; for every other one the button."""
        detail = await self._found(request)
        if detail is None:
            return _refused("gone", 410)
        device = request.cookies.get(_COOKIE, "")
        if 0 < len(device) <= _LONGEST_COOKIE and await asyncio.to_thread(self.details.claim, detail, device):
            return _html(_page("detail.html", detail))
        return _html(_page("detail_closed.html", detail))

    async def post_opening(self, request: web.Request) -> web.Response:
        """Claims the page for this device, unless another one has it."""
        detail = await self._found(request)
        if detail is None:
            return _refused("gone", 410)
        device = new_token()
        if not await asyncio.to_thread(self.details.claim, detail, device):
            return _refused("elsewhere", 403)
        response = web.Response(status=303, headers={"Location": request.path})
        response.set_cookie(
            _COOKIE,
            device,
            path=request.path,
            max_age=detail.seconds,
            secure=caller(request).secure,
            httponly=True,
            samesite="Lax",
        )
        return response

    async def _found(self, request: web.Request) -> Detail | None:
        detail = await asyncio.to_thread(self.details.find, request.match_info["token"])
        # Asked at every look: a number may have changed hands, or been unbound, since the answer.
        if detail is None or not self.details.is_for(detail, await self.who(detail.account)):
            return None
        return detail


def _refused(reason: str, status: int) -> web.Response:
    words = wording(_WORDS)
    return _html(refusal_page(words["title"], words[reason]), status)


def _html(page: str, status: int = 200) -> web.Response:
    return web.Response(text=page, content_type="text/html", charset="utf-8", status=status)


def _page(template: str, detail: Detail) -> str:
    words = wording(_WORDS)
    answered = words["answered"].format(day=show_date(detail.at.date()), time=f"{detail.at:%H:%M}")
    values = {"words": words, "title": words["title"], "hours": DETAIL_HOURS, "answered": answered}
    return _environment().get_template(template).render(blocks=_masked(list(detail.blocks)), **values)


def _masked(value: Any) -> Any:
    """The same without any number in clear, whatever an answer may hold."""
    if isinstance(value, str):
        return mask(value).text
    if isinstance(value, list):
        return [_masked(one) for one in value]
    return {key: _masked(one) for key, one in value.items()} if isinstance(value, dict) else value


@cache
def _environment() -> Environment:
    loader = FileSystemLoader([_HERE / "templates", SHARED_TEMPLATES])
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    environment.filters["day"] = lambda written: show_date(date.fromisoformat(written))
    return environment
