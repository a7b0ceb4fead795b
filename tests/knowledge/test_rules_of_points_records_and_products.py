"""What the rule base says of points, call records, faults, unlocking, life cycles and group products.

Each test is a decision of docs/decisions.md or of the documents.
"""

from collections.abc import Callable
from datetime import date
from itertools import product

import pytest

from knowledge.answers import Answer, answer_operation
from knowledge.identifiers import OWNERSHIPS, RULE_ASPECTS
from knowledge.model import RuleBase

DAY = date(2026, 1, 1)
OPERATIONS = (
    "query_points",
    "redeem_points",
    "query_call_records",
    "print_call_records",
    "report_fault",
    "unlock_account",
    "mask_call_records",
    "query_lifecycle",
    "group_products",
)
ORGANIZATIONS_PAPERS = ("介绍信", "委托证明", "公章", "红章", "营业执照", "登记证件")
ONLY_INDIVIDUALS = {"unlock_account": "not_stated", "query_lifecycle": "lost"}
PRODUCTS = (
    "SDH数字专线 以太网专线 MPLS VPN 光纤出租 管道出租 杆路出租 系统集成 图像传输 视频会议 通信设备租用 2G基础产品 "
    "IVPN VPDN 商务总机 集团炫铃 行业短信 移动办公类 移动执法类 视频监控类 定位导航类"
)

Ask = Callable[..., Answer]


@pytest.fixture
def ask(rules: RuleBase) -> Ask:
    def ask(operation, aspect, ownership=None, role="customer"):
        return answer_operation(rules, operation, aspect, ownership, role, DAY)

    return ask


def places(answer: Answer) -> set[str]:
    return {str(citation) for citation in answer.citations}


@pytest.mark.parametrize(("operation", "aspect"), product(OPERATIONS, RULE_ASPECTS))
def test_every_aspect_has_a_first_line_and_a_citation_for_everybody(ask, operation, aspect):
    for ownership in (None, *OWNERSHIPS):
        answer = ask(operation, aspect, ownership)
        assert answer.lead
        assert "还没有整理" not in answer.text
        assert answer.citations


@pytest.mark.parametrize(("operation", "role"), product(OPERATIONS, ["customer", "staff"]))
def test_an_individual_never_hears_of_an_organizations_papers(ask, operation, role):
    for aspect in RULE_ASPECTS:
        text = ask(operation, aspect, "individual", role).text
        assert not any(paper in text for paper in ORGANIZATIONS_PAPERS)


@pytest.mark.parametrize(("operation", "aspect"), product(OPERATIONS, RULE_ASPECTS))
def test_nothing_in_these_sections_is_internal(ask, operation, aspect):
    assert ask(operation, aspect).text == ask(operation, aspect, role="staff").text


@pytest.mark.parametrize(
    ("operation", "organization", "individual"),
    [
        ("query_points", "stated", "refers_to_public_rules"),
        ("redeem_points", "lost", "lost"),
        ("query_call_records", "stated", "refers_to_public_rules"),
        ("print_call_records", "stated", "refers_to_public_rules"),
        ("report_fault", "lost", "lost"),
        ("unlock_account", "not_stated", "stated"),
        ("mask_call_records", "stated", "refers_to_public_rules"),
        ("query_lifecycle", "lost", "partial"),
        ("group_products", "stated", "lost"),
    ],
)
def test_how_much_is_known_of_the_papers(ask, operation, organization, individual):
    assert ask(operation, "documents", "organization").status == organization
    assert ask(operation, "documents", "individual").status == individual


@pytest.mark.parametrize(
    ("operation", "channels", "others"),
    [
        ("query_points", ["网格经理", "集团客户经理", "10010", "网上营业厅", "自有营业厅"], ["10019", "短信营业厅"]),
        ("redeem_points", ["自有营业厅", "集团客户经理", "网格经理"], ["网上营业厅", "10010"]),
        ("query_call_records", ["自有营业厅", "网上营业厅", "客户经理", "网络经理"], ["10010", "集团客户", "网格经理"]),
        ("print_call_records", ["自有营业厅"], ["网上营业厅", "客户经理", "10010"]),
        ("report_fault", ["10019", "10010", "网格经理", "集团客户经理", "自有营业厅"], ["网上营业厅"]),
        ("unlock_account", ["自有营业厅"], ["网上营业厅", "经理", "10010"]),
        ("mask_call_records", ["自有营业厅", "集团客户经理", "网格经理"], ["网上营业厅", "10010"]),
        ("query_lifecycle", ["网格经理", "集团客户经理", "网上营业厅", "自有营业厅"], ["10010"]),
    ],
)
def test_the_first_line_names_exactly_the_channels_of_the_section(ask, operation, channels, others):
    lead = ask(operation, "channels").lead
    assert [channel for channel in channels if channel not in lead] == []
    assert [channel for channel in others if channel in lead] == []


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        ("query_points", "stated"),
        ("redeem_points", "lost"),
        ("query_call_records", "stated"),
        ("print_call_records", "stated"),
        ("report_fault", "lost"),
        ("unlock_account", "stated"),
        ("mask_call_records", "contradictory"),
        ("query_lifecycle", "lost"),
        ("group_products", "stated"),
    ],
)
def test_how_much_is_known_of_the_fee(ask, operation, status):
    assert ask(operation, "fee").status == status


