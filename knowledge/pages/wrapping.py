"""Chinese text cut into lines for pictures, where nothing else breaks lines."""

import re
import unicodedata
from typing import Final

# What is never torn apart: a title in 《》 up to a length that fits, a run of letters and digits; else one character.
_PIECE: Final = re.compile(r"[\w.,:/%+-]+(?<![，。])|.", re.ASCII | re.DOTALL)
_NOT_FIRST: Final = frozenset("，。；：、！？）》”’〕】…—·")
_NOT_LAST: Final = frozenset("（《“‘〔【")
# Letters and digits are about this wide, in the width of a Chinese character.
_NARROW: Final = 0.58


def width(text: str) -> float:
    """How wide a text is set, in widths of a Chinese character."""
    return sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else _NARROW for character in text)


def wrapped(text: str, limit: float) -> list[str]:
    """The text in lines of at most `limit` widths of a Chinese character.

    No line begins with a closing mark or ends with an opening one; where that asks for it, a mark hangs over the limit.
    """
    lines, line = [], ""
    for piece in _PIECE.findall(text):
        if line and width(line + piece) > limit and piece not in _NOT_FIRST:
            carried = ""
            while line and line[-1] in _NOT_LAST:
                line, carried = line[:-1], line[-1] + carried
            lines.append(line.rstrip())
            line = carried + piece.lstrip()
        else:
            line += piece
    return [one for one in [*lines, line.rstrip()] if one]
