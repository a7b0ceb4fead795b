"""Numbers as rule documents write them: 二十三, 23, ②."""

from typing import Final

_DIGITS: Final = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
CHINESE: Final = "零〇一二三四五六七八九十百"


def number(text: str) -> int | None:
    """The value of a Chinese (below one thousand), Arabic or circled number; None where it is not a well-formed one."""
    if text.isascii():
        return int(text) if text.isdigit() else None
    if text in CIRCLED and len(text) == 1:
        return CIRCLED.index(text) + 1
    total, digit = 0, 0
    for character in text:
        if character in ("十", "百"):
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        elif character in _DIGITS:
            digit = _DIGITS[character]
        else:
            return None
    value = total + digit
    # 二十三 reads back as itself; 三二十 or 十一二 do not, and are no numbers.
    return value if value and chinese(value) in (text, text.replace("〇", "零")) else None


def chinese(value: int) -> str:
    """`value` (1 to 999) as documents count: 十, 二十三, 一百零二."""
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    if not hundreds:
        return ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones else "")
    tail = "" if not rest else ("零" if tens == 0 else digits[tens] + "十") + (digits[ones] if ones else "")
    return f"{digits[hundreds]}百{tail}"
