"""`check-batch` as somebody types it."""

import csv
import fcntl
import io
import json
import os
import signal
import struct
import subprocess
import sys
import termios
import zipfile
from xml.etree import ElementTree

import pytest

from actions.accounts.importer import import_accounts
from actions.settings import ROOT, settings
from bot.__main__ import main
from bot.batch.csv_file import inert
from knowledge.facts import load_facts

DEMO = ROOT / "data" / "demo" / "accounts.jsonl"
FACTS = load_facts(ROOT / "knowledge" / "facts.yml")
DAY = ("--on", "2026-11-22")
CHANGE = ("--operation", "change_number", *DAY)
CANCEL = ("--operation", "cancel_service", *DAY)
NAMES = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@pytest.fixture(autouse=True)
def var(tmp_path, monkeypatch):
    """Databases of its own, for other processes too."""
    monkeypatch.setenv("BOT_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("ACCOUNTS_URL", raising=False)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def run(capsys):
    """Runs a command; returns exit code, stdout and stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def demo(run):
    assert run("accounts", "import", str(DEMO))[0] == 0
    return run


def numbers() -> list[str]:
    return sorted(json.loads(line)["number"] for line in DEMO.read_text(encoding="utf-8").splitlines())


def objects(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def cells(path, sheet=1) -> list[list[str]]:
    """The texts of a sheet that was written row by row."""
    with zipfile.ZipFile(path) as file:
        root = ElementTree.fromstring(file.read(f"xl/worksheets/sheet{sheet}.xml"))
    return [["".join(cell.itertext()) for cell in row.findall("x:c", NAMES)] for row in root.findall(".//x:row", NAMES)]


def test_each_number_has_one_object_in_ascending_order(demo):
    code, out, err = demo("check-batch", *CHANGE, "--clear")
    assert (code, err) == (0, "")
    assert [line["number"] for line in objects(out)] == numbers()


def test_a_batch_says_what_checking_each_number_says(demo):
    for operation in ("change_number", "cancel_service", "report_fault"):
        _, out, _ = demo("check-batch", "--operation", operation, *DAY)
        for number, line in zip(numbers(), objects(out), strict=True):
            _, single, _ = demo("check", "--number", number, "--operation", operation, *DAY, "--json")
            verdict = json.loads(single)
            verdict["applies"] = {"state": verdict["applies"]["state"]}
            assert line == {name: verdict[name] for name in line}
            assert {"number", "status", "blockers", "unknowns", "earliest"} <= line.keys()


def test_numbers_are_masked_unless_asked_otherwise(demo):
    _, out, _ = demo("check-batch", *CHANGE)
    assert not any(number in out for number in numbers())
    assert objects(out)[-1]["number"].startswith("186****")


def test_a_number_may_be_any_text(run, tmp_path):
    records = tmp_path / "records.jsonl"
    odd = ['WX"1\\2', "=1+1", "号码一"]
    records.write_text("".join(json.dumps({"number": number}) + "\n" for number in odd), encoding="utf-8")
    assert run("accounts", "import", str(records))[0] == 0
    _, out, _ = run("check-batch", *CHANGE, "--clear")
    assert [line["number"] for line in objects(out)] == sorted(odd)


def test_only_the_numbers_of_a_customer_are_judged(demo):
    lines = [json.loads(line) for line in DEMO.read_text(encoding="utf-8").splitlines()]
    holder = lines[0]["customer"]["id"]
    _, out, _ = demo("check-batch", *CHANGE, "--customer", holder, "--clear")
    assert [line["number"] for line in objects(out)] == sorted(
        line["number"] for line in lines if line["customer"]["id"] == holder
    )


def test_a_customer_that_is_not_there_fails_with_a_code(demo, tmp_path):
    code, out, err = demo("check-batch", *CHANGE, "--customer", "G404")
    assert (code, err) == (1, "")
    error = json.loads(out)["error"]
    assert error["code"] == "unknown_customer"
    assert "G404" in error["message"]
    code, out, err = demo(
        "check-batch", *CHANGE, "--customer", "' OR 1=1 --", "--format", "csv", "--out", str(tmp_path / "a.csv")
    )
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert not (tmp_path / "a.csv").exists()


def test_a_batch_is_on_record_with_its_purpose_and_counts(demo):
    demo("check-batch", *CHANGE, "--customer", "G1001", "--purpose", "对账 18600010101")
    demo("check-batch", *CHANGE, "--customer", "G404")
    begun, one, none = objects(demo("audit", "show", "--json")[1])
    assert (begun["customer"], begun["numbers"], begun["counts"]) == ("G1001", one["numbers"], None)
    assert (one["customer"], one["purpose"], one["numbers"]) == (
        "G1001",
        "对账 186****0101",
        sum(one["counts"].values()),
    )
    assert (none["customer"], none["numbers"]) == ("G404", 0)


def test_nothing_is_written_where_the_look_cannot_be_recorded(demo, monkeypatch, tmp_path):
    (tmp_path / "broken.db").write_bytes(b"this is no database " * 500)
    monkeypatch.setenv("AUDIT_URL", f"sqlite:///{tmp_path / 'broken.db'}")
    settings.cache_clear()
    out = tmp_path / "out"
    out.mkdir()
    for more in ([], ["--out", str(out / "a.jsonl")]):
        code, text, err = demo("check-batch", *CHANGE, *more)
        assert (code, text, len(err.splitlines())) == (2, "", 1)
        assert "审计库" in err
    assert list(out.iterdir()) == []


def test_where_accounts_are_looked_up_elsewhere_it_says_that_it_reads_the_database_only(demo, monkeypatch):
    monkeypatch.setenv("ACCOUNTS_SOURCES", "billing.yml")
    settings.cache_clear()
    code, out, err = demo("check-batch", *CHANGE)
    assert (code, len(objects(out)), len(err.splitlines())) == (0, len(numbers()), 1)
    assert "只看账户数据库" in err
    code, out, err = demo("check-batch", *CHANGE, "--accounts", "billing.yml")
    assert (code, out) == (2, "")
    assert "只看账户数据库" in err


def test_an_operation_without_account_state_applies_to_no_number(demo):
    _, out, _ = demo("check-batch", "--operation", "report_fault")
    assert {line["status"] for line in objects(out)} == {"not_applicable"}
    assert len(objects(out)) == len(numbers())
    _, out, _ = demo("check-batch", "--operation", "report_fault", "--format", "csv")
    assert "规则没有让障碍申告取决于账户状态" in out


def test_the_day_asked_about_decides(demo):
    for day, status in (("2027-12-31", "blocked"), ("2028-01-01", "allowed")):
        _, out, _ = demo("check-batch", "--operation", "change_number", "--on", day, "--clear")
        assert {line["number"]: line["status"] for line in objects(out)}["18600010103"] == status


def test_a_table_says_the_reasons_in_chinese(demo):
    _, out, _ = demo("check-batch", *CHANGE, "--format", "csv", "--clear")
    assert out.startswith("\ufeff号码,")
    rows = {row["号码"]: row for row in csv.DictReader(io.StringIO(out.removeprefix("\ufeff")))}
    assert list(rows) == numbers()
    assert rows["18600010101"]["结果"] == "可以办理"
    assert rows["18600010102"]["原因"] == "不符合：号码没有欠费"
    assert (rows["18600010103"]["最早哪天"], rows["18600010103"]["日期确定吗"]) == ("2028-01-01", "确定")
    assert "（规则没有写怎样解除）" in rows["18600010104"]["原因"]
    assert (rows["18600010104"]["最早哪天"], rows["18600010104"]["日期确定吗"]) == ("规则里没有", "")
    assert (rows["18600010107"]["结果"], rows["18600010107"]["日期确定吗"]) == ("需要人工核实", "不确定")
    assert "号码没有欠费" in rows["18600010107"]["还不清楚的"]
    assert (rows["18600010108"]["结果"], rows["18600010108"]["原因"]) == ("不适用", "这个号码已经销户")


def test_a_table_says_where_the_rules_are_silent_and_where_a_fact_is_missing(demo):
    _, out, _ = demo("check-batch", "--operation", "manage_password", "--format", "csv", "--clear")
    rows = {row["号码"]: row for row in csv.DictReader(io.StringIO(out.removeprefix("\ufeff")))}
    assert rows["18600010112"]["还不清楚的"].startswith("这个号码的客户在黑名单内。规则只写了要交清欠费")
    assert rows["18600010107"]["还不清楚的"] == "没有欠费"
    assert rows["18600010101"]["还不清楚的"] == ""
    _, out, _ = demo("check-batch", "--operation", "cancel_service", "--format", "csv", "--clear")
    rows = {row["号码"]: row for row in csv.DictReader(io.StringIO(out.removeprefix("\ufeff")))}
    assert "这个号码以个人名称开户" in rows["18600010110"]["还不清楚的"]


def test_a_workbook_has_the_same_table(demo, tmp_path):
    path = tmp_path / "结果.xlsx"
    assert demo("check-batch", *CANCEL, "--format", "xlsx", "--out", str(path), "--clear") == (0, "", "")
    heading, *rows = cells(path)
    assert heading == ["号码", "结果", "原因", "还不清楚的", "最早哪天", "日期确定吗"]
    assert [row[0] for row in rows] == numbers()
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in sheet
    # 2028-03-01 as Excel counts days, so that the column sorts and filters as dates.
    assert "<v>46813</v>" in sheet


def test_no_cell_is_run_as_a_formula(run, tmp_path):
    records = tmp_path / "records.jsonl"
    evil = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)"]
    records.write_text("".join(json.dumps({"number": number}) + "\n" for number in evil), encoding="utf-8")
    assert run("accounts", "import", str(records))[0] == 0
    _, out, _ = run("check-batch", *CHANGE, "--format", "csv", "--clear")
    rows = list(csv.reader(io.StringIO(out.removeprefix("\ufeff"))))[1:]
    assert [row[0] for row in rows] == [f"'{number}" for number in sorted(evil)]
    path = tmp_path / "a.xlsx"
    assert run("check-batch", *CHANGE, "--format", "xlsx", "--out", str(path), "--clear")[0] == 0
    assert [row[0] for row in cells(path)[1:]] == sorted(evil)
    assert "<f>" not in zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    assert inert("＝1") == "'＝1"


@pytest.mark.parametrize("kind", ["jsonl", "csv", "xlsx"])
def test_a_file_takes_the_place_of_the_former_one(demo, tmp_path, kind):
    path = tmp_path / "out" / f"a.{kind}"
    path.parent.mkdir()
    path.write_text("old")
    assert demo("check-batch", *CHANGE, "--format", kind, "--out", str(path)) == (0, "", "")
    assert path.read_bytes() != b"old"
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("kind", ["jsonl", "csv", "xlsx"])
def test_what_fails_midway_leaves_the_former_file(demo, tmp_path, monkeypatch, kind):
    from actions.accounts.batch.reader import BatchReader

    def broken(*arguments):
        yield [("18600010101", None, 0)]
        raise KeyboardInterrupt

    monkeypatch.setattr(BatchReader, "rows", broken)
    path = tmp_path / "out" / f"a.{kind}"
    path.parent.mkdir()
    path.write_text("old")
    code, out, err = demo("check-batch", *CHANGE, "--format", kind, "--out", str(path))
    assert (code, out, err) == (130, "", "")
    assert path.read_text() == "old"
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--operation", "fly"],
        [*CHANGE, "--on", "2027-02-29"],
        [*CHANGE, "--accounts", "nonsense"],
        [*CHANGE, "--accounts", "sqlite:////nowhere/at/all.db"],
        [*CHANGE, "--format", "xlsx"],
        [*CHANGE, "--format", "pdf"],
        [*CHANGE, "--out", "/nowhere/at/all.jsonl"],
        [*CHANGE, "--out", "/dev/null"],
        [*CHANGE, "--out", "/tmp"],
        [*CHANGE, "--out", "/dev/null/a.jsonl"],
        [],
    ],
)
def test_bad_input_gets_one_chinese_line(demo, arguments):
    code, out, err = demo("check-batch", *arguments)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert any("\u4e00" <= character <= "\u9fff" for character in err)


def test_an_operation_that_is_not_covered_fails_with_a_code(demo, tmp_path, monkeypatch):
    from actions.eligibility import service
    from knowledge.conditions import NoEligibilityRules

    def none(operation):
        raise NoEligibilityRules(operation, "过户")

    monkeypatch.setattr(service, "rules_of", none)
    code, out, _ = demo("check-batch", "--operation", "transfer_ownership")
    assert code == 1
    assert json.loads(out)["error"]["code"] == "not_covered"


def test_without_accounts_it_says_how_to_make_them(run):
    code, out, err = run("check-batch", *CHANGE)
    assert (code, out) == (2, "")
    assert "accounts import" in err


def test_it_needs_no_rasa_and_nothing_heavy(run, tmp_path):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    import_accounts(DEMO, url, FACTS)
    assert run("check-batch", *CHANGE, "--accounts", url)[0] == 0  # from here on there is an audit trail
    script = (
        "import sys\nfrom bot.__main__ import main\n"
        f"assert main(['check-batch', '--operation', 'change_number', '--accounts', '{url}']) == 0\n"
        "heavy = {'rasa', 'tensorflow', 'numpy', 'alembic', 'tqdm', 'xlsxwriter', 'sqlalchemy.orm'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stderr == ""


def test_a_reader_that_stops_early_is_no_error(tmp_path):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    import_accounts(DEMO, url, FACTS)
    command = f"{sys.executable} -m bot check-batch --operation change_number --accounts {url} | head -c 1"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout == "{"
    assert "Traceback" not in done.stderr


def test_somebody_at_a_terminal_sees_how_far_it_is(tmp_path):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    import_accounts(DEMO, url, FACTS)
    terminal, inside = os.openpty()
    fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    command = [sys.executable, "-m", "bot", "check-batch", "--operation", "change_number", "--accounts", url]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=inside)
    os.close(inside)
    shown = os.read(terminal, 10_000).decode()
    os.close(terminal)
    assert "判断" in shown
    assert "100%" in shown
    assert len(objects(done.stdout.decode())) == len(numbers())


def test_an_interrupt_leaves_nothing(tmp_path):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    import_accounts(DEMO, url, FACTS)
    out = tmp_path / "out"
    out.mkdir()
    script = (
        "import signal, sys, time\nfrom actions.accounts.batch.reader import BatchReader\nfrom bot.__main__ import main\n"
        # Whoever runs the tests in the background has let them ignore Ctrl-C.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "rows = BatchReader.rows\n"
        "def slow(self, *arguments):\n    for chunk in rows(self, *arguments):\n"
        "        print('begun', file=sys.stderr, flush=True)\n        time.sleep(60)\n        yield chunk\n"
        "BatchReader.rows = slow\n"
        f"sys.exit(main(['check-batch', '--operation', 'change_number', '--accounts', '{url}', '--out', '{out}/a.jsonl']))"
    )
    process = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert process.stderr.readline() == "begun\n"
    assert len(list(out.iterdir())) == 1
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    assert list(out.iterdir()) == []
    assert process.stderr.read() == ""
