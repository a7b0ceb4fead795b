"""Access tokens, shared by all gateways through the database: one of them at a time renews a token."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from sqlalchemy import Engine, or_, select, update

from actions.privacy.sealing import SealError, seal, unseal
from bot.messaging.models import access_token
from bot.storage import insert_of

# Renewed so long before its end; the platforms let the former one count for that long.
_BEFORE_END_SECONDS: Final = 300.0
_LEASE_SECONDS: Final = 12.0
_LOOK_SECONDS: Final = 0.1

# Asks the platform for a token: (token, seconds it counts). `force`: another one than the present.
Fetch = Callable[[bool], Awaitable[tuple[str, float]]]


class SharedTokens:
    """The access token of one account.

    Args:
        engine: the database with the messaging tables.
        account: names platform and account.
        fetch: asks the platform for one.
        clock: seconds since the epoch.
    """

    def __init__(self, engine: Engine, account: str, fetch: Fetch, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._account = account
        self._fetch = fetch
        self._clock = clock
        self._here = asyncio.Lock()
        # The token that was good last and its end: a gateway that sends much does not ask the database each time.
        self._known: tuple[str, float] | None = None

    async def current(self) -> str:
        """A token that should be good. Raises what `fetch` raises."""
        if self._known is not None and self._known[1] - _BEFORE_END_SECONDS > self._clock():
            return self._known[0]
        return await self._token(None)

    async def instead_of(self, bad: str) -> str:
        """Another token, because the platform no longer takes this one."""
        return await self._token(bad)

    async def _token(self, bad: str | None) -> str:
        async with self._here:
            while True:
                known, mine = await asyncio.to_thread(self._look, bad)
                if known is not None:
                    return known
                if mine:
                    return await self._renewed(bad)
                # Another gateway is asking for it.
                await asyncio.sleep(_LOOK_SECONDS)

    async def _renewed(self, bad: str | None) -> str:
        try:
            token, seconds = await self._fetch(False)
            if token == bad:
                token, seconds = await self._fetch(True)
        except BaseException:
            await asyncio.to_thread(self._store, {"lease_until": 0.0})
            raise
        sealed, until = seal(token, self._account), self._clock() + seconds
        await asyncio.to_thread(self._store, {"token_sealed": sealed, "expires_at": until, "lease_until": 0.0})
        self._known = (token, until)
        return token

    def _look(self, bad: str | None) -> tuple[str | None, bool]:
        """(the token that is there and good, whether this gateway is to renew it)."""
        now = self._clock()
        mine = access_token.c.account == self._account
        with self._engine.begin() as connection:
            new = {"account": self._account, "expires_at": 0.0, "lease_until": 0.0}
            connection.execute(insert_of(connection)(access_token).values(new).on_conflict_do_nothing())
            # Locked, because who reads a row that another gateway is renewing would renew it again right after it.
            row = connection.execute(select(access_token).where(mine).with_for_update()).one()
            if row.token_sealed is not None and row.expires_at - _BEFORE_END_SECONDS > now:
                token = self._opened(row.token_sealed)
                if token is not None and token != bad:
                    self._known = (token, row.expires_at)
                    return token, False
            free = or_(access_token.c.lease_until == 0.0, access_token.c.lease_until < now)
            leased = update(access_token).where(mine, free).values(lease_until=now + _LEASE_SECONDS)
            return None, bool(connection.execute(leased).rowcount)

    def _opened(self, sealed: str) -> str | None:
        try:
            return str(unseal(sealed, self._account))
        except SealError:
            return None  # sealed with another key

    def _store(self, values: dict[str, Any]) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(access_token).where(access_token.c.account == self._account).values(values))
