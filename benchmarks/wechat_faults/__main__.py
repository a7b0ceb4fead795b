"""What becomes of messages while connections, gateways and the platform fail.

    .venv/bin/python -m benchmarks.wechat_faults [--channel wechat|wecom|robot] [--database sqlite|postgresql]
        [--messages 2000] [--seed 7]

Real seconds: about five minutes. Exit code 1 where a message was lost, doubled or given to somebody else, or where a reply to
a delivery took 5 seconds.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.wechat_faults.channels import CHANNELS
from benchmarks.wechat_faults.run import Plan, run, told


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of a new database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'conversations.db'}"
        return
    from tests.services import postgres_server

    with contextmanager(postgres_server.__wrapped__)() as server, server.database() as url:
        yield url


def main() -> None:
    """Runs it once and tells the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--channel", choices=CHANNELS, default="wechat")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, database(given.database, Path(name)) as url:
        plan = Plan(url, Path(name), given.messages, given.people, given.channel, seed=given.seed)
        result = asyncio.run(run(plan))
        log = (Path(name) / "gateways.log").read_text(errors="replace")
    print(
        json.dumps({"channel": given.channel, "database": given.database, **told(result)}, ensure_ascii=False, indent=1)
    )
    for which in ("lost", "doubled", "crossed", "resent", "undelivered", "unlike"):
        print(which, getattr(result, which)[:20])
    print("log lines:", log.count("\n"), "tracebacks:", log.count("Traceback"))
    print(log[-3000:])
    wrong = result.lost or result.doubled or result.crossed or result.slowest_passive >= 5.0
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
