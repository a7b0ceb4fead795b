import pytest

from knowledge.numerals import chinese, number
from knowledge.outline.numbers import path_of


@pytest.mark.parametrize("value", [1, 9, 10, 11, 20, 21, 99, 100, 101, 110, 115, 120, 999])
def test_a_number_reads_back_as_it_was_written(value):
    assert number(chinese(value)) == value


@pytest.mark.parametrize(("text", "value"), [("二十三", 23), ("一百零二", 102), ("12", 12), ("③", 3), ("〇", None)])
def test_numbers_in_every_writing_are_read(text, value):
    assert number(text) == value


@pytest.mark.parametrize("text", ["三二十", "十十", "百", "一零", "", "２a", "二x"])
def test_what_is_no_number_is_none(text):
    assert number(text) is None


@pytest.mark.parametrize(
    ("section", "path"),
    [("五(二)", (5, 2)), ("第二条(一)", (2, 1)), ("第五条第1项", (5, 1)), ("第1条", (1,)), ("1.2", (1, 2))],
)
def test_a_section_of_the_rule_base_is_a_path_of_numbers(section, path):
    assert path_of(section) == path


def test_a_section_with_a_name_has_no_path():
    assert path_of("首部") is None
    assert path_of("寄存业务(二)") is None
