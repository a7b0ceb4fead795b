"""`parse` and `evaluate`: bad input is one line that says where; odd texts are a line out."""

import json
import subprocess
import sys

import pytest

from actions.settings import ROOT
from actions.understanding import Understanding
from bot.__main__ import main
from bot.commands import evaluate


@pytest.mark.parametrize("command", ["parse", "evaluate"])
@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b'{"id": "1", "text": "a", "decision": "clarify"}\n{broken', "第 2 行：不是合法的 JSON"),
        (b"[1, 2]", "第 1 行：应是一个 JSON 对象"),
        (b'\n{"id": "1"}', "第 2 行：字段 text 缺少"),
        (b'{"text": 5}', "第 1 行：字段 text"),
        (b'{"text": "\xff"}', "不是 UTF-8 编码"),
    ],
)
def test_a_bad_line_is_named(command, content, complaint, tmp_path, capsys):
    path = tmp_path / "questions.jsonl"
    path.write_bytes(content)
    assert main([command, "--file", str(path)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"{path}" in printed.err
    assert complaint in printed.err


@pytest.mark.parametrize("command", ["parse", "evaluate"])
def test_a_missing_file_is_named(command, tmp_path, capsys):
    assert main([command, "--file", str(tmp_path / "nothing.jsonl")]) == 2
    assert "nothing.jsonl：文件读不出来" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["-1", "a", "1.5"])
def test_a_number_of_errors_that_cannot_be_is_refused(number, tmp_path, capsys):
    assert main(["evaluate", "--file", str(tmp_path), f"--errors={number}"]) == 2
    assert "--errors" in capsys.readouterr().err


class Saying:
    """A parser that takes everything for a question about cancelling."""

    def parse(self, text):
        return Understanding("answer", operations=("cancel_service",), confidence=0.9)


@pytest.fixture
def questions(tmp_path, monkeypatch):
    monkeypatch.setattr(evaluate, "load_parser", Saying)
    path = tmp_path / "questions.jsonl"
    rows = [{"text": "注销", "decision": "answer", "operation": "cancel_service", "style": "terse"}]
    rows += [{"text": f"天气{number}", "decision": "out_of_scope"} for number in range(3)]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_evaluate_prints_the_first_errors_of_each_kind(questions, capsys):
    assert main(["evaluate", "--file", str(questions), "--errors", "2"]) == 0
    printed = capsys.readouterr().out
    assert "没人问的规则答案：3 个" in printed
    assert "天气1" in printed
    assert "天气2" not in printed
    assert main(["evaluate", "--file", str(questions), "--errors", "1", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["errors"]["false"]) == 1


def test_evaluate_writes_a_report_with_the_names_of_the_rule_base(questions, tmp_path, capsys):
    assert main(["evaluate", "--file", str(questions), "--report", str(tmp_path / "report")]) == 0
    assert "误答：100.0%" in capsys.readouterr().out
    assert "销户（cancel_service）" in (tmp_path / "report" / "report.md").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_named(questions, capsys):
    assert main(["evaluate", "--file", str(questions), "--report", str(questions)]) == 2
    assert f"{questions}" in capsys.readouterr().err


@pytest.mark.model
def test_every_line_in_gives_a_line_out():
    texts = ["单位的号要销户,需要带什么?", "", "\x00", "😀", "销户" * 5000, "\ud83d", "18600012345能换号吗", "a\u2028b"]
    lines = "\n".join(json.dumps({"id": number, "text": text}) for number, text in enumerate(texts))
    done = subprocess.run(
        [sys.executable, "-m", "bot", "parse"], cwd=ROOT, input=lines, capture_output=True, text=True, check=True
    )
    results = [json.loads(line) for line in done.stdout.split("\n") if line]
    assert [result["id"] for result in results] == list(range(len(texts)))
    assert [result["text"] for result in results] == texts
    first, number = results[0], results[6]
    assert (first["decision"], first["operation"], first["aspect"]) == ("answer", "cancel_service", "documents")
    assert first["ownership"] == "organization"
    assert number["number"] == "186****2345"
    assert set(first) >= {
        *("id", "text", "decision", "operation", "operations", "aspect", "aspects", "topic", "ownership"),
        *("number", "confidence", "alternatives"),
    }
