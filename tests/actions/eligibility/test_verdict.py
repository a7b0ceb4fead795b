"""The verdict's JSON and wording."""

from datetime import date
from decimal import Decimal

import pytest

from actions.eligibility.verdict import check
from knowledge.conditions import load_all
from tests.actions.eligibility.conftest import RULES

ON = date(2026, 11, 22)
CLEAR = {
    "status": "active",
    "ownership": "organization",
    "arrears": Decimal("0.00"),
    "relocated": "none",
    "campaign_restricted": False,
    "special_number_restricted": False,
    "subsidy_agreement_end": "none",
    "plan_agreement_end": "none",
    "special_terms": False,
    "special_number_agreement_end": "none",
}
SERVICE, AGREEMENT = "集团客户标准服务内容", "集团客户入网协议"
DEPOSIT = ("no_special_number_agreement", AGREEMENT, "第二条(二)")
# The identifiers, their order and their citations as the contract has them; where it names no section for what is
# lost or left to the public rules, the section whose text is concerned.
CONTRACT = {
    "change_number": [
        (identifier, SERVICE, "三(二)")
        for identifier in (
            "arrears_settled",
            "not_relocated_new",
            "not_relocated_old",
            "no_campaign_restriction",
            "no_special_number_restriction",
            "no_subsidy_agreement",
        )
    ],
    "cancel_service": [
        ("individual_public_rules", SERVICE, "五(二)"),
        ("arrears_settled", SERVICE, "五(二)"),
        ("no_plan_agreement", SERVICE, "五(二)"),
        ("no_special_terms", SERVICE, "五(二)"),
        DEPOSIT,
    ],
    "suspend_service": [("lost_text", SERVICE, "六(二)"), ("individual_public_rules", SERVICE, "六(二)"), DEPOSIT],
    "resume_service": [
        ("lost_text", SERVICE, "六(二)"),
        ("individual_public_rules", SERVICE, "六(二)"),
        ("not_barred_for_arrears", SERVICE, "十七(三)"),
    ],
    "transfer_ownership": [("lost_text", SERVICE, "二"), ("individual_public_rules", SERVICE, "二(二)"), DEPOSIT],
    "replace_sim": [
        (identifier, SERVICE, "十二(二)")
        for identifier in ("individual_public_rules", "arrears_settled", "postpaid_state", "prepaid_stage")
    ],
    "refund_prepayment": [
        ("agreements_ended", SERVICE, "十三(二)"),
        ("not_special_number_deposit", AGREEMENT, "第二条(二)"),
    ],
    "unsubscribe_product": [
        ("individual_public_rules", SERVICE, "十一(二)"),
        ("arrears_settled", SERVICE, "十一(二)"),
    ],
    "book_product": [("individual_public_rules", SERVICE, "十一(二)")],
    "manage_password": [("arrears_settled", SERVICE, "二十四(二)"), ("blacklist_clear", SERVICE, "二十四(二)")],
    "unlock_account": [("not_past_lock", SERVICE, "三十(二)")],
    "query_lifecycle": [],
    "query_points": [("individual_public_rules", SERVICE, "十八(二)"), ("signed_member", SERVICE, "十八(二)")],
    "query_call_records": [("individual_public_rules", SERVICE, "二十二(二)")],
    "print_call_records": [("individual_public_rules", SERVICE, "二十三(二)")],
    "mask_call_records": [("individual_public_rules", SERVICE, "三十一(二)")],
    "relocate": [("lost_text", SERVICE, "四")],
    "report_loss": [("lost_text", SERVICE, "七(二)")],
    "cancel_loss": [("lost_text", SERVICE, "七(二)")],
    "change_profile": [("lost_text", SERVICE, "九(二)")],
    "redeem_points": [("lost_text", SERVICE, "十九")],
    "international_roaming": [("lost_text", SERVICE, "八(二)"), ("individual_public_rules", SERVICE, "八(二)")],
}
NEVER = ("new_connection", "group_products", "balance_reminder", "arrears_collection", "report_fault")
# Who can settle what, as the contract has it: condition -> by whom, and what is so afterwards.
REMEDIES = {
    "arrears_settled": ("customer", {"arrears": Decimal("0.00")}),
    "not_barred_for_arrears": ("customer", {"arrears": Decimal("0.00")}),
    "postpaid_state": ("customer", {"status": "active"}),
    "prepaid_stage": ("customer", {"lifecycle": "valid"}),
    "no_subsidy_agreement": ("time", {}),
    "no_plan_agreement": ("time", {}),
    "no_special_number_agreement": ("time", {}),
    "agreements_ended": ("time", {}),
    "lost_text": None,
    "individual_public_rules": None,
    "blacklist_clear": None,
}


