"""All numbers of a customer at once, for the conversation with staff.

FOR STAFF ONLY. These functions show the numbers and the state of whoever is named, and do not know who asks: the way to
them is `actions.audit.looks.look_at_company`, which does, and puts it on record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from actions.accounts.batch.reader import BatchReader, Customer
from actions.eligibility.evaluator import Status
from actions.eligibility.service import rules_of
from actions.identity import mask_number
from actions.settings import settings


class UnknownCustomer(LookupError):  # noqa: N818 - an answer rather than a fault
    """No customer has this id or exactly this name."""


class AmbiguousCustomer(LookupError):  # noqa: N818 - as above
    """Several customers have this name; `customers` are they."""

    def __init__(self, customers: list[Customer]) -> None:
        super().__init__(f"{len(customers)} customers")
        self.customers = customers


@dataclass(frozen=True, slots=True)
class NumberOverview:
    """One number of the overview: masked, with the requirements that are unmet or unknown in the order of the rules."""

    number: str
    status: Status
    unmet: tuple[str, ...]
    unknown: tuple[str, ...]
    earliest: date | None
    certain: bool


@dataclass(frozen=True, slots=True)
class CompanyOverview:
    """How many of a customer's numbers have each status (all four are there), and the first of them by number."""

    customer: Customer
    operation: str
    on: date
    counts: Mapping[Status, int]
    first: tuple[NumberOverview, ...]

    @property
    def total(self) -> int:
        """How many numbers the customer has."""
        return sum(self.counts.values())


def customers_called(
    names: Sequence[str], text: str, limit: int = 20, *, accounts_url: str | None = None
) -> list[Customer]:
    """The customers that a message may mean, as `BatchReader.customers_called` finds them; staff only.

    Raises `AccountsError` (`AccountsMissing`).
    """
    return _reader(accounts_url).customers_called(names, text, limit)


def company_overview(
    customer: str, operation: str, on: date, *, first: int = 10, accounts_url: str | None = None
) -> CompanyOverview:
    """The verdicts on all numbers of a customer, named by id or by the whole name; one statement; staff only.

    Raises `UnknownCustomer`, `AmbiguousCustomer`, `NoEligibilityRules`, `UnknownOperation`, and `AccountsError`
    (`AccountsMissing`) where the accounts cannot be read.
    """
    rules = rules_of(operation)
    reader = _reader(accounts_url)
    holder = reader.customer(customer.strip()) or _by_name(reader, customer)
    summary = reader.summary(rules, on, holder.id, first)
    rows = (
        NumberOverview(
            number=mask_number(number),
            status=finding.status,
            unmet=tuple(condition.requirement for condition in finding.blockers),
            unknown=finding.open_questions(),
            earliest=day,
            certain=finding.certain,
        )
        for number, day, finding in summary.first
    )
    return CompanyOverview(holder, operation, on, summary.counts, tuple(rows))


def _by_name(reader: BatchReader, name: str) -> Customer:
    found = reader.customers_with_name(name.strip())
    if not found:
        raise UnknownCustomer(name)
    if len(found) > 1:
        raise AmbiguousCustomer(found)
    return found[0]


def _reader(accounts_url: str | None) -> BatchReader:
    return _cached_reader(accounts_url or settings().accounts_url)


@lru_cache(maxsize=4)
def _cached_reader(url: str) -> BatchReader:
    return BatchReader(url)
