import pytest

from bot.nlu.cues import Operator
from bot.nlu.questions import (
    asks_permission,
    aspects_of,
    content_words,
    only_asks,
    only_asks_of,
    possible_aspects,
    question_clauses,
)

XINGCHA = Operator(called=("星槎",), hotlines=("96188",))


def test_aspects_are_named_in_reading_order():
    assert aspects_of("带什么材料,多少钱,多久能好") == ("documents", "fee", "time_limit")


@pytest.mark.parametrize(
    ("text", "aspects"),
    [
        ("不是收费,我问的是要带什么", ("documents",)),
        ("不是问多少钱,是问多久", ("time_limit",)),
        ("要不要钱", ("fee",)),
        ("是不是免费", ("fee",)),
    ],
)
def test_an_aspect_that_is_denied_is_not_asked_for(text, aspects):
    assert aspects_of(text) == aspects
    assert "fee" not in set(possible_aspects(text)) - set(aspects)


def test_asking_for_the_same_elsewhere_is_about_no_other_aspect():
    assert possible_aspects("销户也是这样吗") == ()
    assert possible_aspects("证件也一样吗") == ("documents",)


def test_questions_in_clauses_of_their_own_are_told_apart_from_mentions():
    assert question_clauses("我现在能销户吗,要带什么材料") == [(0, 7, "eligibility"), (8, 14, "documents")]
    assert question_clauses("我去营业厅问过了,要带什么材料") == [(9, 15, "documents")]


@pytest.mark.parametrize(
    "text", ["在哪", "那要多少钱呢", "材料", "几天", "要啥", "请问具体怎么办理", "嗯还有吗", "然后呢", "还有别的吗"]
)
def test_a_question_about_something_said_before_names_nothing(text):
    assert only_asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "入网费是多少",
        "营业厅在哪条路",
        "火车票多少钱",
        "你是谁",
        "天气怎么样",
        "还有一张卡",
        "营业厅",
        "我的手机能看电视吗",
    ],
)
def test_a_question_that_names_something_stands_alone(text):
    assert not only_asks(text)


def test_the_operators_hotline_asks_for_the_channels_whatever_it_is():
    assert aspects_of("收费吗,能打96188吗", XINGCHA) == ("fee", "channels")
    assert aspects_of("收费吗,能打96188吗") == ("fee",)


def test_a_wish_asks_for_no_permission():
    assert not asks_permission("现在想改号")
    assert "eligibility" not in possible_aspects("现在想改号")
    assert asks_permission("现在能改号吗")
    assert "eligibility" in possible_aspects("现在能改号吗")


def test_asking_for_an_aspect_asks_for_no_permission():
    assert not asks_permission("能在网上办吗")
    assert not asks_permission("有什么条件才能办吗")


def test_pointing_words_alone_ask_for_nothing():
    assert not only_asks("那这个呢")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("发票找不着了怎么办", ("发票",)),
        ("可以发到邮箱吗", ("发到邮箱",)),
        ("欠费会影响吗", ("欠费",)),
        ("那怎么办呢", ()),
        ("要不要跑一趟营业厅", ("营业厅",)),
        ("里面还有点话费怎么办", ("话费",)),
        ("附近的营业厅几点关门", ("附近", "营业厅几点关门")),
    ],
)
def test_words_that_only_ask_or_point_name_nothing(text, words):
    assert content_words(text) == words


@pytest.mark.parametrize(("text", "name", "whole"), [("入网费是多少", 2, True), ("入网那天是几号", 2, False)])
def test_a_name_and_a_question_about_it_leave_nothing_over(text, name, whole):
    assert only_asks_of(text, [(0, name)]) == whole
    assert not only_asks_of(text, [])


@pytest.mark.parametrize(("text", "bare"), [("一般什么时候发", True), ("来显收费吗", False), ("不卡要带什么", False)])
def test_one_verb_beside_a_question_of_time_names_nothing(text, bare):
    assert only_asks(text) == bare


@pytest.mark.parametrize("text", ["核一下18600010109销户条件满足不", "我符不符合要求", "这个号换得了号吗"])
def test_holding_an_account_against_the_conditions_is_asking_permission(text):
    assert asks_permission(text)
    assert not asks_permission("销户要满足什么条件")


@pytest.mark.parametrize(
    ("text", "aspects"),
    [
        ("我能在网上补卡吗", ("channels",)),
        ("我能自己在家把号停了吗", ("channels",)),
        ("停机保号能在支付宝里弄吗", ("channels",)),
        ("我现在能在网上补卡吗", ("eligibility", "channels")),
        ("我欠着费能补卡吗,去哪里办", ("eligibility", "channels")),
    ],
)
def test_whether_it_can_be_done_somewhere_asks_where_and_not_about_the_account(text, aspects):
    assert aspects_of(text) == aspects


@pytest.mark.parametrize(
    "text",
    [
        "补卡别人能代办吗",
        "销户必须本人吗",
        "过户能让我妈替我去吗",
        "那张收据找不着了还能退吗",
        "拿护照能开户吗",
        "押金条丢了还退不",
        "遗失补办资料",
    ],
)
def test_who_may_come_and_what_papers_will_do_ask_for_the_documents(text):
    assert "documents" in aspects_of(text)


@pytest.mark.parametrize("text", ["号是用表哥的身份证开的,想过户", "我身份证到期了", "登的是老身份证,要更新"])
def test_a_paper_that_is_only_told_of_asks_for_no_documents(text):
    assert aspects_of(text) == ()


@pytest.mark.parametrize("text", ["补卡 身份证原件", "要拿谁的身份证过去", "身份证到期了能补卡吗", "销户要身份证"])
def test_a_paper_that_is_asked_for_is_a_document(text):
    assert aspects_of(text)[0] == "documents"
