"""What the rule base says of the agreements, the security letter and the two internal rules.

Each test is a decision about those documents, or a figure that must not change.
"""

import re
from datetime import date

import pytest

from knowledge.answers import Answer, answer_topic
from knowledge.identifiers import STATUSES
from knowledge.reading import rule_files
from tests.knowledge.conftest import KNOWLEDGE

DAY = date(2026, 1, 1)
MOBILE = "集团客户入网协议"
LEASED_LINE = "客户入网协议"
LETTER = "信息安全责任书"
GROUP_SECRECY = "集团客户服务信息安全保密制度"
SECRECY = "客户服务信息安全保密制度"
TOPICS = [path.stem for path in rule_files(KNOWLEDGE / "topics")]
INTERNAL = {
    "internal_data_handling",
    "disclosure_to_outsiders",
    "classified_materials",
    "group_activity_secrecy",
    "platform_misuse",
    "leaver_handover",
    "leak_penalties",
}
# What the texts leave out: years of validity, the network fee, how a penalty is reckoned, the letter's first article.
INCOMPLETE = {"agreement_term", "customer_breach", "leased_line_fees", "security_duties"}


@pytest.fixture
def ask(rules):
    def ask(topic, role="customer") -> Answer:
        return answer_topic(rules, topic, role, DAY)

    return ask


def places(answer: Answer) -> set[tuple[str, str]]:
    return {(citation.document, citation.section) for citation in answer.citations}


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("role", ["customer", "staff"])
def test_every_topic_is_answered_with_a_status_and_a_citation(rules, ask, topic, role):
    assert rules.topics[topic].answered
    answer = ask(topic, role)
    assert answer.lead.endswith("。")
    assert answer.status in STATUSES
    assert answer.citations


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_cited_where_its_head_says_it_stands(rules, ask, topic):
    assert (rules.topics[topic].document, rules.topics[topic].section) in places(ask(topic, "staff"))


def test_a_topic_is_incomplete_only_where_its_text_is(ask):
    assert {topic for topic in TOPICS if ask(topic, "staff").status != "stated"} == INCOMPLETE
    assert {ask(topic).status for topic in INCOMPLETE} == {"partial"}


@pytest.mark.parametrize("topic", sorted(INTERNAL))
def test_a_customer_is_told_that_an_internal_rule_is_internal_and_nothing_of_it(ask, topic):
    answer = ask(topic)
    assert answer.audience == "staff"
    assert "只供工作人员查阅" in answer.lead
    assert not answer.items
    assert not answer.notes


def test_every_statement_of_the_two_internal_rules_is_for_staff(rules):
    entries = (*rules.topics.values(), *rules.operations.values())
    rules_of = [rule for entry in entries for rule in (entry.rules if entry.id in TOPICS else _rules(entry))]
    internal = [
        statement
        for rule in rules_of
        for statement in rule.statements
        if {citation.document for citation in statement.citations} & {GROUP_SECRECY, SECRECY}
    ]
    assert internal
    assert {statement.audience for statement in internal} == {"staff"}


def _rules(operation):
    return [rule for aspect in operation.aspects.values() for rule in aspect.rules]


@pytest.mark.parametrize("topic", sorted(set(TOPICS) - INTERNAL))
def test_what_customers_sign_is_answered_alike_for_customers_and_staff(ask, topic):
    assert ask(topic).text == ask(topic, "staff").text
    assert ask(topic).audience == "all"


@pytest.mark.parametrize("topic", TOPICS)
def test_neither_the_sample_customer_nor_an_address_nor_an_amount_is_given_out(ask, topic):
    text = ask(topic, "staff").text
    assert not re.search("源创|孵化器|南开|天津|轻纺城|合肥|马鞍山路", text)
    assert not re.search(r"\d\s*元|[¥￥]", text)


@pytest.mark.parametrize("topic", TOPICS)
def test_an_agreement_is_said_to_bind_those_who_signed_it(rules, ask, topic):
    if rules.topics[topic].document in (MOBILE, LEASED_LINE):
        assert re.search("协议约定|签有|签移动业务协议|双方签好的协议", ask(topic).text)


@pytest.mark.parametrize("topic", ["data_cap", "special_number_deposit", "handset_compatibility"])
def test_the_terms_of_use_are_said_to_be_examples_of_a_template(ask, topic):
    answer = ask(topic)
    assert any("第二条的各项是举例" in note for note in answer.notes)
    assert (MOBILE, "第二条") in places(answer)


@pytest.mark.parametrize(
    ("topic", "figures"),
    [
        ("data_cap", ["6GB", "次月自动恢复", "3G套餐"]),
        ("minimum_users", ["不低于50户", "2G、3G"]),
        ("agreement_term", ["自动顺延壹年", "一式陆份", "各拿叁份"]),
        ("leased_line_opening", ["5个工作日内", "100 M"]),
        ("leased_line_repair", ["12小时内", "24小时内"]),
        ("leased_line_renewal", ["有效期1年", "前一个月书面通知", "自动延续一年", "一式肆份", "各拿贰份"]),
        ("prohibited_content", ["九类"]),
    ],
)
def test_figures_are_exact(ask, topic, figures):
    text = ask(topic).text
    assert [figure for figure in figures if figure not in text] == []


