"""A source from what somebody names: a URL, a mapping, or several sources in a file."""

from pathlib import Path

import pytest

from actions.accounts.billing.source import HttpSource
from actions.accounts.combined import CombinedSource
from actions.accounts.errors import AccountsError, AccountsMissing
from actions.accounts.facts import Known
from actions.accounts.opening import open_source
from actions.accounts.sql_source import SqlSource
from tests.simulators.billing import MAPPING, SECRET, BillingSystem

SOURCES = """\
sources:
  billing: {mapping: billing.yml}
  archive: {database: default, max_age: 30d}
order: [billing, archive]
facts:
  arrears: [billing]
  special_terms: [archive]
conflict: unknown
"""


@pytest.fixture
def folder(tmp_path: Path, environment: pytest.MonkeyPatch, demo_accounts_url: str) -> Path:
    """A folder with a mapping, and the demo accounts as the accounts database."""
    environment.setenv("ACCOUNTS_URL", demo_accounts_url)
    environment.setenv("ACCOUNTS_SECRET_BILLING", SECRET)
    text = MAPPING.read_text(encoding="utf-8").replace("@URL@", "https://billing.example.com")
    (tmp_path / "billing.yml").write_text(text, encoding="utf-8")
    return tmp_path


def write(folder: Path, text: str = SOURCES) -> str:
    path = folder / "sources.yml"
    path.write_text(text, encoding="utf-8")
    return str(path)


async def test_a_url_is_a_database(demo_accounts_url, facts):
    source = open_source(demo_accounts_url, facts)
    assert isinstance(source, SqlSource)
    assert (source.name, source.facts) == ("账户数据库", frozenset(facts))
    await source.close()


def test_a_database_that_is_not_there_is_said(tmp_path, facts):
    with pytest.raises(AccountsMissing):
        open_source(f"sqlite:///{tmp_path / 'no.db'}", facts)


def test_an_address_without_a_mapping_is_refused(facts):
    with pytest.raises(AccountsError, match="映射文件"):
        open_source("https://billing.example.com/v1", facts)


def test_a_mapping_is_a_billing_system(folder, facts):
    assert isinstance(open_source(str(folder / "billing.yml"), facts), HttpSource)


def test_a_secret_that_is_not_set_is_said(folder, facts, environment):
    environment.delenv("ACCOUNTS_SECRET_BILLING")
    with pytest.raises(AccountsError, match="ACCOUNTS_SECRET_BILLING"):
        open_source(str(folder / "billing.yml"), facts)
    with pytest.raises(AccountsError, match="ACCOUNTS_SECRET_BILLING"):
        open_source(write(folder), facts)


async def test_a_file_of_sources_puts_them_together(folder, facts):
    source = open_source(write(folder), facts)
    assert isinstance(source, CombinedSource)
    assert source.name == "计费系统、账户数据库"
    assert source.facts == frozenset(facts)
    assert source._precedence["arrears"] == ("billing",)
    assert source._precedence["special_terms"] == ("archive",)
    assert source._precedence["status"] == ("billing", "archive")
    await source.close()


async def test_facts_of_a_real_system_and_a_real_database_come_together(folder, facts):
    truth = {"18600010102": {"status": "lost", "roaming": True}}
    async with BillingSystem(truth).running() as system:
        system.write_mapping(folder)
        source = open_source(write(folder), facts)
        account = await source.find("18600010102", facts)
        assert account.customer == "G1001"
        status, special_terms, arrears = map(account.fact, ("status", "special_terms", "arrears"))
        # The database says "active": here the policy is that nothing is known then.
        assert "计费系统、账户数据库" in status.reason
        assert isinstance(special_terms, Known)
        assert special_terms.source == "账户数据库"
        assert special_terms.read_at is not None
        assert arrears.reason == "计费系统没有给出这一项的值"
        assert await source.find("18699999999", facts) is None
        await source.close()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("conflict: unknown\n", "", "缺少“conflict”"),
        ("conflict: unknown", "conflict: newest", "只能是：first、unknown"),
        ("order: [billing, archive]\n", "", "缺少“order”"),
        ("order: [billing, archive]", "order: []", "至少要有一个来源"),
        ("order: [billing, archive]", "order: [billing, crm]", "“crm”不在 sources 里"),
        ("order: [billing, archive]", "order: [billing, billing]", "重复的来源"),
        ("arrears: [billing]", "salary: [billing]", "不是规则库里的事实"),
        ("arrears: [billing]", "arrears: billing", "应当是列表"),
        ("database: default", "databases: default", "不认识的键“databases”"),
        ("database: default", "database: default, mapping: billing.yml", "只能写一个"),
        ("database: default", "database: mysql://a/b", "不支持 mysql"),
        ("mapping: billing.yml", "mapping: none.yml", "没有这个文件"),
        ("max_age: 30d", "max_age: 30", "30s、15m、2h 或 1d"),
        ("sources:\n", "source:\n", "不认识的键"),
    ],
)
def test_a_mistake_in_a_file_of_sources_is_said_with_its_line(folder, facts, old, new, said):
    assert old in SOURCES
    with pytest.raises(AccountsError, match=said) as caught:
        open_source(write(folder, SOURCES.replace(old, new)), facts)
    assert "sources.yml:" in str(caught.value)


def test_a_source_that_cannot_give_a_fact_is_not_asked_for_it(folder, facts):
    path = folder / "billing.yml"
    text = path.read_text(encoding="utf-8").replace('  arrears: {at: data.fee.owe, unit: 分, at_most: "1000000"}\n', "")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AccountsError, match="billing 给不出这个事实"):
        open_source(write(folder), facts)


def test_a_mistake_in_a_mapping_is_said_with_both_places(folder, facts):
    path = folder / "billing.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("unit: 分", "unit: 毛"), encoding="utf-8")
    with pytest.raises(AccountsError, match=r"sources\.yml:2：“billing”：.*billing\.yml:\d+：.*毛"):
        open_source(write(folder), facts)
