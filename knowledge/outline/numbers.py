"""Section numbers: as people write them (二, 第二条, 五(二)), and as a path of values (5, 2) to compare them by."""

import re
from collections.abc import Sequence
from typing import Final

from knowledge.numerals import CHINESE, chinese, number
from knowledge.outline.model import Mark, Style
from knowledge.outline.wording import say

# 第五条第1项, 五(二), 1.2
_STEP: Final = re.compile(
    rf"第?(?P<plain>[{CHINESE}]+|\d+)[篇章节条项款]?|\((?P<paren>[{CHINESE}]+|\d+)\)|\.(?P<decimal>\d+)"
)
# What stands above articles does not belong to their number: 第六条 is found without its chapter.
_ABOVE_ARTICLES: Final[tuple[Style, ...]] = ("part", "attachment", "chapter", "division")

Path = tuple[int, ...]


def path_of(section: str) -> Path | None:
    """The values in a section's id; None where it has a name instead of a number."""
    values: list[int] = []
    position = 0
    while position < len(section):
        found = _STEP.match(section, position)
        value = number(found["plain"] or found["paren"] or found["decimal"]) if found else None
        if found is None or value is None:
            return None
        values.append(value)
        position = found.end()
    return tuple(values) or None


def path_of_marks(marks: Sequence[Mark]) -> Path:
    """The values of a section's mark and of those above it."""
    return tuple(value for mark in _counted(marks) for value in mark.values)


def section_id(marks: Sequence[Mark]) -> str:
    """How the rule base would cite the section: 五(二), 第二条(一), 第五条第1项, 第3条."""
    counted = _counted(marks)
    return "".join(
        number_label(mark, mark.value) if depth == 0 else say("below", mark.style, n=mark.value, c=chinese(mark.value))
        for depth, mark in enumerate(counted)
    )


def number_label(mark: Mark, value: int) -> str:
    """A number in the style of `mark` as people say it: 二, 第二条, 第2条, 1.2."""
    if mark.style == "decimal":
        return ".".join(map(str, (*mark.values[:-1], value)))
    return say("numbers", mark.style, n=value, c=chinese(value))


def _counted(marks: Sequence[Mark]) -> Sequence[Mark]:
    """The marks that make up a number; a decimal one holds those above it already."""
    start = 0
    for index, mark in enumerate(marks):
        if mark.style in ("article", "decimal"):
            start = index
    return [mark for mark in marks[start:] if mark.style not in _ABOVE_ARTICLES or mark is marks[-1]]
