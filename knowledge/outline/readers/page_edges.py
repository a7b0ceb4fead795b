"""Finds headers, footers and page numbers: what repeats at the top and bottom of the pages."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from knowledge.outline.marks import read_mark
from knowledge.outline.model import Finding, Line

_EDGE_LINES: Final = 3
_REPEATED_SHARE: Final = 0.6
_SENTENCE_END: Final = "。；;！!？?"
_BARE_NUMBER: Final = re.compile(r"\d{1,4}")
_PAGE_NUMBER: Final = re.compile(
    r"[-—–~·\s]*(?:第\s*)?\d{1,4}\s*(?:页)?(?:\s*(?:[/,，]|of|共)\s*(?:共\s*)?\d{1,4}\s*(?:页)?)?[-—–~·\s]*", re.I
)


def is_page_number(text: str) -> bool:
    """Whether a line holds nothing but a page number: 3, - 3 -, 第3页 共10页, 3/10."""
    return bool(_PAGE_NUMBER.fullmatch(text))


def without_edges(pages: Sequence[Sequence[Line]]) -> tuple[list[list[Line]], list[Finding]]:
    """The pages without headers, footers and page numbers, and what was taken out."""
    with_text = sum(1 for page in pages if page)
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_shape(line) for line in _edges(page) if not is_page_number(line.text)})
    # A sentence that happens to close several pages stays: nothing of the rules may get lost here.
    repeated = {
        shape
        for shape, count in counts.items()
        if count >= max(2, _REPEATED_SHARE * with_text) and not shape.endswith(tuple(_SENTENCE_END))
    }
    offset = _offset(pages)
    removed: dict[str, list[Line]] = {}
    numbers: list[Line] = []
    kept: list[list[Line]] = []
    for page in pages:
        edges = {id(line) for line in _edges(page)}
        rest: list[Line] = []
        for line in page:
            if id(line) not in edges:
                rest.append(line)
            elif is_page_number(line.text) and _counts_pages(line, offset):
                numbers.append(line)
            elif _shape(line) in repeated:
                removed.setdefault(_shape(line), []).append(line)
            else:
                rest.append(line)
        kept.append(rest)
    findings = [
        Finding("repeated_line", lines[0].place, lines[0].text, {"count": len(lines)}) for lines in removed.values()
    ]
    if numbers:
        findings.append(Finding("page_numbers_removed", numbers[0].place, numbers[0].text, {"count": len(numbers)}))
    return kept, findings


def _offset(pages: Sequence[Sequence[Line]]) -> int | None:
    """What to add to the page for the number printed on most pages; None where no page has a bare number."""
    bare = [line for page in pages for line in _edges(page) if _BARE_NUMBER.fullmatch(line.text)]
    offsets = Counter(int(line.text) - line.place.page for line in bare)
    return offsets.most_common(1)[0][0] if offsets else None


def _counts_pages(line: Line, offset: int | None) -> bool:
    """A bare number must fit the other pages, for it may be a figure of a table."""
    return not _BARE_NUMBER.fullmatch(line.text) or int(line.text) - line.place.page == offset


def _edges(page: Sequence[Line]) -> list[Line]:
    return [*page[:_EDGE_LINES], *page[_EDGE_LINES:][-_EDGE_LINES:]]


def _shape(line: Line) -> str:
    """The line with the number of its page left open; the numbers of sections are not, or they would look alike."""
    if read_mark(line.text):
        return line.text
    return re.sub(r"\d+", lambda found: "#" if int(found[0]) == line.place.page else found[0], line.text)
