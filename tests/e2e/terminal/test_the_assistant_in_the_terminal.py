"""`dialogue` and `chat` as somebody at a terminal runs them: a process of its own, no ports."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from actions.settings import ROOT
from tests.system import TODAY

CONTRACT = {
    "user", "decision", "operation", "operations", "aspect", "topic", "ownership", "text", "blocks", "choices",
    "verdict", "citations",
}  # fmt: skip


def bot(*arguments: str, var: Path, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env={**os.environ, "BOT_VAR": str(var), "RULES_TODAY": TODAY},
        input=typed,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def dialogue(identifier: str, identity: dict[str, Any] | None, *texts: str) -> str:
    turns = [{"user": text} for text in texts]
    return json.dumps({"id": identifier, "identity": identity, "turns": turns}, ensure_ascii=False)


def test_dialogues_are_played_with_their_identity_and_their_memory(tmp_path: Path) -> None:
    customer = {"role": "customer", "numbers": ["18600010102"], "customer": "G1001"}
    lines = [
        dialogue("rule", None, "单位的号要销户,需要带什么?", "个人的呢?", "", "/restart"),
        dialogue("check", customer, "我现在能换号吗?", "那销户呢?"),
        dialogue("nobody", None, "18600010102 我现在能换号吗?"),
    ]
    file = tmp_path / "in.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")

    done = bot("dialogue", "--file", str(file), var=tmp_path)
    assert done.returncode == 0, done.stderr
    rule, check, nobody = (json.loads(line)["turns"] for line in done.stdout.splitlines())

    assert all(set(turn) >= CONTRACT for turn in (*rule, *check, *nobody))
    assert all(turn["rules_version"] for turn in rule[:2])
    assert [(turn["operation"], turn["ownership"]) for turn in rule[:2]] == [
        ("cancel_service", "organization"),
        ("cancel_service", "individual"),
    ]
    assert rule[2]["decision"] == "clarify"
    assert rule[3]["decision"] in ("clarify", "out_of_scope")
    assert rule[3]["citations"] == []
    assert [turn["verdict"]["blockers"] for turn in check] == [["arrears_settled"], ["arrears_settled"]]
    assert nobody[0]["verdict"] is None
    assert "Traceback" not in done.stderr


def test_staff_can_be_played_by_an_option(tmp_path: Path) -> None:
    done = bot("dialogue", "--role", "staff", var=tmp_path, typed=dialogue("s", None, "18600010101 现在能换号吗"))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["turns"][0]["verdict"]["status"] == "allowed"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "第 1 行：不是合法的 JSON"),
        ('{"turns": "销户"}', "字段 turns"),
        ('{"turns": [{"user": 5}]}', "字段 turns"),
        ('{"turns": [], "identity": {"role": "admin"}}', "字段 identity"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_played(tmp_path: Path, line: str, complaint: str) -> None:
    done = bot("dialogue", var=tmp_path, typed=line)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_a_person_can_chat_in_the_terminal(tmp_path: Path) -> None:
    done = bot("chat", "--number", "18600010102", var=tmp_path, typed="我现在能换号吗?\n\n过户要多少钱\n退出\n")
    assert done.returncode == 0, done.stderr
    assert "32.50" in done.stdout
    assert "目前不收费" in done.stdout
    assert "[debug" not in done.stdout
