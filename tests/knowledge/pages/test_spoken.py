"""Conditions in words."""

import pytest

from knowledge.facts import load_facts
from knowledge.pages.spoken import Piece, Spoken, pieces, spoken
from knowledge.predicates import AllOf, EndsWithin, Lost, MoreThan, NoneOrPassed, Not, OneOf, SilentUnless
from tests.knowledge.conftest import KNOWLEDGE


@pytest.fixture(scope="module")
def facts():
    return load_facts(KNOWLEDGE / "facts.yml")


def test_facts_and_values_are_named_in_chinese(facts):
    assert spoken(OneOf("payment", ("postpaid",)), facts) == Spoken("one_of", "付费方式", ("后付费",))
    assert spoken(Not(OneOf("blacklisted", (True,))), facts) == Spoken("not_one_of", "黑名单客户", ("是",))
    assert spoken(NoneOrPassed("plan_agreement_end"), facts).values == ("没有套餐协议",)


def test_groups_keep_their_parts(facts):
    both = spoken(AllOf((MoreThan("points", 0), EndsWithin("plan_agreement_end", 90))), facts)

    assert [(part.word, part.values) for part in both.parts] == [("more_than", ("0",)), ("ends_within", ("90",))]
    assert spoken(SilentUnless(OneOf("ownership", ("organization",))), facts).parts[0].values == ("单位名称开户",)
    assert spoken(Lost(), facts).word == "lost"
    assert spoken(Not(MoreThan("points", 0)), facts).parts[0].word == "more_than"


def test_a_word_without_chinese_form_is_refused(facts):
    with pytest.raises(TypeError, match="int"):
        spoken(3, facts)


def test_placeholders_are_named_by_their_facts(facts):
    assert pieces("欠费 {arrears} 元，从 {clears_on} 起。", facts) == [
        Piece("欠费 ", False),
        Piece("欠费（元）", True),
        Piece(" 元，从 ", False),
        Piece("clears_on", True),
        Piece(" 起。", False),
    ]
