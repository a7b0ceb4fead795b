"""Repairs what page breaks did to the lines: page numbers in the text, numbers torn apart, items run together.

Nothing is lost: all the lines together hold the same characters as before, only cut elsewhere, and with a torn number
behind the page number that tore it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from knowledge.numerals import number
from knowledge.outline.marks import read_mark
from knowledge.outline.model import Finding, Line, Mark, Style
from knowledge.outline.readers.page_edges import is_page_number

_HAN: Final = "\u4e00-\u9fff"
# After these a number belongs to its sentence: 24小时, 50户, 2015年.
_UNITS: Final = (
    "年月日号天个小时分秒钟元角块户次条项款章节篇家页张份台部位万千百亿倍人周期级点折兆米公里岁种类批门档层楼路座"
)
_NUMBER_FIRST: Final = re.compile(rf"(?P<number>\d{{1,4}})\s?(?=[{_HAN}])(?![{_UNITS}])")
_NUMBER_LAST: Final = re.compile(rf"(?P<text>.*[{_HAN}。;:,])\s(?P<number>\d{{1,3}})")
_CONTENTS: Final = re.compile(r".{2,60}?[.·…]{3,}\s*\d{1,4}")
_NUMERAL_LAST: Final = re.compile(r"(?P<text>|.*[\s。;:,、!?)])(?P<number>[一二三四五六七八九十百]{1,3})")
_AFTER_SENTENCE: Final = re.compile(r"(?<=[。;!?])\s*(?=[\d(一二三四五六七八九十])")
_LONGEST_HEADING: Final = 15
_END_SHOWN: Final = 15
_IN_A_LINE: Final[tuple[Style, ...]] = (
    "chinese", "chinese_paren", "arabic_dot", "arabic_comma", "arabic_paren",
)  # fmt: skip


@dataclass(slots=True)
class _Mender:
    lines: list[Line] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    contents: list[Line] = field(default_factory=list)
    # The last number of each style, to tell what comes next.
    last: dict[Style, int] = field(default_factory=dict)

    def add(self, line: Line, following: str) -> None:
        """Cuts one line where it must be cut; `following` is the text of the next line."""
        if is_page_number(line.text):
            self._noise(line, "page_number_line", line.text)
        elif _CONTENTS.fullmatch(line.text):
            self.contents.append(line)
            self.lines.append(replace(line, noise=True))
        else:
            whole = self._without_first_number(line)
            line, number_last = self._without_last_number(whole, following)
            self.lines.extend(self._items(self._with_torn_number(line)))
            if number_last:
                self._noise(number_last, "page_number_last", whole.text[-_END_SHOWN:])

    def _noise(self, line: Line, kind: str, excerpt: str) -> None:
        self.findings.append(Finding(kind, line.place, excerpt, {"number": line.text}))
        self.lines.append(replace(line, noise=True))

    def _without_first_number(self, line: Line) -> Line:
        found = _NUMBER_FIRST.match(line.text)
        if found is None or read_mark(line.text):
            return line
        glued = found["number"]
        self.findings.append(Finding("page_number_first", line.place, line.text, {"number": glued}))
        self.lines.append(replace(line, text=glued, noise=True, level=None))
        return replace(line, text=line.text[found.end() :])

    def _without_last_number(self, line: Line, following: str) -> tuple[Line, Line | None]:
        found = _NUMBER_LAST.fullmatch(line.text)
        if found is None or not re.match(rf"[{_HAN}](?<![{_UNITS}])", following) or read_mark(following):
            return line, None
        return replace(line, text=found["text"]), replace(line, text=found["number"], level=None)

    def _with_torn_number(self, line: Line) -> Line:
        """二 at the end of the line before, 十三、 here: 二十三、."""
        mark = read_mark(line.text)
        index = next((i for i in range(len(self.lines) - 1, -1, -1) if not self.lines[i].noise), None)
        if mark is None or mark.style != "chinese" or index is None:
            return line
        before = self.lines[index]
        found = _NUMERAL_LAST.fullmatch(before.text)
        whole = number(found["number"] + line.text[: len(mark.label)].rstrip("、. ")) if found else None
        last = self.last.get("chinese", 0)
        if found is None or whole is None or whole <= last or mark.value == last + 1:
            return line
        self.lines[index] = replace(before, text=found["text"].rstrip())
        line = replace(line, text=found["number"] + line.text)
        self.findings.append(Finding("torn_number", line.place, line.text, {"since": before.place}))
        return line

    def _items(self, line: Line) -> Iterator[Line]:
        """The line, cut before every further item that begins after the end of a sentence."""
        self._count(read_mark(line.text))
        start = 0
        for found in _AFTER_SENTENCE.finditer(line.text):
            mark = read_mark(line.text[found.end() :])
            if mark and mark.style in _IN_A_LINE and self._continues(mark):
                yield replace(line, text=line.text[start : found.end()].strip())
                start = found.end()
                line = replace(line, level=None)
                self._count(mark)
                self.findings.append(Finding("item_in_line", line.place, line.text[start:], {"label": mark.label}))
        yield replace(line, text=line.text[start:])

    def _continues(self, mark: Mark) -> bool:
        last = self.last.get(mark.style)
        if last is None or mark.value <= last:
            return False
        # 三十、账户解锁 after 二十五: with sections missing only what looks like a heading is taken for one.
        heading = mark.style == "chinese" and len(mark.rest) <= _LONGEST_HEADING and not re.search("[,。;]", mark.rest)
        return mark.value == last + 1 or heading

    def _count(self, mark: Mark | None) -> None:
        if mark:
            self.last[mark.style] = mark.value


def mend(lines: Iterable[Line]) -> tuple[Sequence[Line], list[Finding]]:
    """The lines of the text itself, with what is none of it marked as noise, and what was found."""
    mender = _Mender()
    for line, following in pairwise([*lines, None]):
        if line:
            mender.add(line, following.text if following else "")
    if mender.contents:
        first = mender.contents[0]
        mender.findings.append(Finding("contents_skipped", first.place, first.text, {"count": len(mender.contents)}))
    return [line for line in mender.lines if line.text], mender.findings
