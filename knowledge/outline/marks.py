"""Recognises the numbers of sections at the beginning of a line: 第一篇, 第二条, 一、, (一), 1., 1、, 1.2, (1), ①."""

import re
from typing import Final, get_args

from knowledge.numerals import CHINESE, CIRCLED, number
from knowledge.outline.model import Mark, Style

_N: Final = rf"(?P<n>[{CHINESE}]+|\d{{1,3}})"
# What follows 第三条 where a sentence speaks of it: 第三条的约定, 第三条、第四条.
_NOT_SPOKEN_OF: Final = r"(?![的所之款,和或及至第]|、第|规定|约定|中的)"
_PATTERNS: Final[dict[Style, str]] = {
    "part": rf"第\s*{_N}\s*[篇编卷]{_NOT_SPOKEN_OF}\s*[:、.]?",
    "attachment": rf"附(?:件|录|表)?\s*{_N}?\s*(?:[:、.]\s*(?![(见])|(?=\s))",
    "chapter": rf"第\s*{_N}\s*(?:章|部分){_NOT_SPOKEN_OF}\s*[:、.]?",
    "division": rf"第\s*{_N}\s*节{_NOT_SPOKEN_OF}\s*[:、.]?",
    "article": rf"第\s*{_N}\s*条{_NOT_SPOKEN_OF}\s*[:、.]?",
    "chinese": rf"(?P<n>[{CHINESE}]+)\s*[、.]",
    "chinese_paren": rf"\((?P<n>[{CHINESE}]+)\)\s*[、.]?",
    "decimal": r"(?P<n>\d{1,2}(?:\.\d{1,2}){1,4})(?:[.、:]|(?=[\s\u4e00-\u9fff]))(?![元角米公吨克兆万亿倍小个年天折])",
    "arabic_dot": r"(?P<n>\d{1,3})\s*\.(?!\d)",
    "arabic_comma": r"(?P<n>\d{1,3})\s*、",
    "arabic_paren": r"\(?(?P<n>\d{1,3})\)\s*[、.]?",
    "circled": rf"(?P<n>[{CIRCLED}])",
}
_COMPILED: Final = {style: re.compile(pattern) for style, pattern in _PATTERNS.items()}
# Smaller numbers stand above larger ones. 1. and 1、 may stand within each other.
_ORDER: Final[dict[Style, int]] = {style: rank for rank, style in enumerate(get_args(Style))} | {
    "arabic_comma": get_args(Style).index("arabic_dot")
}
_LONGEST_ATTACHMENT: Final = 40


def read_mark(text: str) -> Mark | None:
    """The section number that a line begins with; None for plain text."""
    for style, pattern in _COMPILED.items():
        if (found := pattern.match(text)) is None:
            continue
        if style == "attachment" and (len(text) > _LONGEST_ATTACHMENT or text.endswith(("。", ";"))):
            continue
        # An attachment without a number, 附：, is the only one of its kind.
        parts = found["n"].split(".") if found["n"] else ["1"]
        values = tuple(value for part in parts if (value := number(part)))
        if len(values) == len(parts):
            return Mark(style, values, found[0].strip(), text[found.end() :].strip())
    return None


def rank(mark: Mark) -> tuple[int, int]:
    """How high a section stands; 1.2 stands below 1. and above 1.2.3."""
    return _ORDER[mark.style], len(mark.values)
