"""Writes the measured part of docs/nlu-comparison.md, between two marks, and draws its pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks.nlu_compare.compare import Figures, averaged, called, equally_careful, file_names
from benchmarks.nlu_compare.data import FOLD_NAMES, SHARES
from benchmarks.nlu_compare.pictures import draw
from benchmarks.nlu_compare.registry import ENTRIES
from benchmarks.nlu_compare.results import Results

_BEGIN, _END = "<!-- measured: written by `make nlu-compare` -->", "<!-- end of what is measured -->"
_OURS, _FULL, _FOLDS = "ours", "full", "folds"
_FIGURES: Final = {
    "right": "right",
    "right_and_aspect": "with aspect",
    "offered": "offered",
    "wrong": "wrong",
    "refused": "refused",
    "false_answers": "false answers",
    "decision_right_when_quiet": "kind right when quiet",
}


def write(results: Results, document: Path) -> None:
    """Puts tables into the document, and pictures beside it, for everything that has been measured."""
    parts = [*_question_tables(results), *_fold_table(results), *_epochs_table(results), *_shares_table(results)]
    measured = "\n\n".join([_BEGIN, *parts, *_timing_table(results), _END])
    text = document.read_text(encoding="utf-8") if document.exists() else f"{_BEGIN}\n{_END}\n"
    before, _, rest = text.partition(_BEGIN)
    document.write_text(before + measured + rest.partition(_END)[2], encoding="utf-8")
    draw(results, document.parent / "images")


def _question_tables(results: Results) -> Iterator[str]:
    for name in file_names(results):
        ours = _figures(results, _OURS, _FULL, name)
        yield f"### The {called(name)}"
        yield f"{ours['questions']} questions, {ours['answerable']} of them answerable; all utterances learnt."
        rows = [(way, _figures(results, way, _FULL, name)) for way in ENTRIES]
        yield _table(rows, ours["given"]["false_answers"])


def _fold_table(results: Results) -> Iterator[str]:
    rows = []
    for way in ENTRIES:
        folds = [_figures(results, way, fold, _FOLDS) for fold in FOLD_NAMES]
        rows.append((way, averaged(folds) if all(folds) else {}))
    ours = dict(rows)[_OURS]
    if ours:
        yield "### Our own utterances, in three folds"
        yield f"{ours['questions']} utterances; near-duplicates never stand in two folds."
        yield _table(rows, ours["given"]["false_answers"])


def _shares_table(results: Results) -> Iterator[str]:
    for name in file_names(results):
        lines = []
        for share in SHARES:
            ours = _figures(results, _OURS, share, name)
            for way in ENTRIES:
                figures = _figures(results, way, share, name)
                # A way that was measured on a share has its place beside ours there, not only in full.
                if ours and figures and (share != _FULL or any(_figures(results, way, one, name) for one in _less())):
                    row = results.get("ask", way, share) or {}
                    cells = [str(row["utterances"]), _title(way) + _epochs(row)]
                    lines.append(_line([*cells, *_cells(figures, ours["given"]["false_answers"])]))
        if lines:
            yield f"### The same share of the utterances for each: {called(name)}"
            yield "\n".join([*_head(["utterances", "way"]), *lines])


def _epochs_table(results: Results) -> Iterator[str]:
    for way in ENTRIES:
        for share in SHARES:
            row = results.get("epochs", way, share)
            if row:
                epochs = sorted((key for key in row if key.isdigit()), key=int)
                for name in file_names(results):
                    lines = [
                        _line([epoch, *map(_share, row[epoch][name]["given"].values())])
                        for epoch in epochs
                        if name in row[epoch]
                    ]
                    if lines:
                        titles = list(_FIGURES.values())
                        yield f"### {_title(way)}, by epoch: {called(name)}"
                        yield f"Learnt from {row['utterances']} utterances."
                        yield "\n".join([_line(["epochs", *titles]), _rule(1 + len(titles)), *lines])


def _timing_table(results: Results) -> Iterator[str]:
    lines = []
    for way in ENTRIES:
        for share in reversed(SHARES):
            row = results.get("timing", way, share) or results.get("ask", way, share)
            name = next((name for name in file_names(results) if row and name in row), None)
            if row and name:
                cells = [_title(way) + _epochs(row), str(row["utterances"]), f"{row[name]['median_ms']:.1f}"]
                cells += [f"{row[name]['p99_ms']:.1f}", f"{row['training_seconds']:.0f}", f"{row['load_seconds']:.1f}"]
                lines.append(_line([*cells, str(row["megabytes"]), str(row["load_average"])]))
                break
    if lines:
        head = ["way", "utterances", "ms median", "ms p99", "s to train", "s to load", "MB", "load average"]
        yield "### Time and memory"
        yield (
            "Each in a process of its own. Where the load average is above 1, the machine was busy and times are too"
            " long: `make nlu-compare-timing` measures them again."
        )
        yield "\n".join([_line(head), _rule(len(head)), *lines])


def _table(rows: Sequence[tuple[str, Figures]], most_false: float) -> str:
    lines = [_line([_title(way), *_cells(figures, most_false)]) for way, figures in rows if figures]
    return "\n".join([*_head(["way"]), *lines])


def _head(first: Sequence[str]) -> list[str]:
    titles = [*first, *_FIGURES.values(), "from", "right, as careful as ours", "with aspect", "false answers"]
    return [_line(titles), _rule(len(titles))]


def _cells(figures: Figures, most_false: float) -> list[str]:
    cells = [_share(figures["given"][key]) for key in _FIGURES]
    best = equally_careful(figures, most_false)
    if best is None:
        return [*cells, "–", "never so careful", "", ""]
    level, at = best
    more = [at["right"], at["right_and_aspect"], at["false_answers"]]
    return [*cells, level, *map(_share, more)]


def _figures(results: Results, way: str, split: str, name: str) -> Figures:
    figures: Figures = (results.get("ask", way, split) or {}).get(name, {})
    return figures


def _less() -> list[str]:
    return [share for share in SHARES if share != _FULL]


def _title(way: str) -> str:
    return f"**{ENTRIES[way].title}**" if way == _OURS else f"{ENTRIES[way].group}: {ENTRIES[way].title}"


def _epochs(row: Figures) -> str:
    """How many epochs were trained, where that is counted."""
    return f" – trained for {row['epochs']} epochs" if "epochs" in row else ""


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(width: int) -> str:
    return "|---" * width + "|"
