"""The report as a folder: `report.md` for people, `figures.json` with the numbers behind the pictures, the pictures."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from bot.nlu.assessment import confusion, reliability
from bot.nlu.assessment.cases import ERROR_KINDS, Case, errors_by_kind
from bot.nlu.assessment.names import titled
from bot.nlu.evaluation import FIGURES, OUTCOME_TITLES, Tally, percent

FIGURES_FILE: Final = "figures.json"
REPORT_FILE: Final = "report.md"
# File name of each picture -> its heading in the report.
PICTURES: Final = {
    "subjects.png": "业务混淆（只列有混淆的）",
    "aspects.png": "方面混淆（只列有混淆的）",
    "reliability.png": "置信度可靠性",
    "coverage.png": "准确率与覆盖率",
}


class DrawingError(RuntimeError):
    """The pictures could not be drawn; the message says why."""


def write_report(folder: Path, cases: Sequence[Case], tally: Tally, names: Mapping[str, str]) -> None:
    """Writes everything into a folder, which is made where it is missing.

    Raises `OSError` where that cannot be written, `DrawingError` where the pictures cannot be drawn.
    """
    folder.mkdir(parents=True, exist_ok=True)
    figures = _figures(cases, names)
    (folder / FIGURES_FILE).write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
    _draw(folder)
    drawn = [name for name in PICTURES if (folder / name).is_file()]
    (folder / REPORT_FILE).write_text(report_text(cases, tally, names, drawn), encoding="utf-8")


def report_text(cases: Sequence[Case], tally: Tally, names: Mapping[str, str], pictures: Iterable[str] = ()) -> str:
    """The report in Markdown."""
    summary = tally.summary()
    lines = [
        "# 理解评测报告",
        "",
        f"问题 {summary['questions']} 个：规则能答的 {summary['answerable']} 个，不能答的 {summary['not_answerable']} 个。",
        "",
        *_table(("指标", "数值"), [(title, percent(summary[key])) for key, title in FIGURES.items()]),
    ]
    calibration = {"规则答案": reliability.answers(cases), "判为不归规则答": reliability.refusals(cases)}
    lines += [
        "## 置信度",
        "",
        "期望校准误差：说有几成把握和实际对几成，平均差多少。",
        "",
        *_table(
            ("判断", "次数", "期望校准误差"),
            [
                (name, str(len(judged)), percent(reliability.calibration_error(judged)))
                for name, judged in calibration.items()
            ],
        ),
    ]
    for name in pictures:
        lines += [f"## {PICTURES[name]}", "", f"![{PICTURES[name]}]({name})", ""]
    for title, groups in (("按业务和主题", summary["per_label"]), ("按说法", summary["per_style"])):
        if groups:
            head = (title.removeprefix("按"), *OUTCOME_TITLES.values())
            rows = [
                (titled(name, names), *(str(counts.get(one, 0)) for one in OUTCOME_TITLES))
                for name, counts in groups.items()
            ]
            lines += [f"## {title}", "", *_table(head, rows)]
    lines += ["## 错误", ""]
    for kind, errors in errors_by_kind(cases).items():
        lines += [f"### {ERROR_KINDS[kind]}（{len(errors)}）", ""]
        lines += _table(
            ("应为", "判为", "把握", "问题"),
            [
                (titled(_meant(case), names), _taken(case, names), f"{case.got.confidence:.2f}", case.gold.text)
                for case in errors
            ],
        )
    return "\n".join(lines)


def errors_text(cases: Sequence[Case], most: int) -> str:
    """The first errors of each kind, for the terminal."""
    lines: list[str] = []
    for kind, errors in errors_by_kind(cases).items():
        lines.append(f"{ERROR_KINDS[kind]}：{len(errors)} 个")
        lines += [
            f"  {_meant(case)} → {_taken(case, {})}（{case.got.confidence:.2f}）{case.gold.text}"
            for case in errors[:most]
        ]
    return "\n".join(lines) if lines else "没有错误。"


def errors_json(cases: Sequence[Case], most: int) -> dict[str, list[dict[str, Any]]]:
    """The same for programs."""
    return {
        kind: [
            {"text": case.gold.text, "want": _meant(case), "got": _taken(case, {}), "confidence": case.got.confidence}
            for case in errors[:most]
        ]
        for kind, errors in errors_by_kind(cases).items()
    }


def _meant(case: Case) -> str:
    if case.error == "aspect":
        return case.gold.aspect or "、".join(sorted(case.gold.aspects))
    if case.error == "partial":
        return "、".join(sorted(case.gold.all_subjects) + sorted(case.gold.all_aspects))
    return case.gold.label


def _taken(case: Case, names: Mapping[str, str]) -> str:
    if case.error == "aspect":
        return titled(case.aspect, names)
    if case.error == "partial":
        return "、".join((*case.got.operations, *case.got.aspects))
    if case.got.alternatives:
        return "反问：" + "、".join(names.get(one, one) for one in _choices(case))
    return titled(case.taken_for, names)


def _choices(case: Case) -> list[str]:
    return [one.operation or one.topic or "" for one in case.got.alternatives]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(map(_cell, line)) + " |" for line in lines] + [""]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _figures(cases: Sequence[Case], names: Mapping[str, str]) -> dict[str, Any]:
    judged = {"answers": reliability.answers(cases), "refusals": reliability.refusals(cases)}
    return {
        "subjects": asdict(confusion.subjects(cases)),
        "aspects": asdict(confusion.aspects(cases)),
        "reliability": {
            name: {
                "error": reliability.calibration_error(one),
                "bins": [asdict(step) for step in reliability.bins(one)],
            }
            for name, one in judged.items()
        },
        "coverage": [asdict(point) for point in reliability.coverage(cases)],
        "answered_today": len(judged["answers"]),
        "names": dict(names),
    }


def _draw(folder: Path) -> None:
    # In a process of its own: the one that understands runs with a stand-in for matplotlib, see bot/lean_rasa.py.
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "bot.nlu.assessment.pictures", str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = [line for line in done.stderr.splitlines() if line.strip()][-1:]
        raise DrawingError(last[0] if last else "")
