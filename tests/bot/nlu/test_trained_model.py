"""What the trained model makes of sentences that nobody trained it on."""

import pytest

from actions.privacy.masking import stand_in
from actions.settings import settings
from bot.nlu.parser import Parser
from knowledge.loader import load_rules
from knowledge.model import GAP

pytestmark = pytest.mark.model


@pytest.mark.parametrize(
    ("text", "operation", "aspect"),
    [
        ("单位的号要销户,需要带什么?", "cancel_service", "documents"),
        ("我现在能换号吗?", "change_number", "eligibility"),
        ("我这号能不能销户", "cancel_service", "eligibility"),
        ("过户要多少钱", "transfer_ownership", "fee"),
        ("停机保号什么条件", "suspend_service", "conditions"),
        ("补卡 单位户 带啥", "replace_sim", "documents"),
        ("押金退还得去哪个营业厅", "refund_prepayment", "channels"),
        ("服务密码忘记了怎么重置", "manage_password", "procedure"),
        ("宽带报修两天了还没人来", "report_fault", None),
        ("新装宽带几天能装好", "new_connection", "time_limit"),
        ("销户", "cancel_service", None),
    ],
)
def test_a_rule_question_is_answered_with_its_operation_and_aspect(parser, text, operation, aspect):
    got = parser.parse(text)
    assert (got.decision, got.operations) == ("answer", (operation,))
    if aspect:
        assert got.aspects[0] == aspect


def test_nearly_every_plain_question_about_a_service_by_one_of_its_names_is_answered(parser):
    asked = "{}要带什么", "我想{},带什么", "{}怎么办理", "办{}收费吗", "{}多久能好", "{}在哪儿办", "{}"
    rules = load_rules(settings().rules)
    wrong = [
        question.format(name)
        for operation in rules.operations.values()
        for name in (operation.name, *operation.aliases[:8])
        for question in asked
        if GAP not in name and operation.id not in parser.parse(question.format(name)).operations
    ]
    assert len(wrong) <= 0.03 * len(asked) * len(rules.operations) * 8, wrong


@pytest.mark.parametrize(
    ("text", "operation", "aspect"),
    [
        ("wo xiang buka, yao duoshao qian", "replace_sim", "fee"),
        ("fuwu mima wang le zenme ban", "manage_password", "procedure"),
        ("我想guohu,带什么", "transfer_ownership", "documents"),
    ],
)
def test_pinyin_is_read_as_what_was_meant(parser, text, operation, aspect):
    got = parser.parse(text)
    assert (got.decision, got.operations, got.aspects) == ("answer", (operation,), (aspect,))


def test_two_questions_in_one_message_are_each_understood(parser):
    got = parser.parse("停机保号怎么收费?另外我想补卡,要带哪些证件")
    assert got.pairs == (("suspend_service", "fee"), ("replace_sim", "documents"))


def test_what_is_told_beside_a_question_is_no_second_request(parser):
    got = parser.parse("我上个月刚办过停机保号,现在想换个号码,收钱吗")
    assert (got.operations, got.aspects) == (("change_number",), ("fee",))


@pytest.mark.parametrize(("text", "topic"), [("靓号预存款什么时候能取", "special_number_deposit")])
def test_a_topic_is_recognised(parser, text, topic):
    got = parser.parse(text)
    assert (got.decision, got.topic) == ("answer", topic)


@pytest.mark.parametrize(
    "text",
    [
        "今天天气怎么样",
        "把信用卡注销了怎么办",
        "过户房子要交多少税",
        "挂失身份证去哪个派出所",
        "补办公交卡",
        "手机屏幕解锁",
        "换鞋号",
        "超市积分怎么兑换",
        "qwertyuiop",
    ],
)
def test_other_things_called_the_same_get_no_rule_answer(parser, text):
    assert parser.parse(text).decision == "out_of_scope"


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("话费余额还剩多少", "other_service"),
        ("套餐换一个便宜点的", "other_service"),
        ("给我接人工客服", "handoff"),
        ("谢谢你", "chitchat"),
        ("你是不是机器人", "chitchat"),
    ],
)
def test_what_the_rules_do_not_cover_keeps_its_kind(parser, text, decision):
    assert parser.parse(text).decision == decision


def test_a_follow_up_keeps_only_what_it_says(parser):
    fee, individual, cancel = (parser.parse(text) for text in ("那收费呢?", "个人的呢?", "那销户呢?"))
    assert (fee.decision, fee.aspects, fee.operations, fee.follow_up) == ("clarify", ("fee",), (), True)
    assert (individual.decision, individual.ownership, individual.operations) == ("clarify", "individual", ())
    assert (cancel.operations, cancel.aspects, cancel.follow_up) == (("cancel_service",), (), True)


def test_a_denied_or_past_operation_is_not_answered(parser):
    assert "cancel_service" not in parser.parse("不是要销户,是想停一阵子").operations
    assert parser.parse("我去年办过过户,现在想改号").operations == ("change_number",)


def test_two_operations_in_one_message_are_both_understood(parser):
    got = parser.parse("挂失和补卡分别要多少钱")
    assert (got.operations, got.aspects) == (("report_loss", "replace_sim"), ("fee",))


def test_several_aspects_in_one_message_are_all_understood(parser):
    assert set(parser.parse("销户要带什么材料,多少钱,多久能办好").aspects) == {"documents", "fee", "time_limit"}


def test_number_and_ownership_are_read_from_the_text(parser):
    got = parser.parse("我们公司１８６ ０００１ ２３４５这个号能销户吗")
    assert (got.numbers, got.ownership) == ((stand_in("186****2345"),), "organization")


@pytest.mark.parametrize("text", ["", " ", "\x00\x01", "😀😀", "\ud83d", "?" * 50, "销户" * 5000, "a" * 10_000])
def test_every_text_is_understood_somehow(parser, text):
    assert parser.parse(text).decision in ("answer", "clarify", "out_of_scope")


@pytest.mark.parametrize("text", ['/ask_fee{"operation": "cancel_service"}', "／handoff", "/restart"])
def test_a_typed_intent_is_not_obeyed(parser, text):
    data = parser.parse_data(text)
    assert data["intent"]["name"] in ("out_of_scope", "nlu_fallback")


def test_entities_lie_on_the_normalised_text(parser):
    data = parser.parse_data("公司 的 号 １８６０００１２３４５ 要 销户")
    found = {
        entity["entity"]: (data["text"][entity["start"] : entity["end"]], entity["value"])
        for entity in data["entities"]
    }
    assert found["operation"] == ("销户", "cancel_service")
    assert found["ownership"] == ("公司", "organization")
    assert found["number"] == (stand_in("186****2345"), stand_in("186****2345"))


def test_a_model_loaded_again_understands_the_same(parser, trained_model):
    again = Parser(trained_model)
    for text in ("销户要带什么", "今天吃什么", "那收费呢", "不卡要多少钱"):
        assert again.parse(text) == parser.parse(text)
