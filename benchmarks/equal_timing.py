"""Whether the time of an answer tells if a telephone number or a name of staff exists.

    .venv/bin/python -m benchmarks.equal_timing

The verification page and the staff's sign-in of a gateway on loopback, with the hashes of production (argon2id), are
asked with wrong secrets, in turn for one that exists and one that does not. Besides the medians: how often the one that
exists takes longer than the one that does not (0.5: the time tells nothing). Run it on a quiet machine.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web
from sqlalchemy import delete

from actions.accounts.demo import demo_accounts
from actions.settings import settings
from bot.assistant import AssistantUnavailable
from bot.demo_data import prepare_accounts
from bot.gateway.app import Parts, create_app
from bot.identity.demo import STAFF
from bot.identity.models import failed_attempt, sms_code
from bot.identity.parts import build_identity
from bot.identity.sessions import SessionStore

NOBODY = "demo.nobody"
UNKNOWN = "18655550001"


class NoLimiter:
    """Counts nothing: what is measured is the answer, not the refusal."""

    async def wait(self, _rates: str, _kind: str, _key: str) -> int:
        """Never too often."""
        return 0


class NoAssistant:
    """Nobody asks anything here."""

    async def reply(self, *_: Any) -> list[dict[str, Any]]:
        """Never called."""
        raise AssistantUnavailable


class Page:
    """What is asked of the gateway."""

    def __init__(self, http: ClientSession, url: str, sessions: SessionStore) -> None:
        self._http, self._url, self._sessions = http, url, sessions
        self._own = {"Origin": url, "Sec-Fetch-Site": "same-origin"}

    async def password(self, number: str) -> float:
        """Seconds of a refused proof."""
        return await self._timed(await self._link(), {"number": number, "password": "000000"}, 401)

    async def code(self, number: str) -> float:
        """Seconds of asking for a code."""
        return await self._timed(f"{await self._link()}/code", {"number": number}, 200)

    async def staff(self, name: str) -> float:
        """Seconds of a refused sign-in."""
        body = {"name": name, "password": "a wrong password", "code": "000000"}
        return await self._timed("/api/v1/staff/sign-in", body, 401)

    async def _link(self) -> str:
        async with self._http.post(
            f"{self._url}/api/v1/identity/links", json={"session": self._sessions.open()}
        ) as answer:
            return str((await answer.json())["url"])

    async def _timed(self, path: str, body: dict[str, str], status: int) -> float:
        # Nothing may be locked, and no code may have been sent a moment ago.
        with self._sessions.engine.begin() as database:
            for table in (failed_attempt, sms_code):
                database.execute(delete(table))
        started = time.perf_counter()
        async with self._http.post(self._url + path, json=body, headers=self._own) as answer:
            await answer.read()
            assert answer.status == status, await answer.text()
        passed = time.perf_counter() - started
        await asyncio.sleep(0.02)  # what is sent in the background is no part of the next answer
        return passed


async def compare(title: str, ask: Callable[[str], Awaitable[float]], known: str, unknown: str, rounds: int) -> None:
    """Prints one line."""
    times: dict[str, list[float]] = {known: [], unknown: []}
    for turn in range(rounds):
        for who in (known, unknown) if turn % 2 else (unknown, known):
            times[who].append(await ask(who))
    ours, others = times[known], times[unknown]
    longer = sum((one > other) + (one == other) / 2 for one in ours for other in others) / len(ours) / len(others)
    figures = [statistics.median(ours) * 1000, statistics.median(others) * 1000, longer]
    print(f"| {title} | {figures[0]:.2f} | {figures[1]:.2f} | {figures[2]:.2f} |")


async def run(rounds: int) -> None:
    """All comparisons, as a table."""
    prepare_accounts()
    configured, accounts = settings(), demo_accounts()
    sessions = SessionStore(configured.sessions_url, idle_seconds=1800, demo=True)
    limiter: Any = NoLimiter()
    identity = build_identity(configured, sessions, demo_accounts=accounts, limiter=limiter)
    app = create_app(Parts(NoAssistant(), sessions, 1.0, accounts, identity=identity))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    async with ClientSession() as http:
        page = Page(http, f"http://{host}:{port}", sessions)
        for warm in (accounts[0].number, UNKNOWN) * 3:
            await page.password(warm)
        print("| | exists, ms | does not, ms | exists takes longer |")
        print("|---|---|---|---|")
        await compare("service password", page.password, accounts[1].number, UNKNOWN, rounds)
        await compare("asking for an SMS code", page.code, accounts[1].number, UNKNOWN, rounds)
        await compare("staff sign-in", page.staff, STAFF[0][0], NOBODY, rounds)
    await runner.cleanup()


def main() -> None:
    """Runs on databases of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=100)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BOT_VAR"] = str(Path(folder))
        asyncio.run(run(rounds))


if __name__ == "__main__":
    main()
