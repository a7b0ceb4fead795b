"""PDF with pypdf, page by page; what stands at the edge of every page is taken out and reported."""

import logging
from pathlib import Path
from typing import Final

from pypdf import PdfReader

from knowledge.outline.characters import tidy
from knowledge.outline.model import Finding, Line, Place, Progress, Reading
from knowledge.outline.readers.page_edges import without_edges
from knowledge.outline.readers.refused import RefusedError

_PAGES_KEPT: Final = 25


def read(path: Path, progress: Progress) -> Reading:
    """The lines of all pages; raises `RefusedError` where the file is encrypted or has no text (a scan)."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with path.open("rb") as file:
        reader = PdfReader(file)
        # An empty password opens a file that is only protected against changes.
        if reader.is_encrypted and not reader.decrypt(""):
            raise RefusedError("encrypted")
        count = len(reader.pages)
        pages = [_lines(reader, number) for number in progress(range(count), count, "pdf")]
    if not any(pages):
        raise RefusedError("scanned")
    kept, findings = without_edges(pages)
    empty = [str(number) for number, lines in enumerate(pages, 1) if not lines]
    if empty:
        findings.append(Finding("page_without_text", None, values={"pages": "、".join(empty), "count": len(empty)}))
    return Reading("pdf", tuple(line for lines in kept for line in lines), tuple(findings), pages=count)


def _lines(reader: PdfReader, index: int) -> list[Line]:
    text = reader.pages[index].extract_text()
    # Parsed objects would fill the memory with a long document; fonts are worth keeping for a few pages.
    if index % _PAGES_KEPT == 0:
        reader.resolved_objects.clear()
    rows = (tidy(row) for row in text.splitlines())
    return [Line(row, Place(index + 1, number)) for number, row in enumerate(filter(None, rows), 1)]
