"""What every source of account facts can do, and what it owes: a fact it cannot vouch for is unknown."""

from collections.abc import Collection, Iterable
from typing import Final, Protocol

from actions.accounts.facts import AccountFacts, Unknown

# Stands among the needed facts where the caller must know who holds the number.
HOLDER: Final = "holder"


class AccountSource(Protocol):
    """Where account facts come from: a database, an operator's billing system, several of them together.

    A look-up may wait for a network, so it is a coroutine; `actions.accounts.waiting` is the way there for callers
    that are not.
    """

    @property
    def name(self) -> str:
        """What people call it, in Chinese; every fact carries it."""
        ...

    @property
    def facts(self) -> frozenset[str]:
        """The names of the facts it may know."""
        ...

    async def find(self, number: str, needed: Collection[str]) -> AccountFacts | None:
        """What is known of one number; None where the source knows that it has no such number.

        `needed` are the facts that the caller will look at, and `HOLDER` where the holder counts: others may be left out,
        and be given all the same.
        A fact that is missing, of a wrong type, outside its domain, too old or of another number is `Unknown`.
        Raises `AccountsError` where nothing can be read at all.
        """
        ...

    async def close(self) -> None:
        """Gives connections back; no look-up may follow."""
        ...


def all_unknown(number: str, facts: Iterable[str], reason: str) -> AccountFacts:
    """An account of which nothing is known, for one reason."""
    return AccountFacts(number, None, None, dict.fromkeys(facts, Unknown(reason)))
