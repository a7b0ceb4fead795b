"""How rules become answers; the rule base here is a small fictitious one."""

from datetime import date
from itertools import product

import pytest

from knowledge.answers import Answer, answer_operation, answer_topic
from knowledge.identifiers import ASPECTS, OWNERSHIPS, ROLES, Aspect, Ownership, Role
from knowledge.loader import load_rules
from knowledge.sources import letters
from tests.knowledge.conftest import edit

DAY = date(2026, 1, 1)


@pytest.fixture
def ask(folder):
    def ask(aspect: Aspect, ownership: Ownership | None = None, role: Role = "customer", on: date = DAY) -> Answer:
        return answer_operation(load_rules(folder), "move_box", aspect, ownership, role, on)

    return ask


def test_the_first_line_answers_and_the_last_cites(ask):
    lines = ask("documents", "organization").text.splitlines()
    assert lines[0] == "单位名称开户：要带搬运单。"
    assert lines[-1] == "依据：《集团客户标准服务内容》一(二)"


def test_only_what_was_asked_is_answered(ask):
    assert "到仓库办理" not in ask("documents").text
    assert "搬运单" not in ask("channels").text


def test_without_an_ownership_both_are_shown_each_under_its_heading(ask):
    answer = ask("documents")
    assert [part.heading for part in answer.parts] == ["单位名称开户", "个人名称开户"]
    assert answer.status == "stated"
    assert answer.items == ("搬运单",)


def test_an_individual_is_not_given_the_organizations_papers(ask):
    answer = ask("documents", "individual")
    assert answer.status == "refers_to_public_rules"
    assert "按照公众业务规则办理" in answer.text
    assert "搬运单" not in answer.text


def test_what_is_common_to_both_is_titled_so_for_an_individual(ask):
    answer = ask("conditions", "individual")
    assert answer.items == ("箱子不超过20公斤。",)
    assert "没有区分单位和个人" in answer.text


def test_a_staff_statement_is_hidden_from_customers_who_are_told_that_it_exists(ask):
    assert "登记箱号" not in ask("conditions", "organization").text
    assert "只供工作人员" in ask("conditions", "organization").text
    assert "登记箱号" in ask("conditions", "organization", role="staff").text
    assert "只供工作人员" not in ask("conditions", "organization", role="staff").text


def test_an_internal_rule_says_to_a_customer_only_that_it_is_internal(ask):
    answer = ask("procedure")
    assert answer.audience == "staff"
    assert answer.lead == "这一项是内部规定，只供工作人员查阅。"
    assert answer.notes == ()
    assert ask("procedure", role="staff").lead == "先称重再贴箱号。"


def test_a_lost_rule_is_said_to_be_lost_and_whom_to_ask(ask):
    answer = ask("time_limit")
    assert answer.status == "lost"
    assert "缺了搬箱子的办理时限" in answer.lead
    assert any("请向仓库管理员核实" in note for note in answer.notes)


@pytest.mark.parametrize(("day", "lead"), [(date(2026, 6, 30), "目前不收费。"), (date(2026, 7, 1), "要收搬运费。")])
def test_the_rule_in_force_on_the_day_is_given(ask, day, lead):
    assert ask("fee", on=day).lead == lead


def test_a_day_without_a_rule_is_said_to_have_none(folder, ask):
    edit(folder, "valid: {from: 2026-07-01}", "valid: {from: 2026-08-01}")
    answer = ask("fee", on=date(2026, 7, 15))
    assert answer.status == "not_stated"
    assert "没有在这一天有效的" in answer.lead


def test_a_statement_that_is_not_in_force_is_left_out(folder, ask):
    edit(folder, "items: [搬运单]", "items: [搬运单, {text: 旧单, valid: {to: 2025-12-31}}]")
    assert ask("documents", "organization").items == ("搬运单",)


def test_the_overview_has_one_line_for_each_other_aspect_and_all_their_citations(ask):
    answer = ask("overview", "organization")
    assert [item.split("：")[0] for item in answer.items] == [
        "所需材料",
        "办理条件",
        "办理渠道",
        "收费标准",
        "办理时限",
        "办理流程",
    ]
    assert {citation.section for citation in answer.citations} == {"一", "一(一)", "一(二)"}


def test_the_overview_hides_internal_rules_too(ask):
    assert "贴箱号" not in ask("overview", "organization").text


def test_an_individuals_overview_says_the_public_rules_once(ask):
    assert ask("overview", "individual").text.count("按照公众业务规则办理") == 1


