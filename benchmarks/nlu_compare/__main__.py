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
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from actions.settings import ROOT
from benchmarks.nlu_compare.data import FOLD_NAMES, digest, fingerprint
from benchmarks.nlu_compare.document import write
from benchmarks.nlu_compare.plan import Job, Work, jobs, whole
from benchmarks.nlu_compare.registry import ENTRIES
from benchmarks.nlu_compare.results import Results, folder, model_folder
from benchmarks.nlu_compare.worker import TRAINED
from bot.training import fingerprint as code_fingerprint

_HELD_OUT: Final = ROOT / "tests" / "understanding" / "held_out.jsonl"
_DOCUMENT: Final = ROOT / "docs" / "nlu-comparison.md"
_FULL: Final = "full"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=Path, nargs="*", default=[_HELD_OUT], help="files of labelled questions")
    parser.add_argument(
        "--ways", default="", help="names, separated by commas; without ways and splits, a whole comparison"
    )
    parser.add_argument("--splits", default="", help="full, half, quarter, eighth, fold1 …")
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
        work: Work = "timing" if args.timing else "epochs" if args.epochs else "ask"
        try:
            todo = _todo(work, args.ways, args.splits)
        except ValueError as error:
            parser.error(str(error))
        for number, job in enumerate(todo, start=1):
            print(f"[{number}/{len(todo)}] {job.work} {job.way} on {job.split} …", end=" ", file=sys.stderr, flush=True)
            begun = time.monotonic()
            outcome = _do(job, args, results)
            print(f"{outcome} ({time.monotonic() - begun:.0f} s)", file=sys.stderr, flush=True)
    write(results.current({way: _state(way) for way in ENTRIES}), _DOCUMENT)
    return 0


def _todo(work: Work, ways: str, splits: str) -> list[Job]:
    """The jobs that were asked for; without any names, a whole comparison."""
    if ways or splits:
        return jobs(work, ways.split(",") if ways else list(ENTRIES), splits.split(",") if splits else [_FULL])
    if work == "ask":
        return whole()
    if work == "epochs":
        return [job for job in whole() if job.work == work]
    # Of the folds only accuracy is of interest.
    return [replace(job, work=work) for job in whole() if job.work == "ask" and job.split not in FOLD_NAMES]


def _do(job: Job, args: argparse.Namespace, results: Results) -> str:
    """Trains and asks one way on one split where that is still to be done; says what became of it."""
    entry = ENTRIES[job.way]
    if entry.needs_word_vectors and not args.word_vectors:
        return "left out, it needs --word-vectors"
    owner = entry.learnt_by or job.way
    state = _state(job.way)
    stored = model_folder(owner, job.split)
    asked = [] if job.split in FOLD_NAMES else [path.resolve() for path in args.questions]
    files = {path.stem: digest(path) for path in asked} or {"folds": state}
    known = results.get(job.work, job.way, job.split, state)
    if job.work == "ask" and known and not args.retrain and files.items() <= known["files"].items():
        return "known"
    vectors = ["--word-vectors", str(args.word_vectors)] if args.word_vectors else []
    if not _is_trained(stored, state) or (args.retrain and job.way == owner):
        if job.work != "ask":
            return "not trained, left out"
        if _work("train", owner, job.split, stored, vectors) is None:
            return f"failed, see {stored}"
        _mark(stored, state)
    trained = json.loads((stored / TRAINED).read_text())
    questions = ["--questions", *map(str, asked)] if asked else []
    work = "epochs" if job.work == "epochs" else "ask"
    values = _work(work, job.way, job.split, stored, [*questions, *vectors])
    if values is None:
        return f"failed, see {stored}"
    load = round(os.getloadavg()[0], 1)
    files = {**(known or {}).get("files", {}), **files}
    results.add(job.work, job.way, job.split, state, {**trained, **values, "files": files, "load_average": load})
    return "done"


def _state(way: str) -> str:
    """What the results of a way belong to: the utterances, and for ours code and configuration as well."""
    return code_fingerprint() if ENTRIES[way].is_ours else fingerprint()


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
