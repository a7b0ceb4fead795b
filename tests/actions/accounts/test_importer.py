import json
from pathlib import Path

import pytest

from actions.accounts import importer
from actions.accounts.errors import AccountsError, ImportProblems
from actions.accounts.importer import import_accounts
from actions.accounts.repository import AccountRepository
from knowledge.facts import FactSpec

G1001 = {"id": "G1001", "name": "源创三象", "blacklisted": False}


def problems_of(path, facts, tmp_path) -> list[tuple[int, str | None]]:
    database = tmp_path / "untouched.db"
    with pytest.raises(ImportProblems) as caught:
        import_accounts(path, f"sqlite:///{database}", facts)
    assert not database.exists(), "a bad file must not even make the database"
    return [(problem.line, problem.field) for problem in caught.value.problems]


def test_a_file_is_loaded_whole(write_file, facts, database_url):
    path = write_file({"number": "18600000001", "arrears": "32.50", "customer": G1001}, {"number": "18600000002"})
    assert import_accounts(path, database_url, facts) == 2
    repository = AccountRepository(database_url, facts)
    assert repository.find("18600000001").customer_name == "源创三象"
    assert repository.find("18600000002").customer is None


def test_importing_again_replaces_what_was_known_of_a_number(write_file, facts, database_url):
    import_accounts(write_file({"number": "1", "arrears": "5.00", "points": 3, "customer": G1001}), database_url, facts)
    import_accounts(write_file({"number": "1", "points": 4, "customer": {"id": "G1002"}}), database_url, facts)
    account = AccountRepository(database_url, facts).find("1")
    assert account.values() == {"points": 4}
    assert account.customer == "G1002"


def test_an_explicit_none_replaces_a_date_and_a_date_replaces_it(write_file, facts, database_url):
    for end in ("2027-12-31", "none", "2028-02-29"):
        import_accounts(write_file({"number": "1", "subsidy_agreement_end": end}), database_url, facts)
        value = AccountRepository(database_url, facts).find("1").values()["subsidy_agreement_end"]
        assert str(value) == end


def test_numbers_that_are_not_in_the_file_stay(write_file, facts, database_url):
    import_accounts(write_file({"number": "1", "customer": G1001}), database_url, facts)
    import_accounts(write_file({"number": "2", "customer": G1001}), database_url, facts)
    assert AccountRepository(database_url, facts).numbers_of("G1001") == ["1", "2"]


def test_every_bad_line_is_reported_at_once_and_nothing_is_loaded(write_file, facts, tmp_path):
    path = write_file(
        {"number": "1", "arrears": "-0.01"},
        {"number": "2", "colour": "red", "status": "sleeping"},
        {"number": "3", "plan_agreement_end": "2027-02-29", "points": "7"},
        {"number": "4", "roaming": "true"},
        {"number": "1", "balance": 3.5},
        '{"number": "6", ',
        b'{"number": "\xff"}',
        {"number": "8", "lifecycle": "none"},
        {"arrears": "1.00"},
        '["18600000001"]',
        '{"number": "11", "number": "12"}',
    )
    assert problems_of(path, facts, tmp_path) == [
        (1, "arrears"),
        (2, "colour"),
        (2, "status"),
        (3, "plan_agreement_end"),
        (3, "points"),
        (4, "roaming"),
        (5, "balance"),
        (5, "number"),
        (6, None),
        (7, None),
        (9, "number"),
        (10, None),
        (11, "number"),
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("arrears", 32.5),
        ("arrears", "32.505"),
        ("arrears", "1e3"),
        ("arrears", "NaN"),
        ("arrears", "none"),
        ("arrears", "9" * 30),
        ("arrears", "３"),
        ("refundable", "-1"),
        ("points", True),
        ("points", 1.0),
        ("points", 10**30),
        ("roaming", 1),
        ("status", "none"),
        ("status", ["active"]),
        ("relocated", "NEW"),
        ("subsidy_agreement_end", "20271231"),
        ("subsidy_agreement_end", "2027-1-1"),
        ("subsidy_agreement_end", ""),
        ("subsidy_agreement_end", False),
        ("number", "  "),
        ("number", 18600000001),
        ("number", "1" * 65),
        ("number", "1\x00"),
        ("number", "\ud800"),
        ("customer", "G1001"),
        ("blacklisted", True),
    ],
)
def test_a_value_the_field_cannot_have_is_refused(write_file, facts, tmp_path, field, value):
    path = write_file(json.dumps({"number": "18600000001"} | {field: value}))
    assert problems_of(path, facts, tmp_path) == [(1, field)]


@pytest.mark.parametrize(
    ("customer", "field"),
    [
        ({"name": "源创三象"}, "customer.id"),
        ({"id": "G1", "name": ""}, "customer.name"),
        ({"id": "G1", "blacklisted": "no"}, "customer.blacklisted"),
        ({"id": "G1", "arrears": "0.00"}, "customer.arrears"),
    ],
)
def test_a_bad_customer_is_refused(write_file, facts, tmp_path, customer, field):
    assert problems_of(write_file({"number": "1", "customer": customer}), facts, tmp_path) == [(1, field)]