def test_eligibility_gives_the_general_conditions_and_says_that_the_account_decides(ask):
    answer = ask("eligibility", "organization")
    assert answer.aspect == "eligibility"
    assert "不超过20公斤" in answer.lead
    assert "要看它的账户情况" in answer.notes[-1]


def test_an_operation_without_answers_says_so_and_claims_nothing(folder, ask):
    path = folder / "operations" / "move_box.yml"
    path.write_text(path.read_text(encoding="utf-8").split("answers:")[0], encoding="utf-8")
    answer = ask("fee")
    assert answer.status == "partial"
    assert "还没有整理进规则库" in answer.lead


def test_the_json_form_has_every_field_of_the_contract(ask):
    data = ask("documents", "organization").to_json()
    contract = {"operation", "aspect", "topic", "ownership", "status", "text", "items", "citations", "audience"}
    assert contract <= data.keys()
    assert data["citations"] == [{"document": "集团客户标准服务内容", "section": "一(二)"}]


def test_a_topic_is_answered_from_its_own_document(folder):
    (folder / "topics" / "weight.yml").write_text(
        "id: weight\nname: 重量\ndocument: 集团客户标准服务内容\nsection: 一\naliases: [多重]\n"
        "answer: {status: stated, cite: 一(二), lead: 不超过20公斤。}\n",
        encoding="utf-8",
    )
    answer = answer_topic(load_rules(folder), "weight", "customer", DAY)
    assert (answer.topic, answer.operation, answer.status, answer.lead) == ("weight", None, "stated", "不超过20公斤。")


def test_the_same_list_is_not_shown_twice_but_pointed_at(ask):
    organization, individual = ask("conditions").parts
    assert organization.items == ("箱子不超过20公斤。",)
    assert individual.items == ()
    assert individual.notes[0].startswith("上面列出的规定没有区分单位和个人")


def test_two_parts_say_what_they_have_in_common_once_and_at_the_end(ask):
    organization, individual = ask("conditions").parts
    internal = "这一项另有内部工作要求，只供工作人员查阅。"
    assert internal not in organization.notes
    assert internal in individual.notes
    assert ask("conditions").text.count(internal) == 1


def test_only_the_common_end_of_a_list_is_pointed_at(folder, ask):
    edit(folder, "lead: 箱子不超过20公斤。}", "lead: 箱子要轻。, items: [凭搬运单。]}")
    organization, individual = ask("conditions").parts
    assert organization.items == ("凭搬运单。", "箱子不超过20公斤。")
    assert individual.items == ()
    assert individual.notes[0].startswith("上面清单的最后1条没有区分单位和个人")


def test_an_individuals_own_list_is_never_replaced_by_a_pointer(folder, ask):
    own = "individual: {status: stated, cite: 一(二), lead: 个人的箱子要轻。, items: [不超过5公斤。]}"
    edit(folder, "individual: {status: refers_to_public_rules, cite: 一(二)}\n    common", f"{own}\n    common")
    assert ask("conditions").parts[1].items == ("不超过5公斤。", "箱子不超过20公斤。")


def test_papers_for_everybody_are_listed_for_an_individual_and_not_pointed_at_in_the_organizations_list(folder, ask):
    edit(
        folder,
        "      items: [搬运单]\n    individual:\n      status: refers_to_public_rules\n      cite: 一(二)\n",
        "    individual:\n      status: refers_to_public_rules\n      cite: 一(二)\n    common: [搬运单]\n",
    )
    organization, individual = ask("documents").parts
    assert organization.items == individual.items == ("搬运单",)
    assert individual.title == "同一节里没有区分单位和个人的规定："
    assert not any("上面" in note for note in individual.notes)


def test_where_the_rules_speak_to_individuals_only_they_are_answered_first(folder, ask):
    edit(
        folder,
        "      status: stated\n      cite: 一(二)\n      lead: 要带搬运单。\n      items: [搬运单]\n    individual:\n"
        "      status: refers_to_public_rules\n      cite: 一(二)\n",
        "      status: not_stated\n      cite: 一(二)\n    individual:\n"
        "      status: stated\n      cite: 一(二)\n      lead: 带上搬运单。\n      items: [搬运单]\n",
    )
    answer = ask("documents")
    assert [part.ownership for part in answer.parts] == ["individual", "organization"]
    assert answer.text.splitlines()[0] == "个人名称开户：带上搬运单。"
    assert (answer.status, answer.items) == ("stated", ("搬运单",))


def test_the_overview_says_gaps_of_one_kind_in_one_short_line(folder, ask):
    edit(
        folder,
        "    any:\n      - {status: stated, cite: 一(一), lead: 目前不收费。, valid: {to: 2026-06-30}}\n"
        "      - {status: stated, cite: 一(一), lead: 要收搬运费。, valid: {from: 2026-07-01}}\n",
        "    any: {status: lost, cite: 一}\n",
    )
    assert "收费标准、办理时限：原文缺失，不能凭猜测答复。" in ask("overview", "organization").items


