from datetime import date

import pytest

from actions.accounts.demo import demo_accounts, prepare_demo_accounts
from actions.eligibility.service import check_number
from actions.settings import settings
from knowledge.conditions import covered_operations

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
        ("18600010105", "replace_sim", "blocked", ["postpaid_state"], [], "2026-11-22"),
        ("18600010105", "cancel_loss", "needs_review", [], ["lost_text"], "2026-11-22"),
        ("18600010106", "unlock_account", "allowed", [], [], "2026-11-22"),
        ("18600010106", "replace_sim", "blocked", ["prepaid_stage"], ["individual_public_rules"], "2026-11-22"),
        ("18600010112", "manage_password", "needs_review", [], ["blacklist_clear"], "2026-11-22"),
        ("18600010113", "resume_service", "needs_review", [], ["lost_text"], "2026-11-22"),
        ("18600010113", "suspend_service", "not_applicable", [], [], None),
        ("18600010114", "resume_service", "blocked", ["not_barred_for_arrears"], ["lost_text"], "2026-11-22"),
        ("18600010115", "unlock_account", "blocked", ["not_past_lock"], [], None),
        ("18600010116", "refund_prepayment", "blocked", ["agreements_ended"], [], "2027-07-01"),
        ("18600010117", "international_roaming", "needs_review", [], ["lost_text"], "2026-11-22"),
        (
            "18600010118",
            "transfer_ownership",
            "blocked",
            ["no_special_number_agreement"],
            ["lost_text"],
            "2027-01-01",
        ),
    ],
)
def test_each_demo_account_shows_what_it_promises(url, number, operation, status, blockers, unknowns, earliest):
    verdict = check_number(number, operation, ON, role="customer", accounts_url=url).to_json()
    assert (verdict["status"], verdict["blockers"], verdict["unknowns"]) == (status, blockers, unknowns)
    assert verdict["earliest"]["date"] == earliest


def test_every_operation_is_checked_for_every_demo_account(url):
    for account in demo_accounts():
        for operation in covered_operations(settings().rules):
            for role in ("customer", "staff"):
                verdict = check_number(account.number, operation, ON, role=role, accounts_url=url)
                assert verdict.to_json()["text"], (account.number, operation)
                assert "{" not in verdict.text


def test_the_notices_that_demo_accounts_promise_are_given(url):
    said = [
        ("18600010106", "unlock_account", "充值后余额大于0"),
        ("18600010117", "international_roaming", "也就是到 2026年12月8日"),
        ("18600010118", "transfer_ownership", "自动顺延一年"),
    ]
    for number, operation, text in said:
        verdict = check_number(number, operation, ON, role="customer", accounts_url=url)
        assert any(text in notice.text for notice in verdict.notices), (number, operation)
