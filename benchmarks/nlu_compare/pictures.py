"""Pictures of a comparison: right answers against false ones, accuracy against the amount of data."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from benchmarks.nlu_compare.compare import called, equally_careful, file_names
from benchmarks.nlu_compare.data import SHARES
from benchmarks.nlu_compare.results import Results

# The chief ways; more lines than these cannot be told apart.
_DRAWN: Final = (
    "ours",
    "both-kernel",
    "encoder-kernel",
    "ngram-kernel",
    "linear",
    "vectors-counted",
    "stock-12",
    "bm25",
)
_LEARNING: Final = ("ours", "stock", "linear", "both-kernel")
_MOST_FALSE: Final = 0.4


def draw(results: Results, folder: Path) -> None:
    """Draws what there is something to draw for."""
    names = file_names(results)
    if names:
        _trade(results, names).savefig(folder / "nlu-trade-off.png", dpi=110)
    if names and any(results.get("ask", "ours", share) for share in SHARES if share != "full"):
        _learning(results, names).savefig(folder / "nlu-learning-curve.png", dpi=110)


def _trade(results: Results, names: list[str]) -> Any:
    figure, panes = _panes(names)
    for pane, name in zip(panes, names, strict=True):
        for way in _DRAWN:
            figures = (results.get("ask", way, "full") or {}).get(name)
            if figures:
                points = sorted((one["false_answers"], one["right"]) for one in figures["at"].values())
                (line,) = pane.plot(*zip(*points, strict=True), label=way, lw=2.4 if way == "ours" else 1.3)
                given = figures["given"]
                pane.plot(given["false_answers"], given["right"], "o", color=line.get_color())
        pane.set(title=called(name), xlabel="not ours, but answered", ylabel="answered right", xlim=(0, _MOST_FALSE))
        pane.set_ylim(0, 1)
        pane.grid(alpha=0.3)
    panes[-1].legend(fontsize=8, loc="lower right", title="dot: as given", title_fontsize=8)
    return figure


def _learning(results: Results, names: list[str]) -> Any:
    figure, panes = _panes(names)
    for pane, name in zip(panes, names, strict=True):
        for color, way in enumerate(_LEARNING):
            given, careful = [], []
            for share in SHARES:
                row, ours = results.get("ask", way, share) or {}, results.get("ask", "ours", share) or {}
                if name in row and name in ours:
                    given.append((row["utterances"], row[name]["given"]["right"]))
                    best = equally_careful(row[name], ours[name]["given"]["false_answers"])
                    careful.append((row["utterances"], best[1]["right"] if best else 0.0))
            if given:
                pane.plot(*zip(*given, strict=True), "o-", color=f"C{color}", label=f"{way}, as given")
            if careful and way != "ours":
                pane.plot(*zip(*careful, strict=True), "x--", color=f"C{color}", label=f"{way}, as careful as ours")
        pane.set(title=called(name), xlabel="utterances learnt", ylabel="answered right", xscale="log", ylim=(0, 1))
        ticks = [row["utterances"] for share in SHARES if (row := results.get("ask", "ours", share))]
        pane.set_xticks(ticks, [f"{one:,}" for one in ticks])
        pane.minorticks_off()
        pane.grid(alpha=0.3)
    panes[0].legend(fontsize=8, loc="lower right")
    return figure


def _panes(names: list[str]) -> tuple[Any, list[Any]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.2 * len(names), 4.4), layout="constrained")
    return figure, list(figure.subplots(1, len(names), squeeze=False)[0])
