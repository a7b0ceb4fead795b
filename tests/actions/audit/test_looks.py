"""No look at an account without a record of it."""

import json
import re
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from actions.audit.asker import Asker, in_conversation, on_command_line, without_numbers
from actions.audit.errors import AuditError
from actions.audit.looks import look_at, look_at_account, look_at_company, look_at_numbers, record_batch
from actions.audit.trail import Trail, audit_chain, prepare_audit
from actions.audit.verify import verify
from actions.eligibility.companies import UnknownCustomer
from actions.identity import Identity
from actions.settings import ROOT, settings
from knowledge.conditions import UnknownOperation

ON = date(2026, 11, 22)
NUMBER = "18600010102"
STAFF = Asker("conversation", "staff", "王芳", "解答咨询")


@pytest.fixture(autouse=True)
def fresh(environment):
    return environment


@pytest.fixture
def look(demo_accounts_url):
    def look(number=NUMBER, operation="change_number", asker=STAFF, **more):
        return look_at(number, operation, ON, asker=asker, accounts_url=demo_accounts_url, **more)

    return look


def trail() -> Trail:
    return Trail(settings().audit_url, audit_chain())


def records() -> list[dict]:
    return [dict(record.content) for record in trail().latest(99)]


def test_a_look_is_recorded_with_everything_that_a_supervisor_asks_for(look):
    assert look().status == "blocked"
    (record,) = records()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", record.pop("at"))
    assert len(record.pop("rules_version")) == 12
    facts = json.loads(record.pop("facts"))
    assert {"name": "arrears", "known": True, "source": "账户数据库"} in facts
    assert record == {
        "channel": "conversation", "role": "staff", "who": "王芳", "purpose": "解答咨询", "operation": "change_number",
        "on_day": "2026-11-22", "assumed": None, "number_hash": audit_chain().number(NUMBER),
        "number_masked": "186****0102", "status": "blocked", "customer": None, "numbers": None, "counts": None,
    }  # fmt: skip


def test_every_fact_that_the_rules_read_is_named_and_none_has_its_value(look):
    look("18600010111", "cancel_service")
    text = records()[0]["facts"]
    facts = json.loads(text)
    assert {fact["name"] for fact in facts} >= {"status", "arrears", "ownership", "refundable", "points", "roaming"}
    assert all(set(fact) == {"name", "known", "source"} for fact in facts if fact["known"])
    look("18600010107")
    unknown = [fact for fact in json.loads(records()[1]["facts"]) if not fact["known"]]
    assert {fact["name"] for fact in unknown} >= {"arrears", "subsidy_agreement_end"}
    assert all(set(fact) == {"name", "known", "reason"} for fact in unknown)


def test_what_was_assumed_is_recorded_as_assumed(look):
    look(assume={"arrears": Decimal("0.00")})
    (record,) = records()
    assert json.loads(record["assumed"]) == {"arrears": "0.00"}
    assert {"name": "arrears", "known": True, "source": "假设"} in json.loads(record["facts"])


def test_that_there_is_no_such_number_is_recorded_too(look):
    assert look("18699999999") is None
    (record,) = records()
    assert (record["status"], record["facts"]) == ("unknown_number", "[]")


def test_where_no_account_is_looked_at_nothing_is_recorded(look):
    prepare_audit()
    with pytest.raises(UnknownOperation):
        look(operation="fly")
    assert records() == []


def test_a_look_at_the_facts_themselves_is_recorded_without_their_values(demo_accounts_url):
    def look(number):
        facts, asker = ("status", "arrears"), on_command_line("对账")
        return look_at_account(number, ON, facts=facts, asker=asker, accounts_url=demo_accounts_url)

    assert look(NUMBER).fact("arrears").value == Decimal("32.50")
    look("18600010107")
    assert look("18699999999") is None
    shown, incomplete, missing = records()
    assert (shown["operation"], shown["status"], shown["number_masked"]) == ("account", "shown", "186****0102")
    assert "32.50" not in str(shown)
    assert json.loads(shown["facts"])[1] == {"name": "arrears", "known": True, "source": "账户数据库"}
    assert [fact["known"] for fact in json.loads(incomplete["facts"])] == [True, False]
    assert (missing["status"], missing["facts"]) == ("unknown_number", "[]")


