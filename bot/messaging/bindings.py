"""Numbers that people of a platform have proved to be theirs, and who they are by them.

A binding counts as long as the customer who held the number when it was bound holds it still: at every look the accounts
are asked again, and what has ended is deleted. Synchronous: callers on an event loop use a thread.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, func, select

from actions.identity import Identity
from actions.privacy.sealing import SealError, seal, unseal
from bot.identity.keys import Keys
from bot.messaging.models import binding, person
from bot.messaging.store import MessagingStore
from bot.storage import insert_of

# Every look asks the accounts for each of them.
MOST_NUMBERS: Final = 10

# Whether a customer still holds a number that is in use; None where the accounts cannot say at the moment.
StillHeld = Callable[[str, str], bool | None]


class TooManyNumbersError(Exception):
    """As many numbers are bound as may be."""


@dataclass(frozen=True, slots=True)
class Bound:
    """One number of a person, and the customer who holds it."""

    id: int
    number: str
    customer: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """All numbers of a person, the first bound first.

    `customer`: who holds the number that was bound last. A person is one customer at a time, and this one counts.
    """

    bound: tuple[Bound, ...] = ()
    customer: str | None = None

    @property
    def counting(self) -> tuple[str, ...]:
        """The numbers of the customer who counts."""
        return tuple(one.number for one in self.bound if one.customer == self.customer)

    @property
    def identity(self) -> Identity | None:
        """Who the person is; None for nobody known."""
        return Identity("customer", self.counting, self.customer) if self.bound else None


class Bindings:
    """The bindings of one platform's account.

    Args:
        store: the people.
        keys: what numbers are hashed with.
        still_held: asks the accounts.
    """

    def __init__(self, store: MessagingStore, keys: Keys, still_held: StillHeld) -> None:
        self._store = store
        self._keys = keys
        self._still_held = still_held

    def chat_key(self, account: str) -> str:
        """What stands for the person's chat in links and codes, so that nobody else's code counts in it."""
        return self._store.account_hash(account)

    def bind(self, account: str, identity: Identity) -> None:
        """Binds the numbers of a proved identity; one that is bound already becomes the last bound.

        Raises `TooManyNumbersError`.
        """
        with self._store.engine.begin() as connection:
            whose = connection.execute(self._person(account).with_for_update()).scalar_one()
            for number in identity.numbers:
                hashed = self._keys.digest("messaging number", number)
                mine = binding.c.person_id == whose
                # The row is made anew, so that the order of the ids is that of binding.
                connection.execute(delete(binding).where(mine, binding.c.number_hash == hashed))
                if connection.execute(select(func.count()).where(mine)).scalar_one() >= MOST_NUMBERS:
                    raise TooManyNumbersError
                new = {
                    "person_id": whose,
                    "number_hash": hashed,
                    "sealed": seal({"number": number, "customer": identity.customer}, self._context(account)),
                    "at": self._store.clock(),
                }
                connection.execute(insert_of(connection)(binding).values(new))

    def numbers(self, account: str) -> Numbers:
        """The numbers that are still theirs; the others are ended."""
        with self._store.engine.connect() as connection:
            rows = self._rows(connection, account)
        held: list[Bound] = []
        ended: list[int] = []
        for row in rows:
            bound = self._opened(row, account)
            # Where the accounts cannot say, they show nothing either, and are asked again at every look into them.
            if bound is None or self._still_held(bound.number, bound.customer) is False:
                ended.append(row.id)
            else:
                held.append(bound)
        if ended:
            with self._store.engine.begin() as connection:
                connection.execute(delete(binding).where(binding.c.id.in_(ended)))
        return Numbers(tuple(held), held[-1].customer if held else None)

    def end(self, account: str, bound: Sequence[Bound] | None = None) -> None:
        """Ends these bindings of a person, or all of them."""
        ours = delete(binding).where(binding.c.person_id.in_(self._person(account)))
        if bound is not None:
            ours = ours.where(binding.c.id.in_([one.id for one in bound]))
        with self._store.engine.begin() as connection:
            connection.execute(ours)

    def _person(self, account: str) -> Any:
        return select(person.c.id).where(person.c.account_hash == self._store.account_hash(account))

    def _rows(self, connection: Connection, account: str) -> Sequence[Any]:
        mine = select(binding).where(binding.c.person_id.in_(self._person(account)))
        return connection.execute(mine.order_by(binding.c.id)).all()

    def _opened(self, row: Any, account: str) -> Bound | None:
        try:
            value = unseal(row.sealed, self._context(account))
        except SealError:
            return None  # sealed with another key, or for somebody else: nobody can say whose it is
        return Bound(row.id, value["number"], value["customer"])

    def _context(self, account: str) -> str:
        return f"messaging binding {self._store.account_hash(account)}"
