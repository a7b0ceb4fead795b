import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.outline.mending import mend
from knowledge.outline.model import Line, Place
from tests.knowledge.outline.reading import lines_of


def mended(text):
    lines, findings = mend(lines_of(text))
    return [line.text for line in lines if not line.noise], [(f.kind, f.place.line) for f in findings]


@pytest.mark.parametrize(
    ("torn", "whole"),
    [
        ("二十二、寄存\n不收费。二\n十三、装车", ["二十二、寄存", "不收费。", "二十三、装车"]),
        ("二十二、寄存\n不收费。\n二\n十三、装车", ["二十二、寄存", "不收费。", "二十三、装车"]),
        ("二十五、寄存\n不收费 三\n十、装车", ["二十五、寄存", "不收费", "三十、装车"]),
        ("十九、寄存\n不收费。\n二十\n5\n一、装车", ["十九、寄存", "不收费。", "二十一、装车"]),
    ],
)
def test_a_number_torn_apart_at_the_line_end_is_joined(torn, whole):
    texts, findings = mended(torn)
    assert texts == whole
    assert ("torn_number", torn.count("\n") + 1) in findings


@pytest.mark.parametrize("text", ["八、寄存\n到二\n九、装车", "八、寄存\n一共有三\n九、装车", "九、寄存\n二\n十、装车"])
def test_a_number_that_follows_the_last_one_is_left_alone(text):
    assert mended(text)[0] == text.split("\n")


@pytest.mark.parametrize("number", ["7", "10", "314", "2024"])
def test_a_page_number_glued_to_a_sentence_is_cut_off(number):
    texts, findings = mended(f"一、寄存\n{number}通过电话预约。")
    assert texts == ["一、寄存", "通过电话预约。"]
    assert findings == [("page_number_first", 2)]


@pytest.mark.parametrize(
    "line",
    [
        "24小时内办好。",
        "2026年起收费。",
        "3个工作日。",
        "95001热线可以预约。",
        "50户以上。",
        "3.装车",
        "3、装车",
        "3G卡",
    ],
)
def test_a_figure_of_the_text_is_no_page_number(line):
    assert mended(f"一、寄存\n{line}")[1] == []


def test_a_page_number_before_a_heading_does_not_hide_it():
    assert mended("一、寄存\n12二、装车")[0] == ["一、寄存", "二、装车"]


def test_a_page_number_at_the_end_of_a_line_is_cut_off():
    assert mended("要办的相关 4\n登记手续。") == (["要办的相关", "登记手续。"], [("page_number_last", 1)])


@pytest.mark.parametrize("text", ["等待 4\n个工作日。", "等待 4\n(一)装车", "等待 4"])
def test_a_figure_at_the_end_of_a_line_stays(text):
    assert mended(text)[1] == []


@pytest.mark.parametrize("text", ["7", "第 7 页", "- 7 -"])
def test_a_page_number_on_a_line_of_its_own_is_no_text(text):
    assert mended(f"一、寄存\n{text}\n不收费。") == (["一、寄存", "不收费。"], [("page_number_line", 2)])


def test_items_run_together_in_one_line_are_cut_apart():
    texts, findings = mended("1.先称重。2.再贴箱号。3.最后签字。")
    assert texts == ["1.先称重。", "2.再贴箱号。", "3.最后签字。"]
    assert [kind for kind, _ in findings] == ["item_in_line", "item_in_line"]


def test_a_heading_at_the_end_of_a_line_is_cut_off_even_after_a_gap():
    assert mended("二、寄存\n不收费。六、装车")[0] == ["二、寄存", "不收费。", "六、装车"]


@pytest.mark.parametrize(
    "text", ["1.先称重。5.5公斤以上另算。", "1.每箱2.5元。", "1.见(二)。(一)不适用。", "1.先称重。5.再签字。"]
)
def test_other_numbers_in_a_line_are_left_alone(text):
    assert mended(text)[0] == [text]


def test_lines_of_a_table_of_contents_are_no_text():
    texts, findings = mended("一、寄存………………3\n二、装车......12\n一、寄存\n不收费。")
    assert texts == ["一、寄存", "不收费。"]
    assert findings == [("contents_skipped", 1)]


@given(st.lists(st.text("一二三十、。.(()0123 箱年\n", max_size=12), max_size=12))
def test_no_character_gets_lost(rows):
    lines = [Line(" ".join(row.split()), Place(0, number)) for number, row in enumerate(rows, 1)]
    after, _ = mend(lines)
    before, there = ("".join(line.text for line in each).replace(" ", "") for each in (lines, after))
    assert sorted(there) == sorted(before)