def test_the_overview_tells_an_individual_what_is_alike_for_both(ask):
    assert ask("overview").parts[1].notes[0] == "上面写的办理渠道、收费标准、办理流程没有区分单位和个人。"


def test_places_are_cited_in_the_order_of_the_document(ask):
    assert [citation.section for citation in ask("overview", "organization").citations] == ["一", "一(一)", "一(二)"]


def test_a_later_version_is_told_with_its_day_and_its_source(ask):
    answer = ask("fee")
    assert answer.lead == "目前不收费。"
    assert "自2026年7月1日起，收费标准改为：要收搬运费。" in answer.text.splitlines()
    assert answer.to_json()["changes"] == [
        {
            "from": "2026-07-01",
            "text": "自2026年7月1日起，收费标准改为：要收搬运费。",
            "citations": [{"document": "集团客户标准服务内容", "section": "一(一)"}],
        }
    ]


def test_a_version_that_has_begun_is_no_change_any_more(ask):
    answer = ask("fee", on=date(2026, 7, 1))
    assert answer.changes == ()
    assert "自2026年" not in answer.text


def test_a_later_version_of_one_part_is_cited_with_it(folder, ask):
    edit(folder, "cite: 一(一), lead: 要收搬运费。", "cite: 一(二), lead: 要收搬运费。")
    assert [citation.section for citation in ask("fee").citations] == ["一(一)", "一(二)"]


def test_a_later_version_comes_with_its_list(folder, ask):
    edit(folder, "lead: 要收搬运费。,", "lead: 要收搬运费。, items: [大箱按件。, 小箱按车。],")
    assert ask("fee").changes[0].text == "自2026年7月1日起，收费标准改为：要收搬运费：大箱按件；小箱按车。"


def test_a_later_gap_is_told_as_one(folder, ask):
    edit(folder, "status: stated, cite: 一(一), lead: 要收搬运费。", "status: lost, cite: 一")
    assert ask("fee").changes[0].text.startswith("自2026年7月1日起，收费标准改为：现有的规则文本里缺了搬箱子的收费标准")


def test_a_later_internal_version_is_told_to_customers_only_as_such(folder, ask):
    edit(folder, "lead: 要收搬运费。,", "lead: 要收搬运费。, audience: staff,")
    assert ask("fee").changes[0].text == "自2026年7月1日起，收费标准改为内部规定，只供工作人员查阅。"
    assert "要收搬运费" in ask("fee", role="staff").changes[0].text


def test_a_change_within_internal_rules_is_not_a_customers_business(folder, ask):
    edit(folder, "lead: 目前不收费。,", "lead: 目前不收费。, audience: staff,")
    edit(folder, "lead: 要收搬运费。,", "lead: 要收搬运费。, audience: staff,")
    assert ask("fee").changes == ()
    assert len(ask("fee", role="staff").changes) == 1


@pytest.mark.parametrize(
    ("entry", "start", "told"),
    [
        ("{text: 新单, valid: {from: 2026-03-01}}", date(2026, 3, 1), "自2026年3月1日起，所需材料增加：新单。"),
        ("{text: 旧单, valid: {to: 2026-02-28}}", date(2026, 3, 1), "所需材料里的这一条到2026年2月28日为止：旧单。"),
    ],
)
def test_what_is_added_to_a_list_and_what_ends_is_told(folder, ask, entry, start, told):
    edit(folder, "items: [搬运单]", f"items: [搬运单, {entry}]")
    answer = ask("documents", "organization")
    assert [(change.start, change.text) for change in answer.changes] == [(start, told)]
    assert told in answer.text


def test_entries_that_come_on_one_day_are_told_together(folder, ask):
    entries = "{text: 甲单, valid: {from: 2026-03-01}}, {text: 乙单, valid: {from: 2026-03-01}}"
    edit(folder, "items: [搬运单]", f"items: [搬运单, {entries}]")
    assert [change.text for change in ask("documents").changes] == ["自2026年3月1日起，所需材料增加：甲单；乙单。"]


def test_an_internal_entry_that_comes_later_is_kept_from_customers(folder, ask):
    edit(folder, "items: [搬运单]", "items: [搬运单, {text: 内单, audience: staff, valid: {from: 2026-03-01}}]")
    assert ask("documents").changes == ()
    assert "内单" in ask("documents", role="staff").text


