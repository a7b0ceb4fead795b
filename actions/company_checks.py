"""`conversation.company.CompanyChecks` on the accounts database of the settings."""

from collections.abc import Sequence
from datetime import date

from actions.account_faults import faults_told
from actions.audit.asker import in_conversation
from actions.audit.looks import look_at_company
from actions.conversation.company import Company, CompanyOverview
from actions.conversation.wording import say
from actions.eligibility.companies import NumberOverview, UnknownCustomer
from actions.eligibility.companies import customers_called as find_customers
from actions.eligibility.wording import status_name
from actions.identity import Identity
from actions.settings import settings
from knowledge.facts import show_date


def customers_called(names: Sequence[str], text: str) -> Sequence[Company]:
    """The customers that may be meant: those of the accounts database.

    Raises `AccountsUnavailableError` where it cannot be read now.
    """
    with faults_told():
        return [Company(one.id, one.name or one.id) for one in find_customers(names, text)]


def company_overview(customer: str, operation: str, on: date, identity: Identity) -> CompanyOverview | None:
    """The verdicts on the numbers of a customer, put on record; None where there is no such customer.

    Raises `AccountsUnavailableError` where the database cannot be read now, `LookNotRecordedError` where the audit trail
    cannot take the look, `PermissionError` for anybody but staff.
    """
    with faults_told():
        try:
            found = look_at_company(customer, operation, on, asker=in_conversation(identity))
        except UnknownCustomer:
            return None
    company = Company(found.customer.id, found.customer.name or found.customer.id)
    rows = [(one.number, _told(one, on)) for one in found.first]
    return CompanyOverview(company, found.counts, rows, database_only=settings().accounts_sources is not None)


def _told(number: NumberOverview, on: date) -> str:
    """The result for one number in a line, with what stands in its way."""
    parts = []
    if number.unmet:
        parts.append(say("company_unmet", requirements="、".join(number.unmet)))
    if number.unknown:
        parts.append(say("company_open", requirements="、".join(number.unknown)))
    if number.status == "blocked" and number.earliest and number.earliest > on:
        key = "company_from" if number.certain else "company_from_at_least"
        parts.append(say(key, day=show_date(number.earliest)))
    status = status_name(number.status)
    return say("company_reasons", status=status, reasons="；".join(parts)) if parts else status
