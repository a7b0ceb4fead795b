"""Telephone numbers in a message: mobile numbers and fixed lines, typed with or without blanks and dashes; their ends."""

import re
from typing import Final

_SEPARATOR: Final = r"[ -]?"
_MOBILE: Final = re.compile(rf"(?<!\d)(?:\+?86{_SEPARATOR})?(1{_SEPARATOR}[3-9](?:{_SEPARATOR}\d){{9}})(?!\d)")
_FIXED: Final = re.compile(r"(?<!\d)(\(?0(?:10|2\d|[3-9]\d{2})\)?[ -]?[2-9]\d{2,3}[ -]?\d{4})(?!\d)")
# Eight digits alone are a fixed line only where they cannot be a date such as 20260131.
_LOCAL: Final = re.compile(r"(?<![\d.])((?!20[0-3]\d[01]\d)[2-8]\d{3}-?\d{4})(?![\d.]|元|块)")
# 「尾号0102」, 「0102那个号」, and four digits alone.
_TAIL: Final = re.compile(
    r"(?:尾号?|尾数|末尾|后四位|结尾)(?:是|为|:)? ?(\d{3,6})(?!\d)"
    r"|(?<!\d)(\d{4})(?=(?:结尾|尾号|[那这]个|的)(?:的|号|$|呢|吧))|^(\d{4})$"
)


def find_numbers(text: str) -> list[tuple[int, int, str]]:
    """(start, end, digits) of each number in a normalised text, in reading order, none overlapping another."""
    found: list[tuple[int, int, str]] = []
    for pattern in (_MOBILE, _FIXED, _LOCAL):
        for match in pattern.finditer(text):
            start, end = match.span()
            if all(end <= other_start or start >= other_end for other_start, other_end, _ in found):
                found.append((start, end, re.sub(r"\D", "", match.group(1))))
    return sorted(found)


def find_tails(text: str) -> tuple[str, ...]:
    """The last digits by which a normalised text names telephone numbers, in reading order."""
    return tuple(next(filter(None, match.groups())) for match in _TAIL.finditer(text))