@pytest.mark.parametrize("operation", CONTRACT)
def test_the_conditions_are_exactly_those_of_the_contract(operation, all_rules):
    found = [(c.id, c.citation.document, c.citation.section) for c in all_rules[operation].conditions]
    assert found == CONTRACT[operation]


def test_the_contract_covers_every_operation(all_rules):
    assert {*CONTRACT, *NEVER} == set(all_rules)


def test_the_remedies_are_those_of_the_contract(all_rules):
    for rules in all_rules.values():
        for condition in rules.conditions:
            found = condition.remedy and (condition.remedy.by, dict(condition.remedy.sets))
            assert found == REMEDIES.get(condition.id, ("none", {})), (rules.operation, condition.id)


def test_the_json_of_a_blocked_number(all_rules, make_account):
    account = make_account(CLEAR | {"arrears": Decimal("32.50"), "subsidy_agreement_end": date(2027, 12, 31)})
    account = account.__class__(
        account.number, None, None, {k: v for k, v in account.facts.items() if k != "relocated"}
    )
    found = check(all_rules["change_number"], account, ON).to_json()
    assert found["number"] == "186****0001"
    assert (found["operation"], found["on"], found["status"]) == ("change_number", "2026-11-22", "blocked")
    assert found["blockers"] == ["arrears_settled", "no_subsidy_agreement"]
    assert found["unknowns"] == ["not_relocated_new", "not_relocated_old"]
    assert found["earliest"] == {"date": "2028-01-01", "certain": False}
    conditions = {condition["id"]: condition for condition in found["conditions"]}
    assert list(conditions) == [identifier for identifier, _, _ in CONTRACT["change_number"]]
    assert conditions["arrears_settled"] | {"requirement": ""} == {
        "id": "arrears_settled",
        "state": "unmet",
        "citation": {"document": "集团客户标准服务内容", "section": "三(二)"},
        "facts": {"arrears": "32.50"},
        "fact_details": [
            {
                "name": "arrears",
                "label": "欠费（元）",
                "value": "32.50",
                "shown": "32.50",
                "source": "test",
                "read_at": None,
                "reason": None,
                "note": "test",
            }
        ],
        "requirement": "",
        "text": "这个号码欠费 32.50 元，要先交清才能改号。",
        "remedy": {"by": "customer", "text": "交清欠费 32.50 元。", "clears_on": None},
    }
    assert conditions["not_relocated_new"]["facts"] == {"relocated": None}
    assert conditions["not_relocated_new"]["remedy"] is None
    assert conditions["no_campaign_restriction"]["facts"] == {"campaign_restricted": False}
    assert conditions["no_subsidy_agreement"]["facts"] == {"subsidy_agreement_end": "2027-12-31"}
    assert conditions["no_subsidy_agreement"]["remedy"]["clears_on"] == "2028-01-01"
    assert found["steps"] == ["交清欠费 32.50 元。", "待核实的条件都符合的话，从 2028年1月1日 起可以办理改号。"]


def test_an_explicit_none_is_shown_as_none_and_unknown_as_null(all_rules, make_account):
    conditions = check(all_rules["cancel_service"], make_account(CLEAR), ON).to_json()["conditions"]
    facts = {name: value for condition in conditions for name, value in condition["facts"].items()}
    assert facts["plan_agreement_end"] == "none"
    assert check(all_rules["cancel_service"], make_account({}), ON).to_json()["conditions"][1]["facts"] == {
        "arrears": None
    }


def test_a_number_that_only_owes_money_is_told_to_pay_today(all_rules, make_account):
    verdict = check(all_rules["change_number"], make_account(CLEAR | {"arrears": Decimal("0.01")}), ON)
    assert verdict.steps == ("交清欠费 0.01 元。", "做完以上各步，2026年11月22日当天就可以办理改号。")


