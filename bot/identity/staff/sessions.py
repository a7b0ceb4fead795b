"""Sessions of staff, held by a cookie: idle and absolute lifetime, an account that must still be good, a CSRF token."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, cast

from sqlalchemy import Engine, delete, func, or_, select, update

from bot.gateway.staff_access import StaffMember, StaffRole
from bot.identity.keys import Keys, new_token, token_hash
from bot.identity.models import staff_account, staff_session

IDLE_SECONDS: Final = 1_800
ABSOLUTE_SECONDS: Final = 36_000
_TOUCH_AFTER_SECONDS: Final = 30

Source = Literal["local", "oidc"]


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A signed-in member of staff, and the token that requests which change something must carry."""

    member: StaffMember
    csrf: str


class StaffSessions:
    """All sessions of staff. Synchronous.

    Args:
        engine: the identity database.
        keys: what CSRF tokens are derived with.
        clock: seconds since the epoch.
        demo: whether sessions of demo staff count.
    """

    def __init__(self, engine: Engine, keys: Keys, clock: Callable[[], float], *, demo: bool) -> None:
        self._engine = engine
        self._keys = keys
        self._clock = clock
        self._demo = demo

    def open(self, member: StaffMember, source: Source, former: str | None = None) -> str:
        """A new session, always with a new token; the former one of this browser ends."""
        token, now = new_token(), int(self._clock())
        with self._engine.begin() as database:
            if former is not None:
                database.execute(delete(staff_session).where(staff_session.c.token_hash == token_hash(former)))
            database.execute(
                staff_session.insert().values(
                    token_hash=token_hash(token),
                    name=member.name,
                    role=member.role,
                    source=source,
                    demo=self._demo,
                    opened_at=now,
                    used_at=now,
                )
            )
        return token

    def find(self, token: str) -> StaffSession | None:
        """The session of this cookie; None when it is over, or its account is no longer good."""
        now, row = int(self._clock()), staff_session.c
        with self._engine.begin() as database:
            found = database.execute(
                select(staff_session, staff_account.c.role.label("role_now"), staff_account.c.disabled)
                .outerjoin(staff_account, staff_account.c.name == row.name)
                .where(
                    row.token_hash == token_hash(token),
                    row.used_at >= now - IDLE_SECONDS,
                    row.opened_at >= now - ABSOLUTE_SECONDS,
                )
            ).one_or_none()
            if found is None or (found.demo and not self._demo):
                return None
            if found.source == "local" and (found.role_now is None or found.disabled):
                return None
            if found.used_at < now - _TOUCH_AFTER_SECONDS:
                database.execute(update(staff_session).where(row.token_hash == token_hash(token)).values(used_at=now))
        role = cast(StaffRole, found.role_now if found.source == "local" else found.role)
        return StaffSession(StaffMember(found.name, role), self.csrf(token))

    def csrf(self, token: str) -> str:
        """The CSRF token that belongs to a session."""
        return self._keys.digest("staff csrf", token)

    def close(self, token: str) -> None:
        """Signs out."""
        with self._engine.begin() as database:
            database.execute(delete(staff_session).where(staff_session.c.token_hash == token_hash(token)))

    def close_all(self, name: str) -> int:
        """Signs a person out everywhere; how many sessions that were."""
        with self._engine.begin() as database:
            return database.execute(delete(staff_session).where(staff_session.c.name == name)).rowcount

    def signed_in(self, within_seconds: int = 300) -> int:
        """How many members of staff have done something lately: is there anybody to hand a conversation to?"""
        now, row = int(self._clock()), staff_session.c
        recent = row.used_at >= now - within_seconds
        with self._engine.begin() as database:
            return database.scalar(select(func.count(row.name.distinct())).where(recent)) or 0

    def purge(self) -> None:
        """Removes sessions that are over."""
        now, row = int(self._clock()), staff_session.c
        over = or_(row.used_at < now - IDLE_SECONDS, row.opened_at < now - ABSOLUTE_SECONDS)
        with self._engine.begin() as database:
            database.execute(delete(staff_session).where(over))
