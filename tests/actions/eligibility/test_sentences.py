"""What is said of one account: which agreement, which missing fact, which source, which last day."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from actions.accounts.facts import Known, Unknown
from actions.eligibility.verdict import check

ON = date(2026, 11, 22)
REFUND = {
    "status": "active",
    "prepayment_kind": "ordinary",
    "plan_agreement_end": "none",
    "subsidy_agreement_end": "none",
    "special_number_agreement_end": "none",
}


def condition(verdict, identifier: str) -> dict:
    return next(c for c in verdict.to_json()["conditions"] if c["id"] == identifier)


def notice(verdict, identifier: str) -> str:
    return next(n.text for n in verdict.notices if n.id == identifier)


def test_only_the_agreements_that_still_run_are_named(all_rules, make_account):
    ends = {"plan_agreement_end": date(2027, 12, 31), "subsidy_agreement_end": date(2025, 12, 31)}
    found = condition(check(all_rules["refund_prepayment"], make_account(REFUND | ends), ON), "agreements_ended")
    assert found["text"] == "还有协议没有到期（套餐协议到期日：2027年12月31日），协议到期以后才能退预付款。"
    assert found["remedy"]["clears_on"] == "2028-01-01"


def test_only_the_facts_that_are_missing_are_named(all_rules, make_account):
    known = {name: value for name, value in REFUND.items() if name != "subsidy_agreement_end"}
    found = condition(check(all_rules["refund_prepayment"], make_account(known), ON), "agreements_ended")
    assert found["text"].startswith("暂时查不到补贴协议到期日；")


@pytest.mark.parametrize(
    ("operation", "identifier", "known", "said_if_known"),
    [
        ("cancel_service", "individual_public_rules", {"ownership": "individual"}, "这个号码以个人名称开户"),
        ("manage_password", "blacklist_clear", {"blacklisted": True}, "在黑名单内。规则只写了"),
    ],
)
def test_a_silent_rule_is_told_apart_from_a_missing_fact(
    operation, identifier, known, said_if_known, all_rules, make_account
):
    rules = all_rules[operation]
    of_a_known_fact = condition(check(rules, make_account({"status": "active"} | known), ON), identifier)
    of_a_missing_fact = condition(check(rules, make_account({"status": "active"}), ON), identifier)
    assert of_a_known_fact["state"] == of_a_missing_fact["state"] == "unknown"
    assert said_if_known in of_a_known_fact["text"]
    assert "查不到" not in of_a_known_fact["text"]
    assert "暂时查不到" in of_a_missing_fact["text"]
    assert said_if_known not in of_a_missing_fact["text"]


@pytest.mark.parametrize(
    ("closed", "last"),
    [
        (date(2026, 10, 8), "2026年12月8日"),
        (date(2026, 12, 31), "2027年2月28日"),
        (date(2027, 12, 31), "2028年2月29日"),
        (date(2026, 11, 30), "2027年1月30日"),
        (date(2028, 2, 29), "2028年4月29日"),
    ],
)
def test_a_prepayment_comes_back_within_two_months_of_closing(closed, last, all_rules, make_account):
    account = make_account({"status": "active", "roaming_closed_on": closed})
    text = notice(check(all_rules["international_roaming"], account, ON), "prepayment_returned")
    assert text.endswith(f"也就是到 {last}。")


@pytest.mark.parametrize("closed", [{}, {"roaming_closed_on": "none"}, {"roaming_closed_on": date.max}])
def test_without_a_day_of_closing_the_term_is_told_in_general(closed, all_rules, make_account):
    account = make_account({"status": "active"} | closed)
    text = notice(check(all_rules["international_roaming"], account, ON), "prepayment_returned")
    assert "最迟不超过注销之日起两个月" in text
    assert "年" not in text


def test_staff_read_where_each_fact_comes_from_and_when(all_rules, make_account):
    account = make_account({"status": "active", "subsidy_agreement_end": date(2027, 12, 31)})
    read = datetime(2026, 11, 22, 2, 3, tzinfo=UTC)
    account = account.with_facts(
        {"arrears": Known(Decimal("32.50"), "账户数据库", read), "relocated": Unknown("查询超时")}
    )
    verdict = check(all_rules["change_number"], account, ON)
    assert "欠费（元）：32.50（账户数据库，2026年11月22日 10:03 读取）" in verdict.text
    assert "移机不改号：未知（查询超时）" in verdict.text
    assert "营销政策限制改号：未知（没有记录）" in verdict.text
    assert condition(verdict, "arrears_settled")["fact_details"] == [
        {
            "name": "arrears",
            "label": "欠费（元）",
            "value": "32.50",
            "shown": "32.50",
            "source": "账户数据库",
            "read_at": "2026-11-22T10:03:00+08:00",
            "reason": None,
            "note": "账户数据库，2026年11月22日 10:03 读取",
        }
    ]
    customer = check(all_rules["change_number"], account, ON, role="customer")
    assert "账户数据库" not in customer.text
    assert "查询超时" not in customer.text


def test_staff_read_whether_the_operation_applies_and_why(all_rules, make_account):
    verdict = check(all_rules["suspend_service"], make_account({"status": "suspended"}), ON)
    assert verdict.to_json()["applies"]["citation"] == {"document": "集团客户标准服务内容", "section": "六"}
    assert "[不符合] 号码还没有停机保号（《集团客户标准服务内容》六；号码状态：停机保号（test））" in (verdict.text)


@pytest.mark.parametrize(
    ("status", "requirement"),
    [
        ("active", "号码没有销户；号码还没有停机保号"),
        ("suspended", "号码还没有停机保号"),
        ("cancelled", "号码没有销户"),
    ],
)
def test_of_the_scope_only_what_fails_is_named(all_rules, make_account, status, requirement):
    verdict = check(all_rules["suspend_service"], make_account({"status": status}), ON)
    assert verdict.to_json()["applies"]["requirement"] == requirement


def test_a_cancelled_number_is_no_matter_of_the_scope(all_rules, make_account):
    verdict = check(all_rules["suspend_service"], make_account({"status": "cancelled"}), ON)
    assert verdict.to_json()["applies"]["citation"] is None
    assert "已经销户" in verdict.text


@pytest.mark.parametrize(
    ("operation", "facts", "said"),
    [
        ("suspend_service", {"status": "suspended"}, "这个号码已经停机保号了"),
        ("resume_service", {"status": "active"}, "现在的状态是“正常在用”"),
        ("report_loss", {"status": "lost"}, "这个号码已经挂失"),
        ("cancel_loss", {"status": "suspended"}, "现在的状态是“停机保号”"),
        ("refund_prepayment", {"status": "active", "prepayment_kind": "none"}, "没有可以退还的预付款"),
        ("query_lifecycle", {"status": "active", "payment": "postpaid"}, "付费方式：后付费；开户名义：未知"),
        (
            "unlock_account",
            {"status": "active", "payment": "prepaid", "ownership": "individual", "lifecycle": "valid"},
            "生命周期阶段：有效期",
        ),
    ],
)
def test_why_an_operation_does_not_apply_is_said(operation, facts, said, all_rules, make_account):
    verdict = check(all_rules[operation], make_account(facts), ON, role="customer")
    assert verdict.status == "not_applicable"
    assert said in verdict.title
    assert verdict.notices == ()


@pytest.mark.parametrize(
    ("operation", "facts", "said"),
    [
        ("resume_service", {}, "不能确定它是不是停机保号或者欠费停机"),
        ("refund_prepayment", {"status": "active"}, "查不到这个号码的账户里有没有预付款"),
        ("refund_prepayment", {"prepayment_kind": "ordinary"}, "不能确定它有没有销户"),
        ("unlock_account", {"status": "active", "payment": "prepaid"}, "查不到这个号码的开户名义、生命周期阶段，"),
    ],
)
def test_a_scope_that_is_not_known_is_said(operation, facts, said, all_rules, make_account):
    verdict = check(all_rules[operation], make_account(facts), ON, role="customer")
    assert verdict.status == "needs_review"
    assert said in verdict.text


@pytest.mark.parametrize("operation", ["new_connection", "report_fault"])
def test_what_depends_on_no_account_is_not_put_as_a_fault_of_the_number(operation, all_rules, make_account):
    verdict = check(all_rules[operation], make_account({"status": "active"}), ON, role="customer")
    assert verdict.title == all_rules[operation].never_applies
    assert "不适用" not in verdict.text
    staff = check(all_rules[operation], make_account({"status": "active"}), ON)
    assert staff.text == verdict.text


def test_no_sentence_of_the_rules_is_left_with_a_placeholder_whatever_is_known(all_rules, make_account):
    for rules in all_rules.values():
        for facts in ({}, {"status": "active"}, {"status": "lost", "roaming_closed_on": ON}):
            for role in ("customer", "staff"):
                verdict = check(rules, make_account(facts), ON, role=role)
                assert "{" not in verdict.text + "".join(c.text for c in verdict.conditions)


def test_a_dated_condition_is_not_shown_before_its_day(all_rules, make_account):
    rules = all_rules["query_points"]
    later = replace(rules.conditions[1], valid=replace(rules.conditions[1].valid, start=date(2027, 1, 1)))
    rules = replace(rules, conditions=(rules.conditions[0], later))
    account = make_account({"status": "active", "ownership": "organization", "signed_member": False})
    assert "signed_member" not in [c["id"] for c in check(rules, account, ON).to_json()["conditions"]]
    assert check(rules, account, date(2027, 1, 1)).status == "blocked"
