"""One call from a number to its verdict, for the actions and the command line."""

import atexit
from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from actions.accounts.facts import AccountFacts
from actions.accounts.opening import open_source
from actions.accounts.source import HOLDER, AccountSource
from actions.accounts.waiting import wait_for
from actions.eligibility.reads import facts_read
from actions.eligibility.verdict import Verdict, check
from actions.settings import settings
from knowledge.conditions import OperationRules, load_operation
from knowledge.facts import Value
from knowledge.identifiers import Role


class NotTheHolder(PermissionError):  # noqa: N818 - an answer rather than a fault
    """The accounts do not have the number in the name of this customer: it is somebody else's, or nobody's."""


class HolderUnknown(PermissionError):  # noqa: N818 - as above
    """The accounts have the number, and do not say in whose name."""


def check_number(
    number: str,
    operation: str,
    on: date,
    *,
    role: Role,
    accounts_url: str,
    assume: Mapping[str, Value] | None = None,
    holder: str | None = None,
) -> Verdict | None:
    """The verdict on a number; None where the accounts do not have it.

    `accounts_url` says where the accounts are: what `open_source` takes. It waits for them: not for an event loop.
    `holder`: the id of the customer who must hold the number today, or else nothing is told: `NotTheHolder`, `HolderUnknown`.
    Raises `NoEligibilityRules` for an operation whose conditions are not written yet, `UnknownOperation`,
    and `AccountsError` (`AccountsMissing`) where the accounts cannot be read.
    """
    rules = rules_of(operation)
    needed = [name for name in facts_read(rules) if name not in (assume or {})]
    account = find_account(number, needed, accounts_url, holder=holder)
    return None if account is None else check(rules, account, on, role=role, assumed=assume)


def find_account(
    number: str, needed: Collection[str], accounts_url: str, *, holder: str | None = None
) -> AccountFacts | None:
    """What the sources at `accounts_url` know of a number, of the needed facts at least; None where they do not have it.

    Raises `AccountsError` where they cannot be read, `NotTheHolder` or `HolderUnknown` where the number is not certainly
    the customer `holder`'s today.
    """
    if holder is None:
        return wait_for(_source(accounts_url).find(number, needed))
    account = wait_for(_source(accounts_url).find(number, [*needed, HOLDER]))
    if account is not None and account.customer is None:
        raise HolderUnknown
    if account is None or account.customer != holder:
        raise NotTheHolder
    return account


def rules_of(operation: str) -> OperationRules:
    """The eligibility rules of an operation; an edited file is picked up with the next call."""
    folder = settings().rules
    files = (
        folder / "facts.yml",
        folder / "documents.yml",
        folder / "operations" / f"{operation}.yml",
        folder / "eligibility" / f"{operation}.yml",
    )
    stamps = tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in files)
    return _rules(folder, operation, stamps)


@lru_cache(maxsize=64)
def _rules(folder: Path, operation: str, _stamps: tuple[int, ...]) -> OperationRules:
    return load_operation(folder, operation)


@lru_cache(maxsize=4)
def _source(where: str) -> AccountSource:
    source = open_source(where)
    atexit.register(lambda: wait_for(source.close()))
    return source
