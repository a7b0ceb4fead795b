"""`python -m bot knowledge new-operation`."""

import shutil

import pytest

from actions.settings import ROOT, settings
from bot.__main__ import main
from knowledge.cases import run_cases
from knowledge.identifiers import RULE_ASPECTS
from knowledge.lint import lint
from knowledge.loader import load_rules

NEW = ["携号转网", "--id", "port_number", "--section", "十二"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the rule base."""
    copy = tmp_path / "knowledge"
    shutil.copytree(ROOT / "knowledge", copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    monkeypatch.setenv("RULES_DIR", str(copy))
    settings.cache_clear()
    yield copy
    settings.cache_clear()


def new_operation(*arguments):
    return main(["knowledge", "new-operation", *arguments])


def listed(folder):
    return sorted(path.name for path in (folder / "operations").iterdir())


def test_the_scaffold_loads_and_has_every_aspect(folder, capsys):
    assert new_operation(*NEW) == 0
    operation = load_rules(folder).operations["port_number"]
    assert (operation.name, operation.section) == ("携号转网", "十二")
    assert tuple(operation.aspects) == RULE_ASPECTS
    said = capsys.readouterr().out
    assert "port_number.yml" in said
    assert "port_number.cases.yml" in said
    assert "metadata 写 operation: port_number" in said


def test_lint_points_once_at_each_spot_still_to_be_written(folder):
    new_operation(*NEW)
    found = [problem for problem in lint(load_rules(folder)) if problem.path.name == "port_number.yml"]
    assert len(found) == len({problem.line for problem in found}) == len(RULE_ASPECTS)
    assert all("待补" in problem.reason for problem in found)


def test_the_missing_test_cases_are_pointed_at_once(folder):
    new_operation(*NEW)
    found = [problem for problem in run_cases(load_rules(folder)) if problem.path.name == "port_number.cases.yml"]
    assert [problem.reason for problem in found] == ["还没有写一条用例"]


def test_the_name_may_be_the_option_and_the_id_the_argument(folder):
    assert new_operation("port_number", "--name", "携号转网", "--section", "十二") == 0
    assert load_rules(folder).operations["port_number"].name == "携号转网"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["携号转网", "--section", "十二"], "--id"),
        (["port_number", "--section", "十二"], "--name"),
        (["携号转网", "--id", "port", "--name", "转网", "--section", "十二"], "只能再写一个"),
        (["携号转网", "--id", "Port", "--section", "十二"], "“Port”"),
        (["携号转网", "--id", "端口", "--section", "十二"], "“端口”"),
        (["携号 转网", "--id", "port", "--section", "十二"], "“携号 转网”"),
        (["携号转网", "--id", "replace_sim", "--section", "十二"], "编号“replace_sim”已经有了"),
        (["携号转网", "--id", "data_cap", "--section", "十二"], "编号“data_cap”已经有了"),
        (["销号", "--id", "port", "--section", "十二"], "“销号”已经是“销户”（cancel_service）的说法"),
        (["携号转网", "--id", "port", "--section", "十"], "原文缺失"),
        (["携号转网", "--id", "port", "--section", "九十九"], "没有“九十九”这一节"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_nothing_is_written(folder, capsys, arguments, complaint):
    before = listed(folder)
    assert new_operation(*arguments) == 2
    said = capsys.readouterr().err
    assert complaint in said
    assert said.count("\n") == 1
    assert listed(folder) == before


def test_nothing_is_left_half_written(folder, capsys):
    (folder / "operations" / "port_number.cases.yml").write_text("on: 2026-01-31\ncases: []\n", encoding="utf-8")
    before = listed(folder)
    assert new_operation(*NEW) == 2
    assert "port_number.cases.yml：已经有这个文件" in capsys.readouterr().err
    assert listed(folder) == before
