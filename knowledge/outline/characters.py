"""One way of writing for what documents write in several: width of punctuation, radicals from PDF fonts, blanks."""

import unicodedata
from typing import Final

# Ranges whose compatibility forms mean the same character. Others (such as ①) must stay as they are.
_FOLDED: Final = ((0x2F00, 0x2FDF), (0xF900, 0xFAFF), (0xFF01, 0xFF5E))
# Radicals that PDF fonts give instead of the character; Unicode does not map them.
_RADICALS: Final = dict(
    zip(
        "⺟⺠⺩⻄⻅⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "母民王西见贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)


def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {
        code: unicodedata.normalize("NFKC", chr(code)) for first, last in _FOLDED for code in range(first, last + 1)
    }
    table |= {ord(radical): character for radical, character in _RADICALS.items()}
    # Control and invisible characters: a line of text has none.
    table |= dict.fromkeys([*range(9), *range(14, 28), 0x7F, 0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
    return table


_TABLE: Final = _table()
_WIDE: Final = str.maketrans(",;:!?()", "，；：！？（）")


def tidy(text: str) -> str:
    """The text of one line with half-width punctuation and single blanks, none at the ends."""
    return " ".join(text.translate(_TABLE).split())


def squeezed(text: str) -> str:
    """The text without any blank, for comparison."""
    return "".join(text.translate(_TABLE).split())


def clipped(text: str, length: int) -> str:
    """The first `length` characters, with an ellipsis as the last of them where there are more."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def wide(text: str) -> str:
    """A quotation with the full-width punctuation of Chinese."""
    return text.translate(_WIDE)
