"""What the rule base says of services whose sections are cut by page breaks; each test is a decision about the source."""

from datetime import date
from itertools import product

import pytest

from knowledge.answers import Answer, answer_operation
from knowledge.identifiers import OWNERSHIPS, RULE_ASPECTS

DAY = date(2026, 1, 1)
SERVICE = "集团客户标准服务内容"
DAMAGED = (
    "relocate",
    "resume_service",
    "report_loss",
    "cancel_loss",
    "international_roaming",
    "change_profile",
    "book_product",
    "unsubscribe_product",
)
OF_PRODUCTS = ("book_product", "unsubscribe_product")
OF_LOSS = ("report_loss", "cancel_loss")
# A section that two services share, and neighbours whose tails are glued to it.
OWN_SECTIONS = {
    "relocate": {"四"},
    "resume_service": {"六", "六(二)", "六(三)"},
    "report_loss": {"七", "七(一)", "七(二)", "十二(二)"},
    "cancel_loss": {"七", "七(一)", "七(二)"},
    "international_roaming": {"八", "八(二)", "八(三)", "五(二)"},
    "change_profile": {"九", "九(一)", "九(二)"},
    "book_product": {"十一", "十一(二)", "十一(三)"},
    "unsubscribe_product": {"十一", "十一(二)", "十一(三)"},
}


@pytest.fixture
def ask(rules):
    def ask(operation, aspect, ownership=None, role="customer") -> Answer:
        return answer_operation(rules, operation, aspect, ownership, role, DAY)

    return ask


@pytest.fixture
def everything(ask):
    """All that is said of an operation, in one text."""

    def everything(operation, ownership=None) -> str:
        return "\n".join(ask(operation, aspect, ownership, "staff").text for aspect in RULE_ASPECTS)

    return everything


@pytest.mark.parametrize(("operation", "aspect"), product(DAMAGED, RULE_ASPECTS))
def test_every_aspect_is_answered_from_its_own_section(ask, operation, aspect):
    for ownership in (None, *OWNERSHIPS):
        answer = ask(operation, aspect, ownership)
        assert answer.lead
        assert "还没有整理" not in answer.lead
        assert answer.citations
        assert {place.section for place in answer.citations} <= OWN_SECTIONS[operation]
        assert {place.document for place in answer.citations} == {SERVICE}


@pytest.mark.parametrize("operation", DAMAGED)
def test_an_individual_never_hears_of_an_organizations_papers(everything, operation):
    text = everything(operation, "individual")
    assert not any(paper in text for paper in ("介绍信", "委托证明", "公章", "红章", "营业执照", "登记证件"))


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        ("relocate", "lost"),
        ("resume_service", "refers_to_public_rules"),
        ("report_loss", "lost"),
        ("cancel_loss", "lost"),
        ("international_roaming", "refers_to_public_rules"),
        ("change_profile", "lost"),
        ("book_product", "refers_to_public_rules"),
        ("unsubscribe_product", "refers_to_public_rules"),
    ],
)
def test_an_individuals_papers_are_lost_where_the_sentence_about_individuals_is(ask, operation, status):
    assert ask(operation, "documents", "individual").status == status


@pytest.mark.parametrize("aspect", RULE_ASPECTS)
def test_nothing_is_left_of_relocation(ask, aspect):
    assert ask("relocate", aspect).status == "lost"


def test_the_last_words_of_relocation_do_not_say_whether_there_is_a_fee(ask):
    answer = ask("relocate", "fee")
    assert "“手续费”" in answer.lead
    assert "看不出来" in answer.lead


def test_resuming_charges_the_plan_in_the_month_and_says_that_its_own_fee_is_not_written(ask):
    answer = ask("resume_service", "fee")
    assert answer.status == "partial"
    assert "套餐使用费" in answer.lead
    assert "复机本身收不收手续费，没有单独写" in answer.lead


def test_resuming_does_not_repeat_who_may_not_suspend(everything):
    assert "制的用户" not in everything("resume_service")
    assert "靓号" not in everything("resume_service")


def test_resuming_takes_effect_within_24_hours_and_at_once_in_an_own_hall(ask):
    lead = ask("resume_service", "time_limit", "organization").lead
    assert "24小时" in lead
    assert "即开即通" in lead


@pytest.mark.parametrize("aspect", ["documents", "channels"])
def test_papers_and_channels_of_resuming_and_roaming_are_lost(ask, aspect):
    assert ask("resume_service", aspect, "organization").status == "lost"
    assert ask("international_roaming", aspect, "organization").status == "lost"


