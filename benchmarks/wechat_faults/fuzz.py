"""Odd bodies through a callback's whole path, in process:

    .venv/bin/python -m benchmarks.wechat_faults.fuzz [--channel wechat|wecom|robot] [--bodies 100000] [--seed 7]

Each is a request made by hand and given to the application with all its layers; the databases are real. Exit code 1 where
one raises, is answered with 5xx, is answered though the platform did not sign it, makes the log tell of an error, or takes
more than 50 ms of the process's CPU time; such bodies are written out in hexadecimal.
"""

import argparse
import asyncio
import gc
import json
import logging
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.streams import StreamReader
from aiohttp.test_utils import make_mocked_request

from benchmarks.wechat_faults.channels import CHANNELS, NOWHERE, Channel, messengers, staff_file, write_staff
from benchmarks.wechat_faults.gateway import gateway
from benchmarks.wechat_faults.targets import Odd, Target, targets
from tests.bot.gateway.fakes import FakeAssistant

MOST_CPU_SECONDS: Final = 0.05


@dataclass
class Figures:
    """What became of the bodies."""

    bodies: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    # Answered as if the platform had signed it.
    unsigned: list[str] = field(default_factory=list)
    # Lines of the log at the level of errors.
    logged: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    slowest: float = 0.0
    memory: list[int] = field(default_factory=list)


class _Errors(logging.Handler):
    """Keeps what is logged as an error, or with an exception."""

    def __init__(self, kept: list[str]) -> None:
        super().__init__()
        self._kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps one."""
        if record.levelno >= logging.ERROR or record.exc_info:
            self._kept.append(f"{record.name} {record.getMessage()} {record.exc_info and record.exc_info[1]!r}")


async def run(channel: Channel, bodies: int, seed: int, *, timed: bool) -> Figures:
    """Gives an application for each way of this channel its share of the bodies."""
    figures = Figures()
    errors = _Errors(figures.logged)
    logging.getLogger().addHandler(errors)
    ways = targets(channel)
    try:
        for way in ways:
            with tempfile.TemporaryDirectory() as folder:
                await _run(figures, way, -(-bodies // len(ways)), f"{seed} {way.name}", Path(folder), timed=timed)
    finally:
        logging.getLogger().removeHandler(errors)
    return figures


async def _run(figures: Figures, target: Target, bodies: int, seed: str, folder: Path, *, timed: bool) -> None:
    chance = random.Random(seed)
    write_staff(staff_file(folder), target.staff)
    # Nothing is sent: where the servers would be, nobody listens.
    ours = messengers(target.platform, NOWHERE, staff_file(folder))
    app = gateway(f"sqlite:///{folder / 's.db'}", f"sqlite:///{folder / 'c.db'}", ours, FakeAssistant())
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        # The first message pays for what is loaded once.
        assert await answered(app, target, target.right()) == 200
        # As the system does it when it has started.
        gc.collect()
        gc.freeze()
        for number in range(bodies):
            odd = target.made(chance)
            began = time.process_time()
            try:
                status = await answered(app, target, odd)
            except Exception as error:
                status = 599
                figures.wrong.append(f"{target.name} {type(error).__name__} {error} {odd.shown}")
            spent = time.process_time() - began
            figures.bodies += 1
            figures.statuses[status] += 1
            figures.slowest = max(figures.slowest, spent)
            if timed and spent > MOST_CPU_SECONDS:
                figures.slow.append(f"{target.name} {spent:.3f} {len(odd.body)} {odd.shown}")
            if 500 <= status < 599:
                figures.wrong.append(f"{target.name} {status} {odd.shown}")
            if status < 400 and not target.is_signed(odd):
                figures.unsigned.append(f"{target.name} {status} {odd.shown}")
            if number % max(bodies // 4, 1) == 0:
                figures.memory.append(_resident())
        figures.memory.append(_resident())
    finally:
        await runner.cleanup()


async def answered(app: web.Application, target: Target, odd: Odd) -> int:
    """The status that the application answers a POST to the callback with."""
    body = odd.body
    payload = StreamReader(_Protocol(), 2**20, loop=asyncio.get_running_loop())
    payload.feed_data(body)
    payload.feed_eof()
    headers = {"Content-Type": target.platform.content_type, "Host": "bot.example", "Content-Length": str(len(body))}
    path = f"{target.path}?{urlencode(odd.query, errors='surrogatepass')}"
    request = make_mocked_request("POST", path, headers=headers, payload=payload, app=app, client_max_size=256 * 1024)
    match_info = await app.router.resolve(request)
    match_info.add_app(app)
    request._match_info = match_info
    response = await app._handle(request)
    return response.status


class _Protocol:
    _reading_paused = False

    def pause_reading(self, *_: Any, **__: Any) -> None:
        """Nothing is paused: the body is there."""

    def resume_reading(self, *_: Any, **__: Any) -> None:
        """Nothing was paused."""


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4 // 1024


def main() -> None:
    """Runs it and tells the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--channel", choices=CHANNELS, default="wechat")
    parser.add_argument("--bodies", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    began = time.monotonic()
    # A line for each refused body, a hundred thousand times.
    logging.disable(logging.WARNING)
    figures = asyncio.run(run(given.channel, given.bodies, given.seed, timed=True))
    told = {
        "channel": given.channel,
        "bodies": figures.bodies,
        "statuses": dict(figures.statuses),
        "wrong": len(figures.wrong),
        "answered unsigned": len(figures.unsigned),
        "errors logged": len(figures.logged),
        "over 50 ms of CPU": len(figures.slow),
        "slowest, ms of CPU": round(figures.slowest * 1000, 1),
        "resident MB, five times for each way of writing": figures.memory,
        "seconds": round(time.monotonic() - began),
    }
    print(json.dumps(told, ensure_ascii=False, indent=1))
    kinds = (figures.wrong, figures.unsigned, figures.logged, figures.slow)
    for line in (line for kind in kinds for line in kind[:10]):
        print(line[:800])
    raise SystemExit(any(kinds))


if __name__ == "__main__":
    main()
