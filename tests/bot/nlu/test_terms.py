import jieba
import pytest

from bot.nlu.terms import Term, TermMatcher

TERMS = [
    Term("operation", "cancel_service", "销户"),
    Term("operation", "cancel_service", "把…号…注销"),
    Term("operation", "suspend_service", "停机保号"),
    Term("operation", "resume_service", "复机"),
    Term("operation", "report_loss", "挂失"),
    Term("operation", "cancel_loss", "取消挂失"),
    Term("operation", "change_number", "换号"),
    Term("operation", "change_number", "把…号…换"),
    Term("operation", "transfer_ownership", "过户"),
    Term("topic", "website_filing", "备案"),
]


@pytest.fixture(scope="module")
def matcher():
    return TermMatcher(TERMS, foreign_things=["身份证", "信用卡", "房子"])


def found(matcher, text):
    return matcher.find(text, [(start, end) for _, start, end in jieba.tokenize(text)])


def asked_for(matcher, text):
    return [term.id for term in found(matcher, text) if term.asked_for]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("我要销户", ["cancel_service"]),
        ("怎么取消挂失", ["cancel_loss"]),
        ("先挂失再换号", ["report_loss", "change_number"]),
        ("把我这个号给换了", ["change_number"]),
        ("把手机号码给注销掉", ["cancel_service"]),
        ("网站备案", ["website_filing"]),
        ("今天吃什么", []),
        ("", []),
    ],
)
def test_terms_are_found_the_longest_first(matcher, text, ids):
    assert asked_for(matcher, text) == ids


def test_a_term_that_only_looks_like_one_across_words_is_not_found(matcher):
    assert asked_for(matcher, "自动回复机器人") == []


def test_a_gap_does_not_reach_over_punctuation(matcher):
    assert asked_for(matcher, "把门关上,号码帮我注销一下别的") == []


@pytest.mark.parametrize("text", ["不是要销户", "我不想销户", "别给我销户", "没说要销户"])
def test_a_denied_term_is_not_asked_for(matcher, text):
    assert [term.negated for term in found(matcher, text)] == [True]


@pytest.mark.parametrize("text", ["能不能销户", "要不要销户", "是不是要销户", "不能销户吗", "为什么不给销户"])
def test_a_question_with_bu_denies_nothing(matcher, text):
    assert asked_for(matcher, text) == ["cancel_service"]


def test_what_was_done_before_is_not_asked_for(matcher):
    assert asked_for(matcher, "去年办过过户,现在想换号") == ["change_number"]
    assert asked_for(matcher, "过户之后能换号吗") == ["change_number"]


@pytest.mark.parametrize(
    "text",
    ["挂失身份证", "身份证怎么挂失", "挂失一下我的身份证", "房子过户", "把信用卡号注销", "身份证丢了你们能不能挂失"],
)
def test_the_same_word_said_of_a_foreign_thing_is_not_ours(matcher, text):
    assert asked_for(matcher, text) == []


@pytest.mark.parametrize("text", ["带身份证挂失可以吗", "挂失要带身份证吗", "带了身份证,要挂失", "拿着身份证去挂失"])
def test_a_paper_to_bring_does_not_make_it_foreign(matcher, text):
    assert asked_for(matcher, text) == ["report_loss"]


def test_a_wording_that_begins_inside_the_name_of_a_foreign_thing_is_not_ours():
    matcher = TermMatcher([Term("operation", "replace_sim", "卡坏…补")], foreign_things=["公交卡"])
    assert asked_for(matcher, "公交卡坏了怎么补") == []
    assert asked_for(matcher, "手机卡坏了怎么补") == ["replace_sim"]
