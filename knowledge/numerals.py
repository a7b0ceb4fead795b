"""Numbers as rule documents write them: 二十三, 23, ②."""

from typing import Final

_DIGITS: Final = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS: Final = {"十": 10, "百": 100, "千": 1000}
CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
CHINESE: Final = "零〇一二三四五六七八九十百"


def number(text: str) -> int | None:
    """The value of a Chinese (below one thousand), Arabic or circled number; None where it is not a well-formed one."""
    if text.isascii():
        return int(text) if text.isdigit() else None
    if text in CIRCLED and len(text) == 1:
        return CIRCLED.index(text) + 1
    if any(character not in _DIGITS and character not in ("十", "百") for character in text):
        return None
    counted = value(text)
    # 二十三 reads back as itself; 三二十 or 十一二 do not, and are no numbers.
    return counted if 0 < counted < 1000 and chinese(counted) in (text, text.replace("〇", "零")) else None


def value(numeral: str) -> int:
    """The value of Chinese digits with 十, 百 and 千, below ten thousand, whether or not they are well formed."""
    total = digit = 0
    for character in numeral:
        if character in _TENS:
            total += (digit or 1) * _TENS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def chinese(count: int) -> str:
    """`count` (1 to 999) as documents count: 十, 二十三, 一百零二."""
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(count, 100)
    tens, ones = divmod(rest, 10)
    if not hundreds:
        return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones else "")
    tail = "" if not rest else ("零" if tens == 0 else digits[tens] + "十") + (digits[ones] if ones else "")
    return f"{digits[hundreds]}百{tail}"
