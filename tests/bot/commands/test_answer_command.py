"""`python -m bot answer`."""

import json
import subprocess
import sys

import pytest

from actions.settings import settings
from bot.__main__ import main
from tests.knowledge.conftest import folder

__all__ = ["folder"]


@pytest.fixture
def small_rules(monkeypatch, folder):
    """The rule base of a fictitious firm."""
    monkeypatch.setenv("RULES_DIR", str(folder))
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


@pytest.fixture
def copy(small_rules, tmp_path):
    """A copy of that firm's rule document."""
    path = tmp_path / "rules.txt"
    path.write_text("搬运手册\n一、搬箱\n(一)渠道 本店仓库\n(二)原则 轻放", encoding="utf-8")
    small_rules.setenv("RULE_SOURCES", str(path))
    settings.cache_clear()


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


def test_staff_see_the_version_as_the_last_line_and_customers_do_not(capsys):
    assert main(["answer", "--operation", "cancel_service", "--role", "staff"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("规则库版本：")
    assert main(["answer", "--operation", "cancel_service"]) == 0
    assert "规则库版本" not in capsys.readouterr().out


def test_staff_read_the_original_passage_where_there_is_a_copy_of_the_documents(capsys, small_rules, copy):
    for role, times in (("staff", 1), ("customer", 0)):
        assert main(["answer", "--operation", "move_box", "--aspect", "channels", "--role", role]) == 0
        assert capsys.readouterr().out.count("本店仓库") == times


def test_an_answer_is_given_for_the_day_that_is_named(capsys, small_rules):
    for day, lead in (("2026-06-30", "目前不收费。"), ("2026-07-01", "要收搬运费。")):
        assert main(["answer", "--operation", "move_box", "--aspect", "fee", "--on", day, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["lead"] == lead


@pytest.mark.parametrize(
    ("day", "lines"),
    [
        ("2026-06-30", ["目前不收费。", "自2026年7月1日起，收费标准改为：要收搬运费。"]),
        ("2026-07-01", ["要收搬运费。"]),
    ],
)
def test_without_a_day_the_pretend_today_counts(capsys, small_rules, day, lines):
    small_rules.setenv("RULES_TODAY", day)
    settings.cache_clear()
    assert main(["answer", "--operation", "move_box", "--aspect", "fee"]) == 0
    assert capsys.readouterr().out.splitlines()[:-1] == lines


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
        (["--operation", "cancel_service", "--on", "2026-02-30"], "--on 的值“2026-02-30”不是有效的日期"),
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
