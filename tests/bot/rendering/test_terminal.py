"""What staff read below an answer in a terminal."""

from bot.rendering.terminal import staff_appendix

PLACE = {"document": "规则", "section": "五(二)"}


def test_a_passage_stands_under_its_place_and_the_version_comes_last():
    text = staff_appendix([{**PLACE, "passage": "第一行\n第二行"}, PLACE], "abc")
    assert text.splitlines() == ["原文　《规则》五(二)：", "    第一行", "    第二行", "规则库版本：abc"]


def test_without_passages_and_version_there_is_nothing_to_add():
    assert staff_appendix([PLACE], None) == ""
