"""The outline as text and as data."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

from knowledge.outline.build import Outline
from knowledge.outline.characters import clipped, wide
from knowledge.outline.comparison import Compared, Missing, Row
from knowledge.outline.model import Finding, Kind, Place
from knowledge.outline.names import bare_title
from knowledge.outline.next_steps import next_steps
from knowledge.outline.wording import keys, say

_HEADING_LENGTH: Final = 20
_INDENT: Final = "    "


def text(outline: Outline) -> str:
    """The report for people: the tree, the findings, what is missing, what to do next."""
    sections = (_tree(outline), _findings(outline), _missing(outline), _next(outline))
    return "\n\n".join("\n".join(lines) for lines in sections)


def data(outline: Outline) -> dict[str, Any]:
    """The same for programs."""
    reading, comparison = outline.reading, outline.comparison
    return {
        "file": outline.path.name,
        "kind": reading.kind,
        "pages": reading.pages,
        "lines": len(reading.lines),
        "encoding": reading.encoding,
        "documents": [
            {
                "titles": each.part.titles,
                **_place_data(each.part.place),
                "matched": {"title": each.title, "how": each.how} if each.title else None,
                "sections": [_row_data(row) for row in each.rows],
                "missing": [asdict(missing) for missing in each.missing],
            }
            for each in comparison.documents
        ],
        "findings": [
            {
                "kind": finding.kind,
                **_place_data(finding.place),
                "text": _sentence(finding, reading.kind),
                "excerpt": finding.excerpt,
            }
            for finding in outline.findings
        ],
        "absent_documents": list(comparison.absent),
        "next": next_steps(outline),
    }


def _tree(outline: Outline) -> Iterator[str]:
    reading = outline.reading
    amount = say("amounts", reading.kind, count=reading.pages or len(reading.lines))
    encoding = say("report", "encoding", encoding=reading.encoding) if reading.encoding else ""
    kind = say("kinds", reading.kind)
    yield say("report", "heading", name=outline.path.name, kind=kind, amount=amount + encoding)
    marks = (say("report", "mark", mark=say("marks", state), state=say("legend", state)) for state in keys("marks"))
    yield say("report", "legend", marks=say("report", "apart").join(marks))
    for number, each in enumerate(outline.comparison.documents, 1):
        yield ""
        yield _document(number, each, reading.kind)
        yield from (_INDENT * (row.depth + 1) + _row(row, reading.kind) for row in each.rows)
    yield ""
    yield say("report", "limits")


def _document(number: int, compared: Compared, kind: Kind) -> str:
    title = clipped(bare_title(compared.part.titles[0]), 2 * _HEADING_LENGTH) if compared.part.titles else ""
    return say(
        "report",
        "document",
        number=number,
        title=say("report", "title", title=wide(title)) if title else say("report", "untitled"),
        place=_place(compared.part.place, kind),
        matched=say("matched", compared.how or "none", title=compared.title),
    )


def _row(row: Row, kind: Kind) -> str:
    label = wide(clipped(row.heading, _HEADING_LENGTH)) or row.id
    if row.headless:
        label += say("report", "no_heading")
    if row.own and row.id != row.own and row.state != "renumbered":
        label = say("report", "catalogued", label=label, id=row.id)
    state = say("states", "new_but_called" if row.state == "new" and row.entries else row.state, id=row.id)
    if row.entries:
        state = say("report", "entries", state=state, entries=_names(row))
    return say("report", "row", mark=say("marks", row.state), label=label, place=_place(row.place, kind), state=state)


def _names(of: Row | Missing) -> str:
    names = (entry.name if entry.answered else say("report", "unanswered", name=entry.name) for entry in of.entries)
    return say("report", "between").join(names)


def _findings(outline: Outline) -> Iterator[str]:
    yield say("report", "findings", count=len(outline.findings))
    for finding in outline.findings:
        place = _place(finding.place, outline.reading.kind) if finding.place else say("report", "whole_file")
        sentence = _sentence(finding, outline.reading.kind)
        excerpt = say("report", "excerpt", excerpt=wide(finding.excerpt)) if finding.excerpt else ""
        yield _INDENT + say("report", "finding", place=place, text=sentence) + excerpt
    if not outline.findings:
        yield _INDENT + say("report", "no_findings")


def _sentence(finding: Finding, kind: Kind) -> str:
    values = {key: _place(value, kind) if isinstance(value, Place) else value for key, value in finding.values.items()}
    return say("findings", finding.kind, **values)


def _missing(outline: Outline) -> Iterator[str]:
    yield say("report", "missing")
    lines = list(_missing_lines(outline))
    yield from (_INDENT + line for line in lines or [say("report", "nothing_missing")])


def _missing_lines(outline: Outline) -> Iterator[str]:
    for each in outline.comparison.documents:
        for absence in keys("absences"):
            sections = [missing for missing in each.missing if missing.absence == absence]
            if sections:
                named = say("report", "between").join(map(_missing_section, _outermost(sections)))
                sentence = say("absences", absence)
                yield say("report", "missing_sections", document=each.title, absence=sentence, sections=named)
    if outline.comparison.absent:
        titles = say("report", "between").join(say("report", "title", title=t) for t in outline.comparison.absent)
        yield say("report", "missing_documents", titles=titles)


def _outermost(sections: Sequence[Missing]) -> list[Missing]:
    """Without those below a section that is in the list itself."""
    names = {missing.section for missing in sections}
    return [each for each in sections if not any(each.section.startswith((f"{n}(", f"{n}第")) for n in names)]


def _missing_section(missing: Missing) -> str:
    if not missing.entries:
        return missing.section
    return say("report", "missing_section", section=missing.section, entries=_names(missing))


def _next(outline: Outline) -> Iterator[str]:
    yield say("report", "next")
    yield from (f"{_INDENT}{number}. {step}" for number, step in enumerate(next_steps(outline), 1))


def _place(place: Place, kind: Kind) -> str:
    return say("places", kind, page=place.page, line=place.line)


def _place_data(place: Place | None) -> dict[str, int | None]:
    return {"page": place.page or None, "line": place.line} if place else {"page": None, "line": None}


def _row_data(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "own": row.own or None,
        "heading": clipped(row.heading, _HEADING_LENGTH) or None,
        "depth": row.depth,
        **_place_data(row.place),
        "state": row.state,
        "entries": [asdict(entry) for entry in row.entries],
    }
