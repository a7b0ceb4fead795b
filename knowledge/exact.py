"""What must stand word for word in a rule and in the section it cites: figures, papers, channels, terms, Latin names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from knowledge.numerals import value
from knowledge.sources import letters

_DIGITS: Final = "零一二两三四五六七八九"
_FORMAL: Final = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_UNITS: Final = "个?工作日|个?小时|个?月|个?阶段|个?星期|年|日|天|周|份(?!制度|文件|写|都)|方|户|倍|成|元|公斤|分钟"
# An article, "some day", or how many of the documents say a thing, is no figure of a rule.
_NUMBER: Final = re.compile(
    rf"(?<![\d第.])(?P<digits>\d+(?:\.\d+)?)(?P<unit>[A-Za-z%]+|{_UNITS})?"
    rf"|(?<![第某哪这那同每任统前后另{_DIGITS}十百千])"
    rf"(?P<numeral>[{_DIGITS}十百千]+)(?P<measure>{_UNITS})"
)
_BLANK: Final = re.compile(r"\s+")
_PAPER: Final = re.compile(r"《[^》]+》")
_LATIN: Final = re.compile(r"[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it was written, its value, and what it counts ("" where nothing follows it)."""

    written: str
    value: float
    unit: str

    def agrees(self, other: "Figure") -> bool:
        """Whether both say the same; `6` of `6-12个月` leaves open what it counts."""
        return self.value == other.value and (self.unit == other.unit or not self.unit or not other.unit)


def figures(text: str) -> list[Figure]:
    """The figures of a text, in digits or Chinese numerals (`24小时`, `壹年`, `两个月`); blanks do not matter."""
    written = _BLANK.sub("", text)
    return [
        Figure(
            written[found.start() : found.end()],
            float(found["digits"]) if found["digits"] else float(value(found["numeral"])),
            (found["unit"] or found["measure"] or "").removeprefix("个").upper(),
        )
        for found in _NUMBER.finditer(written.translate(_FORMAL))
    ]


@dataclass(frozen=True, slots=True)
class Exact:
    """A text as it is searched: its letters without layout and in capitals, and its figures."""

    letters: str
    figures: tuple[Figure, ...]

    @classmethod
    def of(cls, text: str) -> "Exact":
        """What there is to find in `text`."""
        return cls(letters(text).upper(), tuple(figures(text)))


def missing(said: str, there: Exact, terms: Iterable[str]) -> list[str]:
    """What `said` names (papers in 《》, Latin names, fixed terms, figures) and the other text does not.

    Each is given as it is written in `said`.
    """
    written = _BLANK.sub("", said)
    named = (*_PAPER.findall(written), *_LATIN.findall(said), *(term for term in terms if term in written))
    lacking = [name for name in named if letters(name).upper() not in there.letters]
    lacking += [figure.written for figure in figures(said) if not any(map(figure.agrees, there.figures))]
    return list(dict.fromkeys(lacking))
