import json
from datetime import date

import pytest

from actions.accounts.batch.reader import Customer
from actions.accounts.demo import prepare_demo_accounts
from actions.accounts.importer import import_accounts
from actions.eligibility.companies import AmbiguousCustomer, UnknownCustomer, company_overview, customers_called
from actions.settings import ROOT
from knowledge.conditions import UnknownOperation
from knowledge.facts import load_facts

ON = date(2026, 11, 22)
RECORDS = [
    json.loads(line) for line in (ROOT / "data" / "demo" / "accounts.jsonl").read_text(encoding="utf-8").splitlines()
]
HOLDER = RECORDS[0]["customer"]


@pytest.fixture
def url(tmp_path):
    url = f"sqlite:///{tmp_path / 'demo.db'}"
    prepare_demo_accounts(url)
    return url


def test_a_company_is_summed_up_by_status(url):
    overview = company_overview(HOLDER["name"], "change_number", ON, first=3, accounts_url=url)
    held = [record for record in RECORDS if record["customer"]["id"] == HOLDER["id"]]
    assert overview.customer == Customer(HOLDER["id"], HOLDER["name"])
    assert overview.total == len(held)
    assert set(overview.counts) == {"allowed", "needs_review", "blocked", "not_applicable"}
    assert [row.number for row in overview.first] == ["05********11", "05********12", "186****0101"][
        : len(overview.first)
    ]


def test_the_rows_are_masked_and_say_the_requirements(url):
    overview = company_overview(HOLDER["id"], "change_number", ON, first=100, accounts_url=url)
    rows = {row.number: row for row in overview.first}
    assert rows["186****0102"].status == "blocked"
    assert rows["186****0102"].unmet == ("号码没有欠费",)
    assert (rows["186****0102"].earliest, rows["186****0102"].certain) == (ON, True)


def test_the_id_goes_before_the_name(url, tmp_path):
    path = tmp_path / "more.jsonl"
    path.write_text(
        json.dumps({"number": "1", "customer": {"id": HOLDER["name"], "name": "别家"}}) + "\n", encoding="utf-8"
    )
    import_accounts(path, url, load_facts(ROOT / "knowledge" / "facts.yml"))
    assert company_overview(HOLDER["name"], "change_number", ON, accounts_url=url).customer.name == "别家"


def test_a_part_of_a_name_is_nobody(url):
    with pytest.raises(UnknownCustomer):
        company_overview(HOLDER["name"][:2], "change_number", ON, accounts_url=url)
    assert HOLDER["id"] in [customer.id for customer in customers_called([HOLDER["name"][:2]], "", accounts_url=url)]


def test_of_two_with_one_name_none_is_taken(url, tmp_path):
    path = tmp_path / "more.jsonl"
    path.write_text(
        json.dumps({"number": "1", "customer": {"id": "G9", "name": HOLDER["name"]}}) + "\n", encoding="utf-8"
    )
    import_accounts(path, url, load_facts(ROOT / "knowledge" / "facts.yml"))
    with pytest.raises(AmbiguousCustomer) as caught:
        company_overview(HOLDER["name"], "change_number", ON, accounts_url=url)
    assert {customer.id for customer in caught.value.customers} == {HOLDER["id"], "G9"}


def test_an_operation_that_does_not_exist_is_said(url):
    with pytest.raises(UnknownOperation):
        company_overview(HOLDER["id"], "fly", ON, accounts_url=url)
