"""`GET dashboard`: the figures of the last days, and the same as a file."""

import asyncio
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from bot.desk import parameters
from bot.desk.companies import TYPES
from bot.desk.desk import Desk
from bot.desk.figures.judgements import judgements
from bot.desk.figures.latency import latency
from bot.desk.figures.outcomes import OUTCOMES, outcomes
from bot.desk.figures.period import Period, last_days
from bot.desk.figures.subjects import gaps, top_subjects
from bot.desk.figures.volume import volume
from bot.desk.tables import Sheet, as_csv, as_xlsx
from bot.desk.wording import word
from bot.gateway.answers import json_answer
from bot.gateway.staff_access import staff_of
from knowledge.model import RuleBase


class Dashboard:
    """The routes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_routes(self, app: web.Application) -> None:
        """Adds the routes."""
        app.router.add_get("/api/v1/staff/dashboard", self.figures)
        app.router.add_get("/api/v1/staff/dashboard.{kind:csv|xlsx}", self.file)

    async def figures(self, request: web.Request) -> web.Response:
        """All figures."""
        staff_of(request, "supervisor", "rule_owner")
        return json_answer(await self._figures(request))

    async def file(self, request: web.Request) -> web.Response:
        """All figures as a file."""
        staff_of(request, "supervisor")
        figures = await self._figures(request)
        kind = request.match_info["kind"]
        body = await asyncio.to_thread(as_xlsx if kind == "xlsx" else as_csv, sheets(figures))
        response = web.Response(body=body, content_type=TYPES[kind])
        name = f"dashboard-{figures['from']}-{figures['to']}.{kind}"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    async def _figures(self, request: web.Request) -> dict[str, Any]:
        days = parameters.whole(request.query, "days", 1, 366, 30)
        channel = parameters.one_of(request.query, "channel", parameters.CHANNELS)
        rules = await asyncio.to_thread(parameters.current_rules)
        period = last_days(self._desk.now(), days, channel)
        return await self._desk.read(lambda connection: all_figures(connection, period, rules))


def all_figures(connection: Connection, period: Period, rules: RuleBase) -> dict[str, Any]:
    """Every figure of a period."""
    return {
        "days": len(period.days),
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "channel": period.channel,
        "volume": volume(connection, period),
        "outcomes": outcomes(connection, period),
        "operations": top_subjects(connection, period, rules),
        "gaps": gaps(connection, period, rules),
        "latency": latency(connection, period),
        "feedback": judgements(connection, period),
    }


def sheets(figures: dict[str, Any]) -> list[Sheet]:
    """The figures as tables; the first has a line for each day."""
    columns = ("day", "count", *OUTCOMES, "p50", "p95", "up", "down")
    by_day = [
        {**count, **outcome, **waited, **judged}
        for count, outcome, waited, judged in zip(
            figures["volume"]["by_day"],
            figures["outcomes"]["by_day"],
            figures["latency"]["by_day"],
            figures["feedback"]["by_day"],
            strict=True,
        )
    ]
    channels = [{**one, "channel": word("channels", one["channel"])} for one in figures["volume"]["by_channel"]]
    return [
        _sheet("volume", columns, by_day),
        _sheet("hours", ("hour", "count"), figures["volume"]["by_hour"]),
        _sheet("channels", ("channel", "count"), channels),
        _sheet("subjects", ("name", "count"), figures["operations"]),
        _sheet("gaps", ("name", "count"), figures["gaps"]),
        _sheet("reasons", ("name", "count"), figures["feedback"]["reasons"]),
    ]


def _sheet(name: str, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> Sheet:
    headings = [word("columns", column) for column in columns]
    return Sheet(word("sheets", name), headings, [[row[column] for column in columns] for row in rows])
