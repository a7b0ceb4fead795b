import pytest

from tests.e2e.talk import Talk, subject

RULES = "集团客户标准服务内容"


def test_papers_of_an_organization_come_as_a_checklist(talk: Talk) -> None:
    reply = talk.say("单位的号要销户,需要带什么?")
    assert subject(reply) == ("answer", "cancel_service", "documents")
    assert reply["ownership"] == "organization"
    assert "单位介绍信（加盖公章）" in reply["text"]
    assert "单位委托证明" not in reply["text"]
    assert reply["citations"] == [{"document": RULES, "section": "五(二)"}]
    assert any(block["type"] == "checklist" for block in reply["blocks"])


def test_an_individual_is_never_given_the_papers_of_an_organization(talk: Talk) -> None:
    reply = talk.say("个人名下的手机号销户要带啥证件")
    assert subject(reply) == ("answer", "cancel_service", "documents")
    assert "公众业务规则" in reply["text"]
    assert "介绍信" not in reply["text"]


@pytest.mark.parametrize(
    ("question", "operation", "aspect", "expected", "section"),
    [
        ("过户要多少钱", "transfer_ownership", "fee", "目前不收费", "二(三)"),
        ("补卡多长时间能用", "replace_sim", "time_limit", "立即生效", "十二(二)"),
        ("忘了服务密码去哪儿弄", "manage_password", "channels", "10010", "二十四(一)"),
        ("停机保号收不收月租", "suspend_service", "fee", "月租费", "六(三)"),
        ("公司新装号码需要准备哪些材料", "new_connection", "documents", "单位委托证明", "一(二)"),
        ("退预付款发票丢了咋办", "refund_prepayment", None, "财务规定", "十三(二)"),
    ],
)
def test_questions_get_the_rule_and_where_it_stands(
    talk: Talk, question: str, operation: str, aspect: str | None, expected: str, section: str
) -> None:
    reply = talk.say(question)
    assert reply["decision"] == "answer"
    assert reply["operation"] == operation
    assert aspect is None or reply["aspect"] == aspect
    assert expected in reply["text"]
    assert {"document": RULES, "section": section} in reply["citations"]


def test_lost_text_is_said_to_be_lost_and_nothing_is_put_in_its_place(talk: Talk) -> None:
    reply = talk.say("改号要收费吗")
    assert subject(reply) == ("answer", "change_number", "fee")
    assert "缺" in reply["text"]
    assert "手续费。" not in reply["text"]
    assert "元" not in reply["text"]


def test_an_operation_whose_rules_are_lost_says_so(talk: Talk) -> None:
    reply = talk.say("宽带移机怎么办理")
    assert subject(reply)[:2] == ("answer", "relocate")
    assert "规则文本里缺了移机的办理流程" in reply["text"]
    assert "依据：《集团客户标准服务内容》四" in reply["text"]


def test_an_internal_rule_is_told_to_staff_and_only_named_to_a_customer(talk: Talk, another_talk: Talk) -> None:
    question = "员工泄密会怎么处理"
    reply = talk.say(question)
    assert (reply["decision"], reply["topic"]) == ("answer", "leak_penalties")
    assert "只供工作人员查阅" in reply["text"]
    assert "登报" not in reply["text"]
    assert "登报" in another_talk.sign_in(staff=True).say(question)["text"]


def test_internal_instructions_are_for_staff_only(talk: Talk, another_talk: Talk) -> None:
    assert "挽留" not in talk.say("销户的流程是什么")["text"]
    assert "挽留" in another_talk.sign_in(staff=True).say("销户的流程是什么")["text"]


def test_two_operations_in_one_message_are_both_answered(talk: Talk) -> None:
    reply = talk.say("单位的号过户和补卡分别收费吗")
    assert set(reply["operations"]) == {"transfer_ownership", "replace_sim"}
    assert {citation["section"] for citation in reply["citations"]} == {"二(三)", "十二(三)"}
