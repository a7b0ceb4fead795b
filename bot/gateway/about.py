"""`GET /api/v1/about`: what the pages say about this assistant, from the rule pack it runs with."""

import asyncio
import logging
from typing import Any

from aiohttp import web

from actions.rule_base import rules
from bot.gateway.answers import json_answer
from bot.gateway.errors import GatewayError
from knowledge.model import RuleBase
from knowledge.yaml_source import KnowledgeError

logger = logging.getLogger("bot.gateway")


def add_routes(app: web.Application) -> None:
    """Adds the route to an application."""
    app.router.add_get("/api/v1/about", get_about)


async def get_about(_request: web.Request) -> web.Response:
    """The name of the assistant, questions to begin with, and how much it can answer from which rules."""
    try:
        return json_answer(about(await asyncio.to_thread(rules)))
    except KnowledgeError as error:
        logger.error("The rule base is faulty:\n%s", error)
        raise GatewayError(503, "rules_unavailable", "规则库暂时不能用，请稍后再试。") from error


def about(rules: RuleBase) -> dict[str, Any]:
    """The answer: title, suggested questions, version, and the number of operations and topics that are answered."""
    answered = [
        *(operation.answered for operation in rules.operations.values()),
        *(topic.answered for topic in rules.topics.values()),
    ]
    return {
        "title": rules.pack.title,
        "suggestions": [suggestion.label for suggestion in rules.pack.suggestions],
        "rules_version": rules.version,
        "answerable": sum(answered),
    }