@pytest.mark.parametrize("operation", OF_LOSS)
def test_a_lost_card_is_reported_through_five_channels(ask, operation):
    answer = ask(operation, "channels")
    assert answer.status == "stated"
    for channel in ("10010", "网上营业厅", "自有营业厅", "网格经理", "集团客户经理"):
        assert channel in answer.lead


@pytest.mark.parametrize("operation", OF_LOSS)
def test_the_immediate_effect_of_roaming_is_not_borrowed_for_a_loss(ask, everything, operation):
    assert ask(operation, "time_limit").status == "lost"
    assert "立即生效" not in everything(operation)
    assert "预存款" not in everything(operation)


def test_a_restart_after_a_loss_is_charged_and_only_the_end_of_a_loss_says_so(ask, everything):
    assert "系统确认开机" in ask("cancel_loss", "procedure", "organization").lead
    assert any("套餐使用费" in item for item in ask("cancel_loss", "fee").items)
    assert "开机" not in everything("report_loss")
    assert "套餐" not in everything("report_loss")


def test_what_the_fees_of_a_loss_are_is_lost(ask):
    assert ask("report_loss", "fee").status == "lost"
    fee = ask("cancel_loss", "fee")
    assert fee.status == "partial"
    assert "解挂本身收不收费，原文缺失" in fee.lead


@pytest.mark.parametrize("operation", OF_LOSS)
def test_a_loss_needs_the_letter_never_the_power_of_attorney(ask, everything, operation):
    assert "单位介绍信（加盖公章）" in ask(operation, "documents", "organization").items
    assert "委托证明" not in everything(operation)


def test_a_lost_number_on_account_gets_no_new_card(ask):
    assert any("补换卡" in note and "后付费" in note for note in ask("report_loss", "procedure", "organization").notes)


def test_roaming_asks_for_a_deposit_and_pays_it_back_within_two_months(ask):
    fee = ask("international_roaming", "fee")
    assert fee.status == "stated"
    assert "预存款" in fee.lead
    assert any("两个月" in note for note in fee.notes)


def test_roaming_takes_effect_at_once_and_closes_three_party_calls(ask):
    assert "立即生效" in ask("international_roaming", "time_limit", "organization").lead
    assert "三方通话" in ask("international_roaming", "conditions", "organization").lead


def test_where_to_ask_about_roaming_is_not_where_to_order_it(ask):
    answer = ask("international_roaming", "channels")
    assert answer.status == "lost"
    assert any("客服热线" in note and "不是办理渠道" in note for note in answer.notes)


def test_of_a_change_of_profile_only_kinds_and_channels_are_left(ask):
    assert "付费账户" in ask("change_profile", "overview").lead
    assert ask("change_profile", "channels").status == "stated"
    left = {aspect: ask("change_profile", aspect).status for aspect in RULE_ASPECTS if aspect != "channels"}
    assert set(left.values()) == {"lost", "partial"}
    assert [aspect for aspect, status in left.items() if status == "partial"] == ["overview"]


@pytest.mark.parametrize("operation", OF_PRODUCTS)
def test_products_need_the_power_of_attorney_never_the_letter(ask, everything, operation):
    assert "单位委托证明（盖有公章）" in ask(operation, "documents", "organization").items
    assert "介绍信" not in everything(operation)


@pytest.mark.parametrize("operation", OF_PRODUCTS)
def test_products_have_no_complete_list_of_channels_and_no_agent(ask, everything, operation):
    answer = ask(operation, "channels")
    assert answer.status == "partial"
    assert "自有营业厅" not in answer.lead
    assert "代办" not in everything(operation)


@pytest.mark.parametrize("operation", OF_PRODUCTS)
def test_booking_is_free_and_lasts_until_its_condition_is_met(ask, operation):
    assert "不收费" in ask(operation, "fee").lead
    assert "预约条件达到" in ask(operation, "time_limit", "organization").lead


def test_arrears_stop_the_end_of_a_product_but_not_its_booking(ask, everything):
    assert "欠费" in ask("unsubscribe_product", "conditions", "organization").lead
    assert any("欠费" in item for item in ask("unsubscribe_product", "conditions", "individual").items)
    assert "欠费" not in everything("book_product")


def test_the_end_of_a_product_is_a_booking_too(ask):
    assert any("预约办理" in note for note in ask("unsubscribe_product", "overview", "organization").notes)