@pytest.mark.parametrize("operation", ["redeem_points", "report_fault", "query_lifecycle"])
def test_a_lost_fee_does_not_borrow_the_free_of_charge_of_a_scrap_beside_it(ask, operation):
    assert "免费" not in ask(operation, "fee", role="staff").text
    assert "不收费" not in ask(operation, "fee", role="staff").text


@pytest.mark.parametrize("operation", ["query_points", "query_call_records", "print_call_records", "unlock_account"])
def test_these_services_are_free_at_present(ask, operation):
    assert "目前不收费" in ask(operation, "fee").lead


def test_the_fee_of_masking_contradicts_itself_and_all_statements_are_shown(ask):
    answer = ask("mask_call_records", "fee")
    assert "前后不一" in answer.lead
    assert any("目前不收费" in item for item in answer.items)
    assert any("按照详单屏蔽标准收费" in item for item in answer.items)
    assert any("手续费" in item for item in answer.items)
    assert {place.partition("》")[2] for place in places(answer)} == {"三十一(二)", "三十一(三)"}
    assert any("核实" in note for note in answer.notes)


def test_masking_says_of_the_fee_in_its_steps_that_it_is_not_settled(ask):
    fee = [item for item in ask("mask_call_records", "procedure", "organization").items if "手续费" in item]
    assert len(fee) == 1
    assert "前后不一" in fee[0]


@pytest.mark.parametrize("operation", ["query_points", "mask_call_records"])
def test_these_ask_an_organization_for_identity_papers_and_the_letter(ask, operation):
    items = ask(operation, "documents", "organization").items
    assert items[:2] == ("经办人本人的有效身份证件（原件）", "单位介绍信（加盖公章）")


@pytest.mark.parametrize("operation", ["query_call_records", "print_call_records"])
def test_call_records_ask_for_the_identity_card_as_printed_not_for_identity_papers(ask, operation):
    answer = ask(operation, "documents", "organization")
    assert answer.items == ("单位介绍信（加盖公章）", "经办人本人的有效身份证（原件）")
    assert "身份证件" not in answer.text


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if name != "group_products"])
def test_only_group_products_speak_of_the_power_of_attorney(ask, operation):
    assert all("委托证明" not in ask(operation, aspect).text for aspect in RULE_ASPECTS)


def test_group_products_never_speak_of_the_letter(ask):
    documents = ask("group_products", "documents", "organization")
    assert "单位委托证明" in documents.items
    assert all("介绍信" not in ask("group_products", aspect).text for aspect in RULE_ASPECTS)


def test_points_are_those_of_signed_members_and_need_number_and_password(ask):
    for ownership in OWNERSHIPS:
        text = ask("query_points", "conditions", ownership).text
        assert "以个人属性存在的签约用户" in text
        assert "用户号码和密码" in text


def test_redeeming_points_knows_its_channels_and_one_remark_of_cancelling(ask):
    known = {aspect: ask("redeem_points", aspect).status for aspect in RULE_ASPECTS}
    assert known.pop("overview") == "partial"
    assert known.pop("channels") == "stated"
    assert set(known.values()) == {"lost"}
    assert "《集团客户标准服务内容》五(二)" in places(ask("redeem_points", "procedure"))


def test_the_odd_name_of_a_manager_is_pointed_out(ask):
    notes = ask("query_call_records", "channels", role="staff").notes
    assert any("网络经理" in note and "网格经理" in note for note in notes)


def test_printing_has_one_channel_and_its_text_still_speaks_of_electronic_records(ask):
    answer = ask("print_call_records", "channels")
    assert any("客户经理" in note and "邮箱" in note and "电子详单" in note for note in answer.notes)


