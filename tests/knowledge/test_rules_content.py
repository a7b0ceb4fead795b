"""What the rule base says of the operations; each test is a decision of docs/decisions.md or of the documents."""

from datetime import date
from itertools import product

import pytest

from knowledge.answers import Answer, answer_operation
from knowledge.identifiers import OWNERSHIPS, ROLES, RULE_ASPECTS, STATUSES
from tests.knowledge.conftest import KNOWLEDGE

DAY = date(2026, 1, 1)
OPERATIONS = {path.stem for path in (KNOWLEDGE / "operations").glob("*.yml") if "." not in path.stem}
SERVICE = "集团客户标准服务内容"
NUMBER_AGREEMENT = ("集团客户入网协议", "第二条(二)")


@pytest.fixture
def ask(rules):
    def ask(operation, aspect, ownership=None, role="customer") -> Answer:
        return answer_operation(rules, operation, aspect, ownership, role, DAY)

    return ask


def places(answer: Answer) -> set[tuple[str, str]]:
    return {(citation.document, citation.section) for citation in answer.citations}


def test_all_operations_and_topics_of_the_ontology_are_there(rules):
    assert len(rules.operations) == 27
    assert len(rules.topics) == 30
    assert all(operation.answered for operation in rules.operations.values())
    assert all(topic.answered for topic in rules.topics.values())


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_every_aspect_of_every_operation_is_answered_with_a_citation(ask, operation):
    for aspect, ownership, role in product(RULE_ASPECTS, (None, *OWNERSHIPS), ROLES):
        answer = ask(operation, aspect, ownership, role)
        assert answer.lead
        assert answer.status in STATUSES
        assert answer.citations
        assert "还没有整理" not in answer.text


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
@pytest.mark.parametrize("role", ["customer", "staff"])
def test_an_individual_never_hears_of_an_organizations_papers(ask, operation, role):
    for aspect in RULE_ASPECTS:
        text = ask(operation, aspect, "individual", role).text
        assert not any(paper in text for paper in ("介绍信", "委托证明", "公章", "红章", "营业执照", "登记证件"))


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        ("new_connection", "not_stated"),
        ("transfer_ownership", "refers_to_public_rules"),
        ("change_number", "lost"),
        ("cancel_service", "refers_to_public_rules"),
        ("suspend_service", "refers_to_public_rules"),
        ("replace_sim", "refers_to_public_rules"),
        ("refund_prepayment", "lost"),
        ("manage_password", "partial"),
    ],
)
def test_what_the_rules_say_of_an_individuals_papers(ask, operation, status):
    assert ask(operation, "documents", "individual").status == status


def test_new_connection_asks_for_the_power_of_attorney_never_for_the_letter(ask):
    answer = ask("new_connection", "documents", "organization")
    assert any("单位委托证明（加盖红章的原件）" in item for item in answer.items)
    assert "介绍信" not in answer.text
    assert "《企业名称预先核准通知书》" in answer.text


@pytest.mark.parametrize("operation", ["change_number", "cancel_service", "replace_sim", "refund_prepayment"])
def test_these_operations_ask_for_the_letter_never_for_the_power_of_attorney(ask, operation):
    answer = ask(operation, "documents", "organization")
    assert "单位介绍信（加盖公章）" in answer.items
    assert "委托证明" not in answer.text


def test_new_connection_has_no_time_limit_of_its_own(ask):
    answer = ask("new_connection", "time_limit")
    assert answer.status == "not_stated"
    assert "立即生效" not in answer.text


def test_new_connection_is_free_for_mobile_and_lost_for_fixed_lines(ask):
    answer = ask("new_connection", "fee")
    assert answer.status == "partial"
    assert "移动业务入网目前不收费" in answer.lead
    assert "固网" in answer.lead


def test_a_small_company_with_an_out_of_town_card_pays_ahead(ask):
    text = ask("new_connection", "conditions", "organization").text
    assert "6-12个月" in text
    assert "银行托收" in text


