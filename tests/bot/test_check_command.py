"""`check` and `accounts import` as somebody types them."""

import json
import shutil
import subprocess
import sys

import pytest

from actions.settings import ROOT, settings
from bot.__main__ import main
from knowledge.reading import rule_files

DEMO = str(ROOT / "data" / "demo" / "accounts.jsonl")


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs a command with its own accounts database; returns exit code, stdout and stderr."""
    monkeypatch.setenv("BOT_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("ACCOUNTS_URL", raising=False)
    settings.cache_clear()

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    yield run
    settings.cache_clear()


@pytest.fixture
def demo(run):
    assert run("accounts", "import", DEMO)[0] == 0
    return run


def check(run, number="18600010101", *more: str, operation="change_number"):
    return run("check", "--number", number, "--operation", operation, *more)


def test_a_verdict_is_printed_as_json(demo):
    code, out, err = check(demo, "18600010102", "--on", "2026-11-22", "--json")
    verdict = json.loads(out)
    assert (code, err) == (0, "")
    assert (verdict["number"], verdict["status"]) == ("186****0102", "blocked")
    assert verdict["earliest"] == {"date": "2026-11-22", "certain": True}


def test_a_verdict_is_printed_for_people(demo):
    code, out, _ = check(demo, "18600010102", "--on", "2026-11-22")
    assert code == 0
    assert "交清欠费 32.50 元" in out
    assert "《集团客户标准服务内容》三(二)" in out
    assert "18600010102" not in out


def test_an_assumption_changes_the_verdict_and_is_said(demo):
    _, out, _ = check(demo, "18600010102", "--assume", "arrears=0", "--json")
    verdict = json.loads(out)
    assert verdict["status"] == "allowed"
    assert verdict["assumptions"] == {"arrears": "0.00"}
    assert "假设" in verdict["text"]


def test_the_day_asked_about_decides(demo):
    for day, status in (("2027-12-31", "blocked"), ("2028-01-01", "allowed")):
        _, out, _ = check(demo, "18600010103", "--on", day, "--json")
        assert json.loads(out)["status"] == status


def test_an_unknown_number_fails_with_a_code(demo):
    code, out, _ = check(demo, "18699999999", "--json")
    assert code == 1
    assert json.loads(out)["error"]["code"] == "unknown_number"
    code, out, err = check(demo, "18699999999")
    assert (code, out) == (1, "")
    assert "186****9999" in err


def test_an_operation_that_is_not_covered_fails_with_a_code(demo, tmp_path, monkeypatch):
    folder = tmp_path / "knowledge"
    shutil.copytree(ROOT / "knowledge", folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "eligibility" / "transfer_ownership.yml").unlink()
    monkeypatch.setenv("RULES_DIR", str(folder))
    settings.cache_clear()
    code, out, _ = check(demo, operation="transfer_ownership")
    assert (code, out) == (1, "")
    code, out, _ = check(demo, "18600010101", "--json", operation="transfer_ownership")
    assert code == 1
    assert json.loads(out)["error"]["code"] == "not_covered"


def test_every_operation_is_judged(demo):
    for path in rule_files(ROOT / "knowledge" / "operations"):
        code, out, _ = check(demo, "18600010107", "--json", operation=path.stem)
        verdict = json.loads(out)
        assert code == 0
        assert verdict["operation"] == path.stem
        assert verdict["status"] in ("needs_review", "not_applicable", "allowed")
        for condition in verdict["conditions"]:
            assert {"id", "state", "citation", "facts", "text", "remedy"} <= set(condition)


@pytest.mark.parametrize(
    "more",
    [
        ["--on", "2027-02-29"],
        ["--on", "tomorrow"],
        ["--assume", "arrears"],
        ["--assume", "salary=1"],
        ["--accounts", "nonsense"],
        ["--accounts", "sqlite:////nowhere/at/all.db"],
        ["--operation", "fly"],
    ],
)
def test_bad_input_gets_one_chinese_line(demo, more):
    code, out, err = check(demo, "18600010101", *more)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert any("\u4e00" <= character <= "\u9fff" for character in err)


def test_without_accounts_it_says_how_to_make_them(run):
    code, out, err = check(run)
    assert (code, out) == (2, "")
    assert "accounts import" in err


def test_a_bad_import_file_is_reported_whole_and_loads_nothing(demo, tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text('{"number": "1", "arrears": "-1"}\n{"number": "2", "colour": 1}\n{\n', encoding="utf-8")
    code, out, err = demo("accounts", "import", str(path))
    assert (code, out) == (2, "")
    assert [line.partition("：")[0] for line in err.splitlines()[1:]] == ["第 1 行", "第 2 行", "第 3 行"]
    assert check(demo, "1")[0] == 1


def test_checking_needs_no_rasa_and_no_orm(demo):
    assert check(demo)[0] == 0  # from here on there is an audit trail
    script = (
        "import sys\nfrom bot.__main__ import main\n"
        "code = main(['check', '--number', '18600010101', '--operation', 'change_number'])\n"
        "heavy = {'rasa', 'rasa_sdk', 'tensorflow', 'numpy', 'alembic', 'tqdm', 'sqlalchemy.orm'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else code)"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True)
