"""The verdict on a number as the conversation asks for it: account state in, the contract's JSON out."""

import logging
from datetime import date
from typing import Any

from actions.accounts.errors import AccountsError
from actions.conversation.respond import AccountsUnavailable, NotCovered
from actions.eligibility.service import check_number
from actions.settings import settings
from knowledge.conditions import NoEligibilityRules
from knowledge.identifiers import Role

logger = logging.getLogger(__name__)


def check_account(number: str, operation: str, on: date, role: Role) -> dict[str, Any] | None:
    """The verdict's JSON; None for a number that the accounts do not have.

    Raises `NotCovered` where no eligibility rules are written, `AccountsUnavailable` where the accounts cannot be
    read now. Nothing is assumed about an account that could not be read.
    """
    try:
        verdict = check_number(number, operation, on, role=role, accounts_url=settings().accounts_url)
    except NoEligibilityRules as error:
        raise NotCovered from error
    except AccountsError as error:
        logger.error("The accounts cannot be read: %s", error)
        raise AccountsUnavailable from error
    return None if verdict is None else verdict.to_json()
