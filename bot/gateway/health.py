"""Whether the parts behind the gateway answer."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import aiohttp
from sqlalchemy import Engine, text

from actions.audit.trail import check_trail

Check = Callable[[], Awaitable[None]]
# What those ask who watch the gateway; never refused, whatever the load.
PROBES: Final = ("/healthz", "/readyz")
_SECONDS: Final = 3.0


async def run_checks(checks: Mapping[str, Check]) -> dict[str, bool]:
    """Runs all checks at the same time; a check that raises or takes too long has failed."""
    results = await asyncio.gather(*(_passes(check) for check in checks.values()))
    return dict(zip(checks, results, strict=True))


class Readiness:
    """Runs the checks once for all who ask at the same moment, so that asking often costs nothing more.

    Args:
        checks: the checks by name.
    """

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._running: asyncio.Task[dict[str, bool]] | None = None

    async def results(self) -> dict[str, bool]:
        """Which checks pass."""
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(run_checks(self._checks))
        return await asyncio.shield(self._running)


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
    """Checks that the database answers a query; a file must still be a database."""
    sqlite = engine.dialect.name == "sqlite"

    def query() -> None:
        with engine.connect() as connection:
            connection.execute(text("PRAGMA schema_version" if sqlite else "SELECT 1"))

    return lambda: asyncio.to_thread(query)


async def audit_check() -> None:
    """Checks that looks at accounts can be written down; without that no account is looked at."""
    await asyncio.to_thread(check_trail)
