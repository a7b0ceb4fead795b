"""What customers and staff hear about arrears, and about the reminders that come before them."""

from datetime import date

import pytest

from knowledge.answers import Answer, answer_operation
from knowledge.identifiers import OWNERSHIPS, RULE_ASPECTS

DAY = date(2026, 1, 1)
INTERNAL = ("免催", "免停", "关键人", "集团客户事业部", "人工复话", "核减", "主营业务")


@pytest.fixture
def ask(rules):
    def ask(operation, aspect, ownership=None, role="customer") -> Answer:
        return answer_operation(rules, operation, aspect, ownership, role, DAY)

    return ask


@pytest.mark.parametrize("operation", ["arrears_collection", "balance_reminder"])
@pytest.mark.parametrize("aspect", RULE_ASPECTS)
def test_nobody_is_told_apart_by_the_name_on_the_account(ask, operation, aspect):
    answers = [ask(operation, aspect, ownership) for ownership in (None, *OWNERSHIPS)]
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].citations
    assert "还没有整理" not in answers[0].lead


@pytest.mark.parametrize("aspect", RULE_ASPECTS)
def test_a_customer_never_hears_who_is_exempt_or_what_can_be_waived(ask, aspect):
    text = ask("arrears_collection", aspect).text
    assert not any(word in text for word in INTERNAL)


@pytest.mark.parametrize("aspect", ["overview", "conditions", "fee", "procedure"])
def test_a_customer_hears_that_there_are_internal_rules(ask, aspect):
    assert "只供工作人员查阅" in ask("arrears_collection", aspect).text


def test_staff_hear_who_is_exempt_who_decides_and_what_must_not_be_done(ask):
    text = ask("arrears_collection", "conditions", role="staff").text
    assert all(word in text for word in ("免催免停", "关键人", "集团客户事业部", "标识", "人工复话", "不得随意核减"))


def test_collection_is_free_but_late_payment_is_charged_at_a_rate_that_is_not_written(ask):
    answer = ask("arrears_collection", "fee")
    assert answer.status == "stated"
    assert "不收费" in answer.lead
    assert "滞纳金" in answer.lead
    assert any("比例" in note and "没有写" in note for note in answer.notes)


def test_how_many_days_until_the_line_is_stopped_is_not_written(ask):
    answer = ask("arrears_collection", "time_limit")
    assert answer.status == "not_stated"
    assert "超过交费期" in answer.lead
    assert any("恢复通话" in note for note in answer.notes)


def test_arrears_are_collected_by_these_four_channels(ask):
    lead = ask("arrears_collection", "channels").lead
    assert all(channel in lead for channel in ("网格经理", "集团客户经理", "短信营业厅", "10010"))


def test_reminders_come_after_the_month_on_a_low_balance_on_arrears_and_on_payment(ask):
    conditions = ask("balance_reminder", "conditions")
    assert conditions.status == "stated"
    assert [item.split("：")[0] for item in conditions.items] == [
        "当月话费提示",
        "余额不足提示",
        "欠费提示",
        "交费充值成功",
    ]
    assert "所有客户" in conditions.items[0]
    assert "预付费" in conditions.items[1]


def test_reminders_are_free_and_their_list_of_channels_is_lost(ask):
    assert ask("balance_reminder", "fee").status == "stated"
    channels = ask("balance_reminder", "channels")
    assert channels.status == "partial"
    assert "10010热线" in channels.lead


def test_whether_reminders_can_be_switched_off_is_said_to_be_unwritten(ask):
    assert any("关闭" in note and "没有写" in note for note in ask("balance_reminder", "conditions").notes)