def test_an_entry_that_would_come_after_the_rule_has_ended_is_not_announced(folder, ask):
    edit(folder, "lead: 目前不收费。,", "lead: 目前不收费。, items: [{text: 优惠, valid: {from: 2026-08-01}}],")
    assert [change.start for change in ask("fee").changes] == [date(2026, 7, 1)]


def test_a_rule_that_ends_without_another_one_says_until_when_it_holds(folder, ask):
    edit(folder, "valid: {from: 2026-07-01}", "valid: {from: 2026-07-01, to: 2026-12-31}")
    answer = ask("fee", on=date(2026, 8, 1))
    assert answer.changes[0].text == "现在的收费标准规定到2026年12月31日为止，规则库里还没有紧接着的规定。"
    assert answer.changes[0].start == date(2027, 1, 1)


def test_a_rule_that_has_ended_says_when(folder, ask):
    edit(folder, "valid: {from: 2026-07-01}", "valid: {from: 2026-07-01, to: 2026-12-31}")
    answer = ask("fee", on=date(2027, 1, 1))
    assert answer.status == "not_stated"
    assert answer.lead == "规则库里没有在这一天有效的搬箱子的收费标准规定；之前的规定到2026年12月31日为止。"
    assert answer.changes == ()


def test_a_rule_that_has_not_begun_says_when_it_will_and_what_it_says(folder, ask):
    edit(folder, "valid: {to: 2026-06-30}", "valid: {from: 2026-06-01, to: 2026-06-30}")
    answer = ask("fee")
    assert answer.status == "not_stated"
    assert "要到2026年6月1日才开始有规定" in answer.lead
    assert [change.text for change in answer.changes] == [
        "自2026年6月1日起，收费标准的规定是：目前不收费。",
        "自2026年7月1日起，收费标准的规定是：要收搬运费。",
    ]


def test_a_day_between_two_rules_is_told_both(folder, ask):
    edit(folder, "valid: {from: 2026-07-01}", "valid: {from: 2026-08-01}")
    answer = ask("fee", on=date(2026, 7, 15))
    assert "之前的规定到2026年6月30日为止" in answer.lead
    assert answer.changes[0].text == "自2026年8月1日起，收费标准的规定是：要收搬运费。"


def test_the_overview_announces_the_changes_of_every_aspect(ask):
    assert "自2026年7月1日起，收费标准改为：要收搬运费。" in ask("overview").text


def test_a_change_that_both_kinds_of_customer_share_is_told_once(folder, ask):
    edit(folder, "- 箱子不超过20公斤。", "- {text: 箱子不超过20公斤。, valid: {to: 2026-02-28}}")
    answer = ask("conditions")
    assert answer.text.count("到2026年2月28日为止") == 1
    assert len(answer.changes) == 1


def test_a_topic_announces_its_later_version_by_its_name(folder):
    (folder / "topics" / "weight.yml").write_text(
        "id: weight\nname: 重量\ndocument: 集团客户标准服务内容\nsection: 一\naliases: [多重]\nanswer:\n"
        "  - {status: stated, cite: 一(二), lead: 不超过20公斤。, valid: {to: 2026-06-30}}\n"
        "  - {status: lost, cite: 一(二), valid: {from: 2026-07-01}}\n",
        encoding="utf-8",
    )
    rules = load_rules(folder)
    assert answer_topic(rules, "weight", "customer", DAY).changes[0].text.startswith("自2026年7月1日起，重量改为：")
    assert "缺了重量的内容这一段" in answer_topic(rules, "weight", "customer", date(2026, 7, 1)).lead


@pytest.mark.parametrize("role", ROLES)
def test_no_answer_of_the_real_rule_base_says_a_sentence_twice(rules, role):
    for operation, aspect, ownership in product(rules.operations, ASPECTS, (None, *OWNERSHIPS)):
        answer = answer_operation(rules, operation, aspect, ownership, role, DAY)
        for part in answer.parts:
            said = [letters(sentence) for sentence in (part.lead, *part.items, *part.notes)]
            assert len(said) == len(set(said)), (operation, aspect, ownership)
        notes = [note for part in answer.parts for note in part.notes]
        assert len(notes) == len(set(notes)), (operation, aspect)


@pytest.mark.parametrize("role", ROLES)
def test_an_individuals_part_of_the_real_rule_base_never_points_at_papers_of_an_organization(rules, role):
    for operation in rules.operations:
        parts = answer_operation(rules, operation, "documents", None, role, DAY).parts
        for part in parts:
            if part.ownership == "individual":
                assert not any("上面" in note for note in part.notes), operation
                assert not any(paper in part.text for paper in rules.documents.terms.organization_only), operation
