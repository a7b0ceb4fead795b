"""A copy of a text to look for patterns in: one character for each of the text, in its plainest form."""

import unicodedata
from functools import lru_cache
from typing import Final

import opencc

# What stands where something has been found already: no pattern goes across it.
TAKEN: Final = "\ue000"
TAKEN_SECRET: Final = "\ue001"  # noqa: S105 - no password, the place of one
_NUMERALS: Final = str.maketrans("〇零○洞幺一壹二两贰三叁四肆五伍六陆七柒拐八捌九玖勾", "00001112223344556677788999")
_LETTERS: Final = str.maketrans("×✕", "xx")
_TO_SIMPLIFIED: Final = opencc.OpenCC("t2s")


def shadow(text: str) -> str:
    """The text in half width, lower case and simplified characters; invisible characters become a zero-width space."""
    plain = "".join(map(_plain, text))
    simplified = _TO_SIMPLIFIED.convert(plain)
    return simplified if len(simplified) == len(plain) else plain


def with_numerals(plain: str) -> str:
    """A shadow with Chinese digits as figures (「幺八六」 as 186); words such as 十 and 百 are no digits."""
    return plain.translate(_NUMERALS)


@lru_cache(maxsize=8192)
def _plain(character: str) -> str:
    if (digit := unicodedata.digit(character, None)) is not None:
        return str(digit)
    normal = unicodedata.normalize("NFKC", character).lower().translate(_LETTERS)
    category = unicodedata.category(character)
    if category.startswith(("C", "M")) and character not in "\n\t\r":
        return "\u200b"
    if character in "\n\t\r" or category.startswith("Z"):
        return " "
    return normal if len(normal) == 1 else character
