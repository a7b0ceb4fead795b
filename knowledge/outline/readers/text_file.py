"""Plain text in UTF-8, UTF-16 with a byte order mark, or GB18030 (what Chinese Windows writes)."""

import codecs
from collections import Counter
from pathlib import Path
from typing import Final
from unicodedata import category

from knowledge.outline.characters import tidy
from knowledge.outline.model import Line, Place, Progress, Reading
from knowledge.outline.readers.refused import RefusedError

# In this order: hardly any GB18030 text is valid UTF-8, but almost all UTF-8 text is valid GB18030.
_ENCODINGS: Final = {"utf-8": "UTF-8", "gb18030": "GB18030"}
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Control, unassigned and private characters: with more of them than this share it is not text at all.
_STRANGE: Final = ("Cc", "Cn", "Co")
_STRANGE_SHARE: Final = 0.01


def read(path: Path, progress: Progress) -> Reading:
    """The lines of the file; raises `RefusedError` where it is not text."""
    data = path.read_bytes()
    text, encoding = _decode(data)
    strange = sum(
        count
        for character, count in Counter(text).items()
        if category(character) in _STRANGE and not character.isspace()
    )
    if strange > _STRANGE_SHARE * len(text):
        raise RefusedError("not_text")
    # A form feed is a page break, not a line of its own.
    rows = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    lines = (Line(tidy(row), Place(0, number)) for number, row in enumerate(progress(rows, len(rows), "txt"), 1))
    return Reading("txt", tuple(line for line in lines if line.text), encoding=encoding)


def _decode(data: bytes) -> tuple[str, str]:
    if data.startswith(_UTF16):
        try:
            return data.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError as error:
            raise RefusedError("not_text") from error
    for codec, name in _ENCODINGS.items():
        try:
            return data.decode(codec).removeprefix("\ufeff"), name
        except UnicodeDecodeError:
            continue
    raise RefusedError("not_text")
