"""What a rule owner does with an outline: only the steps that this document calls for."""

from collections.abc import Iterable, Iterator
from typing import Final

from knowledge.outline.build import Outline
from knowledge.outline.comparison import State
from knowledge.outline.entries import Entry
from knowledge.outline.names import bare_title
from knowledge.outline.wording import say

_MOST_NAMED: Final = 8
_UNREAD: Final = ("page_without_text", "text_boxes", "footnotes", "number_unknown", "tracked_changes")
_WITH_SECTIONS: Final[tuple[State, ...]] = ("new", "restored", "changed", "renumbered", "uncited")


def next_steps(outline: Outline) -> list[str]:
    """The steps as sentences, in their order."""
    return list(_steps(outline))


def _steps(outline: Outline) -> Iterator[str]:
    documents = outline.comparison.documents
    kinds = {finding.kind for finding in outline.findings}
    if kinds:
        yield say("next", "findings")
    if kinds.intersection(_UNREAD):
        yield say("next", "unread")
    unknown = [
        say("report", "title", title=bare_title(each.part.titles[0]))
        for each in documents
        if each.title is None and each.part.titles
    ]
    if unknown:
        yield say("next", "unknown_document", titles=_some(unknown))
    rows = [(each.title, row) for each in documents if each.title for row in each.rows]
    for state in _WITH_SECTIONS:
        found = [(title, row) for title, row in rows if row.state == state]
        if found:
            sections = _some(_cited(title, row.id if state != "new" else row.own) for title, row in found)
            yield say(
                "next", state, sections=sections, entries=_entries(entry for _, row in found for entry in row.entries)
            )
    gone = [missing for each in documents for missing in each.missing if missing.absence == "gone"]
    if gone:
        sections = _some(_cited(missing.document, missing.section) for missing in gone)
        yield say("next", "gone", sections=sections, entries=_entries(e for missing in gone for e in missing.entries))
    if any(row.entries for _, row in rows):
        yield say("next", "show")
    readable = outline.reading.encoding == "UTF-8"
    yield say("next", "lint" if readable else "lint_as_text", file=outline.path)


def _cited(title: str | None, section: str) -> str:
    return f"{say('report', 'title', title=title)}{section}"


def _entries(entries: Iterable[Entry]) -> str:
    return _some(dict.fromkeys(entry.id for entry in entries)) or say("report", "no_entries")


def _some(texts: Iterable[str]) -> str:
    """At most eight of them by name."""
    named = list(texts)
    more = say("report", "and_more", count=len(named)) if len(named) > _MOST_NAMED else ""
    return say("report", "between").join(named[:_MOST_NAMED]) + more
