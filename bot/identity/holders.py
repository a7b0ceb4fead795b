"""Who holds a number now: looked up in the accounts through the audited door."""

import logging
from typing import Protocol

from actions.accounts.errors import AccountsError
from actions.audit.asker import on_binding, on_verification_page
from actions.audit.errors import AuditError
from actions.audit.looks import look_at_account
from actions.eligibility.service import HolderUnknown, NotTheHolder
from actions.settings import settings, today

logger = logging.getLogger("bot.identity")


class HoldersUnavailableError(Exception):
    """The accounts cannot be read, or the look cannot be recorded."""


class Holders(Protocol):
    """What knows the present holder of a number. Synchronous: callers on an event loop use a thread."""

    def __call__(self, number: str) -> str | None:
        """The id of the customer; None where there is no such number or its customer is not known.

        Raises `HoldersUnavailableError`.
        """
        ...


def still_held(number: str, customer: str) -> bool | None:
    """Whether a customer holds a number that is in use; None where the accounts cannot say. The look is put on record."""
    try:
        account = look_at_account(
            number,
            today(),
            facts=("status",),
            asker=on_binding(number, customer),
            accounts_url=settings().accounts,
        )
    except NotTheHolder:
        return False
    except (AccountsError, AuditError, HolderUnknown) as error:
        logger.error("the holder of a bound number cannot be looked up: %s", type(error).__name__)
        return None
    return account is not None and account.values().get("status") != "cancelled"


def holder_in_accounts(number: str) -> str | None:
    """The holder according to the accounts of the settings; the look is put on record."""
    try:
        account = look_at_account(
            number,
            today(),
            facts=("status",),
            asker=on_verification_page(number),
            accounts_url=settings().accounts,
        )
    except (AccountsError, AuditError) as error:
        raise HoldersUnavailableError(str(error)) from error
    return account.customer if account else None
