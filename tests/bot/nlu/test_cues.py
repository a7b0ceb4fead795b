import pytest

from bot.nlu.cues import (
    Operator,
    asks_permission,
    aspects_of,
    choice_of,
    leans_back,
    names_something_of_ours,
    ownership_of,
)

XINGCHA = Operator(called=("星槎",), hotlines=("96188",))


@pytest.mark.parametrize(
    ("text", "ownership"),
    [
        ("我们公司的号", "organization"),
        ("单位户带啥", "organization"),
        ("个人的呢", "individual"),
        ("这卡在我自己名下", "individual"),
        ("不是单位的,是个人的", "individual"),
        ("你们公司怎么回事", None),
        ("公司的和个人的有什么不一样", None),
        ("个人信息泄露了", None),
        ("两个人一起去", None),
        ("怎么销户", None),
    ],
)
def test_ownership_comes_from_words(text, ownership):
    assert ownership_of(text) == ownership


@pytest.mark.parametrize(
    ("text", "choice"),
    [("2", 2), ("第二个", 2), ("选2", 2), ("我选第三个吧", 3), ("一", 1), ("第1项", 1), ("最上面那个", 1)],
)
def test_a_choice_is_a_number_and_nothing_else(text, choice):
    assert choice_of(text) == choice


@pytest.mark.parametrize("text", ["第二个号码能销户吗", "12", "0", "18600012345", "两天能办好吗", ""])
def test_a_number_within_a_sentence_is_no_choice(text):
    assert choice_of(text) is None


@pytest.mark.parametrize("text", ["那收费呢?", "那销户呢", "个人的呢", "不对,我说的是补卡"])
def test_wording_can_lean_on_what_was_said(text):
    assert leans_back(text)


@pytest.mark.parametrize("text", ["怎么销户呢", "我想销户", "那个号码怎么注销", "宽带断了三天了怎么没有人来修呢"])
def test_a_whole_question_leans_on_nothing(text):
    assert not leans_back(text)


def test_aspects_are_named_in_reading_order():
    assert aspects_of("带什么材料,多少钱,多久能好") == ("documents", "fee", "time_limit")


def test_the_operators_own_company_is_nobodys_account():
    assert ownership_of("星槎公司怎么回事", XINGCHA) is None
    assert ownership_of("星槎公司怎么回事") == "organization"


def test_the_operators_hotline_asks_for_the_channels_whatever_it_is():
    assert aspects_of("收费吗,能打96188吗", XINGCHA) == ("fee", "channels")
    assert aspects_of("收费吗,能打96188吗") == ("fee",)


@pytest.mark.parametrize("text", ["星槎靠谱不", "打96188没人接"])
def test_naming_the_operator_names_something_of_ours(text):
    assert names_something_of_ours(text, XINGCHA)
    assert not names_something_of_ours(text)


def test_a_wish_asks_for_no_permission():
    assert not asks_permission("现在想改号")
    assert asks_permission("现在能改号吗")
