import pytest

from bot.nlu.cues import Operator, names_something_of_ours, ownership_of

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


def test_the_operators_own_company_is_nobodys_account():
    assert ownership_of("星槎公司怎么回事", XINGCHA) is None
    assert ownership_of("星槎公司怎么回事") == "organization"


@pytest.mark.parametrize("text", ["星槎靠谱不", "打96188没人接"])
def test_naming_the_operator_names_something_of_ours(text):
    assert names_something_of_ours(text, XINGCHA)
    assert not names_something_of_ours(text)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("信用卡天天打电话催我还钱", False),
        ("银行来了个电话", False),
        ("电话催了我三遍物业费", False),
        ("我的电话停了", True),
        ("打不了电话", True),
        ("银行打电话说我手机号停了", True),
    ],
)
def test_being_called_is_not_the_same_as_having_a_telephone(text, ours):
    assert names_something_of_ours(text) is ours