def test_no_steps_are_given_where_they_lead_nowhere(all_rules, make_account):
    account = make_account(CLEAR | {"arrears": Decimal("5.00"), "relocated": "old"})
    verdict = check(all_rules["change_number"], account, ON)
    assert verdict.steps == ()
    assert "没有解除的办法" in verdict.title


def test_a_customer_sees_only_what_stands_in_the_way_and_staff_see_everything(all_rules, make_account):
    account = make_account(CLEAR | {"arrears": Decimal("5.00")})
    customer = check(all_rules["change_number"], account, ON, role="customer").text
    staff = check(all_rules["change_number"], account, ON, role="staff").text
    assert "欠费 5.00 元" in customer
    assert "移机" not in customer
    for condition in all_rules["change_number"].conditions:
        assert condition.requirement in staff
    assert "《集团客户标准服务内容》三(二)" in staff


def test_nothing_but_the_status_is_asked_of_a_cancelled_number(all_rules, make_account):
    found = check(all_rules["cancel_service"], make_account({"status": "cancelled"}), ON).to_json()
    assert found["status"] == "not_applicable"
    assert found["conditions"] == found["blockers"] == found["unknowns"] == found["steps"] == found["notices"] == []
    assert found["earliest"] == {"date": None, "certain": True}
    assert "已经销户" in found["text"]


def test_an_unknown_status_is_said(all_rules, make_account):
    account = make_account({name: value for name, value in CLEAR.items() if name != "status"})
    found = check(all_rules["change_number"], account, ON, role="customer").to_json()
    assert found["status"] == "needs_review"
    assert found["applies"]["state"] == "unknown"
    assert "查不到这个号码的状态" in found["text"]


def test_assumptions_decide_and_are_said(all_rules, make_account):
    account = make_account(CLEAR | {"arrears": Decimal("5.00"), "subsidy_agreement_end": date(2027, 12, 31)})
    assumed = {"arrears": Decimal("0.00"), "subsidy_agreement_end": "none"}
    verdict = check(all_rules["change_number"], account, ON, assumed=assumed)
    assert verdict.status == "allowed"
    assert verdict.to_json()["assumptions"] == {"arrears": "0.00", "subsidy_agreement_end": "none"}
    assert "假设" in verdict.text
    assert "假设" not in check(all_rules["change_number"], account, ON).text


@pytest.mark.parametrize("operation", NEVER)
def test_an_operation_without_account_state_never_applies_and_says_so(operation, all_rules, make_account):
    found = check(all_rules[operation], make_account(CLEAR), ON).to_json()
    assert found["status"] == "not_applicable"
    assert "账户状态" in found["text"]


def test_an_internal_notice_is_for_staff_only(all_rules, make_account):
    rules, account = all_rules["arrears_collection"], make_account(CLEAR | {"key_person": True})
    assert "免催免停" in check(rules, account, ON, role="staff").text
    customer = check(rules, account, ON, role="customer")
    assert "免催免停" not in customer.text
    assert customer.to_json()["notices"] == []


def test_lost_text_is_never_allowed(tmp_path, make_account):
    write_rules(tmp_path, "change_number", "{lost: true}", "lost_text")
    verdict = check(load_all(tmp_path)["change_number"], make_account(CLEAR), ON)
    assert (verdict.status, verdict.to_json()["unknowns"]) == ("needs_review", ["lost_text"])
    assert verdict.earliest.certain is False


def write_rules(folder, operation: str, require: str, identifier: str) -> None:
    (folder / "operations").mkdir()
    (folder / "eligibility").mkdir()
    (folder / "facts.yml").write_text((RULES / "facts.yml").read_text())
    (folder / "operations" / f"{operation}.yml").write_text("name: 改号\n")
    (folder / "eligibility" / f"{operation}.yml").write_text(
        f"operation: {operation}\nconditions:\n  - id: {identifier}\n    cite: {{document: a, section: b}}\n"
        f"    require: {require}\n    say: {{requirement: x, unknown: y}}\n"
    )