def test_the_fragment_before_the_transfers_fee_is_the_transfers(ask):
    assert ask("transfer_ownership", "time_limit", "organization").lead.startswith("移动业务过户立即生效")
    assert places(ask("transfer_ownership", "time_limit")) == {(SERVICE, "二(二)")}


def test_a_transfer_is_free_for_mobile_and_has_a_fee_for_fixed_lines(ask):
    answer = ask("transfer_ownership", "fee")
    assert answer.status == "stated"
    assert "不收费" in answer.lead
    assert "手续费" in answer.lead


@pytest.mark.parametrize("aspect", ["documents", "channels"])
def test_a_transfers_papers_and_channels_are_lost(ask, aspect):
    assert ask("transfer_ownership", aspect).status == "lost"


@pytest.mark.parametrize(
    ("operation", "word"), [("transfer_ownership", "过户"), ("cancel_service", "销号"), ("suspend_service", "停机")]
)
def test_the_special_number_promise_is_a_condition(ask, operation, word):
    answer = ask(operation, "conditions")
    assert any("靓号" in item and word in item for item in answer.items)
    assert NUMBER_AGREEMENT in places(answer)


def test_the_fee_of_changing_a_number_is_lost_and_not_borrowed_from_the_next_section(ask):
    answer = ask("change_number", "fee")
    assert answer.status == "lost"
    assert "手续费" not in answer.text


def test_changing_a_number_takes_effect_at_once_for_mobile_only(ask):
    answer = ask("change_number", "time_limit")
    assert answer.status == "partial"
    assert "移动业务改号立即生效" in answer.lead


def test_cancelling_has_conditions_but_neither_fee_nor_time_limit(ask):
    assert ask("cancel_service", "conditions").status == "stated"
    assert ask("cancel_service", "fee").status == "lost"
    assert ask("cancel_service", "time_limit").status == "lost"


def test_keeping_a_leaving_customer_is_for_staff(ask):
    assert "挽留" not in ask("cancel_service", "procedure").text
    assert "挽留" in ask("cancel_service", "procedure", role="staff").text


def test_a_roaming_prepayment_comes_back_after_the_service_is_closed(ask):
    assert any("国际漫游" in item and "自有营业厅" in item for item in ask("cancel_service", "procedure").items)


def test_suspension_says_that_its_restriction_is_cut_without_guessing_it(ask):
    answer = ask("suspend_service", "conditions", "organization")
    assert answer.status == "partial"
    assert "……制的用户不能办理停机保号" in answer.text
    assert "欠费" not in answer.text


def test_suspension_takes_effect_within_24_hours_and_at_once_in_an_own_hall(ask):
    lead = ask("suspend_service", "time_limit", "organization").lead
    assert "24小时" in lead
    assert "自有营业厅" in lead


def test_suspension_has_a_monthly_fee_and_no_handling_fee(ask):
    answer = ask("suspend_service", "fee")
    assert answer.status == "stated"
    assert "月租费" in answer.lead
    assert "不收停机保号手续费" in answer.lead
    assert ask("suspend_service", "channels").status == "lost"


def test_a_new_card_costs_the_approved_fee_and_vips_have_their_own_policy(ask):
    assert "VIP" in ask("replace_sim", "fee").lead
    assert "立即生效" in ask("replace_sim", "time_limit", "organization").lead


def test_a_refund_needs_the_invoice_and_waits_for_the_agreement(ask):
    assert "交费发票（凭证）" in ask("refund_prepayment", "documents", "organization").items
    conditions = ask("refund_prepayment", "conditions")
    assert "协议到期" in conditions.lead
    assert NUMBER_AGREEMENT in places(conditions)
    assert ask("refund_prepayment", "fee").status == "lost"


def test_a_password_is_free_and_checked_against_name_and_papers(ask):
    assert ask("manage_password", "fee").status == "stated"
    assert ask("manage_password", "documents").items == ("手机号码", "客户姓名", "有效证件号码")
    channels = ask("manage_password", "channels").text
    assert all(channel in channels for channel in ("自有营业厅", "网上营业厅", "10010", "客户经理"))
