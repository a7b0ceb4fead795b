"""What a heading is called, and which lines are headings at all."""

import re
from difflib import SequenceMatcher
from typing import Final

from knowledge.outline.marks import read_mark
from knowledge.sources import letters

_LONGEST_NAME: Final = 20
_LONGEST_TITLE: Final = 40
_CLAUSE: Final = re.compile(r"[,;。!?]")
_CLOSED: Final = tuple("。;:,、!?")
_SAME_TITLE: Final = 0.6
_SHORTEST_TITLE: Final = 4


def split_name(rest: str) -> tuple[str, str]:
    """The name of a section and the text after it in the same line; the name is empty where it is a clause.

    `服务渠道:柜台。` has a name and a text, `收费标准` only a name, `客户应当按时缴费。` only a text.
    """
    for pattern in (r"[:\s]\s*", r"(?=\(.*\)$)", r"$"):
        name, _, text = re.sub(pattern, "\n", rest, count=1).partition("\n")
        if name and len(name) <= _LONGEST_NAME and not _CLAUSE.search(name):
            return name.strip(), text.strip()
    return "", rest


def may_be_title(text: str) -> bool:
    """Whether a line without a number could be the title of a document: short, and no sentence."""
    return len(text) <= _LONGEST_TITLE and not text.endswith(_CLOSED) and not _CLAUSE.search(text)


def bare_title(text: str) -> str:
    """A title without its number (第一篇, 附件2): what it is called."""
    mark = read_mark(text)
    return mark.rest if mark and mark.rest else text


def alike(one: str, other: str) -> float:
    """How much two titles are the same, from 0 to 1; one that holds the other whole counts by their lengths."""
    one, other = letters(one), letters(other)
    if not one or not other:
        return 0.0
    short, long = sorted((one, other), key=len)
    contained = len(short) / len(long) if short in long else 0.0
    return max(contained, SequenceMatcher(None, one, other, autojunk=False).ratio())


def same_title(one: str, other: str) -> bool:
    """Whether two lines that follow each other are one title said twice, in nearly the same words."""
    one, other = bare_title(one), bare_title(other)
    short, long = sorted((letters(one), letters(other)), key=len)
    return (len(short) >= _SHORTEST_TITLE and short in long) or alike(one, other) >= _SAME_TITLE
