"""`conversation.respond.AccountChecks` on the account sources of the settings."""

import logging
from datetime import date
from typing import Any

from actions.accounts.errors import AccountsError
from actions.conversation.respond import AccountsUnavailableError, NotCoveredError
from actions.eligibility.service import check_number, rules_of
from actions.settings import settings
from knowledge.conditions import NoEligibilityRules, OperationRules, UnknownOperation
from knowledge.identifiers import Role

logger = logging.getLogger(__name__)


def covers(operation: str) -> bool:
    """Whether there are eligibility rules for the operation that read account state."""
    rules = _rules(operation)
    return rules is not None and rules.never_applies is None


def never_applies(operation: str) -> str | None:
    """The sentence for an operation of which the rules make nothing depend on an account."""
    rules = _rules(operation)
    return rules.never_applies if rules else None


def check(number: str, operation: str, on: date, role: Role) -> dict[str, Any] | None:
    """The verdict's JSON; None for a number that the accounts do not have.

    Raises `NotCoveredError` where no eligibility rules are written, `AccountsUnavailableError` where the accounts cannot be
    read now. Nothing is assumed about an account that could not be read.
    """
    try:
        verdict = check_number(number, operation, on, role=role, accounts_url=settings().accounts)
    except NoEligibilityRules as error:
        raise NotCoveredError from error
    except AccountsError as error:
        logger.error("The accounts cannot be read: %s", error)
        raise AccountsUnavailableError from error
    return None if verdict is None else verdict.to_json()


def _rules(operation: str) -> OperationRules | None:
    try:
        return rules_of(operation)
    except (NoEligibilityRules, UnknownOperation):
        return None
