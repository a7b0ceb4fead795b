"""Figures of one way beside those of another: the same care, several folds as one."""

from collections.abc import Sequence
from typing import Any, Final

from benchmarks.nlu_compare.results import Results

# A file of labelled questions by its name -> what it is called.
_FILES: Final = {"held_out": "held-out questions", "real_dev": "real questions"}

Figures = dict[str, Any]


def equally_careful(figures: Figures, most_false: float) -> tuple[str, Figures] | None:
    """(threshold, figures) with the most right answers among those with no more false ones; None if there is none."""
    levels = {"as given": figures["given"], **{f"{float(level):.2f}": at for level, at in figures["at"].items()}}
    allowed = [(level, at) for level, at in levels.items() if (at["false_answers"] or 0.0) <= most_false + 1e-9]
    # Of equals the first: as given, or the lowest threshold.
    return max(allowed, key=lambda one: one[1]["right"] or 0.0, default=None)


def averaged(rows: Sequence[Figures]) -> Figures:
    """The mean figures of several folds, each fold counting the same."""

    def mean(values: Sequence[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return round(sum(known) / len(known), 4) if known else None

    def of(several: Sequence[Figures]) -> Figures:
        return {key: mean([one[key] for one in several]) for key in several[0]}

    return {
        "questions": sum(row["questions"] for row in rows),
        "answerable": sum(row["answerable"] for row in rows),
        "given": of([row["given"] for row in rows]),
        "at": {level: of([row["at"][level] for row in rows]) for level in rows[0]["at"]},
    }


def file_names(results: Results) -> list[str]:
    """The files of questions that ours was asked; those that have a name of their own first."""
    row = results.get("ask", "ours", "full") or {}
    asked = [name for name, value in row.items() if isinstance(value, dict) and "given" in value]
    return [name for name in _FILES if name in asked] + [name for name in asked if name not in _FILES]


def called(name: str) -> str:
    """What a file of questions is called."""
    return _FILES.get(name, name)
