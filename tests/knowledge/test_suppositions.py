from decimal import Decimal
from pathlib import Path

import pytest

from actions.settings import ROOT
from knowledge.supposition_reader import read_suppositions
from knowledge.suppositions import Suppositions
from knowledge.yaml_source import Problem

FACTS = """
arrears: {label: 欠费, type: money}
status: {label: 状态, type: enum, values: {active: 在用, lost: 挂失}}
plan_end: {label: 到期日, type: date, none: 没有}
"""


def read(folder: Path, text: str) -> tuple[Suppositions, list[str]]:
    (folder / "facts.yml").write_text(FACTS, encoding="utf-8")
    (folder / "what_if.yml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    return read_suppositions(folder, problems), [problem.reason for problem in problems]


def test_a_supposition_sets_typed_values(tmp_path: Path) -> None:
    got, problems = read(
        tmp_path,
        'suppose:\n  - {said: 交清, sets: {arrears: "0.00"}, words: [交清], only_from: {status: [active, lost]}}\n'
        "ends:\n  - {fact: plan_end, words: [套餐]}\nany_end: [合约]\n",
    )
    assert problems == []
    assert got.suppose[0].sets == {"arrears": Decimal("0.00")}
    assert got.suppose[0].only_from == {"status": ("active", "lost")}
    assert got.ends == {"plan_end": ("套餐",)}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("suppose:\n  - {said: a, sets: {nothing: 1}, words: [b]}\n", "没有“nothing”"),
        ("suppose:\n  - {said: a, sets: {arrears: many}, words: [b]}\n", "arrears 的值"),
        ("suppose:\n  - {said: a, sets: {status: active}, only_from: {status: [gone]}, words: [b]}\n", "status 的值"),
        ("suppose:\n  - {said: a, words: [b]}\n", "缺少“sets”"),
        ("ends:\n  - {fact: arrears, words: [b]}\n", "不是 facts.yml 里的日期"),
        ("supose: []\n", "不认识的键"),
    ],
)
def test_what_cannot_be_supposed_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    _, problems = read(tmp_path, text)
    assert any(reason in problem for problem in problems)


def test_a_rule_base_need_not_have_any(tmp_path: Path) -> None:
    assert read_suppositions(tmp_path, []) == Suppositions()


def test_those_of_the_project_name_facts_that_there_are() -> None:
    problems: list[Problem] = []
    assert read_suppositions(ROOT / "knowledge", problems).suppose
    assert problems == []
