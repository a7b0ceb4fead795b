"""Growing delays after failed attempts, kept in the database: a restart or another gateway does not forget them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Engine, case, delete, select, update

from bot.identity.database import insert_unless_there
from bot.identity.keys import Keys
from bot.identity.models import failed_attempt

Kind = Literal["number", "address", "staff"]


@dataclass(frozen=True, slots=True)
class Rule:
    """So many attempts are free; each one more doubles the delay, up to the longest. All in seconds."""

    free: int
    first: int = 30
    longest: int = 3_600


# Many people share an address (an office, a mobile network), nobody shares a number or a name.
_RULES: Final[dict[Kind, Rule]] = {"number": Rule(5), "address": Rule(30), "staff": Rule(5)}
_FORGET_SECONDS: Final = 86_400


class Lockout:
    """Counts attempts that did not succeed. What is counted need not exist, so that nothing is told of whether it does.

    Args:
        engine: the identity database.
        keys: what numbers, addresses and names are hashed with.
        clock: seconds since the epoch.
    """

    def __init__(self, engine: Engine, keys: Keys, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._keys = keys
        self._clock = clock

    def begin(self, kind: Kind, who: str) -> int:
        """Counts an attempt as failed before it is judged; 0, or the seconds to wait: then it may not be judged.

        Counting first means that a hundred attempts at the same moment are no more than five.
        """
        rule, key, now = _RULES[kind], self._key(kind, who), int(self._clock())
        row = failed_attempt.c
        with self._engine.begin() as database:
            insert_unless_there(
                database, failed_attempt, {"who_hash": key, "failures": 0, "last_at": now, "locked_until": 0}
            )
            # The update takes the row; only one attempt at a time passes it.
            forgotten = row.last_at < now - _FORGET_SECONDS
            counted = database.execute(
                update(failed_attempt)
                .where(row.who_hash == key, row.locked_until <= now)
                .values(failures=case((forgotten, 1), else_=row.failures + 1), last_at=now)
            ).rowcount
            found = database.execute(select(row.failures, row.locked_until).where(row.who_hash == key)).one()
            if not counted:
                return max(int(found.locked_until) - now, 1)
            if found.failures >= rule.free:
                delay = min(rule.first * 2 ** min(found.failures - rule.free, 20), rule.longest)
                database.execute(update(failed_attempt).where(row.who_hash == key).values(locked_until=now + delay))
            return 0

    def succeeded(self, kind: Kind, who: str) -> None:
        """The attempt was none of a guesser: a number or a name begins anew, an address only gets this attempt back.

        (Otherwise whoever knows one password could go on guessing others from the same address.)
        """
        row = failed_attempt.c
        here = row.who_hash == self._key(kind, who)
        with self._engine.begin() as database:
            if kind != "address":
                database.execute(delete(failed_attempt).where(here))
                return
            database.execute(
                update(failed_attempt).where(here, row.failures > 0).values(failures=row.failures - 1, locked_until=0)
            )

    def purge(self) -> None:
        """Forgets what is a day old."""
        with self._engine.begin() as database:
            old = failed_attempt.c.last_at < int(self._clock()) - _FORGET_SECONDS
            database.execute(delete(failed_attempt).where(old))

    def _key(self, kind: Kind, who: str) -> str:
        return self._keys.digest(f"attempt {kind}", who)
