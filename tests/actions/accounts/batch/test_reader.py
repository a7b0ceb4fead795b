import json
import subprocess
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import create_engine, event, text

from actions.accounts.batch.findings import Findings
from actions.accounts.batch.pattern import MAX_CONDITIONS, Applies, Bits
from actions.accounts.batch.reader import BatchReader, Customer
from actions.accounts.errors import AccountsError, AccountsMissing
from actions.accounts.importer import import_accounts
from actions.accounts.migrations import upgrade
from actions.settings import ROOT
from knowledge.conditions import load_operation
from tests.actions.accounts.batch.random_accounts import RandomAccounts, store

ON = date(2026, 11, 22)
CHANGE = load_operation(ROOT / "knowledge", "change_number")
CANCEL = load_operation(ROOT / "knowledge", "cancel_service")
SOUND = {
    "status": "active",
    "ownership": "organization",
    "arrears": "0.00",
    "plan_agreement_end": "none",
    "special_terms": False,
    "special_number_agreement_end": "none",
}


def record(number: str, holder: str = "G1", name: str = "源创三象科技有限公司", **facts):
    return {"number": number, "customer": {"id": holder, "name": name}, **SOUND, **facts}


@pytest.fixture
def load(write_file, facts, database_url):
    """Imports records and opens the database."""
    readers = []

    def load(*records) -> BatchReader:
        import_accounts(write_file(*records), database_url, facts)
        readers.append(BatchReader(database_url))
        return readers[-1]

    yield load
    for reader in readers:
        reader.close()


def found(reader, rules=CANCEL, on=ON, holder=None):
    findings = Findings(rules, on)
    return {number: (day, findings[code]) for chunk in reader.rows(rules, on, holder) for number, day, code in chunk}


def test_numbers_come_in_ascending_order_of_their_characters(load):
    numbers = ["a-1", "B-2", "18600000009", "055162000111", "9", "10", "号1", "a1", "-7"]
    assert list(found(load(*map(record, numbers)))) == sorted(numbers)


def test_every_number_comes_once_however_many_there_are(load, facts, database_url):
    reader = load(record("18600000001"))
    rows = RandomAccounts(facts, [ON], 1)
    store(database_url, [], [rows.row(f"{n:07d}", None) for n in range(12_000)])
    numbers = [number for chunk in reader.rows(CANCEL, ON) for number, _, _ in chunk]
    assert numbers == [*(f"{n:07d}" for n in range(12_000)), "18600000001"]
    assert reader.total() == 12_001


