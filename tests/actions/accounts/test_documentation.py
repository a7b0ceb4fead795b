"""What docs/accounts.md shows is what the readers accept."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from actions.accounts.billing.client import parse
from actions.accounts.billing.mapping_file import read_mapping
from actions.accounts.billing.reading import read_account
from actions.accounts.opening import open_source
from actions.settings import ROOT

TEXT = (ROOT / "docs" / "accounts.md").read_text(encoding="utf-8")


def block(language: str, start: str) -> str:
    return next(one for one in re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL) if one.startswith(start))


@pytest.fixture
def mapping_file(tmp_path: Path) -> Path:
    path = tmp_path / "billing.yml"
    path.write_text(block("yaml", "name:"), encoding="utf-8")
    return path


def test_the_mapping_of_the_example_reads_the_answer_of_the_example(mapping_file, facts):
    mapping = read_mapping(mapping_file, facts, lambda name: "令牌")
    answer = block("json", "{")
    stamp = datetime.fromisoformat(json.loads(answer)["data"]["asOf"])
    account = read_account(mapping, "18600000001", parse(answer.encode()), stamp.astimezone(UTC) + timedelta(minutes=1))
    assert account.values() == {
        "ownership": "organization",
        "status": "active",
        "arrears": Decimal("32.50"),
        "campaign_restricted": False,
        "plan_agreement_end": date(2027, 12, 31),
        "special_number_agreement_end": "none",
    }
    assert (account.customer, account.customer_name) == ("G1001", "源创三象")


async def test_the_sources_of_the_example_go_together(mapping_file, facts, environment, demo_accounts_url):
    environment.setenv("ACCOUNTS_URL", demo_accounts_url)
    environment.setenv("ACCOUNTS_SECRET_BILLING", "token")
    contracts = mapping_file.read_text(encoding="utf-8").replace(
        "facts:\n", "facts:\n  subsidy_agreement_end: {at: data.subsidyEnd}\n"
    )
    (mapping_file.parent / "contracts.yml").write_text(contracts, encoding="utf-8")
    path = mapping_file.parent / "sources.yml"
    path.write_text(block("yaml", "sources:"), encoding="utf-8")
    source = open_source(str(path), facts)
    assert source.name == "计费系统、计费系统、账户数据库"
    await source.close()
