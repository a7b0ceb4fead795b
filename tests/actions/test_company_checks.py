"""The numbers of a company in a conversation, from the real accounts database and with the real audit trail."""

import json
from datetime import date
from pathlib import Path

import pytest

from actions import company_checks
from actions.accounts.demo import prepare_demo_accounts
from actions.audit.trail import Trail, audit_chain
from actions.conversation.respond import AccountsUnavailableError, LookNotRecordedError
from actions.identity import Identity
from actions.settings import settings

ON = date(2026, 11, 22)
STAFF = Identity("staff", name="王芳")


@pytest.fixture
def accounts(environment: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The demo accounts in the settings' own database."""
    prepare_demo_accounts(settings().accounts_url)
    return environment


def test_the_look_is_recorded_and_every_line_says_what_stands_in_the_way(accounts: pytest.MonkeyPatch) -> None:
    overview = company_checks.company_overview("G1001", "change_number", ON, STAFF)
    assert overview is not None
    assert overview.company.name == "源创三象科技有限公司"
    assert not overview.database_only
    rows = dict(overview.first)
    assert rows["186****0101"] == "可以办理"
    assert rows["186****0102"].startswith("暂时不能办理（不符合：")
    assert "从 2028年1月1日 起可以办理" in rows["186****0103"]
    (record,) = Trail(settings().audit_url, audit_chain()).latest(9)
    content = dict(record.content)
    assert (content["who"], content["customer"], content["channel"]) == ("王芳", "G1001", "conversation")
    assert sum(json.loads(str(content["counts"])).values()) == sum(overview.counts.values())


def test_customers_are_found_as_they_are_called(accounts: pytest.MonkeyPatch) -> None:
    (found,) = company_checks.customers_called(("源创三象",), "源创三象名下哪些号码能销户")
    assert (found.id, found.name) == ("G1001", "源创三象科技有限公司")


def test_an_unknown_customer_is_none(accounts: pytest.MonkeyPatch) -> None:
    assert company_checks.company_overview("G404", "cancel_service", ON, STAFF) is None


def test_nobody_but_staff_gets_through(accounts: pytest.MonkeyPatch) -> None:
    with pytest.raises(PermissionError):
        company_checks.company_overview("G1001", "cancel_service", ON, Identity("customer", customer="G1001"))


def test_with_other_sources_it_is_said_that_only_the_database_was_read(
    accounts: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    accounts.setenv("ACCOUNTS_SOURCES", str(tmp_path / "sources.yml"))
    settings.cache_clear()
    overview = company_checks.company_overview("G1001", "cancel_service", ON, STAFF)
    assert overview is not None
    assert overview.database_only


def test_nothing_is_told_where_the_database_or_the_audit_trail_fails(
    accounts: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    accounts.setenv("AUDIT_URL", f"sqlite:///file:{tmp_path / 'none.db'}?mode=ro&uri=true")
    settings.cache_clear()
    with pytest.raises(LookNotRecordedError):
        company_checks.company_overview("G1001", "cancel_service", ON, STAFF)
    accounts.setenv("ACCOUNTS_URL", f"sqlite:///{tmp_path / 'nothing.db'}")
    settings.cache_clear()
    with pytest.raises(AccountsUnavailableError):
        company_checks.customers_called(("源创",), "源创")
