"""`POST lookups`: the facts of one number, or the verdict on it, for a stated purpose that is put on record."""

import asyncio
from datetime import date
from typing import Any

from aiohttp import web

from actions.audit.asker import Asker, in_console
from actions.audit.looks import look_at, look_at_account
from actions.conversation.verdicts import verdict_block
from actions.eligibility.sentences import fact_details
from actions.eligibility.wording import say as say_of_verdict
from actions.identity import mask_number
from actions.settings import settings
from bot.desk import parameters
from bot.desk.failures import look_failures
from bot.gateway.answers import json_answer
from bot.gateway.errors import GatewayError
from bot.gateway.requests import read_object
from bot.gateway.staff_access import LOOKING, staff_of
from knowledge.facts import load_facts
from knowledge.model import RuleBase


def add_routes(app: web.Application) -> None:
    """Adds the route."""
    app.router.add_post("/api/v1/staff/lookups", post_lookup)


async def post_lookup(request: web.Request) -> web.Response:
    """Looks at one number; nothing is shown before the look stands in the audit trail."""
    member = staff_of(request, *LOOKING)
    payload = await read_object(request)
    rules = await asyncio.to_thread(parameters.current_rules)
    number, on = parameters.number(payload), parameters.judged_on(payload)
    operation = parameters.operation(payload, rules)
    asker = in_console(member.name, parameters.purpose(payload))
    answer = await asyncio.to_thread(_look, number, operation, on, asker, rules)
    return json_answer(answer)


def _look(number: str, operation: str | None, on: date, asker: Asker, rules: RuleBase) -> dict[str, Any]:
    with look_failures():
        found = _verdict(number, operation, on, asker, rules) if operation else _account(number, on, asker)
    if found is None:
        raise GatewayError(404, "unknown_number", say_of_verdict("unknown_number", number=mask_number(number)))
    return {"number": mask_number(number), "on": on.isoformat(), "operation": operation, **found}


def _verdict(number: str, operation: str, on: date, asker: Asker, rules: RuleBase) -> dict[str, Any] | None:
    verdict = look_at(number, operation, on, asker=asker, accounts_url=settings().accounts)
    if verdict is None:
        return None
    facts = [fact_details(verdict.specs[name], fact, verdict.values.get(name)) for name, fact in verdict.facts.items()]
    told = verdict.to_json()
    block = verdict_block(told, "staff", rules.pack)
    return {"customer": None, "facts": facts, "verdict": {**told, "block": block}}


def _account(number: str, on: date, asker: Asker) -> dict[str, Any] | None:
    specs = load_facts(settings().rules / "facts.yml")
    account = look_at_account(number, on, facts=list(specs), asker=asker, accounts_url=settings().accounts)
    if account is None:
        return None
    values = account.values()
    customer = account.customer
    return {
        # A private customer may be known by the number itself.
        "customer": mask_number(customer) if customer == number else customer,
        "facts": [fact_details(spec, account.fact(name), values.get(name)) for name, spec in specs.items()],
        "verdict": None,
    }
