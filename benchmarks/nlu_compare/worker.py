"""One process of a comparison: `train` or `ask` one way on one split. The last line of stdout is its result in JSON."""

import argparse
import gc
import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.nlu_compare.data import FOLD_NAMES, Split, questions, split
from benchmarks.nlu_compare.guess import figures
from benchmarks.nlu_compare.rasa_graph import EPOCHS, MODEL
from benchmarks.nlu_compare.registry import ENTRIES, WORD_VECTORS, Reader
from bot.nlu.evaluation import Labelled

TRAINED: Final = "trained.json"
_WARM_UP: Final = 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", choices=("train", "ask", "epochs"))
    parser.add_argument("way", choices=ENTRIES)
    parser.add_argument("split")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--questions", type=Path, nargs="*", default=[])
    parser.add_argument("--word-vectors", type=Path)
    args = parser.parse_args()
    _quiet()
    if args.word_vectors:
        WORD_VECTORS.append(args.word_vectors.resolve())
    folder = args.folder.resolve()
    if args.work == "train":
        return train(args.way, split(args.split), folder)
    asked = {path.stem: questions(path) for path in args.questions}
    if args.split in FOLD_NAMES:
        asked = {"folds": list(split(args.split).asked)}
    result = (ask if args.work == "ask" else epochs)(args.way, folder, asked)
    print(json.dumps(result))
    return 0


def train(way: str, data: Split, folder: Path) -> int:
    """Trains one way; says how long it took and how much memory the process had at most."""
    folder.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    ENTRIES[way].make().train(data.learnt, folder)
    result = {
        "training_seconds": round(time.perf_counter() - started, 1),
        "training_megabytes": _megabytes("VmHWM"),
        "utterances": len(data.learnt),
    }
    if (folder / EPOCHS).exists():
        # Fewer than were wanted, where somebody stopped it.
        result["epochs"] = len((folder / EPOCHS).read_text().splitlines())
    (folder / TRAINED).write_text(json.dumps(result))
    return 0


def ask(way: str, folder: Path, asked: dict[str, list[Labelled]]) -> dict[str, Any]:
    """Loads one way, asks it everything, one question after the other, and times it."""
    # The products of one message are small: threads would wait for each other longer than they work.
    from threadpoolctl import threadpool_limits

    started = time.perf_counter()
    if (folder / MODEL).exists() and not ENTRIES[way].is_neural:
        from bot.lean_rasa import import_rasa

        import_rasa(folder / MODEL)
    reader = ENTRIES[way].make().load(folder)
    threadpool_limits(limits=1)
    reader.read("销户要带什么")
    result: dict[str, Any] = {"load_seconds": round(time.perf_counter() - started, 1)}
    gc.collect()
    result["megabytes"] = _megabytes("VmRSS")
    for name, ones in asked.items():
        result[name] = _measured(reader, ones)
    return result


def epochs(way: str, folder: Path, asked: dict[str, list[Labelled]]) -> dict[str, Any]:
    """Asks a DIET as it was after each epoch whose weights were kept."""
    reader: Any = ENTRIES[way].make().load(folder)
    found: dict[str, Any] = {}
    for epoch in reader.earlier():
        found[str(epoch)] = {name: _measured(reader, ones) for name, ones in asked.items()}
        print(f"  after {epoch} epochs", file=sys.stderr, flush=True)
    return found


def _measured(reader: Reader, ones: Sequence[Labelled]) -> dict[str, Any]:
    judgements, times = [], []
    for one in ones:
        started = time.perf_counter()
        judgements.append(reader.read(one.text))
        times.append((time.perf_counter() - started) * 1000)
    remarks = getattr(reader, "remarks", dict)()
    timed = times[_WARM_UP:] or times
    return {
        **figures(ones, judgements),
        "median_ms": round(statistics.median(timed), 2),
        "p99_ms": round(statistics.quantiles(timed, n=100, method="inclusive")[98], 2),
        **({"remarks": dict(remarks)} if remarks else {}),
    }


def _quiet() -> None:
    """Rasa and TensorFlow without their chatter."""
    from bot.quiet import quiet

    quiet()


def _megabytes(field: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(field)).split()[1]) // 1024


if __name__ == "__main__":
    sys.exit(main())
