"""Whether the parts behind the gateway answer."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import aiohttp
from sqlalchemy import Engine, text

Check = Callable[[], Awaitable[None]]
_SECONDS: Final = 3.0


async def run_checks(checks: Mapping[str, Check]) -> dict[str, bool]:
    """Runs all checks at the same time; a check that raises or takes too long has failed."""
    results = await asyncio.gather(*(_passes(check) for check in checks.values()))
    return dict(zip(checks, results, strict=True))


async def _passes(check: Check) -> bool:
    try:
        async with asyncio.timeout(_SECONDS):
            await check()
    except Exception:
        return False
    return True


def action_server_check(url: str) -> Check:
    """Checks the action server's `/health`."""

    async def check() -> None:
        async with aiohttp.ClientSession(raise_for_status=True) as http, http.get(f"{url}/health"):
            pass

    return check


def database_check(engine: Engine) -> Check:
    """Checks that the database answers a query."""

    def query() -> None:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    return lambda: asyncio.to_thread(query)