def test_a_list_is_one_record(look):
    who = on_command_line("对账")
    record_batch(
        who,
        operation="change_number",
        on=ON,
        customer="G1001",
        numbers=7,
        counts={"blocked": 2, "allowed": 5},
        source="账户数据库",
    )
    record_batch(who, operation="change_number", on=ON, customer=None, numbers=0, counts=None, source="账户数据库")
    one, whole = records()
    assert (one["customer"], one["numbers"], one["counts"]) == ("G1001", 7, '{"allowed":5,"blocked":2}')
    assert (one["purpose"], one["channel"], one["number_hash"]) == ("对账", "command_line", None)
    assert {"name": "arrears", "source": "账户数据库"} in json.loads(one["facts"])
    assert (whole["customer"], whole["numbers"], whole["counts"]) == ("all", 0, None)


@pytest.mark.parametrize(
    ("identity", "who", "purpose"),
    [
        (Identity("customer", (NUMBER,), "G1002"), "G1002", "本人查询"),
        (Identity("customer", (NUMBER,)), "号码 186****0102 的机主", "本人查询"),
        (Identity("customer", (NUMBER,), NUMBER), "186****0102", "本人查询"),
        (Identity("staff", name="王芳"), "王芳", "解答能不能办理的咨询"),
        (Identity("staff"), "（没有姓名）", "解答能不能办理的咨询"),
    ],
)
def test_who_asks_in_a_conversation_is_what_the_channel_says(identity, who, purpose):
    asker = in_conversation(identity)
    assert (asker.who, asker.role, asker.purpose) == (who, identity.role, purpose)


def test_on_the_command_line_it_is_the_user_of_the_system_whatever_the_environment_says(environment):
    environment.setenv("USER", "somebody-else")
    environment.setenv("LOGNAME", "somebody-else")
    asker = on_command_line()
    assert asker.who == subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    assert asker.purpose == "命令行"


@pytest.mark.parametrize(
    "typed", ["投诉 18600010102", "投诉 186 0001 0102", "投诉 186-0001-0102", "１８６０００１０１０２"]
)
def test_a_number_in_a_purpose_is_masked(typed):
    assert not re.search(r"0001\D*01|０００１", without_numbers(typed))


def test_the_clear_number_stands_nowhere_in_the_files(look, tmp_path):
    look(asker=in_conversation(Identity("customer", (NUMBER,), NUMBER)))
    look(asker=on_command_line(f"核实 {NUMBER}"))
    look(asker=in_conversation(Identity("staff", name=f"王芳 {NUMBER}")))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"audit.db", "audit.key"} <= {path.name for path in files}
    for path in files:
        assert NUMBER.encode() not in path.read_bytes(), path
    assert len(records()) == 3
    assert verify(trail()).findings == ()


def read_only(environment, file: Path) -> None:
    environment.setenv("AUDIT_URL", f"sqlite:///file:{file}?mode=ro&uri=true")


def locked(environment, file: Path) -> sqlite3.Connection:
    environment.setenv("AUDIT_URL", f"sqlite:///{file}?timeout=0.2")
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    return holder


def broken(environment, file: Path) -> None:
    file.write_bytes(b"this is no database " * 500)


