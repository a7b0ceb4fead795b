from datetime import date

import pytest

from actions.accounts.demo import demo_accounts, prepare_demo_accounts
from actions.eligibility.service import check_number

ON = date(2026, 11, 22)


@pytest.fixture
def url(tmp_path):
    url = f"sqlite:///{tmp_path / 'demo.db'}"
    prepare_demo_accounts(url)
    return url


def test_preparing_the_demo_twice_is_the_same_as_once(url):
    assert prepare_demo_accounts(url) == len(demo_accounts())


def test_every_demo_account_has_a_record_and_says_what_it_shows():
    for account in demo_accounts():
        assert account.title
        assert account.ask
        assert account.expect
        assert account.customer
        assert account.customer_name


# What data/demo/accounts.yml promises of each number.
@pytest.mark.parametrize(
    ("number", "operation", "status", "blockers", "unknowns", "earliest"),
    [
        ("18600010101", "change_number", "allowed", [], [], "2026-11-22"),
        ("18600010102", "change_number", "blocked", ["arrears_settled"], [], "2026-11-22"),
        ("18600010103", "change_number", "blocked", ["no_subsidy_agreement"], [], "2028-01-01"),
        ("18600010104", "change_number", "blocked", ["no_special_number_restriction"], [], None),
        ("18600010104", "cancel_service", "blocked", ["no_special_number_agreement"], [], "2028-07-01"),
        ("18600010105", "cancel_service", "allowed", [], [], "2026-11-22"),
        ("18600010106", "change_number", "allowed", [], [], "2026-11-22"),
        ("18600010106", "cancel_service", "needs_review", [], ["individual_public_rules"], "2026-11-22"),
        (
            "18600010107",
            "change_number",
            "needs_review",
            [],
            ["arrears_settled", "not_relocated_new", "not_relocated_old", "no_subsidy_agreement"],
            "2026-11-22",
        ),
        ("18600010108", "change_number", "not_applicable", [], [], None),
        ("18600010109", "cancel_service", "blocked", ["no_plan_agreement"], [], "2028-03-01"),
        ("18600010110", "cancel_service", "needs_review", [], ["individual_public_rules"], "2026-11-22"),
        ("055162000111", "change_number", "blocked", ["not_relocated_new"], [], None),
        ("055162000112", "change_number", "blocked", ["not_relocated_old"], [], None),
        ("18600010111", "cancel_service", "allowed", [], [], "2026-11-22"),
        ("18600010112", "change_number", "allowed", [], [], "2026-11-22"),
        ("18600010113", "cancel_service", "allowed", [], [], "2026-11-22"),
    ],
)
def test_each_demo_account_shows_what_it_promises(url, number, operation, status, blockers, unknowns, earliest):
    verdict = check_number(number, operation, ON, role="customer", accounts_url=url).to_json()
    assert (verdict["status"], verdict["blockers"], verdict["unknowns"]) == (status, blockers, unknowns)
    assert verdict["earliest"]["date"] == earliest
