"""The rule documents themselves, where somebody has a copy: cut into sections, to compare the rule base with them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from knowledge.model import Citation, Document, Documents
from knowledge.yaml_source import KnowledgeError, Problem

# What stands in front of a document's first section: titles.
FRONT: Final = "篇首"
_OTHER: Final = re.compile(r"[\W_]+")


def letters(text: str) -> str:
    """Only letters, digits and Chinese characters: what is left when layout and punctuation do not matter."""
    return _OTHER.sub("", text)


def holds(outer: Citation, inner: Citation) -> bool:
    """Whether `inner` is `outer` itself or stands below it (`五` holds `五(一)`, `第六条` holds `第六条第2项`)."""
    below = (f"{outer.section}(", f"{outer.section}第")
    return outer.document == inner.document and (inner.section == outer.section or inner.section.startswith(below))


@dataclass(frozen=True, slots=True)
class Sources:
    """The documents' text; `sections` holds each section's own text without blanks, `passages` with its line ends."""

    whole: str
    sections: Mapping[Citation, str]
    passages: Mapping[Citation, str]

    def text(self, citation: Citation) -> str:
        """The text of a section and of what stands below it, without blanks."""
        return "".join(text for place, text in self.sections.items() if holds(citation, place))


def read_sources(path: Path, documents: Documents, catalogue: Path) -> tuple[Sources, list[Problem]]:
    """The documents in `path` (a text file, or a folder of them), and which sections were not found there.

    Each file may hold one document or several, in any order.
    Raises `KnowledgeError` where there is nothing to read. `catalogue` is named in the problems.
    """
    files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
    try:
        texts = [file.read_text(encoding="utf-8-sig") for file in files]
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError([Problem(path, 0, "规则原文读不出来，应是 UTF-8 的文本文件")]) from error
    if not any(text.strip() for text in texts):
        raise KnowledgeError([Problem(path, 0, "这里没有规则原文（*.txt）")])
    bodies: dict[str, _Layout] = {}
    for text in texts:
        for title, body in _bodies(_Layout.of(text), documents):
            bodies.setdefault(title, body)
    passages: dict[Citation, str] = {}
    problems: list[Problem] = []
    for document in documents.by_title.values():
        if document.title not in bodies:
            problems.append(Problem(catalogue, 0, f"规则原文里找不到《{document.title}》"))
            continue
        cut, missing = _cut(document, bodies[document.title])
        passages |= cut
        problems += [Problem(catalogue, 0, f"规则原文里找不到{place}的开头") for place in missing]
    sections = {place: re.sub(r"\s", "", text) for place, text in passages.items() if place.section != FRONT}
    return Sources(re.sub(r"\s", "", "".join(texts)), sections, passages), problems


@dataclass(frozen=True, slots=True)
class _Layout:
    """A text in which places are found without regard to blanks, and cut with them."""

    raw: str
    plain: str
    offsets: list[int]

    @classmethod
    def of(cls, raw: str) -> "_Layout":
        offsets = [place for place, character in enumerate(raw) if not character.isspace()]
        return cls(raw, "".join(raw[place] for place in offsets), [*offsets, len(raw)])

    def cut(self, start: int, end: int) -> "_Layout":
        """The part between two places of `plain`."""
        return _Layout.of(self.raw[self.offsets[start] : self.offsets[end]])

    def starts_line(self, place: int) -> bool:
        """Whether the character at this place of `plain` is the first of its line."""
        before = self.offsets[place - 1] + 1 if place else 0
        return place == 0 or "\n" in self.raw[before : self.offsets[place]]


def _bodies(text: _Layout, documents: Documents) -> Iterator[tuple[str, _Layout]]:
    """Each document of this file with its text, which runs to where the next one begins."""
    starts = sorted(
        (place, document.title)
        for document in documents.by_title.values()
        if (place := _beginning(text, document.begins)) is not None
    )
    if starts:
        # The title page in front of the first document is a part of it.
        starts[0] = (0, starts[0][1])
    ends = [*(place for place, _ in starts), len(text.plain)][1:]
    for (start, title), end in zip(starts, ends, strict=True):
        yield title, text.cut(start, end)


def _beginning(text: _Layout, begins: str) -> int | None:
    """Where a document begins: at the start of a line, for elsewhere it may be only mentioned."""
    places = (found.start() for found in re.finditer(re.escape(begins), text.plain))
    return next(filter(text.starts_line, places), None)


def _cut(document: Document, body: _Layout) -> tuple[dict[Citation, str], list[Citation]]:
    """The text of each section, and the sections whose beginning is not in `body`."""
    starts: list[tuple[int, Citation]] = [(0, Citation(document.title, FRONT))]
    missing: list[Citation] = []
    position = body.plain.find(document.begins)
    for section in document.sections.values():
        if section.begins is None:
            continue
        place = Citation(document.title, section.id)
        found = body.plain.find(section.begins, position)
        if found < 0:
            missing.append(place)
        else:
            starts.append((found, place))
            position = found + 1
    ends = [*(start for start, _ in starts), len(body.plain)][1:]
    passages: dict[Citation, str] = {}
    for (start, place), end in zip(starts, ends, strict=True):
        passage = body.raw[body.offsets[start] : body.offsets[end]].strip()
        begins = document.sections[place.section].begins if place.section != FRONT else None
        # A page break may fall into the very words a section begins with.
        passages[place] = _joined(passage, begins) if begins else passage
    return passages, missing


def _joined(passage: str, begins: str) -> str:
    broken = r"\s*".join(map(re.escape, begins))
    return re.sub(broken, lambda _: begins, passage, count=1)
