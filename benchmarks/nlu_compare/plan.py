"""What a whole comparison consists of, the quick parts first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from benchmarks.nlu_compare.data import FOLD_NAMES, SHARES
from benchmarks.nlu_compare.registry import ENTRIES

# `ask` trains first where that is still to be done; the other two only ask what is trained.
Work = Literal["ask", "epochs", "timing"]
_FULL: Final = "full"
_NEURAL: Final = tuple(name for name, entry in ENTRIES.items() if entry.is_neural)
_LIGHT: Final = tuple(name for name in ENTRIES if name not in _NEURAL)
_FEW_EPOCHS: Final = "stock-12"
_LEARNING: Final = ("ours", "linear", "both-kernel")


@dataclass(frozen=True, slots=True)
class Job:
    """One way on one split."""

    work: Work
    way: str
    split: str


def whole() -> list[Job]:
    """Everything that ends within a few hours on two cores.

    The stock pipeline learns from shares; from all utterances it learns for few epochs. All 100 of them on all utterances
    take hours, and are measured only when asked for: `--ways stock --splits full`.
    """
    return [
        *jobs("ask", _LIGHT, [_FULL]),
        *jobs("ask", _LEARNING, [share for share in SHARES if share != _FULL]),
        *jobs("ask", _LIGHT, FOLD_NAMES),
        *jobs("ask", [way for way in _NEURAL if way != _FEW_EPOCHS], ["eighth"]),
        Job("epochs", "stock", "eighth"),
        Job("ask", "stock", "quarter"),
        Job("ask", _FEW_EPOCHS, _FULL),
        Job("epochs", _FEW_EPOCHS, _FULL),
    ]


def jobs(work: Work, ways: Sequence[str], splits: Sequence[str]) -> list[Job]:
    """Each of these ways on each of these splits.

    Raises `ValueError` for names that do not exist.
    """
    unknown = [one for one in ways if one not in ENTRIES]
    unknown += [one for one in splits if one not in (*SHARES, *FOLD_NAMES)]
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown)}")
    return [Job(work, way, split) for split in splits for way in ways]
