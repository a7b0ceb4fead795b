"""The one way to look at accounts: what was found is given out only after the look stands in the audit trail."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from actions.accounts.batch.findings import Findings
from actions.accounts.batch.reader import BatchReader, Row
from actions.accounts.facts import AccountFacts, Fact, Unknown
from actions.accounts.repository import SOURCE
from actions.audit.asker import Asker
from actions.audit.trail import audit_chain, record
from actions.eligibility.companies import CompanyOverview, UnknownCustomer, company_overview
from actions.eligibility.evaluator import Status
from actions.eligibility.reads import facts_read
from actions.eligibility.service import HolderUnknown, NotTheHolder, check_number, find_account, rules_of
from actions.eligibility.verdict import Verdict
from actions.identity import mask_number
from actions.settings import settings
from knowledge.facts import Value
from knowledge.loader import rules_version

# The status of a look that found no such number: that too was learnt from the accounts.
UNKNOWN_NUMBER = "unknown_number"
# The status of a look that was refused: the number is not certainly the asker's today.
NOT_THEIRS = "not_theirs"
ALL_CUSTOMERS = "all"
# What stands for the operation and the status where the facts themselves are looked at, for no operation.
ACCOUNT = "account"
SHOWN = "shown"


def look_at(
    number: str,
    operation: str,
    on: date,
    *,
    asker: Asker,
    accounts_url: str,
    assume: Mapping[str, Value] | None = None,
) -> Verdict | None:
    """The verdict on a number, put on record; None where the accounts do not have the number.

    Raises what `check_number` does (`NotTheHolder` and `HolderUnknown` where the number is not certainly the asker's, which
    is put on record too), and `AuditError` where the look cannot be recorded: then nothing is told of it.
    """
    specs = rules_of(operation).facts
    look = {
        **_look(asker, operation, on, {name: specs[name].to_json(value) for name, value in (assume or {}).items()}),
        **_number(number),
    }
    try:
        verdict = check_number(
            number, operation, on, role=asker.role, accounts_url=accounts_url, assume=assume, holder=asker.holder
        )
    except (NotTheHolder, HolderUnknown):
        record({**look, "status": NOT_THEIRS, "facts": _json([])})
        raise
    record(
        {
            **look,
            "status": verdict.status if verdict else UNKNOWN_NUMBER,
            "facts": _json(_facts(verdict.facts if verdict else {})),
        }
    )
    return verdict


def look_at_account(
    number: str, on: date, *, facts: Collection[str], asker: Asker, accounts_url: str
) -> AccountFacts | None:
    """These facts of a number themselves, put on record; None where the accounts do not have the number.

    Raises what `find_account` does, and `AuditError` where the look cannot be recorded: then nothing is told.
    """
    look = {**_look(asker, ACCOUNT, on, {}), **_number(number)}
    try:
        account = find_account(number, facts, accounts_url, holder=asker.holder)
    except (NotTheHolder, HolderUnknown):
        record({**look, "status": NOT_THEIRS, "facts": _json([])})
        raise
    record(
        {
            **look,
            "status": SHOWN if account else UNKNOWN_NUMBER,
            "facts": _json(_facts({name: account.fact(name) for name in facts} if account else {})),
        }
    )
    return account


@dataclass(frozen=True, slots=True)
class Numbers:
    """Many numbers: how many, and their verdicts, some thousands at a time."""

    total: int
    rows: Iterator[Sequence[Row]]


@contextmanager
def look_at_numbers(
    operation: str, on: date, *, customer: str | None, asker: Asker, accounts_url: str
) -> Iterator[Numbers]:
    """The verdicts on all numbers of the accounts database, or on those of the customer with this id, put on record.

    Raises what `rules_of` does, `UnknownCustomer`, `AccountsError`, and `AuditError` where the look cannot be recorded.
    """
    rules = rules_of(operation)
    with closing(BatchReader(accounts_url)) as reader:
        # The look is recorded before the first row is out, its result when all of them are: judging every number twice
        # to know the result beforehand would double the time.
        total = reader.total(customer)
        put_on_record = partial(record_batch, asker, operation=operation, on=on, customer=customer, source=SOURCE)
        put_on_record(numbers=total, counts=None)
        if customer is not None and not total and not reader.has_customer(customer):
            raise UnknownCustomer(customer)
        codes: Counter[int] = Counter()
        yield Numbers(total, _tallied(reader.rows(rules, on, customer), codes))
        findings = Findings(rules, on)
        counts: Counter[Status] = Counter()
        for code, numbers in codes.items():
            counts[findings[code].status] += numbers
        put_on_record(numbers=counts.total(), counts=counts)


def _tallied(chunks: Iterator[Sequence[Row]], codes: Counter[int]) -> Iterator[Sequence[Row]]:
    """The same rows; `codes` counts their codes as they pass."""
    for chunk in chunks:
        codes.update(code for _, _, code in chunk)
        yield chunk


def look_at_company(
    customer: str, operation: str, on: date, *, asker: Asker, first: int = 10, accounts_url: str | None = None
) -> CompanyOverview:
    """The verdicts on all numbers of a customer, summed up and put on record; for staff, and for the handler of that customer.

    Raises what `company_overview` does, `PermissionError` for anybody else, and `AuditError` where it cannot be recorded.
    """
    may_look = asker.role == "staff" or (asker.whole and asker.holder == customer)
    if not may_look:
        raise PermissionError
    overview = company_overview(customer, operation, on, first=first, accounts_url=accounts_url)
    if asker.role != "staff" and overview.customer.id != asker.holder:
        raise PermissionError
    counts = {status: count for status, count in overview.counts.items() if count}
    record_batch(
        asker,
        operation=operation,
        on=on,
        customer=overview.customer.id,
        numbers=sum(counts.values()),
        counts=counts,
        source=SOURCE,
    )
    return overview


def record_batch(
    asker: Asker,
    *,
    operation: str,
    on: date,
    customer: str | None,
    numbers: int,
    counts: Mapping[Status, int] | None,
    source: str,
) -> None:
    """Puts a look at a whole list of numbers on record, as one record; call it before anything of the list is shown.

    Args:
        asker: who looks.
        operation: its id.
        on: the day asked about.
        customer: whose numbers; None for those of all customers.
        numbers: how many were looked at.
        counts: how many of them got which status; None where that is not known yet.
        source: where the facts came from, as `Known.source` names it.

    Raises `AuditError`: then nothing of the list may be shown.
    """
    facts = [{"name": name, "source": source} for name in facts_read(rules_of(operation))]
    record(
        {
            **_look(asker, operation, on, {}),
            "customer": ALL_CUSTOMERS if customer is None else customer,
            "numbers": numbers,
            "counts": None if counts is None else _json(dict(sorted(counts.items()))),
            "facts": _json(facts),
        }
    )


def _number(number: str) -> dict[str, str]:
    return {"number_hash": audit_chain().number(number), "number_masked": mask_number(number)}


def _look(asker: Asker, operation: str, on: date, assumed: Mapping[str, Any]) -> dict[str, str | int | None]:
    return {
        "channel": asker.channel,
        "role": asker.role,
        "who": asker.who,
        "purpose": asker.purpose,
        "operation": operation,
        "on_day": on.isoformat(),
        "rules_version": rules_version(settings().rules),
        "assumed": _json(assumed) if assumed else None,
    }


def _facts(facts: Mapping[str, Fact]) -> Iterable[dict[str, Any]]:
    """Names, sources and whether anything was known; no values, or the trail would be a second copy of the accounts."""
    return [
        {"name": name, "known": False, "reason": fact.reason}
        if isinstance(fact, Unknown)
        else {"name": name, "known": True, "source": fact.source}
        for name, fact in facts.items()
    ]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