def test_records_of_one_customer_must_agree(write_file, facts, tmp_path):
    path = write_file(
        {"number": "1", "customer": {"id": "G1", "name": "甲"}},
        {"number": "2", "customer": {"id": "G1", "name": "甲", "blacklisted": True}},
        {"number": "3", "customer": {"id": "G1", "name": "乙", "blacklisted": True}},
        {"number": "4", "customer": {"id": "G1", "blacklisted": False}},
        {"number": "5", "customer": {"id": "G2", "name": "乙", "blacklisted": False}},
    )
    assert problems_of(path, facts, tmp_path) == [(3, "customer.name"), (4, "customer.blacklisted")]


def test_what_one_line_leaves_out_of_a_customer_another_may_say(write_file, facts, database_url):
    path = write_file(
        {"number": "1", "customer": {"id": "G1", "name": None}},
        {"number": "2", "customer": {"id": "G1", "name": "甲", "key_person": True}},
    )
    import_accounts(path, database_url, facts)
    account = AccountRepository(database_url, facts).find("1")
    assert account.customer_name == "甲"
    assert account.values() == {"key_person": True}


@pytest.mark.parametrize("content", [b"", b"\n  \n"])
def test_an_empty_file_is_refused(facts, tmp_path, content):
    path = tmp_path / "empty.jsonl"
    path.write_bytes(content)
    assert problems_of(path, facts, tmp_path) == [(0, None)]


def test_a_file_saved_on_windows_is_read(facts, tmp_path):
    path = tmp_path / "windows.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b'{"number": "1"}\r\n\r\n{"number": "2"}')
    assert import_accounts(path, f"sqlite:///{tmp_path / 'a.db'}", facts) == 2


@pytest.mark.parametrize("line", ["[" * 100_000, '{"number": "1", "points": ' + "9" * 5000 + "}", "x" * 100_000])
def test_a_hostile_line_gets_a_sentence(write_file, facts, tmp_path, line):
    assert problems_of(write_file(line), facts, tmp_path) == [(1, None)]


@pytest.mark.parametrize("path", ["missing.jsonl", "."])
def test_a_file_that_cannot_be_read_gets_a_sentence(facts, tmp_path, path):
    with pytest.raises(AccountsError, match="读不出来"):
        import_accounts(tmp_path / path, f"sqlite:///{tmp_path / 'a.db'}", facts)


def test_more_than_one_batch_is_loaded(write_file, facts, database_url):
    path = write_file(*({"number": f"{n:05}", "customer": {"id": f"C{n}"}} for n in range(2500)))
    assert import_accounts(path, database_url, facts) == 2500
    repository = AccountRepository(database_url, facts)
    assert repository.find("02499").customer == "C2499"


def test_a_file_that_changes_while_it_is_loaded_loads_nothing(write_file, facts, database_url, monkeypatch):
    import_accounts(write_file({"number": "0"}), database_url, facts)
    path = write_file(*({"number": f"{n:05}"} for n in range(1, 1500)))

    def spoil(url: str) -> None:
        path.write_bytes(path.read_bytes() + b"broken\n")

    monkeypatch.setattr(importer, "upgrade", spoil)
    with pytest.raises(ImportProblems):
        import_accounts(path, database_url, facts)
    repository = AccountRepository(database_url, facts)
    assert repository.find("00001") is None
    assert repository.find("0") is not None


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://host/db", "oracle+foo://x", "postgresql://tester@/none?host=/nowhere"]
)
def test_a_database_that_cannot_be_used_gets_a_sentence(write_file, facts, url):
    with pytest.raises(AccountsError, match="账户数据库"):
        import_accounts(write_file({"number": "1"}), url, facts)


def test_a_password_is_never_shown(write_file, facts):
    with pytest.raises(AccountsError) as caught:
        import_accounts(write_file({"number": "1"}), "postgresql://u:geheim@127.0.0.1:1/none", facts)
    assert "geheim" not in str(caught.value)


def test_a_sqlite_file_in_a_new_folder_is_made(write_file, facts, tmp_path: Path):
    import_accounts(write_file({"number": "1"}), f"sqlite:///{tmp_path / 'new' / 'folder' / 'a.db'}", facts)
    assert (tmp_path / "new" / "folder" / "a.db").exists()


def test_a_declared_fact_that_no_database_can_keep_is_refused_in_one_sentence(write_file, facts, tmp_path):
    declared = {**facts, "months_used": FactSpec("months_used", "int", "在网月数")}
    with pytest.raises(AccountsError, match=r"^facts\.yml 里的事实 months_used 在账户数据库里没有地方存\S*$"):
        import_accounts(write_file({"number": "1", "months_used": 3}), f"sqlite:///{tmp_path / 'a.db'}", declared)
