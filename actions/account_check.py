"""`conversation.respond.AccountChecks` on the accounts database of the settings."""

import logging
from collections.abc import Mapping
from datetime import date
from typing import Any

from actions.accounts.errors import AccountsError
from actions.conversation.respond import AccountsUnavailableError, NotCoveredError
from actions.eligibility.service import check_number, rules_of
from actions.settings import settings
from knowledge.conditions import NoEligibilityRules, UnknownOperation
from knowledge.facts import Value
from knowledge.identifiers import Role

logger = logging.getLogger(__name__)


def covers(operation: str) -> bool:
    """Whether there are eligibility rules for the operation that read account state."""
    try:
        return rules_of(operation).never_applies is None
    except (NoEligibilityRules, UnknownOperation):
        return False


def check(
    number: str, operation: str, on: date, role: Role, assumed: Mapping[str, Value] | None = None
) -> dict[str, Any] | None:
    """The verdict's JSON, as if the assumed facts were so; None for a number that the accounts do not have.

    Raises `NotCoveredError` where no eligibility rules are written, `AccountsUnavailableError` where the accounts cannot be
    read now. Nothing is assumed about an account that could not be read.
    """
    try:
        verdict = check_number(number, operation, on, role=role, accounts_url=settings().accounts_url, assume=assumed)
    except NoEligibilityRules as error:
        raise NotCoveredError from error
    except AccountsError as error:
        logger.error("The accounts cannot be read: %s", error)
        raise AccountsUnavailableError from error
    return None if verdict is None else verdict.to_json()
