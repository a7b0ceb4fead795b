"""One written form for a message, so that no later step has to know about widths, blanks or invisible characters."""

import re
import unicodedata
from typing import Final

import opencc

# Longer messages keep their beginning and their end: that is where people say what they want.
MAX_CHARACTERS: Final = 600
_HEAD: Final = 400

_CJK: Final = r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
_BLANK_BETWEEN_CJK: Final = re.compile(rf"(?<={_CJK})\s+(?={_CJK})")
_BLANKS: Final = re.compile(r"\s+")
_REPEATED_MARK: Final = re.compile(r"([!?。.,、~;:…\-_=*#·^])\1+")
_REPEATED_CHARACTER: Final = re.compile(r"(\D)\1{3,}")
# Characters only: OpenCC's Taiwan phrases would make 資料 (papers) into 数据 (computer data).
_TO_SIMPLIFIED: Final = opencc.OpenCC("t2s")
# Rasa reads "/intent{…}" as a command, never as words; a message must not be able to name an intent.
_COMMAND_PREFIX: Final = re.compile(r"^[\s/\\]+")


def _visible(character: str) -> str:
    if character in "\t\n\r":
        return " "
    category = unicodedata.category(character)
    # Control, format (zero-width), private, surrogate and unassigned characters carry no words.
    return "" if category.startswith("C") else character


def normalize(text: str) -> str:
    """The form of `text` that is understood; it may be empty and is at most `MAX_CHARACTERS` long."""
    if len(text) > 4 * MAX_CHARACTERS:
        text = text[: 3 * MAX_CHARACTERS] + text[-MAX_CHARACTERS:]
    text = "".join(map(_visible, text))
    text = "".join(map(_visible, unicodedata.normalize("NFKC", text))).lower()
    text = _BLANK_BETWEEN_CJK.sub("", text)
    text = _BLANKS.sub(" ", text)
    text = _REPEATED_MARK.sub(r"\1", text)
    text = _REPEATED_CHARACTER.sub(r"\1\1\1", text)
    text = _COMMAND_PREFIX.sub("", _TO_SIMPLIFIED.convert(text)).rstrip()
    if len(text) > MAX_CHARACTERS:
        text = text[:_HEAD] + text[_HEAD - MAX_CHARACTERS :]
    return text
