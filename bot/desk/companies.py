"""All numbers of a company: found by its name, shown page by page, exported; every look at the numbers is put on record.

Finding one is no look: a clerk learns that a company of that name is a customer, as from the company's own letterhead, and
nothing of its numbers or their state.
"""

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, get_args
from urllib.parse import quote

from aiohttp import web

from actions.accounts.batch.findings import Findings
from actions.accounts.batch.reader import Row
from actions.audit.asker import Asker, in_console
from actions.audit.looks import look_at_numbers
from actions.conversation.company import plain_name
from actions.eligibility.companies import customers_called
from actions.eligibility.evaluator import Status
from actions.eligibility.service import rules_of
from actions.eligibility.wording import status_name
from actions.identity import mask_number
from actions.settings import settings
from bot.batch.csv_file import write_csv
from bot.batch.table import reasons_of, table
from bot.batch.xlsx_file import write_xlsx
from bot.desk import parameters
from bot.desk.failures import look_failures
from bot.gateway.answers import json_answer
from bot.gateway.requests import read_object
from bot.gateway.staff_access import LOOKING, staff_of

_STATUSES: Final[tuple[Status, ...]] = get_args(Status)
_PAGE: Final = 50
# No person's name is that long: only companies are listed.
_SHORTEST_NAME: Final = 5
TYPES: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def add_routes(app: web.Application) -> None:
    """Adds the routes."""
    app.router.add_get("/api/v1/staff/companies", get_companies)
    app.router.add_post("/api/v1/staff/companies/{id}/numbers", post_numbers)
    app.router.add_get("/api/v1/staff/companies/{id}/numbers.{kind:csv|xlsx}", get_file)


async def get_companies(request: web.Request) -> web.Response:
    """The companies that may be meant by a name."""
    staff_of(request, *LOOKING)
    name = plain_name(parameters.words(request.query, "name", 2, 60))
    found = await asyncio.to_thread(_named, name)
    return json_answer({"companies": found})


async def post_numbers(request: web.Request) -> web.Response:
    """One page of the verdicts on the numbers of a company."""
    member = staff_of(request, *LOOKING)
    payload = await read_object(request)
    rules = await asyncio.to_thread(parameters.current_rules)
    operation = parameters.operation(payload, rules, required=True) or ""
    asker, on = in_console(member.name, parameters.purpose(payload)), parameters.judged_on(payload)
    status = parameters.one_of(payload, "status", _STATUSES)
    page = parameters.whole(payload, "page", 1, 100_000, 1)
    answer = await asyncio.to_thread(_page, request.match_info["id"], operation, on, status, page, asker)
    return json_answer({**answer, "name": rules.operations[operation].name})


async def get_file(request: web.Request) -> web.StreamResponse:
    """The verdicts on the numbers of a company as a file."""
    member = staff_of(request, "supervisor")
    rules = await asyncio.to_thread(parameters.current_rules)
    operation = parameters.operation(request.query, rules, required=True) or ""
    asker, on = in_console(member.name, parameters.purpose(request.query)), parameters.judged_on(request.query)
    status = parameters.one_of(request.query, "status", _STATUSES)
    customer, kind = request.match_info["id"], request.match_info["kind"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "numbers"
        await asyncio.to_thread(_write, file, kind, customer, operation, on, status, asker)
        name = f"{rules.operations[operation].name}-{customer}-{on.isoformat()}.{kind}"
        return await send_file(request, file, kind, name)


async def send_file(request: web.Request, file: Path, kind: str, name: str) -> web.StreamResponse:
    """Sends a file piece by piece, to be saved under a name."""
    response = web.StreamResponse()
    response.content_type = TYPES[kind]
    response.content_length = file.stat().st_size
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    await response.prepare(request)
    with file.open("rb") as content:
        while piece := await asyncio.to_thread(content.read, 1 << 16):
            await response.write(piece)
    await response.write_eof()
    return response


def _named(name: str) -> list[dict[str, str]]:
    with look_failures():
        found = customers_called((name,), name)
    return [{"id": one.id, "name": one.name} for one in found if one.name and len(one.name) >= _SHORTEST_NAME]


def _page(customer: str, operation: str, on: date, status: Status | None, page: int, asker: Asker) -> dict[str, Any]:
    """Walks over all numbers, which takes a fraction of a second even for many, and keeps one page of them."""
    with look_failures():
        rules = rules_of(operation)
        findings = Findings(rules, on)
        counts: dict[Status, int] = dict.fromkeys(_STATUSES, 0)
        rows: list[Row] = []
        first = (page - 1) * _PAGE
        where = settings().accounts_url
        with look_at_numbers(operation, on, customer=customer, asker=asker, accounts_url=where) as numbers:
            passed = 0
            for chunk in numbers.rows:
                for row in chunk:
                    found = findings[row[2]].status
                    counts[found] += 1
                    if status in (None, found):
                        if first <= passed < first + _PAGE:
                            rows.append(row)
                        passed += 1
    shown = []
    for number, day, code in rows:
        finding = findings[code]
        reasons, unknown = reasons_of(rules, finding)
        shown.append(
            {
                "number": mask_number(number),
                "status": finding.status,
                "status_text": status_name(finding.status),
                "reasons": reasons,
                "open": unknown,
                "earliest": day,
                "certain": finding.certain if day else None,
            }
        )
    return {
        "customer": customer,
        "operation": operation,
        "on": on.isoformat(),
        "counts": counts,
        "total": passed,
        "page": page,
        "pages": parameters.pages(passed, _PAGE),
        "rows": shown,
    }


def _write(file: Path, kind: str, customer: str, operation: str, on: date, status: Status | None, asker: Asker) -> None:
    """Writes the file in constant memory, so that a fault on the way is an error and no half of a file."""
    with look_failures():
        rules = rules_of(operation)
        where = settings().accounts_url
        with look_at_numbers(operation, on, customer=customer, asker=asker, accounts_url=where) as numbers:
            lines = table(_with_status(numbers.rows, Findings(rules, on), status), rules, on, clear=False)
            if kind == "xlsx":
                write_xlsx(file, lines)
            else:
                with file.open("w", encoding="utf-8", newline="") as out:
                    write_csv(out, lines)


def _with_status(chunks: Iterator[Sequence[Row]], findings: Findings, status: Status | None) -> Iterator[Sequence[Row]]:
    for chunk in chunks:
        yield chunk if status is None else [row for row in chunk if findings[row[2]].status == status]