def test_a_whole_company_is_one_statement(load):
    reader = load(record("1"), record("2"), record("3", holder="G2"))
    statements = []
    event.listen(reader._engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    assert list(found(reader, holder="G1")) == ["1", "2"]
    assert [statement for statement in statements if not statement.startswith("SET LOCAL")] == statements[-1:]


def test_an_empty_database_and_a_customer_without_numbers_give_no_rows(database_url, load):
    upgrade(database_url)
    with closing(BatchReader(database_url)) as reader:
        assert found(reader) == {}
    reader = load(record("1"))
    assert found(reader, holder="nobody") == {}


def test_a_number_without_customer_is_judged_too(load):
    assert found(load({"number": "1", **SOUND}))["1"][1].status == "allowed"


@pytest.mark.parametrize(
    ("facts_of_it", "applies"),
    [
        ({}, Applies.YES),
        ({"status": "cancelled"}, Applies.CANCELLED),
        ({"status": None}, Applies.STATUS_UNKNOWN),
    ],
)
def test_it_is_said_why_an_operation_does_not_apply(load, facts_of_it, applies):
    assert found(load(record("1", **facts_of_it)))["1"][1].applies is applies


@pytest.mark.parametrize(("column", "value"), [("status", "'weird'"), ("arrears", "-1"), ("ownership", "''")])
def test_a_value_another_program_wrote_wrongly_is_unknown(load, database_url, column, value):
    reader = load(record("1"))
    with create_engine(database_url).begin() as connection:
        connection.execute(text(f"UPDATE subscription SET {column} = {value}"))
    assert found(reader)["1"][1].status == "needs_review"


@pytest.mark.parametrize("value", ["morgen", "2027-02-30", "2027-1-1", "0000-01-01", "20270101", ""])
def test_a_date_that_is_none_is_unknown_in_sqlite(write_file, facts, tmp_path, value):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    import_accounts(write_file(record("1")), url, facts)
    with create_engine(url).begin() as connection:
        update = "UPDATE subscription SET plan_agreement_end = :day, plan_agreement_end_is_none = 0"
        connection.execute(text(update), {"day": value})
    with closing(BatchReader(url)) as reader:
        finding = found(reader)["1"][1]
    assert (finding.status, [c.id for c in finding.unknowns]) == ("needs_review", ["no_plan_agreement"])


def test_a_word_where_an_amount_should_be_is_unknown_in_sqlite(write_file, facts, tmp_path):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    import_accounts(write_file(record("1")), url, facts)
    with create_engine(url).begin() as connection:
        connection.execute(text("UPDATE subscription SET arrears = 'abc'"))
    with closing(BatchReader(url)) as reader:
        assert [c.id for c in found(reader)["1"][1].unknowns] == ["arrears_settled"]


@pytest.mark.parametrize(
    ("end", "status", "day"),
    [
        ("infinity", "blocked", None),
        ("-infinity", "allowed", "2026-11-22"),
        ("10000-01-01", "needs_review", "2026-11-22"),
        ("0001-01-01 BC", "needs_review", "2026-11-22"),
        ("9999-12-30", "blocked", "9999-12-31"),
        ("9999-12-31", "blocked", None),
    ],
)
def test_dates_at_the_ends_of_the_calendar_in_postgresql(write_file, facts, postgres_url, end, status, day):
    import_accounts(write_file(record("1")), postgres_url, facts)
    with create_engine(postgres_url).begin() as connection:
        update = "UPDATE subscription SET plan_agreement_end_is_none = false, plan_agreement_end = CAST(:day AS date)"
        connection.execute(text(update), {"day": end})
    with closing(BatchReader(postgres_url)) as reader:
        found_day, finding = found(reader)["1"]
    assert (finding.status, found_day) == (status, day)


def test_a_summary_counts_and_lists_the_first(load):
    reader = load(
        record("3"), record("1", arrears="1.00"), record("2", status="cancelled"), record("4", holder="G2", name="别家")
    )
    statements = []
    event.listen(reader._engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    summary = reader.summary(CANCEL, ON, "G1", first=2)
    assert len([statement for statement in statements if not statement.startswith("SET LOCAL")]) == 1
    assert summary.counts == {"allowed": 1, "needs_review": 0, "blocked": 1, "not_applicable": 1}
    assert [(number, day, finding.status) for number, day, finding in summary.first] == [
        ("1", ON, "blocked"),
        ("2", None, "not_applicable"),
    ]


def test_the_statuses_are_counted_before_anything_is_read(load):
    reader = load(record("1", arrears="1.00"), record("2"), record("3"), record("4", holder="G2", arrears="1.00"))
    assert [reader.total(holder) for holder in (None, "G2", "nobody")] == [4, 1, 0]


def test_customers_are_found_by_what_a_message_calls_them(load):
    reader = load(
        record("1", name="源创三象（北京）科技有限公司"),
        record("2", holder="G2", name="源创"),
        record("3", holder="G3", name="100%_Cloud"),
    )
    statements = []
    event.listen(reader._engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))

    def called(*names: str, text: str = "") -> list[str]:
        return [one.id for one in reader.customers_called(names, text)]

    assert called("源创") == ["G2", "G1"]
    assert called("源创三象(北京)") == ["G1"]
    assert called(text="请问源创三象(北京)科技有限公司名下") == ["G1", "G2"]
    assert called("g2", "三象") == ["G2", "G1"]
    assert called("cloud") == ["G3"]
    assert called("%_") == ["G3"]
    assert called("没有") == called() == []
    assert reader.customers_called(("源创",), "", limit=1) == [Customer("G2", "源创")]
    assert len([statement for statement in statements if not statement.startswith("SET LOCAL")]) == 9
    assert reader.customers_with_name("源创") == [Customer("G2", "源创")]
    assert reader.customers_with_name("三象") == []
    assert (reader.has_customer("G1"), reader.has_customer("G9")) == (True, False)


def test_a_database_that_was_never_made_is_said_and_not_made(tmp_path):
    with pytest.raises(AccountsMissing, match="accounts import"):
        BatchReader(f"sqlite:///{tmp_path / 'none.db'}")
    assert not (tmp_path / "none.db").exists()


def test_more_conditions_than_a_row_can_tell_of_are_refused():
    one = CHANGE.conditions[0]
    with pytest.raises(AccountsError, match="最多"):
        Bits(replace(CHANGE, conditions=(one,) * (MAX_CONDITIONS + 1)), ON)


def test_rows_need_constant_memory(facts, tmp_path):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    rows = RandomAccounts(facts, [ON], 1)
    store(url, [], (rows.row(f"{n:07d}", None) for n in range(60_000)))
    script = (
        "import json, sys, tracemalloc\nfrom datetime import date\nfrom actions.accounts.batch.reader import BatchReader\n"
        "from knowledge.conditions import load_operation\nfrom actions.settings import ROOT\n"
        "reader = BatchReader(sys.argv[1])\nrules = load_operation(ROOT / 'knowledge', 'cancel_service')\n"
        "tracemalloc.start()\nrows = sum(len(chunk) for chunk in reader.rows(rules, date(2026, 11, 22)))\n"
        "print(json.dumps([rows, tracemalloc.get_traced_memory()[1]]))"
    )
    done = subprocess.run(
        [str(ROOT / ".venv/bin/python"), "-c", script, url], cwd=ROOT, check=True, capture_output=True, text=True
    )
    count, peak = json.loads(done.stdout)
    assert count == 60_000
    # A list of all the rows would take three times as much.
    assert peak < 5_000_000
