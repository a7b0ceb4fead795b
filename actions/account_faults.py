"""What goes wrong where accounts are looked at, as the conversation tells it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from actions.accounts.errors import AccountsError
from actions.audit.errors import AuditError
from actions.conversation.respond import AccountsUnavailableError, LookNotRecordedError

logger = logging.getLogger(__name__)


@contextmanager
def faults_told() -> Iterator[None]:
    """Raises the conversation's errors for those of the accounts.

    `AccountsUnavailableError` where the accounts cannot be read now, `LookNotRecordedError` where the audit trail cannot
    take the look.
    """
    try:
        yield
    except AccountsError as error:
        logger.error("The accounts cannot be read: %s", error)
        raise AccountsUnavailableError from error
    except AuditError as error:
        logger.error("A look at accounts cannot be recorded: %s", error)
        raise LookNotRecordedError from error
