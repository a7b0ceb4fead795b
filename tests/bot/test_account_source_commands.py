"""`check`, `accounts show` and the start with a billing system, as somebody types them."""

import json
import subprocess
import sys

import pytest

from actions.accounts.errors import AccountsError
from actions.settings import ROOT, settings
from bot.__main__ import main
from bot.demo_data import prepare_accounts
from tests.actions.accounts.billing.conftest import FREE, NOBODY, NUMBER, OTHER, TRUE
from tests.simulators.billing import SECRET, BillingSystem


@pytest.fixture
def system():
    with BillingSystem({NUMBER: TRUE, OTHER: FREE}).served() as system:
        yield system


@pytest.fixture
def mapping(system, tmp_path, monkeypatch):
    """The path of a mapping file; the settings are read again."""
    monkeypatch.setenv("BOT_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("ACCOUNTS_SECRET_BILLING", SECRET)
    monkeypatch.delenv("ACCOUNTS_URL", raising=False)
    settings.cache_clear()
    yield system.write_mapping(tmp_path)
    settings.cache_clear()


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def check(capsys, number: str, mapping, *more: str):
    return run(
        capsys, "check", "--number", number, "--operation", "change_number", "--accounts", str(mapping), "--json", *more
    )


@pytest.mark.parametrize(("number", "status"), [(NUMBER, "blocked"), (OTHER, "allowed")])
def test_a_number_is_checked_in_the_billing_system(capsys, mapping, number, status):
    code, out, err = check(capsys, number, mapping)
    assert (code, err) == (0, "")
    assert json.loads(out)["status"] == status


def test_a_number_that_it_does_not_have_fails_with_a_code(capsys, mapping):
    code, out, _ = check(capsys, NOBODY, mapping)
    assert code == 1
    assert json.loads(out)["error"]["code"] == "unknown_number"


def test_a_billing_system_that_is_down_is_said_in_one_line(capsys, mapping, system):
    system.fault = "error_500"
    code, out, err = check(capsys, OTHER, mapping)
    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == "计费系统答复了错误状态 500"


def test_an_assumed_fact_need_not_be_known(capsys, mapping, system):
    system.change = lambda document: document["data"]["fee"].pop("owe")
    assert json.loads(check(capsys, OTHER, mapping)[1])["status"] == "needs_review"
    assert json.loads(check(capsys, OTHER, mapping, "--assume", "arrears=0")[1])["status"] == "allowed"


def test_the_setting_takes_the_place_of_the_database(capsys, mapping, monkeypatch):
    monkeypatch.setenv("ACCOUNTS_SOURCES", str(mapping))
    settings.cache_clear()
    code, out, _ = run(capsys, "check", "--number", NUMBER, "--operation", "change_number", "--json")
    assert (code, json.loads(out)["status"]) == (0, "blocked")
    assert not settings().demo
    assert settings().accounts_url.endswith("accounts.db")


def test_the_facts_of_a_number_are_shown_with_source_and_time(capsys, mapping, system):
    system.change = lambda document: document["data"].pop("terms")
    code, out, err = run(capsys, "accounts", "show", "--number", NUMBER, "--accounts", str(mapping))
    assert (code, err) == (0, "")
    lines = dict(line.split("  ", 1) for line in out.splitlines()[1:])
    assert lines["arrears"].startswith("欠费（元）：32.50（计费系统，20")
    assert lines["plan_agreement_end"].startswith("套餐协议到期日：没有套餐协议（计费系统，20")
    assert lines["special_terms"] == "其他特殊约定：未知（计费系统的答复里没有这一项）"
    assert NUMBER not in out
    assert run(capsys, "accounts", "show", "--number", NOBODY, "--accounts", str(mapping))[0] == 1


def test_who_looked_at_the_facts_and_why_is_on_record(capsys, mapping):
    for number in (NUMBER, NOBODY):
        run(capsys, "accounts", "show", "--number", number, "--accounts", str(mapping), "--purpose", "对账")
    lines = [json.loads(line) for line in run(capsys, "audit", "show", "--json")[1].splitlines()]
    assert [(line["status"], line["purpose"]) for line in lines] == [("shown", "对账"), ("unknown_number", "对账")]
    assert {"name": "arrears", "known": True, "source": "计费系统"} in lines[0]["facts"]


def test_facts_are_not_shown_where_the_look_cannot_be_recorded(capsys, mapping, monkeypatch, tmp_path):
    (tmp_path / "broken.db").write_bytes(b"this is no database " * 500)
    monkeypatch.setenv("AUDIT_URL", f"sqlite:///{tmp_path / 'broken.db'}")
    settings.cache_clear()
    code, out, err = run(capsys, "accounts", "show", "--number", NUMBER, "--accounts", str(mapping))
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "审计库" in err


@pytest.mark.parametrize(
    ("where", "said"),
    [("https://billing.example.com", "映射文件"), ("nowhere.yml", "没有这个文件"), ("mysql://a/b", "不支持 mysql")],
)
def test_a_source_that_cannot_be_opened_is_said_in_one_line(capsys, mapping, where, said):
    for command in (["check", "--operation", "change_number"], ["accounts", "show"]):
        code, out, err = run(capsys, *command, "--number", "1", "--accounts", where)
        assert (code, out) == (2, "")
        assert len(err.splitlines()) == 1
        assert said in err


def test_a_faulty_mapping_is_said_at_the_start_and_not_to_the_first_customer(mapping, monkeypatch):
    mapping.write_text(mapping.read_text(encoding="utf-8").replace("unit: 分", "unit: 毛"), encoding="utf-8")
    monkeypatch.setenv("ACCOUNTS_SOURCES", str(mapping))
    settings.cache_clear()
    with pytest.raises(AccountsError, match=r"billing\.yml:\d+：.*毛"):
        prepare_accounts()


def test_a_check_in_a_billing_system_ends_cleanly_and_a_check_in_the_database_needs_no_http(mapping):
    command = [sys.executable, "-m", "bot", "check", "--operation", "change_number", "--number", OTHER]
    done = subprocess.run([*command, "--accounts", str(mapping)], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "可以办理" in done.stdout
    assert done.stderr == ""
    script = (
        "import sys\nfrom bot.__main__ import main\nmain(['check', '--number', '1', '--operation', 'change_number'])\n"
        "sys.exit('aiohttp' in sys.modules or 'tenacity' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True)
