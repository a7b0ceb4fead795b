"""Word documents: paragraphs, tables, headings and automatic numbers, as a reader sees them on paper."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from knowledge.outline.characters import tidy
from knowledge.outline.model import Finding, Line, Place, Progress, Reading
from knowledge.outline.readers.refused import RefusedError
from knowledge.outline.readers.word_numbering import Numbering
from knowledge.outline.readers.word_rules import read_rules
from knowledge.outline.readers.word_styles import CONTENTS, heading_levels, level_of

# A small file that unpacks to more than this is no document.
_LARGEST_UNPACKED: Final = 200 * 1024 * 1024
_MAIN_PART: Final = "word/document.xml"
_BETWEEN_CELLS: Final = " | "
_BREAKS: Final = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
# Where text was before it was moved, and text boxes: no text of the paragraph. Deleted text has an element of its own.
_APART: Final = frozenset(map(qn, ("w:moveFrom", "w:txbxContent")))
# element -> the finding that says what the reader did with it
_NOTED: Final = {
    qn("w:ins"): "tracked_changes",
    qn("w:del"): "tracked_changes",
    qn("w:moveFrom"): "tracked_changes",
    qn("w:txbxContent"): "text_boxes",
    qn("w:footnoteReference"): "footnotes",
    qn("w:endnoteReference"): "footnotes",
}


def read(path: Path, progress: Progress) -> Reading:
    """The paragraphs and table rows; raises `RefusedError` where it is no Word document."""
    document = _open(path)
    blocks = list(_blocks(document.element.body))
    reader = _Reader(heading_levels(document), Numbering(read_rules(document)))
    lines = tuple(line for block in progress(blocks, len(blocks), "docx") for line in reader.lines(block))
    return Reading("docx", lines, (*reader.findings(), *_noted(document.element.body)))


def _open(path: Path) -> Document:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if _MAIN_PART not in names:
                raise RefusedError("not_word")
            if sum(info.file_size for info in archive.infolist()) > _LARGEST_UNPACKED:
                raise RefusedError("too_large", megabytes=_LARGEST_UNPACKED // 1024**2)
        return docx.Document(str(path))
    except zipfile.BadZipFile as error:
        raise RefusedError("not_word") from error


def _blocks(parent: BaseOxmlElement) -> Iterator[list[list[BaseOxmlElement]]]:
    """Paragraphs (one cell with one paragraph) and table rows (cells of paragraphs), in the order of the text."""
    for child in parent:
        if child.tag == qn("w:p"):
            yield [[child]]
        elif child.tag == qn("w:tr"):
            yield [list(_paragraphs(cell)) for cell in child.iter(qn("w:tc")) if cell.getparent() is child]
        elif child.tag not in _APART:
            # Tables, content controls, inserted blocks: all that matters of them is what they hold.
            yield from _blocks(child)


def _paragraphs(parent: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    for child in parent:
        if child.tag == qn("w:p"):
            yield child
        elif child.tag not in _APART:
            yield from _paragraphs(child)


def _pieces(parent: BaseOxmlElement) -> Iterator[str]:
    for child in parent:
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag not in _APART:
            yield from _pieces(child)


@dataclass(slots=True)
class _Reader:
    """Makes lines of blocks and remembers what Word had numbered by itself."""

    levels: dict[str, int]
    numbering: Numbering
    count: int = 0
    numbered: list[Line] = field(default_factory=list)
    uncountable: list[Line] = field(default_factory=list)
    contents: list[Line] = field(default_factory=list)

    def lines(self, block: list[list[BaseOxmlElement]]) -> list[Line]:
        """The lines of one paragraph or table row; a row of plain cells is one line."""
        cells = [[line for paragraph in cell for line in self._paragraph(paragraph)] for cell in block]
        if any(len(cell) > 1 for cell in cells) or len(cells) == 1:
            return [line for cell in cells for line in cell]
        row = [cell[0] for cell in cells if cell]
        return [Line(_BETWEEN_CELLS.join(line.text for line in row), row[0].place)] if row else []

    def findings(self) -> Iterator[Finding]:
        """What was done about automatic numbers and tables of contents."""
        for kind, lines in (
            ("numbered_by_word", self.numbered),
            ("number_unknown", self.uncountable),
            ("contents_skipped", self.contents),
        ):
            if lines:
                yield Finding(kind, lines[0].place, lines[0].text, {"count": len(lines)})

    def _paragraph(self, paragraph: BaseOxmlElement) -> Iterator[Line]:
        self.count += 1
        place = Place(0, self.count)
        level = level_of(paragraph, self.levels)
        rows = [row for piece in "".join(_pieces(paragraph)).split("\n") if (row := tidy(piece))]
        # An empty paragraph of a list is counted by Word, too.
        label = self.numbering.label(paragraph)
        if not rows:
            return
        if level == CONTENTS:
            self.contents.append(Line(rows[0], place))
            return
        first = Line(tidy(f"{label or ''}{rows[0]}"), place, level)
        if label:
            self.numbered.append(first)
        elif label is None:
            self.uncountable.append(first)
        yield first
        yield from (Line(row, place) for row in rows[1:])


def _noted(body: BaseOxmlElement) -> list[Finding]:
    kinds = dict.fromkeys(_NOTED[element.tag] for element in body.iter(*_NOTED))
    return [Finding(kind, None) for kind in kinds]
