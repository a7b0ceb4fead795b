"""How long a verdict on every number takes, and how much memory, on SQLite and PostgreSQL.

    .venv/bin/python -m benchmarks.check_batch [--numbers 1000000] [--sample 50000]

Four ways, each in a process of its own: a plain SELECT of the columns that the rules read (the limit), the statement of
`check-batch` alone, the whole of `check-batch` with its JSON Lines, and row by row (`find` and `check` for each number),
which is measured on a sample and extrapolated to all numbers. PostgreSQL is the temporary server of the tests.
"""

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.batch_accounts import ON, fill

ROOT = Path(__file__).resolve().parent.parent
LIMIT_SECONDS = 1800


def plain_select(url: str, operation: str, _: int) -> int:
    """Reads the columns as the driver gives them."""
    from sqlalchemy import select

    from actions.accounts.batch.cells import source_of
    from actions.accounts.batch.dialects import ByteOrder
    from actions.accounts.database import open_engine, parse_url
    from actions.accounts.models import customer, subscription
    from actions.eligibility.evaluator import scope_of
    from actions.eligibility.service import rules_of
    from knowledge.predicates import facts_of

    rules = rules_of(operation)
    facts = {*facts_of(scope_of(rules)), *(name for c in rules.conditions for name in facts_of(c.require))}
    names = {*facts, *(f"{name}_is_none" for name in facts)}
    columns = [column for table in (subscription, customer) for column in table.c if column.name in names]
    statement = select(subscription.c.number, *columns).select_from(source_of(rules.facts, facts))
    engine = open_engine(parse_url(url))
    count = 0
    with engine.connect() as connection:
        result = connection.execution_options(stream_results=True).execute(
            statement.order_by(ByteOrder(subscription.c.number))
        )
        count += len(result.fetchmany(1))
        while chunk := result.cursor.fetchmany(5000):
            count += len(chunk)
    return count


def statement_only(url: str, operation: str, _: int) -> int:
    """Reads the rows of the batch statement."""
    from actions.accounts.batch.reader import BatchReader
    from actions.eligibility.service import rules_of

    return sum(len(chunk) for chunk in BatchReader(url).rows(rules_of(operation), ON))


def command(url: str, operation: str, _: int) -> int:
    """The command as it is typed, into a file; the time includes starting it."""
    from bot.__main__ import main

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.jsonl"
        arguments = ["--operation", operation, "--on", ON.isoformat(), "--accounts", url, "--out", str(out)]
        if main(["check-batch", *arguments]):
            raise SystemExit("check-batch failed")
        with out.open("rb") as file:
            return sum(1 for _ in file)


def row_by_row(url: str, operation: str, sample: int) -> int:
    """Looks up and judges the first numbers one by one."""
    from actions.accounts.repository import AccountRepository
    from actions.eligibility.service import rules_of
    from actions.eligibility.verdict import check

    repository, rules = AccountRepository(url), rules_of(operation)
    for place in range(sample):
        account = repository.find(f"{18_600_000_000 + place}")
        assert account is not None
        json.dumps(check(rules, account, ON).to_json(), ensure_ascii=False)
    return sample


WAYS: dict[str, Callable[[str, str, int], int]] = {
    "plain": plain_select,
    "statement": statement_only,
    "check-batch": command,
    "row by row": row_by_row,
}


def measure(way: str, url: str, operation: str, sample: int) -> None:
    """Prints numbers, seconds of wall clock and of this process, and its peak memory in MB."""
    started, count = time.perf_counter(), WAYS[way](url, operation, sample)
    seconds = time.perf_counter() - started
    # Unlike getrusage(), this does not count the process that this one was forked from.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    peak = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]
    print(json.dumps([count, seconds, time.process_time(), peak]))


def in_own_process(way: str, url: str, operation: str, sample: int) -> tuple[int, float, float, float]:
    """The same from a fresh process."""
    arguments = ["--measure", way, "--url", url, "--operation", operation, "--sample", str(sample)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.check_batch", *arguments],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=LIMIT_SECONDS,
    )
    count, seconds, own, peak = json.loads(done.stdout)
    return count, seconds, own, peak


def report(database: str, url: str, args: argparse.Namespace) -> None:
    """Fills a database and prints the table of one operation after another."""
    started = time.perf_counter()
    fill(url, args.numbers)
    print(f"\n{database}: {args.numbers} numbers made in {time.perf_counter() - started:.0f} s")
    print(f"{'':32} {'numbers':>9} {'s':>8} {'own CPU s':>10} {'peak MB':>8} {'/ plain':>8}")
    for operation in args.operations:
        limit = 0.0
        for way in WAYS:
            count, seconds, own, peak = in_own_process(way, url, operation, args.sample)
            limit = limit or seconds
            print(f"{operation:20} {way:11} {count:9d} {seconds:8.2f} {own:10.2f} {peak:8.0f} {seconds / limit:8.2f}")
            if way == "row by row" and count < args.numbers:
                whole = seconds / count * args.numbers
                print(f"{'':20} {'all of them':11} {args.numbers:9d} {whole:8.0f} (extrapolated) {whole / limit:17.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--numbers", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=50_000, help="numbers that are judged row by row")
    parser.add_argument("--operations", nargs="+", default=["change_number", "cancel_service"])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--measure", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    parser.add_argument("--operation", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        measure(args.measure, args.url, args.operation, args.sample)
        return
    args.sample = min(args.sample, args.numbers)
    print(f"{os.cpu_count()} processors, Python {sys.version.split()[0]}")
    if "sqlite" in args.databases:
        with tempfile.TemporaryDirectory() as folder:
            report("SQLite", f"sqlite:///{folder}/accounts.db", args)
    if "postgresql" in args.databases:
        from tests.services import postgres_server

        # The fixture of the tests as what it is: a generator that starts a server and stops it.
        server = contextlib.contextmanager(postgres_server.__wrapped__)
        with server() as running, running.database() as url:
            report("PostgreSQL", url, args)


if __name__ == "__main__":
    main()
