"""`conversation.respond.AccountChecks` on the account sources of the settings."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from actions.account_faults import faults_told
from actions.audit.asker import in_conversation
from actions.audit.looks import look_at
from actions.conversation.respond import (
    HolderUnknownError,
    NotCoveredError,
    NotTheirsError,
)
from actions.eligibility.service import HolderUnknown, NotTheHolder, rules_of
from actions.identity import Identity
from actions.settings import settings
from knowledge.conditions import NoEligibilityRules, OperationRules, UnknownOperation
from knowledge.facts import Value


def covers(operation: str) -> bool:
    """Whether there are eligibility rules for the operation that read account state."""
    rules = _rules(operation)
    return rules is not None and rules.never_applies is None


def never_applies(operation: str) -> str | None:
    """The sentence for an operation of which the rules make nothing depend on an account."""
    rules = _rules(operation)
    return rules.never_applies if rules else None


def check(
    number: str, operation: str, on: date, identity: Identity, assumed: Mapping[str, Value] | None = None
) -> dict[str, Any] | None:
    """The verdict's JSON, as if the assumed facts were so; None for a number that the accounts do not have.

    Raises `NotCoveredError` where no eligibility rules are written, `AccountsUnavailableError` where the accounts cannot be
    read now, `LookNotRecordedError` where the audit trail cannot take the look, `NotTheirsError` or `HolderUnknownError`
    where the number is not certainly theirs today. Nothing is assumed about an account that could not be read.
    """
    try:
        with faults_told():
            asker = in_conversation(identity)
            verdict = look_at(number, operation, on, asker=asker, accounts_url=settings().accounts, assume=assumed)
    except NoEligibilityRules as error:
        raise NotCoveredError from error
    except NotTheHolder as error:
        raise NotTheirsError from error
    except HolderUnknown as error:
        raise HolderUnknownError from error
    return None if verdict is None else verdict.to_json()


def _rules(operation: str) -> OperationRules | None:
    try:
        return rules_of(operation)
    except (NoEligibilityRules, UnknownOperation):
        return None