def test_the_first_month_has_three_tariffs_to_choose_from(ask):
    answer = ask("first_month_tariff")
    assert [item.split("：")[0] for item in answer.items] == ["套餐包外资费（免月租）", "全月套餐", "套餐减半"]
    assert "来电显示照常赠送" in answer.items[2]


def test_a_special_number_deposit_is_never_refunded_but_may_be_used_later(ask):
    answer = ask("special_number_deposit")
    assert "不能退" in answer.lead
    assert "延期消费" in answer.lead
    assert "结转" in answer.lead
    assert "不申请停机、销号或过户" in answer.items[0]


def test_how_much_is_deposited_and_released_is_said_to_be_left_open(ask):
    assert any("没有写" in note and "解冻" in note for note in ask("special_number_deposit").notes)


def test_the_cap_is_a_right_to_suspend_and_the_templates_other_wording_is_shown(ask):
    answer = ask("data_cap")
    assert "有权暂停" in answer.lead
    assert any("自动关闭数据功能" in note for note in answer.notes)


def test_the_years_of_the_mobile_agreement_are_left_blank_and_not_guessed(ask):
    answer = ask("agreement_term")
    assert "留空没有填" in answer.lead
    assert not re.search(r"有效期\d", answer.lead)
    assert any("专线协议" in note and "有效期1年" in note for note in answer.notes)


def test_what_happens_below_fifty_users_is_not_invented(ask):
    answer = ask("minimum_users")
    assert any("没有单独写" in note for note in answer.notes)


def test_how_a_penalty_is_reckoned_is_not_written(ask):
    answer = ask("customer_breach")
    assert "数额没有写" in answer.lead
    assert any("逾期付款违约金" in item and "终端补贴款" in item for item in answer.items)


def test_the_operator_answers_under_the_three_laws_named(ask):
    text = ask("operator_breach").text
    assert set(re.findall("《[^》]+》", text.split("\n依据")[0])) == {
        "《中华人民共和国电信条例》",
        "《产品质量法》",
        "《消费者权益保护法》",
    }
    assert "协助处理" in text


def test_arbitration_is_open_to_leased_line_customers_only(ask):
    mobile, leased_line = ask("dispute_resolution").items
    assert "乙方" in mobile
    assert "仲裁" not in mobile
    assert "仲裁" in leased_line
    assert places(ask("dispute_resolution")) == {(MOBILE, "第三条(三)"), (LEASED_LINE, "第八条")}


def test_force_majeure_excuses_a_broken_cable_and_not_every_fault(ask):
    ordinary, cable, _ = ask("leased_line_repair").items
    assert "不可抗力" not in ordinary
    assert "不可抗力除外" in cable


@pytest.mark.parametrize("topic", ["force_majeure", "leased_line_renewal"])
def test_no_one_sided_ending_stands_beside_the_operators_own_right_to_end(ask, topic):
    notes = ask(topic).notes
    assert any("不能单独变更、中止或终止" in note for note in notes)
    assert any("可以终止或解除协议" in note for note in notes)


def test_the_network_fee_is_blank_and_what_is_free_is_said(ask):
    answer = ask("leased_line_fees")
    assert "免收一次性连接费和手续费" in answer.lead
    assert "金额在协议范文里留空" in answer.lead
    assert any("现金或者转帐支票" in item for item in answer.items)


def test_leased_line_arrears_may_end_the_service_and_the_agreement(ask):
    text = ask("leased_line_arrears").text
    assert all(word in text for word in ("催缴", "滞纳金", "终止服务", "单方解除协议"))
    assert "比例" in text


def test_leased_line_customers_return_the_equipment_or_lose_the_deposit(ask):
    assert any("完好归还" in item and "设备押金" in item for item in ask("leased_line_duties").items)


def test_nine_kinds_of_content_are_forbidden(ask):
    assert len(ask("prohibited_content").items) == 9


def test_the_letters_missing_first_article_is_said_to_be_missing(ask):
    assert any("第1条缺失" in note for note in ask("security_duties").notes)


def test_an_unfiled_website_and_a_resold_line_are_stopped_at_once(ask):
    assert "立即停止服务" in ask("website_filing").lead
    assert "立即停止服务" in ask("resource_resale").text
    assert {(LETTER, "第6条"), (LETTER, "第7条")} <= places(ask("security_penalties"))


def test_the_two_internal_rules_differ_in_who_approves_and_what_a_leak_costs(ask):
    group, other = ask("disclosure_to_outsiders", "staff").items
    assert group.startswith(f"《{GROUP_SECRECY}》")
    assert "分公司经理" in group
    assert other.startswith(f"《{SECRECY}》")
    assert "分管领导" in other
    group, other = ask("leak_penalties", "staff").items
    assert "登报公告" in group
    assert "档案" in other
    assert places(ask("leak_penalties", "staff")) == {(GROUP_SECRECY, "第9条"), (SECRECY, "第7条")}


@pytest.mark.parametrize(
    ("topic", "only", "silent"),
    [("classified_materials", GROUP_SECRECY, SECRECY), ("leaver_handover", SECRECY, GROUP_SECRECY)],
)
def test_what_only_one_internal_rule_says_is_not_ascribed_to_the_other(ask, topic, only, silent):
    answer = ask(topic, "staff")
    assert {document for document, _ in places(answer)} == {only}
    assert f"《{silent}》没有写这一项。" in answer.notes
