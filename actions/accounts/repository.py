"""Reads accounts from the database: one number in one round trip."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from actions.accounts.database import chinese_faults, open_existing, parse_url
from actions.accounts.facts import AccountFacts, Fact, read_fact
from actions.accounts.models import customer, subscription
from actions.settings import settings
from knowledge.facts import NONE, FactSpec, load_facts

SOURCE = "账户数据库"
_ACCOUNT = select(
    subscription, customer.c.name, *(column for column in customer.c if column.name not in ("id", "name"))
).outerjoin_from(subscription, customer)


class AccountRepository:
    """The accounts database, for reading. Safe to use from several threads."""

    def __init__(self, url: str, facts: Mapping[str, FactSpec] | None = None) -> None:
        """Opens the database; `facts` are the declared facts, by default those of the configured rule base.

        Raises `AccountsMissing` where the database has not been made, `AccountsError` for a bad URL.
        """
        self._url = parse_url(url)
        self._facts = load_facts(settings().rules / "facts.yml") if facts is None else facts
        self._engine = open_existing(self._url, reading=True)

    @property
    def facts(self) -> frozenset[str]:
        """The names of the declared facts."""
        return frozenset(self._facts)

    def find(self, number: str) -> AccountFacts | None:
        """What is known of one number, in one round trip; None for a number that is not there."""
        with chinese_faults(self._url), self._engine.connect() as connection:
            row = connection.execute(_ACCOUNT.where(subscription.c.number == number)).mappings().one_or_none()
        return None if row is None else self._account(row)

    def numbers_of(self, customer_id: str) -> list[str]:
        """The numbers a customer holds, in ascending order."""
        numbers = select(subscription.c.number).order_by(subscription.c.number)
        with chinese_faults(self._url), self._engine.connect() as connection:
            return list(connection.scalars(numbers.where(subscription.c.customer_id == customer_id)))

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()

    def _account(self, row: Mapping[Any, Any]) -> AccountFacts:
        return AccountFacts(
            number=row["number"],
            customer=row["customer_id"],
            customer_name=row["name"],
            facts={name: _fact(spec, row) for name, spec in self._facts.items()},
        )


def _fact(spec: FactSpec, row: Mapping[Any, Any]) -> Fact:
    # The marker is there only for dates: an explicit "none" of the other types is a word in the column itself.
    raw = NONE if row.get(f"{spec.name}_is_none") else row.get(spec.name)
    return read_fact(spec, raw, SOURCE, row["recorded_at"])
