"""How long answers take and what the processes weigh, side by side in one run.

    .venv/bin/python -m benchmarks.answers QUESTIONS.jsonl

QUESTIONS.jsonl: one object with a `text` a line. Starts the whole system on free ports with a folder of its own, asks
every question once through HTTP, one after the other, and parses the same questions in process.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import requests

from bot.commands.loading import load_rasa
from bot.training import ensure_model
from tests.system import serving

WARM_UP = 20


def milliseconds(work: Callable[[str], object], texts: Iterable[str]) -> list[float]:
    """The time of each call, after a warm-up."""
    times = []
    for text in texts:
        started = time.perf_counter()
        work(text)
        times.append((time.perf_counter() - started) * 1000)
    return times[WARM_UP:]


def row(name: str, times: list[float]) -> str:
    """One line of the table."""
    hundredths = statistics.quantiles(times, n=100)
    return f"{name:34} {len(times):6d} {statistics.median(times):9.1f} {hundredths[98]:9.1f} {max(times):9.1f}"


def resident_megabytes(pid: int) -> float:
    """Resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--limit", type=int, default=500)
    args = parser.parse_args()
    lines = args.questions.read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"][:2000] for line in lines if line.strip()][: args.limit]
    model = ensure_model()

    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        with serving(Path(folder)) as system:
            ready = time.perf_counter() - started

            def ask(text: str) -> None:
                answer = requests.post(f"{system.url}/api/v1/messages", json={"text": text}, timeout=60)
                answer.raise_for_status()

            ask("销户要带什么")
            first = time.perf_counter() - started
            over_http = milliseconds(ask, texts)
            memory = {f"{name} {pid}": resident_megabytes(pid) for name, pid in system.children()}
            memory["gateway"] = resident_megabytes(system.process.pid)

    load_rasa(model)
    from bot.nlu.parser import Parser

    started = time.perf_counter()
    parse = Parser(model)
    loaded = time.perf_counter() - started
    in_process = milliseconds(parse.parse, texts)

    print(f"start to ready {ready:.1f} s, to the first answer {first:.1f} s; model loaded in process {loaded:.1f} s")
    print(f"{'milliseconds per question':34} {'n':>6} {'median':>9} {'p99':>9} {'max':>9}")
    print(row("understanding, in process", in_process))
    print(row("whole answer, through HTTP", over_http))
    print("resident memory, MB: " + ", ".join(f"{name} {size:.0f}" for name, size in memory.items()))


if __name__ == "__main__":
    main()
