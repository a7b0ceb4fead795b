"""`parse` and `evaluate`: bad input is one line that says where; odd texts are a line out."""

import json
import subprocess
import sys

import pytest

from actions.settings import ROOT
from bot.__main__ import main


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