@pytest.mark.parametrize("operation", ["query_call_records", "print_call_records"])
def test_call_records_of_all_users_come_by_papers_or_by_mail(ask, operation):
    items = ask(operation, "procedure", "organization").items
    assert any("全体用户" in item for item in items)
    assert any("客户经理" in item and "邮箱" in item for item in items)


def test_a_fault_has_a_way_of_counting_but_no_figure(ask):
    answer = ask("report_fault", "time_limit")
    assert answer.status == "partial"
    assert "业务服务指标" in answer.lead
    assert "小时" not in answer.text
    assert any("申告时" in item for item in answer.items)


@pytest.mark.parametrize(("operation", "aspect"), product(ONLY_INDIVIDUALS, ["overview", "documents", "conditions"]))
def test_rules_for_individuals_are_not_given_to_organizations(ask, operation, aspect):
    answer = ask(operation, aspect, "organization")
    assert answer.status == ONLY_INDIVIDUALS[operation]
    assert "用户卡" not in answer.text
    assert "用户卡" in ask(operation, "documents", "individual").text


@pytest.mark.parametrize("operation", ONLY_INDIVIDUALS)
@pytest.mark.parametrize("aspect", ["channels", "fee"])
def test_what_is_not_split_still_says_that_it_is_for_individuals(ask, operation, aspect):
    text = ask(operation, aspect, "organization").text
    assert "集团客户中的个人客户" in text
    assert "单位的账户" in text


def test_an_individuals_own_list_stays_when_organizations_are_answered_beside_it(ask):
    text = ask("unlock_account", "documents").text
    assert "营业员要复印用户卡" in text
    assert "没有区分单位和个人" not in text


def test_unlocking_needs_the_card_or_the_password_and_ends_with_the_lock_period(ask):
    items = ask("unlock_account", "documents", "individual").items
    assert [("用户卡" in item, "服务密码" in item) for item in items] == [(True, False), (False, True)]
    assert "过了锁定期" in ask("unlock_account", "conditions", "individual").lead
    assert "余额大于0" in ask("unlock_account", "procedure", "individual").text


def test_the_life_cycle_has_four_stages_without_lengths(ask):
    answer = ask("query_lifecycle", "overview", "individual")
    assert answer.status == "partial"
    assert all(stage in answer.lead for stage in ("未激活期", "有效期", "充值期", "锁定期"))
    assert any("多长" in note and "没有写" in note for note in answer.notes)


def test_the_list_of_group_products_is_whole_but_for_its_first_word(ask):
    answer = ask("group_products", "overview", "organization")
    listed = "、".join(item.removeprefix("产品：") for item in answer.items if item.startswith("产品："))
    assert listed.replace("、", " ") == PRODUCTS
    assert any("……频电路业务" in note and "缺失" in note and "等" in note for note in answer.notes)


def test_group_products_need_a_stamped_copy_of_the_registration(ask):
    items = ask("group_products", "documents", "organization").items
    assert any("有效登记证件" in item and "复印件" in item and "加盖公章" in item for item in items)
    assert "红章" not in ask("group_products", "documents", "organization").text


def test_the_lost_number_of_group_products_is_cited_by_name(ask):
    assert places(ask("group_products", "fee")) == {"《集团客户标准服务内容》集团产品业务受理(三)"}
    assert ask("group_products", "channels").status == "lost"
    assert ask("group_products", "time_limit").status == "lost"


def test_suspension_does_not_guess_the_word_before_the_cut(ask):
    assert "受限制" not in ask("suspend_service", "conditions", "organization").text


def test_cancelling_sets_no_order_between_points_and_the_rest(ask):
    assert "先兑换" not in ask("cancel_service", "procedure").text


def test_checking_for_balance_and_points_is_a_duty_of_the_staff(ask):
    duty = "服务人员要替用户确认"
    assert duty not in ask("cancel_service", "procedure", "organization").text
    assert duty in ask("cancel_service", "procedure", "organization", "staff").text


def test_a_refunds_conditions_may_go_on_after_the_cut(ask):
    answer = ask("refund_prepayment", "conditions", "organization")
    assert answer.status == "partial"
    assert any("缺失" in note for note in answer.notes)


def test_a_roaming_prepayment_has_the_only_known_time_of_a_refund(ask):
    answer = ask("refund_prepayment", "time_limit")
    assert answer.status == "lost"
    assert any("两个月" in note for note in answer.notes)
    assert "《集团客户标准服务内容》八(二)" in places(answer)


def test_a_blacklisted_customer_is_named_in_the_overview_of_passwords(ask):
    assert "黑名单" in ask("manage_password", "overview").lead
