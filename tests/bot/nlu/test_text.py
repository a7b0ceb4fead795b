import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.numbers import find_numbers, find_tails
from bot.nlu.text import MAX_CHARACTERS, normalize


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("单位 的 号 要 销 户 ？？？", "单位的号要销户 ?"),
        ("ＳＩＭ卡", "sim卡"),
        ("过\u200b户\x00", "过户"),
        ("销户\ud83d", "销户"),
        ("换号\r\n多少钱", "换号多少钱"),
        ("哈哈哈哈哈哈哈哈", "哈哈哈"),
        ("換號碼要準備什麼資料", "换号码要准备什么资料"),
        ("網路斷線，簡訊也收不到", "网路断线,简讯也收不到"),
        ("", ""),
        (" \t ", ""),
    ],
)
def test_a_message_is_brought_into_one_written_form(typed, understood):
    assert normalize(typed) == understood


@pytest.mark.parametrize("command", ["/ask_fee{}", "／ask_fee{}", " //greet", "\u200b/restart", "\\/greet"])
def test_no_message_begins_with_a_command(command):
    assert not normalize(command).startswith(("/", "\\"))


def test_a_very_long_message_keeps_its_beginning_and_its_end():
    middle = "".join(chr(0x4E00 + i % 5000) for i in range(10_000))
    text = normalize(f"我想销户{middle}多少钱")
    assert len(text) == MAX_CHARACTERS
    assert text.startswith("我想销户")
    assert text.endswith("多少钱")


@given(st.text(max_size=200))
def test_normalizing_twice_changes_nothing_more(text):
    once = normalize(text)
    assert normalize(once) == once


@given(st.text(max_size=200))
def test_nothing_invisible_is_left(text):
    assert not [character for character in normalize(text) if unicodedata.category(character).startswith("C")]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("18600012345能换号吗", ["18600012345"]),
        ("１８６ ０００１ ２３４５", ["18600012345"]),
        ("+86 186-0001-2345", ["18600012345"]),
        ("1 8 6 0 0 0 1 2 3 4 5", ["18600012345"]),
        ("固话 010-63991234 和 (021)63991234", ["01063991234", "02163991234"]),
        ("63991234没声音", ["63991234"]),
        ("我20240101办的,交了12345678元", []),
        ("订单号9186000123456", []),
        ("没有号码", []),
    ],
)
def test_telephone_numbers_are_found_however_they_are_typed(text, numbers):
    assert [digits for _, _, digits in find_numbers(normalize(text))] == numbers


@pytest.mark.parametrize(
    ("text", "tails"),
    [
        ("尾号0102那个", ("0102",)),
        ("尾号是 0103 的和尾号0104的", ("0103", "0104")),
        ("0102", ("0102",)),
        ("0102那个号", ("0102",)),
        ("2026年办的", ()),
        ("交了5000元", ()),
        ("18600010102", ()),
    ],
)
def test_the_ends_of_telephone_numbers_are_found(text, tails):
    assert find_tails(normalize(text)) == tails
