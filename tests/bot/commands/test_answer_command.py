"""`python -m bot answer`."""

import json
import subprocess
import sys

import pytest

from bot.__main__ import main


def test_the_answer_is_printed_as_text(capsys):
    assert main(["answer", "--operation", "cancel_service", "--aspect", "documents"]) == 0
    assert "单位介绍信" in capsys.readouterr().out


def test_json_is_one_line_with_the_contracts_fields(capsys):
    arguments = ["--operation", "cancel_service", "--aspect", "documents", "--ownership", "individual", "--json"]
    assert main(["answer", *arguments]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["status"] == "refers_to_public_rules"
    assert data["citations"] == [{"document": "集团客户标准服务内容", "section": "五(二)"}]


def test_staff_see_internal_rules(capsys):
    assert main(["answer", "--operation", "cancel_service", "--aspect", "procedure", "--role", "staff"]) == 0
    assert "挽留" in capsys.readouterr().out


def test_a_topic_is_answered(capsys):
    assert main(["answer", "--topic", "data_cap", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["topic"] == "data_cap"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "请用 --operation"),
        (["--operation", "cancel_service", "--topic", "data_cap"], "二者只能写一个"),
        (["--topic", "data_cap", "--aspect", "fee"], "--topic 不能和 --aspect"),
        (["--operation", "fly"], "--operation 的值“fly”不对"),
        (["--topic", "fly"], "--topic 的值“fly”不对"),
        (["--operation", "cancel_service", "--aspect", "price"], "--aspect 的值“price”不对"),
        (["--operation", "cancel_service", "--ownership", "me"], "--ownership 的值“me”不对"),
        (["--operation", "cancel_service", "--role", "boss"], "--role 的值“boss”不对"),
    ],
)
def test_bad_usage_is_one_chinese_line_and_exit_2(capsys, arguments, expected):
    assert main(["answer", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert expected in captured.err
    assert captured.err.count("\n") == 1


def test_it_starts_without_rasa():
    code = "import sys; from bot.__main__ import main; main(['answer','--operation','cancel_service']); " + (
        "sys.exit(any(name.split('.')[0] in ('rasa', 'tensorflow', 'jieba') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
