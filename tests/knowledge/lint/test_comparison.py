"""The rule base against the documents: nothing is said that the cited section does not say, and nothing is copied."""

import pytest

from tests.knowledge.conftest import edit
from tests.knowledge.handbook import TEXT

SECTION = "所引用的《集团客户标准服务内容》"


@pytest.fixture
def agreeing(folder):
    """Where the small rule base says what its document does not, made to agree with it."""
    edit(folder, "lead: 搬箱子要先预约。", "lead: 搬箱子凭搬运单。")
    edit(folder, "lead: 要收搬运费。", "lead: 目前要收费。")
    edit(folder, "text: 搬运工要登记箱号。", "text: 搬运工要小心。")
    edit(folder, "lead: 先称重再贴箱号。", "lead: 把箱子从甲处搬到乙处。")


def test_a_rule_base_that_says_what_the_document_says_agrees_with_it(folder, compare, agreeing):
    assert compare() == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("lead: 箱子不超过20公斤。", "lead: 箱子不超过30公斤。", f"{SECTION}一(二)里没有“30公斤”"),
        ("lead: 箱子不超过20公斤。", "lead: 箱子不超过2公斤。", f"{SECTION}一(二)里没有“2公斤”"),
        ("lead: 箱子不超过20公斤。", "lead: 箱子不超过20天。", f"{SECTION}一(二)里没有“20天”"),
        ("lead: 箱子不超过20公斤。", "lead: 箱子要等叁个月。", f"{SECTION}一(二)里没有“叁个月”"),
        ("lead: 到仓库办理。", "lead: 凭搬运单办理。", f"{SECTION}一(一)里没有“搬运单”"),
        ("lead: 要带搬运单。", "lead: 要带《搬运证》。", f"{SECTION}一(二)里没有“《搬运证》”"),
        ("lead: 要带搬运单。", "lead: 要带VIP搬运单。", f"{SECTION}一(二)里没有“VIP”"),
        ("items: [搬运单]", "notes: [可以到仓库取搬运单]", f"{SECTION}一(二)里没有“仓库”"),
        (
            "lead: 要带搬运单。",
            "lead: 请先联系家人。",
            "与所引用的《集团客户标准服务内容》一(二)几乎没有相同的字，请核对出处",
        ),
        (
            "lead: 要带搬运单。",
            "lead: 搬运单把箱子从甲处，小心地搬到乙处再搬回甲处。",
            "照抄了规则原文：……搬运单把箱子从甲处小心地搬到乙处再搬回",
        ),
        (
            "lead: 要带搬运单。",
            "lead: 搬运单把箱子从甲处，\n        小心地搬到乙处再搬回甲处。",
            "照抄了规则原文：……搬运单把箱子从甲处小心地搬到乙处再搬回",
        ),
    ],
)
def test_what_the_cited_section_does_not_say_is_found(folder, compare, agreeing, old, new, expected):
    edit(folder, old, new)
    assert any(problem.startswith(expected) for problem in compare()), compare()


def test_a_comment_that_copies_the_document_is_found(folder, compare, agreeing):
    edit(folder, "answers:", "# 凭搬运单把箱子从甲处小心地搬到乙处再搬回甲处\nanswers:")
    assert any(problem.startswith("照抄了规则原文：……") for problem in compare())


def test_a_citation_of_a_section_holds_what_stands_below_it(folder, compare, agreeing):
    edit(
        folder,
        "any: {status: stated, cite: 一(一), lead: 到仓库办理。}",
        "any: {status: stated, cite: 一, lead: 凭搬运单到仓库办理。}",
    )
    assert compare() == []


def test_a_remark_on_a_gap_needs_no_word_of_the_section(folder, compare, agreeing):
    edit(folder, "lead: 要带搬运单。", "lead: 还有什么，这里没有写。")
    assert not any("几乎没有" in problem for problem in compare())


def test_figures_in_other_numerals_are_the_same_figures(folder, compare, agreeing):
    edit(folder, "lead: 箱子不超过20公斤。", "lead: 箱子不超过二十公斤。")
    assert compare() == []


def test_individuals_are_referred_only_where_the_section_refers_them(folder, compare, agreeing):
    edit(folder, "words: []", "words: [公众业务规则]", "documents.yml")
    assert compare() == []
    assert f"{SECTION}一(二)里没有“公众业务规则”" in compare(TEXT.replace("公众业务规则", "另外的规则"))
