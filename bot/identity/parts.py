"""Puts this room together for a gateway."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from actions.accounts.demo import DemoAccount
from actions.settings import IdentitySettings, Settings
from bot.gateway.limits import Limiter
from bot.identity.assertions import Assertions, Hall, hall_keys
from bot.identity.demo import DemoRoutes, demo_hall, prepare_demo
from bot.identity.holders import Holders, holder_in_accounts
from bot.identity.keys import Keys, identity_keys
from bot.identity.links import Links
from bot.identity.lockout import Lockout
from bot.identity.passwords import Passwords, ServicePasswords, SqlServicePasswords
from bot.identity.routes import Count, CustomerRoutes, no_count
from bot.identity.sessions import SessionStore
from bot.identity.sms import DemoSms, SmsCodes, SmsSender
from bot.identity.staff.accounts import StaffAccounts
from bot.identity.staff.oidc import Oidc, OidcRoutes
from bot.identity.staff.routes import StaffRoutes
from bot.identity.staff.sessions import StaffSessions
from bot.identity.verification import Verification

IDENTITY: Final = web.AppKey["IdentityParts"]("identity")


@dataclass(frozen=True, slots=True)
class IdentityParts:
    """What the gateway adds for this room."""

    customers: CustomerRoutes
    staff: StaffRoutes
    oidc: OidcRoutes | None = None
    demo: DemoRoutes | None = None
    purges: Sequence[Callable[[], None]] = field(default_factory=tuple)

    def add_routes(self, app: web.Application) -> None:
        """Adds the routes and the middleware."""
        app[IDENTITY] = self
        for routes in (self.customers, self.staff, self.oidc, self.demo):
            if routes is not None:
                routes.add_routes(app)

    async def purge(self) -> None:
        """Removes what has expired."""
        for purge in self.purges:
            await asyncio.to_thread(purge)


def build_identity(
    settings: Settings,
    sessions: SessionStore,
    *,
    demo_accounts: Sequence[DemoAccount] | None = None,
    service_passwords: ServicePasswords | None = None,
    sms: SmsSender | None = None,
    holders: Holders = holder_in_accounts,
    limiter: Limiter | None = None,
    allowed_origin: Callable[[str], bool] = lambda _: False,
    count: Count = no_count,
    clock: Callable[[], float] = time.time,
    keys: Keys | None = None,
    passwords: Passwords | None = None,
) -> IdentityParts:
    """The room as the settings describe it, on the database of the sessions.

    Args:
        settings: those of this process.
        sessions: where sessions are opened; their database is used for everything here.
        demo_accounts: those of the demo mode; None outside it.
        service_passwords: the operator's own system, where it is not the identity database.
        sms: what sends codes; in demo mode a file stands for it, else without it there are none.
        holders: who holds a number.
        limiter: counts how often, for all gateways where it is the one that shares a Redis.
        allowed_origin: whether a page of another origin may embed the chat.
        count: told what happened, for metrics.
        clock: seconds since the epoch.
        keys: what numbers are hashed with; by default those of the settings.
        passwords: how passwords are hashed; tests use weak ones.

    Raises `SettingsError` for keys that cannot be used.
    """
    keys = keys or identity_keys()
    passwords = passwords or Passwords()
    limiter = limiter or Limiter({}, keys.derive("limits"))
    engine, demo = sessions.engine, demo_accounts is not None
    stored = SqlServicePasswords(engine, keys, passwords, demo=demo)
    links, codes = Links(engine, keys, clock), SmsCodes(engine, keys, clock)
    lockout = Lockout(engine, keys, clock)
    accounts = StaffAccounts(engine, passwords, clock, demo=demo)
    staff = StaffRoutes(accounts, StaffSessions(engine, keys, clock, demo=demo), lockout, count)
    halls = _halls(settings.identity)
    demo_routes = None
    if demo_accounts is not None:
        prepare_demo(demo_accounts, passwords, stored, accounts)
        demo_sms = DemoSms(settings.var / "demo" / "sms.jsonl", clock)
        sms = sms or demo_sms
        halls.append(demo_hall(keys, settings.identity.hall_audience))
        demo_routes = DemoRoutes(demo_accounts, halls[-1], demo_sms, accounts, clock)
    assertions = Assertions(engine, halls, clock)
    verification = Verification(links, service_passwords or stored, codes, sms, lockout, limiter, holders)
    oidc = Oidc(settings.identity, engine, clock) if settings.identity.oidc_issuer else None
    return IdentityParts(
        customers=CustomerRoutes(sessions, assertions, links, verification, limiter, allowed_origin, count),
        staff=staff,
        oidc=OidcRoutes(oidc, staff) if oidc else None,
        demo=demo_routes,
        purges=[
            assertions.purge,
            links.purge,
            codes.purge,
            lockout.purge,
            staff.sessions.purge,
            *([oidc.purge] if oidc else []),
        ],
    )


def _halls(settings: IdentitySettings) -> list[Hall]:
    if settings.hall_key is None:
        return []
    return [Hall(settings.hall_issuer, settings.hall_audience, hall_keys(settings.hall_key))]
