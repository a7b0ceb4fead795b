"""`audit verify` and `audit show` as a supervisor types them."""

import json
import sqlite3
import subprocess
import sys

import pytest

from actions.settings import ROOT, settings
from bot.__main__ import main


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("BOT_VAR", str(tmp_path))
    monkeypatch.delenv("ACCOUNTS_URL", raising=False)
    settings.cache_clear()

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    yield run
    settings.cache_clear()


@pytest.fixture
def looked(run):
    assert run("accounts", "import", str(ROOT / "data" / "demo" / "accounts.jsonl"))[0] == 0
    for number, purpose in (("18600010101", []), ("18600010102", ["--purpose", "投诉核实"]), ("18600010102", [])):
        assert run("check", "--number", number, "--operation", "change_number", *purpose)[0] == 0
    return run


def test_an_intact_trail_is_told_with_its_head(looked):
    code, out, err = looked("audit", "verify")
    assert (code, err) == (0, "")
    assert out.startswith("审计记录完好，共 3 条。\n链头 3:")
    head = out.splitlines()[1].removeprefix("链头 ")
    assert looked("audit", "verify", "--expect-head", head)[0] == 0
    code, out, _ = looked("audit", "verify", "--json")
    assert json.loads(out) == {"intact": True, "records": 3, "head": head, "findings": []}


def test_a_broken_trail_is_exit_code_1_and_names_the_record(looked, tmp_path):
    with sqlite3.connect(tmp_path / "audit.db") as connection:
        connection.executescript("DROP TRIGGER audit_look_update; UPDATE audit_look SET who = 'x' WHERE sequence = 2;")
    code, out, _ = looked("audit", "verify")
    assert code == 1
    assert "第 2 条被改过" in out
    code, out, _ = looked("audit", "verify", "--json")
    assert json.loads(out)["findings"] == [{"kind": "changed", "sequence": 2, "text": "第 2 条被改过。"}]


def test_a_head_that_was_noted_down_and_is_gone_is_exit_code_1(looked):
    code, out, _ = looked("audit", "verify", "--expect-head", f"3:{'a' * 64}")
    assert code == 1
    assert "抄存的链头" in out


def test_the_records_are_shown_for_people(looked):
    code, out, err = looked("audit", "show")
    heading, *lines = out.splitlines()
    assert (code, err, len(lines)) == (0, "", 3)
    assert heading.split() == ["序号", "时间", "谁", "身份", "途径", "事由", "号码", "业务", "按哪一天", "结果"]
    assert "投诉核实" in lines[1]
    assert "186****0102  改号" in lines[1]
    assert lines[1].endswith("暂时不能办理")


def test_a_list_is_shown_with_its_counts(looked):
    from actions.audit.asker import on_command_line
    from actions.audit.looks import record_batch
    from actions.settings import today

    counts = {"allowed": 5, "blocked": 2}
    look = {"operation": "change_number", "on": today(), "customer": "G1", "numbers": 7, "source": "账户数据库"}
    record_batch(on_command_line(), **look, counts=counts)
    out = looked("audit", "show", "--last", "1")[1]
    assert "客户 G1 7 个号码" in out
    assert "开始查看" not in out
    assert "可以办理 5、暂时不能办理 2" in out


def test_a_list_that_was_only_begun_is_shown_as_such(looked):
    from actions.audit.asker import on_command_line
    from actions.audit.looks import record_batch
    from actions.settings import today

    look = {"operation": "change_number", "on": today(), "customer": None, "numbers": 9, "source": "账户数据库"}
    record_batch(on_command_line(), **look, counts=None)
    assert looked("audit", "show", "--last", "1")[1].rstrip().endswith("开始查看")


def test_the_looks_at_one_number_are_shown_as_json_without_it(looked):
    _, out, _ = looked("audit", "show", "--number", "18600010102", "--json")
    records = [json.loads(line) for line in out.splitlines()]
    assert [record["sequence"] for record in records] == [2, 3]
    assert "18600010102" not in out
    assert {"name": "arrears", "known": True, "source": "账户数据库"} in records[0]["facts"]


def test_where_there_is_nothing_it_says_so(looked):
    assert looked("audit", "show", "--who", "nobody")[:2] == (0, "没有这样的记录。\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["verify", "--expect-head", "3"],
        ["verify", "--expect-head", "3:xyz"],
        ["verify", "--audit", "nonsense"],
        ["show", "--audit", "sqlite:////nowhere/at/all.db"],
        ["show", "--last", "0"],
        ["show", "--last", "many"],
        [],
    ],
)
def test_bad_input_gets_one_chinese_line(run, arguments):
    code, out, err = run("audit", *arguments)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert any("\u4e00" <= character <= "\u9fff" for character in err)


def test_the_command_needs_no_rasa():
    script = (
        "import sys\nfrom bot.__main__ import main\nmain(['audit', 'verify', '--audit', 'sqlite:////nowhere.db'])\n"
        "heavy = {'rasa', 'rasa_sdk', 'alembic', 'numpy', 'sqlalchemy.orm'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True)
