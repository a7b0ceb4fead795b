"""`/console/`: the pages of the staff console, and the names of what the rules are about.

The pages hold nothing secret and are given to everybody; every answer they show comes from the staff API, which asks who it is.
"""

import asyncio
import logging
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from actions.conversation.wording import aspect_label
from actions.rule_base import rules
from actions.settings import settings
from bot.gateway.answers import json_answer
from bot.gateway.errors import GatewayError
from knowledge.conditions import covered_operations
from knowledge.identifiers import ASPECTS
from knowledge.model import RuleBase
from knowledge.yaml_source import KnowledgeError

CONSOLE: Final = Path(__file__).resolve().parent.parent / "web" / "console"
logger = logging.getLogger("bot.gateway")


def add_routes(app: web.Application, *, demo: bool, oidc: bool) -> None:
    """Serves the pages, their files under `/static/`, which a browser may keep, and the catalogue.

    `demo`, `oidc`: whether the sign-in page offers the demo staff, or the organization's own identity provider.
    """

    async def get_ways_in(_request: web.Request) -> web.Response:
        return json_answer({"demo": demo, "oidc": oidc})

    app.router.add_get("/console/ways-in.json", get_ways_in)
    app.router.add_get("/console", to_console)
    app.router.add_get("/console/", get_console)
    app.router.add_get("/console/catalogue.json", get_catalogue)
    app.router.add_static("/static/console", CONSOLE)


async def to_console(_request: web.Request) -> web.Response:
    """The address as people type it."""
    raise web.HTTPPermanentRedirect("/console/")


async def get_console(_request: web.Request) -> web.FileResponse:
    """The one page; its views stand behind `#` in the address."""
    return web.FileResponse(CONSOLE / "index.html")


async def get_catalogue(_request: web.Request) -> web.Response:
    """What there is to ask about, for the palette and the pickers."""
    try:
        return json_answer(await asyncio.to_thread(lambda: catalogue(rules(), _checkable())))
    except KnowledgeError as error:
        logger.error("The rule base is faulty:\n%s", error)
        raise GatewayError(503, "rules_unavailable", "规则库暂时不能用，请稍后再试。") from error


def _checkable() -> frozenset[str]:
    return frozenset(covered_operations(settings().rules))


def catalogue(base: RuleBase, checkable: frozenset[str]) -> dict[str, Any]:
    """Names of operations, topics, aspects and ownerships.

    An operation comes with other names of it, with the question that asks for each aspect, and with whether a number
    can be checked for it (`checkable`).
    """
    return {
        "title": base.pack.title,
        "version": base.version,
        "aspects": [{"id": aspect, "name": base.wording.aspects[aspect]} for aspect in ASPECTS],
        "ownerships": [{"id": key, "name": name} for key, name in base.wording.ownerships.items()],
        "operations": [
            {
                "id": operation.id,
                "name": operation.name,
                "section": operation.section,
                "aliases": list(operation.aliases),
                "questions": {aspect: aspect_label(operation.name, aspect) for aspect in ASPECTS},
                "checkable": operation.id in checkable,
            }
            for operation in base.operations.values()
        ],
        "topics": [
            {"id": topic.id, "name": topic.name, "document": topic.document, "aliases": list(topic.aliases)}
            for topic in base.topics.values()
        ],
    }
