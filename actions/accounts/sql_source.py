"""The accounts database as a source: one round trip a number."""

import asyncio
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from actions.accounts.facts import AccountFacts
from actions.accounts.repository import SOURCE, AccountRepository

# As many as the connection pool of SQLAlchemy lends (5, and 10 more when it is busy).
_CONNECTIONS: Final = 15


class SqlSource:
    """The accounts database. It has threads of its own, so that a database that hangs holds up nobody else."""

    def __init__(self, repository: AccountRepository) -> None:
        self._repository = repository
        self._threads = ThreadPoolExecutor(_CONNECTIONS, thread_name_prefix="accounts-sql")

    @property
    def name(self) -> str:
        """As the facts carry it."""
        return SOURCE

    @property
    def facts(self) -> frozenset[str]:
        """All declared facts."""
        return self._repository.facts

    async def find(self, number: str, needed: Collection[str]) -> AccountFacts | None:
        """All facts of the number, whatever is needed: they stand in one row."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._repository.find, number)

    async def close(self) -> None:
        """Gives the connections back."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._repository.close()
