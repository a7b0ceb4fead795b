from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import IntegrityError

from actions.accounts.errors import AccountsError, AccountsMissing
from actions.accounts.facts import Absent, Known, Unknown
from actions.accounts.importer import import_accounts
from actions.accounts.migrations import upgrade
from actions.accounts.repository import AccountRepository

FULL = {
    "number": "18600000001",
    "customer": {"id": "G1001", "name": "源创三象", "blacklisted": False, "key_person": True},
    "ownership": "organization",
    "lifecycle": "none",
    "arrears": "0.10",
    "balance": "-12345678.91",
    "points": 0,
    "relocated": "none",
    "roaming": False,
    "subsidy_agreement_end": "2028-02-29",
    "plan_agreement_end": "none",
    "data_used_gb": "5.125",
}


@pytest.fixture
def repository(write_file, facts, database_url):
    import_accounts(write_file(FULL, {"number": "18600000002"}), database_url, facts)
    repository = AccountRepository(database_url, facts)
    yield repository
    repository.close()


def test_values_come_back_exactly(repository):
    account = repository.find("18600000001")
    assert account.values() == {
        "blacklisted": False,
        "key_person": True,
        "ownership": "organization",
        "lifecycle": "none",
        "arrears": Decimal("0.10"),
        "balance": Decimal("-12345678.91"),
        "points": 0,
        "relocated": "none",
        "roaming": False,
        "subsidy_agreement_end": date(2028, 2, 29),
        "plan_agreement_end": "none",
        "data_used_gb": Decimal("5.125"),
    }


def test_null_is_unknown_and_never_none(repository, facts):
    account = repository.find("18600000002")
    assert set(account.facts) == set(facts)
    assert all(isinstance(fact, Unknown) for fact in account.facts.values())
    assert account.values() == {}


def test_an_explicit_none_is_absent_not_unknown(repository):
    account = repository.find("18600000001")
    assert isinstance(account.fact("plan_agreement_end"), Absent)
    assert isinstance(account.fact("lifecycle"), Absent)
    assert isinstance(account.fact("special_number_agreement_end"), Unknown)


def test_a_known_fact_says_where_and_when_it_was_read(repository):
    fact = repository.find("18600000001").fact("arrears")
    assert isinstance(fact, Known)
    assert fact.source
    assert fact.read_at.tzinfo is not None


def test_one_number_is_one_statement(repository):
    statements = []
    event.listen(repository._engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    repository.find("18600000001")
    assert len(statements) == 1


def test_an_unknown_number_is_not_found(repository):
    assert repository.find("18600000009") is None
    assert repository.find("' OR 1=1 --") is None


def test_the_numbers_of_a_customer_are_in_order(repository, write_file, facts, database_url):
    import_accounts(write_file({"number": "13000000000", "customer": {"id": "G1001"}}), database_url, facts)
    assert repository.numbers_of("G1001") == ["13000000000", "18600000001"]
    assert repository.numbers_of("nobody") == []


@pytest.mark.parametrize(
    ("column", "value"), [("status", "'weird'"), ("status", "'none'"), ("arrears", "-1"), ("lifecycle", "''")]
)
def test_a_value_another_program_wrote_wrongly_is_unknown(repository, database_url, column, value):
    with create_engine(database_url).begin() as connection:
        connection.execute(text(f"UPDATE subscription SET {column} = {value}"))
    fact = repository.find("18600000001").fact(column)
    assert isinstance(fact, Unknown)
    assert "不对" in fact.reason


@pytest.mark.parametrize(("column", "value"), [("arrears", "abc"), ("plan_agreement_end", "morgen")])
def test_nonsense_that_sqlite_keeps_gets_a_sentence_instead_of_a_verdict(write_file, facts, tmp_path, column, value):
    url = f"sqlite:///{tmp_path / 'a.db'}"
    import_accounts(write_file(FULL), url, facts)
    with create_engine(url).begin() as connection:
        connection.execute(text(f"UPDATE subscription SET {column} = '{value}', plan_agreement_end_is_none = 0"))
    with pytest.raises(AccountsError, match="读不懂"):
        AccountRepository(url, facts).find("18600000001")


def test_a_date_and_its_none_marker_exclude_each_other(repository, database_url):
    update = text("UPDATE subscription SET subsidy_agreement_end_is_none = (1 = 1)")
    with create_engine(database_url).begin() as connection, pytest.raises(IntegrityError):
        connection.execute(update)


def test_a_database_that_was_never_made_is_said_and_not_made(facts, tmp_path):
    with pytest.raises(AccountsMissing, match="accounts import"):
        AccountRepository(f"sqlite:///{tmp_path / 'none.db'}", facts)
    assert not (tmp_path / "none.db").exists()


def test_a_database_without_tables_is_said(facts, database_url):
    with create_engine(database_url).connect() as connection:
        connection.execute(text("SELECT 1"))
    with pytest.raises(AccountsMissing, match="accounts import"):
        AccountRepository(database_url, facts).find("1")


def test_the_default_facts_are_those_of_the_rule_base(database_url, facts):
    upgrade(database_url)
    assert AccountRepository(database_url)._facts == facts
