"""Cuts the documents into sentences: page numbers taken out, headings recognised."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from knowledge.model import Citation
from knowledge.sources import FRONT, Sources, letters

_CHINESE: Final = "\u4e00-\u9fff"
_UNIT: Final = "[年月日天份次周元]|个(?!人)|户(?!名)|项(?!目)|条(?!件)|小时|星期"
_PAGE_ALONE: Final = re.compile(r"\d{1,4}")
# A page number glued to the first word of a line, or left at the end of a line that breaks off.
_PAGE_BEFORE: Final = re.compile(rf"^(?!\d+(?:{_UNIT}))\d{{1,4}}(?=[{_CHINESE}])")
_PAGE_AFTER: Final = re.compile(r"\s+\d{1,4}$")
_SENTENCE: Final = re.compile(r"[^。！？；!?;]*[。！？；!?;]+[”’」』）)]*|[^。！？；!?;]+")
_NUMERALS: Final = "一二三四五六七八九十百"
_ARTICLE: Final = re.compile(rf"第[{_NUMERALS}\d]+[条章节篇部]")
_HEADING: Final = re.compile(
    rf"第[{_NUMERALS}\d]+[条章节篇部][\s:：]*[^\s，,。；;（(]{{0,20}}"
    rf"|[{_NUMERALS}]+、[^\s，,。；;：:]{{1,20}}"
    rf"|[（(][{_NUMERALS}]+[）)][^\s，,。；;：:（(]{{1,10}}"
)
_TITLE: Final = re.compile(r"[^，,。；;]{1,40}")
_SHORT_TITLE: Final = re.compile(r"[^，,。；;：:]{1,12}")
_MARKER: Final = re.compile(
    rf"^(?:[（(](?:\d+|[{_NUMERALS}]+)[）)]|\d+\s*[.．、](?!\d)|[{_NUMERALS}]+、|第[{_NUMERALS}\d]+条)\s*"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a document as its owner's copy has it; a heading says nothing by itself."""

    place: Citation
    text: str
    heading: bool

    @property
    def letters(self) -> str:
        """The sentence without layout and punctuation."""
        return letters(self.text)

    @property
    def body(self) -> str:
        """The sentence without its number."""
        return _MARKER.sub("", self.text)

    @property
    def digest(self) -> str:
        """8 hexadecimal digits that change whenever a letter or digit of the sentence does."""
        return hashlib.sha256(self.letters.encode()).hexdigest()[:8]


def sentences(sources: Sources) -> list[Sentence]:
    """All sentences of the documents, in their order."""
    return [sentence for place, passage in sources.passages.items() for sentence in _sentences(place, passage)]


def _sentences(place: Citation, passage: str) -> Iterator[Sentence]:
    former = ""
    for line in _lines(passage):
        if _heading(place, line, former):
            yield Sentence(place, line, True)
        else:
            for text in _SENTENCE.findall(line):
                if letters(text):
                    yield Sentence(place, text.strip(), False)
        former = line


def _lines(passage: str) -> Iterator[str]:
    """The lines without page numbers; a line that such a number broke off goes on in the next one."""
    begun = ""
    for line in filter(None, map(str.strip, passage.splitlines())):
        if _PAGE_ALONE.fullmatch(line):
            continue
        text = begun + _PAGE_BEFORE.sub("", line)
        begun = ""
        if found := _PAGE_AFTER.search(text):
            begun = text[: found.start()]
        else:
            yield text
    if begun:
        yield begun


def _heading(place: Citation, line: str, former: str) -> bool:
    """Whether a line is only a title: a numbered one, the rest of "第四条", or what stands in front of a document."""
    if _HEADING.fullmatch(line):
        return True
    if place.section == FRONT:
        return bool(_TITLE.fullmatch(line))
    return bool(_ARTICLE.fullmatch(former) and _SHORT_TITLE.fullmatch(line) and not _MARKER.match(line))
