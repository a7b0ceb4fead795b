import pytest

from knowledge.outline.checks import check
from knowledge.outline.model import Finding
from tests.knowledge.outline.reading import structure_of


def found(text, wrapped=False):
    """Kind, line and numbers of each finding about the structure."""
    parts, mended = structure_of(text)
    return [
        (finding.kind, finding.place.line if finding.place else None, finding.values.get("missing"))
        for finding in check(parts, mended, wrapped)
    ]


GOOD = "搬运手册\n一、搬箱\n(一)渠道:柜台。\n(二)收费\n不收费。\n二、寄存\n(一)渠道:柜台。\n(二)收费\n不收费。"


def test_an_excerpt_has_at_most_fifteen_characters():
    assert Finding("gap", None, "搬运" * 10).excerpt == "搬运" * 7 + "…"


def test_a_document_in_order_has_no_findings():
    assert found(GOOD) == []


def test_numbers_that_jump_name_what_is_missing():
    assert found(GOOD.replace("二、寄存", "五、寄存")) == [("gap", 6, "二、三、四")]
    assert found("协议\n第一条 搬箱:可以。\n第三条 收费:没有。") == [("gap", 3, "第二条")]
    assert found("守则\n1.不吸烟。\n3.不饮酒。") == [("gap", 3, "第2条")]
    assert found("守则\n1. 总则\n1.1 范围:仓库。\n1.4 期限:一年。") == [("gap", 4, "1.2、1.3")]


def test_a_long_gap_says_how_many_are_missing():
    (finding,) = found(GOOD.replace("二、寄存", "五十、寄存"))
    assert finding[2].endswith("二十、二十一等 48 处")


def test_a_first_number_that_is_missing_is_named():
    assert found("承诺书\n以下各条请遵守。\n2.不吸烟。\n3.不饮酒。") == [("missing_first", 3, "第1条")]


def test_articles_that_go_on_counting_in_the_next_chapter_are_in_order():
    text = "办法\n第一章 总则\n第一条 范围:仓库。\n第二条 期限:一年。\n第二章 收费\n第三条 标准:没有。"
    assert found(text) == []
    assert ("missing_first", 6, "第一条、第二条、第三条") in found(text.replace("第三条", "第四条"))


def test_a_number_that_comes_twice_or_goes_back_is_found():
    assert ("repeated_number", 5, None) in found("手册\n一、搬箱\n(一)渠道:柜台。\n(二)收费:没有。\n(二)收费:照旧。")
    assert ("number_goes_back", 4, None) in found("手册\n一、搬箱:可以。\n二、寄存:可以。\n一、装车:可以。")


def test_text_of_a_lost_section_is_pointed_at():
    text = "手册\n一、搬箱\n(一)收费:没有。\n12实体渠道要登记。\n(一)收费:照旧。\n三、装车:可以。"
    assert [each for each in found(text) if each[0] == "text_without_heading"] == [
        ("text_without_heading", 4, "二"),
        ("text_without_heading", 5, "二"),
    ]


def test_text_after_a_sentence_that_breaks_off_is_pointed_at():
    text = "手册\n一、搬箱\n搬箱不收费；如果另外需要包装和固定,则\n五天以内有效。\n三、装车:可以。"
    assert ("broken_off_inside", 3, None) in found(text)
    assert ("text_without_heading", 4, "二") in found(text)


def test_text_after_a_page_break_without_a_gap_is_still_pointed_at():
    assert ("text_after_page", 3, None) in found("手册\n一、搬箱:可以。\n12实体渠道要登记。")


def test_a_heading_without_text_is_found():
    assert found(GOOD.replace("(二)收费\n不收费。\n二", "(二)收费\n二")) == [("heading_without_text", 4, None)]


def test_a_doubled_title_and_a_missing_one_are_found():
    assert found("搬运手册(样本)\n" * 2 + "一、搬箱:可以。") == [("doubled_title", 1, None)]
    assert found("一、搬箱:可以。\n二、寄存:可以。") == [("no_title", 1, None)]


def test_several_documents_are_counted():
    parts, mended = structure_of("第一篇:搬运手册\n一、搬箱:可以。\n第二篇:寄存办法\n一、寄存:可以。")
    finding = check(parts, mended, False)[0]
    assert finding.values == {"count": 2, "titles": "《搬运手册》、《寄存办法》"}


@pytest.mark.parametrize("end", ["不收费", "不收费,", "要带搬运单和"])
def test_a_sentence_that_breaks_off_before_a_heading_is_found(end):
    assert found(f"手册\n一、搬箱\n{end}\n二、寄存:可以。") == [("broken_off", 3, None)]


@pytest.mark.parametrize("end", ["签署日期: 年 月 日", "甲方(盖 章)", "小箱 | 10公斤", "不收费。", "(见附表)"])
def test_forms_and_tables_need_no_full_stop(end):
    assert found(f"手册\n一、搬箱\n{end}\n二、寄存:可以。") == []


def test_lines_that_end_where_the_page_does_are_no_broken_sentences():
    text = "手册\n一、搬箱\n搬箱不收费；如果另外需要包装和固定,则\n按照当天的标准收取,由柜台登记。\n二、寄存:可以。"
    assert [kind for kind, _, _ in found(text)] == ["broken_off_inside"]
    assert found(text, wrapped=True) == []


def test_a_sentence_twice_in_one_section_is_found():
    sentence = "其他客户的箱子,按照仓库的一般规定办理。"
    assert found(f"手册\n一、搬箱\n{sentence}\n可以预约。\n{sentence}") == [("repeated_sentence", 5, None)]
