"""The accounts database as a source: everything of a number in one statement."""

from datetime import date

import pytest
from sqlalchemy import event

from actions.accounts.importer import import_accounts
from actions.accounts.repository import AccountRepository
from actions.accounts.sql_source import SqlSource
from actions.eligibility.verdict import check
from knowledge.conditions import load_all
from tests.actions.accounts.test_repository import FULL
from tests.actions.eligibility.conftest import RULES


@pytest.fixture
def repository(write_file, facts, database_url):
    import_accounts(write_file(FULL), database_url, facts)
    return AccountRepository(database_url, facts)


async def test_a_look_up_and_all_its_verdicts_are_one_statement(repository, facts):
    source, sent = SqlSource(repository), []
    event.listen(repository._engine, "before_cursor_execute", lambda *arguments: sent.append(arguments[2]))
    account = await source.find(FULL["number"], {"arrears"})
    assert [account.fact(name) for name in facts] == list(account.facts.values())
    for rules in load_all(RULES).values():
        assert check(rules, account, date(2026, 11, 27)).text
    [statement] = sent
    assert "JOIN customer" in statement
    await source.close()


async def test_all_facts_are_given_whatever_is_needed(repository, facts):
    source = SqlSource(repository)
    assert set((await source.find(FULL["number"], ())).facts) == source.facts == set(facts)
    assert await source.find("1", facts) is None
    await source.close()
