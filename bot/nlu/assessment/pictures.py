"""Draws the pictures of a report: `python -m bot.nlu.assessment.pictures FOLDER`, where `figures.json` lies."""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

_CHINESE_FONTS: Final = re.compile(
    r"NotoSansCJK.*Regular|SourceHanSans.*Regular|wqy-|DroidSansFallback|simhei|msyh|NotoSerifCJK.*Regular",
    re.IGNORECASE,
)
# Chinese words of the pictures -> what stands there on a machine without a Chinese font.
_WORDS: Final = {
    "应为": "meant",
    "判为": "taken for",
    "置信度": "confidence",
    "实际正确的比例": "share that is right",
    "规则答案": "answers",
    "判为不归规则答": "refusals",
    "恰好": "ideal",
    "校准误差": "calibration error",
    "规则能答的问题中给出答案的比例": "share of answerable questions that are answered",
    "给出的答案中正确的比例": "share of answers that are right",
    "现在的做法": "today",
    "只给第一个选项": "first choice instead of asking back",
    "没有混淆": "no confusion",
}
_BLUE, _ORANGE, _GREY = "#2a6fb0", "#d9730d", "#888888"


class Painter:
    """Draws with Chinese words where the machine has a font for them."""

    def __init__(self, names: Mapping[str, str]) -> None:
        font = next(filter(_CHINESE_FONTS.search, sorted(font_manager.findSystemFonts())), None)
        if font:
            font_manager.fontManager.addfont(font)
            mpl.rcParams["font.family"] = [font_manager.FontProperties(fname=font).get_name()]
        self._names = names if font else {}
        self._words: Mapping[str, str] = {} if font else _WORDS

    def confusion(self, figures: Mapping[str, Any]) -> Figure:
        """A matrix of counts; the diagonal, what was right, is left pale."""
        rows, columns, counts = figures["rows"], figures["columns"], figures["counts"]
        if not rows:
            figure, axes = _figure(4, 1.5)
            axes.text(0.5, 0.5, self._word("没有混淆"), ha="center", va="center")
            axes.axis("off")
            return figure
        figure, axes = _figure(3 + 0.42 * len(columns), 2.5 + 0.36 * len(rows))
        wrong = [
            [0 if row == column else count for column, count in zip(columns, line, strict=True)]
            for row, line in zip(rows, counts, strict=True)
        ]
        axes.imshow(wrong, cmap="Oranges", vmin=0, vmax=max(2, *(max(line) for line in wrong)) * 1.3, aspect="auto")
        for y, row in enumerate(rows):
            for x, column in enumerate(columns):
                if counts[y][x]:
                    colour = _GREY if row == column else "black"
                    axes.text(x, y, str(counts[y][x]), ha="center", va="center", fontsize=8, color=colour)
        axes.set_xticks(range(len(columns)), map(self._name, columns), rotation=60, ha="right", fontsize=8)
        axes.set_yticks(range(len(rows)), map(self._name, rows), fontsize=8)
        axes.set_xlabel(self._word("判为"))
        axes.set_ylabel(self._word("应为"))
        return figure

    def reliability(self, figures: Mapping[str, Any]) -> Figure:
        """How often what was said with some confidence is right; the dots are as large as they are many."""
        figure, axes = _figure(6, 5.4)
        axes.plot([0, 1], [0, 1], color=_GREY, linestyle="--", linewidth=1, label=self._word("恰好"))
        for key, title, colour in (("answers", "规则答案", _BLUE), ("refusals", "判为不归规则答", _ORANGE)):
            steps = figures[key]["bins"]
            if steps:
                label = f"{self._word(title)}（{self._word('校准误差')} {figures[key]['error']:.3f}）"
                x, y = [step["confidence"] for step in steps], [step["right"] for step in steps]
                axes.plot(x, y, color=colour, linewidth=1.5, label=self._plain(label))
                axes.scatter(x, y, s=[12 + 4 * step["count"] ** 0.7 for step in steps], color=colour, alpha=0.7)
                for step in steps:
                    place = (step["confidence"], step["right"])
                    axes.annotate(
                        str(step["count"]), place, (4, -11), textcoords="offset points", fontsize=7, color=colour
                    )
        self._axes(axes, "置信度", "实际正确的比例")
        axes.set_ylim(-0.03, 1.05)
        return figure

    def coverage(self, points: Sequence[Mapping[str, float]], today: int) -> Figure:
        """Accuracy against coverage, and the point where it stands."""
        figure, axes = _figure(6, 4.4)
        x, y = [point["covered"] for point in points], [point["accuracy"] for point in points]
        given, more = slice(0, today), slice(max(today - 1, 0), None)
        axes.plot(x[more], y[more], color=_GREY, linestyle=":", label=self._word("只给第一个选项"))
        axes.plot(x[given], y[given], color=_BLUE)
        if 0 < today <= len(points):
            label = f"{self._word('现在的做法')}: {x[today - 1]:.1%}, {y[today - 1]:.1%}"
            axes.scatter(x[today - 1], y[today - 1], color=_BLUE, zorder=3, label=label)
        self._axes(axes, "规则能答的问题中给出答案的比例", "给出的答案中正确的比例")
        axes.set_ylim(min([*y, 0.8]) - 0.02, 1.01)
        return figure

    def _axes(self, axes: Axes, x: str, y: str) -> None:
        axes.set_xlabel(self._word(x))
        axes.set_ylabel(self._word(y))
        axes.set_xlim(-0.03, 1.03)
        axes.grid(visible=True, alpha=0.3)
        axes.legend(loc="lower right" if "置信度" in x else "lower left", fontsize=9)

    def _word(self, word: str) -> str:
        return self._words.get(word, word)

    def _plain(self, text: str) -> str:
        return text if not self._words else text.replace("（", " (").replace("）", ")")

    def _name(self, identifier: str) -> str:
        return self._names.get(identifier, identifier)


def main(folder: Path) -> int:
    """Draws every picture there is something to draw for."""
    figures = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    painter = Painter(figures["names"])
    pictures = {
        "subjects.png": painter.confusion(figures["subjects"]),
        "aspects.png": painter.confusion(figures["aspects"]),
        "reliability.png": painter.reliability(figures["reliability"]),
        "coverage.png": painter.coverage(figures["coverage"], figures["answered_today"]),
    }
    for name, figure in pictures.items():
        figure.savefig(folder / name, dpi=130)
    return 0


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