def cut_short(environment, file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def emptied(environment, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript("DROP TRIGGER audit_head_delete; DELETE FROM audit_head;")


def another_key(environment, file: Path) -> None:
    environment.setenv("AUDIT_KEY", "quite another key than before")


def no_key(environment, file: Path) -> None:
    key = file.with_name("audit.key")
    key.unlink()
    key.mkdir()


@pytest.mark.parametrize("damage", [read_only, locked, broken, cut_short, emptied, another_key, no_key])
def test_a_look_that_cannot_be_recorded_shows_nothing(look, environment, tmp_path, damage):
    look()
    held = damage(environment, tmp_path / "audit.db")
    settings.cache_clear()
    with pytest.raises(AuditError) as raised:
        look()
    assert re.search("[一-龥]", str(raised.value))
    assert "32.50" not in str(raised.value)
    if held:
        held.close()


def test_a_full_disk_shows_nothing_and_leaves_the_chain_intact(look, demo_accounts_url, tmp_path):
    look()
    command = [
        sys.executable, "-m", "bot", "check", "--number", NUMBER, "--operation", "change_number",
        "--accounts", demo_accounts_url,
    ]  # fmt: skip
    # No file may grow beyond this: what a full disk does to the database's writes.
    limit = 2000
    result = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert "审计库" in result.stderr
    assert "32.50" not in result.stderr
    assert len(records()) == 1
    assert verify(trail()).findings == ()


def test_many_numbers_are_recorded_before_the_first_is_read_and_their_result_after_the_last(demo_accounts_url):
    who = on_command_line("对账")
    with look_at_numbers("change_number", ON, customer="G1001", asker=who, accounts_url=demo_accounts_url) as numbers:
        (begun,) = records()
        read = sum(len(chunk) for chunk in numbers.rows)
    assert begun["numbers"] == numbers.total == read > 0
    assert begun["counts"] is None
    ended = records()[1]
    assert (ended["customer"], ended["numbers"], ended["purpose"]) == ("G1001", read, "对账")
    counts = look_at_company("G1001", "change_number", ON, asker=STAFF, accounts_url=demo_accounts_url).counts
    assert json.loads(ended["counts"]) == {status: count for status, count in counts.items() if count}


def test_a_list_that_was_broken_off_has_no_result_on_record(demo_accounts_url):
    who = on_command_line("对账")
    with (
        pytest.raises(KeyboardInterrupt),
        look_at_numbers("change_number", ON, customer=None, asker=who, accounts_url=demo_accounts_url),
    ):
        raise KeyboardInterrupt
    assert [record["counts"] for record in records()] == [None]


def test_a_customer_that_is_not_there_is_recorded_too(demo_accounts_url):
    who = on_command_line("对账")
    with (
        pytest.raises(UnknownCustomer),
        look_at_numbers("change_number", ON, customer="G404", asker=who, accounts_url=demo_accounts_url),
    ):
        pass
    assert [(one["customer"], one["numbers"]) for one in records()] == [("G404", 0)]


def test_a_company_is_summed_up_for_staff_only_and_recorded(demo_accounts_url):
    overview = look_at_company("G1001", "change_number", ON, asker=STAFF, accounts_url=demo_accounts_url)
    (record,) = records()
    assert (record["who"], record["customer"], record["numbers"]) == ("王芳", "G1001", overview.total)
    assert 0 not in json.loads(record["counts"]).values()
    customer = in_conversation(Identity("customer", (NUMBER,), "G1001"))
    with pytest.raises(PermissionError):
        look_at_company("G1001", "change_number", ON, asker=customer, accounts_url=demo_accounts_url)
    assert len(records()) == 1


@pytest.mark.parametrize("damage", [broken, another_key])
def test_many_numbers_are_not_shown_where_the_look_cannot_be_recorded(
    look, demo_accounts_url, environment, tmp_path, damage
):
    look()
    damage(environment, tmp_path / "audit.db")
    settings.cache_clear()
    with pytest.raises(AuditError):
        look_at_company("G1001", "change_number", ON, asker=STAFF, accounts_url=demo_accounts_url)
    with (
        pytest.raises(AuditError),
        look_at_numbers("change_number", ON, customer=None, asker=STAFF, accounts_url=demo_accounts_url),
    ):
        pytest.fail("shown")


def named(*words: str) -> list[str]:
    texts = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for room in ("actions", "bot")
        for path in (ROOT / room).rglob("*.py")
    }
    return sorted(path for path, text in texts.items() if any(word in text for word in words))


def test_accounts_are_looked_at_through_this_door_only():
    assert named("check_number", "find_account") == ["actions/audit/looks.py", "actions/eligibility/service.py"]
    # What opens a source: the one above, and the check of the configuration at the start, which looks at no number.
    opening = ["actions/accounts/opening.py", "actions/eligibility/service.py", "bot/demo_data.py"]
    assert named("open_source") == opening
    many = ["actions/accounts/batch/reader.py", "actions/audit/looks.py", "actions/eligibility/companies.py"]
    assert named("BatchReader") == many
    assert named("import company_overview", ", company_overview") == ["actions/audit/looks.py"]
    # Whoever is shown the numbers of a company comes by the look that is put on record.
    assert named("look_at_company") == [
        "actions/audit/looks.py",
        "actions/company_checks.py",
        "actions/eligibility/companies.py",
    ]
    # The desk takes the names of companies from there, and the error for an unknown one: no number.
    assert named("eligibility.companies import") == [
        "actions/audit/looks.py", "actions/company_checks.py", "bot/commands/check_batch.py",
        "bot/desk/companies.py", "bot/desk/failures.py",
    ]  # fmt: skip
    assert named("companies import customers_called") == ["actions/company_checks.py", "bot/desk/companies.py"]
