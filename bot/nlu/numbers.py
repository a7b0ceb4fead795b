"""Telephone numbers in a message, however they are typed; their ends."""

import re
from typing import Final

from actions.privacy.digits import numbers_in
from actions.privacy.masking import TELEPHONES

_SET_APART: Final = re.compile(r"#\d{1,2}(?!\d)")
# 「尾号0102」, 「0102那个号」, and four digits alone.
_TAIL: Final = re.compile(
    r"(?:尾号?|尾数|末尾|后四位|结尾)(?:是|为|:)? ?(\d{3,6})(?!\d)"
    r"|(?<!\d)(\d{4})(?=(?:结尾|尾号|[那这]个|的)(?:的|号|$|呢|吧))|^(\d{4})$"
)


def find_numbers(text: str) -> list[tuple[int, int, str]]:
    """(start, end, number) of each number in a normalised text, in reading order, none overlapping another.

    Each is given by its digits; by what sets it apart, too, where `actions.privacy.masking` had to (`#2`).
    """
    found = []
    for one in numbers_in(text):
        if one.kind in TELEPHONES:
            apart = _SET_APART.match(text, one.end)
            found.append((one.start, apart.end() if apart else one.end, one.digits + (apart[0] if apart else "")))
    return found


def find_tails(text: str) -> tuple[str, ...]:
    """The last digits by which a normalised text names telephone numbers, in reading order."""
    return tuple(next(filter(None, match.groups())) for match in _TAIL.finditer(text))
