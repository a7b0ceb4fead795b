"""The numbers that Word writes in front of paragraphs by itself: they are not in the text and are counted again here."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from docx.oxml.xmlchemy import BaseOxmlElement

from knowledge.numerals import CIRCLED, chinese
from knowledge.outline.readers.word_rules import NumberingRules

_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_LARGEST: Final = 999
_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def _letters(value: int) -> str:
    return chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)


def _roman(value: int) -> str:
    text = ""
    for size, letters in _ROMAN:
        text += letters * (value // size)
        value %= size
    return text


def _circled(value: int) -> str:
    return CIRCLED[value - 1] if value <= len(CIRCLED) else f"({value})"


_FORMATS: Final[dict[str, Callable[[int], str]]] = {
    **dict.fromkeys(("decimal", "decimalFullWidth", "decimalHalfWidth"), str),
    **dict.fromkeys(
        (
            "chineseCounting",
            "chineseCountingThousand",
            "ideographDigital",
            "japaneseCounting",
            "taiwaneseCounting",
            "taiwaneseCountingThousand",
        ),
        chinese,
    ),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _circled),
    "decimalZero": "{:02}".format,
    "decimalEnclosedParen": "({})".format,
    "decimalEnclosedFullstop": "{}.".format,
    "ideographTraditional": lambda value: _STEMS[(value - 1) % len(_STEMS)],
    "lowerLetter": _letters,
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
}
# These stand in front of a paragraph without counting it.
_UNCOUNTED: Final = ("bullet", "none")


@dataclass(slots=True)
class Numbering:
    """Counts the numbered paragraphs of a document, which must be asked for in their order."""

    rules: NumberingRules
    _counters: dict[str, dict[int, int]] = field(default_factory=dict)
    _started: set[tuple[str, int]] = field(default_factory=set)

    def label(self, paragraph: BaseOxmlElement) -> str | None:
        """The number Word shows before this paragraph; empty where it shows none, None where its style is unknown."""
        place = self.rules.place(paragraph)
        if place is None:
            return ""
        name, depth = place
        level = self.rules.level(name, depth)
        if level is None or level.format in _UNCOUNTED:
            return ""
        counters = self._counters.setdefault(self.rules.lists[name], {})
        if place in self.rules.starts and place not in self._started:
            counters[depth] = self.rules.starts[place]
        else:
            counters[depth] = counters.get(depth, level.start - 1) + 1
        self._started.add(place)
        for deeper in [each for each in counters if each > depth]:
            below = self.rules.level(name, deeper)
            if below is None or below.restart is None or depth < below.restart:
                del counters[deeper]
        return self._written(name, level.text, level.legal, counters)

    def _written(self, name: str, pattern: str, legal: bool, counters: dict[int, int]) -> str | None:
        text = pattern
        for found in re.findall(r"%(\d)", pattern):
            depth = int(found) - 1
            level = self.rules.level(name, depth)
            value = counters.get(depth, level.start if level else 1)
            style = "decimal" if legal or level is None else level.format
            if style not in _FORMATS or not 0 < value <= _LARGEST:
                return None
            text = text.replace(f"%{found}", _FORMATS[style](value))
        return text
