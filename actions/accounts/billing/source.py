"""An operator's billing system as a source of account facts."""

import logging
from collections.abc import Callable, Collection
from datetime import UTC, datetime

from actions.accounts.billing.client import BillingClient
from actions.accounts.billing.mapping import SourceMapping
from actions.accounts.billing.reading import other_number, read_account
from actions.accounts.errors import SourceUnavailable
from actions.accounts.facts import AccountFacts, Unknown
from actions.accounts.source import all_unknown
from actions.identity import mask_number

logger = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class HttpSource:
    """Asks one billing system, as its mapping file says."""

    def __init__(
        self, mapping: SourceMapping, client: BillingClient | None = None, now: Callable[[], datetime] = _now
    ) -> None:
        """`now` gives the time, with its zone, by which the age of data is judged."""
        self._mapping = mapping
        self._client = client or BillingClient(mapping)
        self._now = now

    @property
    def name(self) -> str:
        """As the mapping file has it."""
        return self._mapping.name

    @property
    def facts(self) -> frozenset[str]:
        """The mapped facts."""
        return frozenset(fact.spec.name for fact in self._mapping.facts)

    async def find(self, number: str, needed: Collection[str]) -> AccountFacts | None:
        """All mapped facts, whatever is needed: they stand in one answer.

        Raises `SourceUnavailable` where there is no usable answer.
        """
        try:
            answer = await self._client.ask(number)
        except SourceUnavailable as failure:
            logger.warning("%s: no answer about %s: %s", self.name, mask_number(number), failure)
            raise
        document, mapping = answer.document, self._mapping
        if mapping.not_found is not None and mapping.not_found.says(answer.status, document):
            return self._not_found(number, document)
        account = read_account(mapping, number, document, self._now())
        self._log_unknown(account, needed)
        return account

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.close()

    def _not_found(self, number: str, document: object) -> AccountFacts | None:
        """None, unless the answer repeats a number and it is another one."""
        wrong = other_number(self._mapping, number, document)
        repeats = isinstance(self._mapping.number.find(document), str | int)
        return all_unknown(number, self.facts, wrong) if wrong and repeats else None

    def _log_unknown(self, account: AccountFacts, needed: Collection[str]) -> None:
        unknown = [name for name in sorted(needed) if name in self.facts and isinstance(account.fact(name), Unknown)]
        if unknown:
            logger.warning("%s: unknown of %s: %s", self.name, mask_number(account.number), ", ".join(unknown))
