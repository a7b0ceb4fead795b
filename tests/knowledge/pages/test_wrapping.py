"""Chinese text cut into lines."""

import pytest

from knowledge.pages.wrapping import width, wrapped

SENTENCE = "靓号预存协议（《集团客户入网协议》第二条）到 2028年6月30日 才到期，在这以前，欠费 32.50 元也要先交清。"


def test_a_chinese_character_is_one_wide_and_a_digit_about_half():
    assert width("协议") == 2
    assert 1 < width("32") < 1.3


@pytest.mark.parametrize("limit", range(6, 40))
def test_nothing_is_lost_and_no_line_is_wider_than_it_may_be(limit):
    lines = wrapped(SENTENCE, limit)
    assert "".join(lines).replace(" ", "") == SENTENCE.replace(" ", "")
    # A closing mark may hang over by its own width.
    assert all(width(line) <= limit + 2 for line in lines)


@pytest.mark.parametrize("limit", range(6, 40))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(limit):
    for line in wrapped(SENTENCE, limit):
        assert line[0] not in "，。；：、！？）》”"
        assert line[-1] not in "（《“"


def test_a_number_is_never_torn_apart():
    for limit in range(4, 20):
        assert any("32.50" in line for line in wrapped("这个号码欠费 32.50 元", limit))


def test_a_short_text_is_one_line_and_an_empty_one_none():
    assert wrapped("没有欠费", 10) == ["没有欠费"]
    assert wrapped("", 10) == []
