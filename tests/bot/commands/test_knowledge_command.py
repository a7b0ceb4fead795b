"""`python -m bot knowledge lint` and `show`."""

import shutil

import pytest

from actions.settings import ROOT, settings
from bot.__main__ import main
from bot.commands.knowledge import lint


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


def test_lint_finds_generated_files_that_are_out_of_date(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(lint, "GENERATED", tmp_path)
    assert main(["knowledge", "lint"]) == 1
    assert "lookup.yml：与规则库不一致" in capsys.readouterr().out


def test_lint_with_sources_compares_with_them(capsys, tmp_path):
    (tmp_path / "other.txt").write_text("别的文件", encoding="utf-8")
    assert main(["knowledge", "lint", "--sources", str(tmp_path)]) == 1
    assert "所引用的《集团客户标准服务内容》五(二)里没有“单位介绍信”" in capsys.readouterr().out


def test_sources_that_do_not_exist_are_bad_usage(capsys):
    assert main(["knowledge", "lint", "--sources", "/no/such/folder"]) == 2
    assert "不存在" in capsys.readouterr().err


def test_show_lists_everything_and_marks_the_gaps(capsys):
    assert main(["knowledge", "show"]) == 0
    out = capsys.readouterr().out
    assert "cancel_service　销户（五）　有空缺：收费标准、办理时限" in out
    assert "答复未整理" in out


def test_show_of_an_operation_is_a_readable_sheet(capsys):
    assert main(["knowledge", "show", "cancel_service"]) == 0
    out = capsys.readouterr().out
    assert "【所需材料】" in out
    assert "单位名称开户（有明文规定；《集团客户标准服务内容》五(二)）" in out
    assert "（仅供工作人员）" in out


def test_show_of_a_topic_is_a_readable_sheet(capsys):
    assert main(["knowledge", "show", "data_cap"]) == 0
    assert "《集团客户入网协议》第二条(三)" in capsys.readouterr().out


def test_show_of_something_unknown_is_bad_usage(capsys):
    assert main(["knowledge", "show", "fly"]) == 2
    assert "“fly”" in capsys.readouterr().err
