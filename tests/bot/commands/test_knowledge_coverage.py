"""`python -m bot knowledge coverage`."""

import shutil

import pytest

from actions.settings import ROOT, settings
from bot.__main__ import main
from tests.knowledge.conftest import DOCUMENTS, OPERATION, PACK
from tests.knowledge.handbook import COVERAGE, TEXT


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A small rule base in use, and the copy of its document."""
    folder = tmp_path / "knowledge"
    for name in ("operations", "topics", "coverage"):
        (folder / name).mkdir(parents=True)
    for name in ("wording.yml", "facts.yml"):
        shutil.copy(ROOT / "knowledge" / name, folder)
    contents = {
        "documents.yml": DOCUMENTS,
        "pack.yml": PACK,
        "operations/move_box.yml": OPERATION,
        "coverage/handbook.yml": COVERAGE,
    }
    for name, content in contents.items():
        (folder / name).write_text(content, encoding="utf-8")
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "handbook.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.setenv("RULES_DIR", str(folder))
    monkeypatch.delenv("RULE_SOURCES", raising=False)
    settings.cache_clear()
    yield tmp_path / "sources"
    settings.cache_clear()


@pytest.fixture
def run(sources):
    return lambda *options: main(["knowledge", "coverage", "--sources", str(sources), *options])


def test_the_report_is_printed_and_its_figures_told(run, capsys):
    assert run() == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("# 规则原文逐句覆盖报告\n")
    assert captured.err == "规则原文共 7 句：已覆盖 3，已说明 4，未覆盖 0（覆盖率 100.0%）。\n"


@pytest.mark.parametrize(("name", "begins"), [("report.md", "# 规则原文"), ("report.html", "<!DOCTYPE html>")])
def test_the_report_is_written_as_its_name_says(run, tmp_path, capsys, name, begins):
    assert run("--out", str(tmp_path / name)) == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)
    assert capsys.readouterr().out == ""


def test_an_open_sentence_makes_it_fail(run, sources, capsys):
    (sources / "handbook.txt").write_text(TEXT + "另外要预约。\n", encoding="utf-8")
    assert run() == 1
    assert "未覆盖 1" in capsys.readouterr().err


def test_a_document_that_is_missing_makes_it_fail(run, sources, capsys):
    (sources / "handbook.txt").write_text("别的手册\n", encoding="utf-8")
    assert run() == 1
    assert "规则原文里找不到《集团客户标准服务内容》" in capsys.readouterr().err


def test_proposals_are_written_and_counted(run, sources, capsys):
    (sources / "handbook.txt").write_text(TEXT + "另外要预约。\n", encoding="utf-8")
    assert run("--suggest") == 0
    assert "handbook.yml：写了 1 条建议，请逐条看过，再去掉 proposed。" in capsys.readouterr().out
    assert run("--suggest") == 0
    assert capsys.readouterr().out == "每一句都已经有人处理，没有要写的建议。\n"


def test_nothing_is_proposed_into_a_faulty_file(run, tmp_path, capsys):
    path = tmp_path / "knowledge" / "coverage" / "handbook.yml"
    path.write_text(COVERAGE.replace("document:", "dokument:"), encoding="utf-8")
    assert run("--suggest") == 1
    assert "不认识的键“dokument”" in capsys.readouterr().err
    assert "proposed" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--sources", "/no/such/folder"], "“/no/such/folder”不存在"),
        ([], "请用 --sources 指明规则原文"),
        (["--out", "report.pdf"], "应以 .md 或 .html 结尾"),
        (["--out", "/no/such/folder/report.md"], "写不了"),
    ],
)
def test_bad_usage_is_told_in_one_sentence(sources, capsys, arguments, reason):
    if arguments and arguments[0] == "--out":
        arguments = ["--sources", str(sources), *arguments]
    assert main(["knowledge", "coverage", *arguments]) == 2
    error = capsys.readouterr().err
    assert reason in error
    assert "Traceback" not in error
