"""Compares ways of understanding messages; see docs/nlu-comparison.md.

Each way trains and answers in processes of its own, one at a time. What has been measured with the present data and
code is not measured again.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from actions.settings import ROOT
from benchmarks.nlu_compare.data import FOLD_NAMES, SHARES, fingerprint
from benchmarks.nlu_compare.document import write
from benchmarks.nlu_compare.registry import ENTRIES
from benchmarks.nlu_compare.results import Results, folder, model_folder
from benchmarks.nlu_compare.worker import TRAINED
from bot.training import fingerprint as code_fingerprint

_HELD_OUT: Final = ROOT / "tests" / "understanding" / "held_out.jsonl"
_DOCUMENT: Final = ROOT / "docs" / "nlu-comparison.md"
_FULL: Final = "full"
# One run of these takes hours; they are measured on a share, and in full only when asked for by name.
_SLOW: Final = ("stock", "stock-12", "stock-two", "stock-lookup")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=Path, nargs="*", default=[_HELD_OUT], help="files of labelled questions")
    parser.add_argument("--ways", default="", help="names, separated by commas; without it all but the slow ones")
    parser.add_argument("--splits", default="", help="full, half, quarter, eighth, fold1 …; default: full and folds")
    parser.add_argument("--word-vectors", type=Path, help="word2vec file for the ways that use word vectors")
    parser.add_argument("--timing", action="store_true", help="only ask trained ways again, for times and memory")
    parser.add_argument("--epochs", action="store_true", help="only ask trained DIETs as they were after fewer epochs")
    parser.add_argument("--retrain", action="store_true", help="train again even where nothing has changed")
    parser.add_argument("--tables", action="store_true", help="only write tables and pictures from the results")
    parser.add_argument("--list", action="store_true", help="show the ways")
    args = parser.parse_args()
    if args.list:
        print("\n".join(f"{name:22} {one.group}: {one.title}" for name, one in ENTRIES.items()))
        return 0
    results = Results(folder() / "results.jsonl")
    if not args.tables:
        ways = args.ways.split(",") if args.ways else [name for name in ENTRIES if name not in _SLOW]
        splits = args.splits.split(",") if args.splits else [_FULL, *(() if args.timing else FOLD_NAMES)]
        if unknown := [one for one in ways if one not in ENTRIES] + [
            one for one in splits if one not in (*SHARES, *FOLD_NAMES)
        ]:
            parser.error(f"unknown: {', '.join(unknown)}")
        jobs = [(split, way) for split in splits for way in ways]
        work = "timing" if args.timing else "epochs" if args.epochs else "ask"
        failed = [
            job for number, job in enumerate(jobs, start=1) if not _do(work, number, len(jobs), *job, args, results)
        ]
        for split, way in failed:
            print(f"failed: {way} on {split}", file=sys.stderr)
    write(results, _DOCUMENT)
    return 0


def _do(work: str, number: int, total: int, split: str, way: str, args: argparse.Namespace, results: Results) -> bool:
    """Trains and asks one way on one split where that is still to be done; returns whether it succeeded."""
    owner = ENTRIES[way].learnt_by or way
    state = fingerprint() if not ENTRIES[way].is_ours else code_fingerprint()
    stored = model_folder(owner, split)
    asked = [] if split in FOLD_NAMES else [path.resolve() for path in args.questions]
    names = [path.stem for path in asked] or ["folds"]
    known = results.get(work, way, split, state)
    if work == "ask" and known and all(name in known for name in names) and not args.retrain:
        return True
    vectors = ["--word-vectors", str(args.word_vectors)] if args.word_vectors else []
    begun = time.monotonic()
    print(f"[{number}/{total}] {way} on {split} …", end=" ", file=sys.stderr, flush=True)
    if not _is_trained(stored, state) or (args.retrain and way == owner):
        if work != "ask":
            print("not trained, left out", file=sys.stderr)
            return True
        if _work("train", owner, split, stored, vectors) is None:
            return False
        _mark(stored, state)
    trained = json.loads((stored / TRAINED).read_text())
    questions = ["--questions", *map(str, asked)] if asked else []
    values = _work("epochs" if work == "epochs" else "ask", way, split, stored, [*questions, *vectors])
    if values is None:
        return False
    load = round(os.getloadavg()[0], 1)
    results.add(work, way, split, state, {**trained, **values, "load_average": load})
    print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr)
    return True


def _is_trained(stored: Path, state: str) -> bool:
    path = stored / TRAINED
    return path.exists() and json.loads(path.read_text()).get("state") == state


def _mark(stored: Path, state: str) -> None:
    path = stored / TRAINED
    path.write_text(json.dumps({**json.loads(path.read_text()), "state": state}))


def _work(work: str, way: str, split: str, stored: Path, more: Sequence[str]) -> dict[str, Any] | None:
    """The result of one process; None, and the end of what it said, where it failed."""
    stored.mkdir(parents=True, exist_ok=True)
    log = stored / f"{work}.log"
    command = [sys.executable, "-m", "benchmarks.nlu_compare.worker", work, way, split, str(stored), *more]
    with log.open("w", encoding="utf-8") as file:
        done = subprocess.run(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
            env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "LOG_LEVEL": "ERROR"},
        )
    if done.returncode:
        print("failed:", *log.read_text(encoding="utf-8").splitlines()[-3:], sep="\n  ", file=sys.stderr)
        return None
    last = done.stdout.strip().splitlines()[-1:] or ["{}"]
    result: dict[str, Any] = json.loads(last[0]) if work != "train" else {}
    return result


if __name__ == "__main__":
    sys.exit(main())
