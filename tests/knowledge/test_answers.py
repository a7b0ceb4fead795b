"""How rules become answers; the rule base here is a small fictitious one."""

from datetime import date

import pytest

from knowledge.answers import Answer, answer_operation, answer_topic
from knowledge.identifiers import Aspect, Ownership, Role
from knowledge.loader import load_rules
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
    assert "仓库" not in ask("documents").text
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
    assert any("自有营业厅或集团客户经理" in note for note in answer.notes)


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
