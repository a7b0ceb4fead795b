"""`python -m bot knowledge lint`."""

import shutil

import pytest

from actions.settings import ROOT, settings
from bot.__main__ import main


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """A copy of the rule base with a bad status on line 3 of an operation's answers."""
    folder = tmp_path / "knowledge"
    shutil.copytree(ROOT / "knowledge", folder, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / "operations" / "replace_sim.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("status: stated", "status: sure", 1), encoding="utf-8")
    monkeypatch.setenv("RULES_DIR", str(folder))
    settings.cache_clear()
    yield folder
    settings.cache_clear()


@pytest.fixture
def pack_without_generated_files(tmp_path, monkeypatch):
    """A rule pack in which nothing has been generated yet."""
    shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    monkeypatch.setenv("BOT_PACK", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def test_lint_of_the_real_rule_base_says_that_all_is_well(capsys, monkeypatch):
    monkeypatch.delenv("RULE_SOURCES", raising=False)
    settings.cache_clear()
    assert main(["knowledge", "lint"]) == 0
    assert capsys.readouterr().out == "规则库没有问题：27 项业务，30 个主题。\n"


def test_lint_prints_each_problem_with_file_and_line_and_exits_1(capsys, broken):
    assert main(["knowledge", "lint"]) == 1
    captured = capsys.readouterr()
    assert "replace_sim.yml:" in captured.out
    assert "“status”的值“sure”不对" in captured.out
    assert captured.err == "共有 1 个问题。\n"


def test_lint_finds_generated_files_that_are_out_of_date(capsys, pack_without_generated_files):
    assert main(["knowledge", "lint"]) == 1
    assert f"{pack_without_generated_files}/data/generated/lookup.yml：与规则库不一致" in capsys.readouterr().out


def test_lint_with_sources_compares_with_them(capsys, tmp_path):
    (tmp_path / "other.txt").write_text("别的文件", encoding="utf-8")
    assert main(["knowledge", "lint", "--sources", str(tmp_path)]) == 1
    assert "所引用的《集团客户标准服务内容》五(二)里没有“单位介绍信”" in capsys.readouterr().out


def test_sources_that_do_not_exist_are_bad_usage(capsys):
    assert main(["knowledge", "lint", "--sources", "/no/such/folder"]) == 2
    assert "不存在" in capsys.readouterr().err
