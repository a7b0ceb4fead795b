import os
import random
import shutil
from datetime import date

import pytest

from actions.accounts.demo import prepare_demo_accounts
from actions.accounts.errors import AccountsMissing
from actions.accounts.facts import AccountFacts
from actions.eligibility.reads import facts_read
from actions.eligibility.service import check_number
from actions.eligibility.verdict import check
from actions.settings import settings
from knowledge.conditions import NoEligibilityRules, UnknownOperation
from knowledge.yaml_source import KnowledgeError
from tests.actions.eligibility.conftest import RULES
from tests.actions.eligibility.domains import deciding, values_of
from tests.actions.eligibility.rule_cases import account_of

ON = date(2026, 11, 22)


@pytest.fixture
def url(tmp_path):
    url = f"sqlite:///{tmp_path / 'demo.db'}"
    prepare_demo_accounts(url)
    return url


@pytest.fixture
def rules_copy(tmp_path, monkeypatch):
    folder = tmp_path / "knowledge"
    shutil.copytree(RULES, folder)
    monkeypatch.setenv("RULES_DIR", str(folder))
    settings.cache_clear()
    yield folder
    settings.cache_clear()


def test_a_number_is_checked(url):
    verdict = check_number("18600010102", "change_number", ON, role="customer", accounts_url=url)
    assert verdict.status == "blocked"


def test_an_unknown_number_has_no_verdict(url):
    assert check_number("18699999999", "change_number", ON, role="staff", accounts_url=url) is None


def test_an_operation_whose_conditions_are_not_written_says_so(url, rules_copy):
    (rules_copy / "eligibility" / "transfer_ownership.yml").unlink()
    with pytest.raises(NoEligibilityRules, match="过户"):
        check_number("18600010101", "transfer_ownership", ON, role="staff", accounts_url=url)


@pytest.mark.parametrize("operation", ["fly", "", "../facts", "change_number.cases"])
def test_an_operation_that_does_not_exist_is_said(url, operation):
    with pytest.raises(UnknownOperation, match="change_number"):
        check_number("18600010101", operation, ON, role="staff", accounts_url=url)


def test_accounts_that_were_never_imported_are_said(tmp_path):
    with pytest.raises(AccountsMissing):
        check_number("1", "change_number", ON, role="staff", accounts_url=f"sqlite:///{tmp_path / 'no.db'}")


def test_an_edited_rule_file_counts_from_the_next_check(url, rules_copy):
    assert check_number("18600010102", "change_number", ON, role="staff", accounts_url=url).status == "blocked"
    path = rules_copy / "eligibility" / "change_number.yml"
    path.write_text(path.read_text().replace("欠费 {arrears} 元，要先交清", "还差 {arrears} 元，要先交"))
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + 1_000_000))
    verdict = check_number("18600010102", "change_number", ON, role="staff", accounts_url=url)
    assert "还差 32.50 元" in verdict.text
    path.write_text("conditions: 5\n")
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + 2_000_000))
    with pytest.raises(KnowledgeError):
        check_number("18600010102", "change_number", ON, role="staff", accounts_url=url)


def test_the_facts_that_are_asked_for_are_all_that_a_verdict_tells(all_rules):
    chance = random.Random(1)
    for rules in all_rules.values():
        read = facts_read(rules)
        assert "status" in read
        predicates = [*deciding(rules), *(notice.when for notice in rules.notices)]
        for _ in range(50):
            drawn = {name: chance.choice(values_of(spec, predicates, ON)) for name, spec in rules.facts.items()}
            account = account_of(drawn)
            asked = {name: fact for name, fact in account.facts.items() if name in read}
            of_asked = AccountFacts(account.number, account.customer, account.customer_name, asked)
            assert check(rules, of_asked, ON).to_json() == check(rules, account, ON).to_json()


def test_facts_that_play_no_part_are_not_asked_for(all_rules):
    assert "data_used_gb" not in facts_read(all_rules["change_number"])
    assert "points" in facts_read(all_rules["cancel_service"])


def test_the_day_from_which_a_term_of_a_notice_runs_is_asked_for(all_rules):
    assert "roaming_closed_on" in facts_read(all_rules["international_roaming"])
