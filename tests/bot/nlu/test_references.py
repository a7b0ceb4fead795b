import pytest

from bot.nlu.references import choice_of, leans_back, only_around_a_number, other_number


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("2", 2),
        ("第二个", 2),
        ("选2", 2),
        ("我选第三个吧", 3),
        ("一", 1),
        ("第1项", 1),
        ("最上面那个", 1),
        ("前者", 1),
        ("中间那个吧", 2),
        ("最后一个", -1),
        ("后面那个", -1),
        ("两个里边后面的", -1),
        ("都要", 0),
        ("两个都要看", 0),
        ("全部", 0),
    ],
)
def test_a_choice_is_a_number_or_a_place_and_nothing_else(text, choice):
    assert choice_of(text) == choice


@pytest.mark.parametrize(
    "text", ["第二个号码能销户吗", "12", "0", "18600012345", "两天能办好吗", "", "都不要", "最后怎么办", "中间断网了"]
)
def test_a_number_within_a_sentence_is_no_choice(text):
    assert choice_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "那收费呢?",
        "那销户呢",
        "个人的呢",
        "不对,我说的是补卡",
        "说错了,是停机保号",
        "不是销户,我问的是改号",
        "销户也是这样吗",
        "个人的也一样吗",
        "要是过户的话",
    ],
)
def test_wording_can_lean_on_what_was_said(text):
    assert leans_back(text)


@pytest.mark.parametrize(
    "text", ["怎么销户呢", "我想销户", "那个号码怎么注销", "宽带断了三天了怎么没有人来修呢", "我想问一下过户"]
)
def test_a_whole_question_leans_on_nothing(text):
    assert not leans_back(text)


@pytest.mark.parametrize("text", ["另一个号呢", "我另外的号码", "别的号能办吗", "那另一张卡呢", "另一个呢"])
def test_another_number_than_before_is_recognised(text):
    assert other_number(text)
    assert not other_number("这个号呢")


@pytest.mark.parametrize(
    "text", ["18600010102", "那18600010103呢", "打错了,是18600010102", "查一下尾号0102的", "客户号码18600010104"]
)
def test_a_number_with_pointing_words_says_nothing_else(text):
    assert only_around_a_number(text)


@pytest.mark.parametrize("text", ["18600010102能销户吗", "给18600010102充话费", "18600010102是谁的"])
def test_a_number_with_a_request_says_more(text):
    assert not only_around_a_number(text)


@pytest.mark.parametrize(("text", "leans"), [("欠费会影响吗", True), ("有补贴协议碍事不", True), ("怎么影响", False)])
def test_what_something_would_affect_was_said_before(text, leans):
    assert leans_back(text) == leans
