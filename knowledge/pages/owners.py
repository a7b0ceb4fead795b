"""The pages for the people who own the rules: everything in the rule base, in Chinese, to read and to print."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import PurePosixPath
from typing import Any

from knowledge.conditions import NoEligibilityRules, load_all
from knowledge.identifiers import OWNERSHIPS, RULE_ASPECTS, STATUSES
from knowledge.model import Citation, RuleBase
from knowledge.pages.catalogue import catalogue
from knowledge.pages.diagram import decision_pictures
from knowledge.pages.gaps import gap_counts, gaps_of
from knowledge.pages.model import Entry, read_entries
from knowledge.pages.render import STATIC, render
from knowledge.sources import Sources, holds

_STYLES = ("base.css", "sheet.css")


@dataclass(frozen=True, slots=True)
class Made:
    """When the pages were made, and for which day."""

    day: date
    on: date


def owners_pages(rules: RuleBase, made: Made, sources: Sources | None = None) -> dict[str, str]:
    """The files of the owners' sheet: relative path -> content.

    With `sources`, the original passage stands folded beside each citation. Raises `KnowledgeError` where the
    conditions of eligibility cannot be read.
    """
    entries = read_entries(rules, made.on)
    eligibility = load_all(rules.folder)
    places = catalogue(rules, entries, eligibility)
    anchors = {place.citation: f"s{number}" for number, place in enumerate(chain.from_iterable(places.values()), 1)}
    gaps = {entry: gaps_of(entry) for entry in entries}
    common: dict[str, Any] = {
        "rules": rules,
        "made": made,
        "statuses": STATUSES,
        "aspects": RULE_ASPECTS,
        "ownerships": OWNERSHIPS,
        "entries": entries,
        "anchors": anchors,
        "passage": _passages(sources),
    }
    pages: dict[str, dict[str, Any]] = {
        "index.html": {},
        "gaps.html": {"gaps": gaps, "counts": gap_counts(chain.from_iterable(gaps.values()))},
        "documents.html": {"places": places},
        "changes.html": {"changes": [entry for entry in entries if changing(entry)]},
    }
    files = {name: render(name, here=name, root="", **common, **own) for name, own in pages.items()}
    for before, entry, after in _neighbours(entries):
        files[page_of(entry)] = render(
            "entry.html",
            here="",
            root="../",
            entry=entry,
            before=before,
            after=after,
            eligibility=eligibility.get(entry.id),
            picture=decision_pictures(eligibility[entry.id]) if entry.id in eligibility else "",
            no_eligibility=str(NoEligibilityRules(entry.id, entry.name)),
            **common,
        )
    return files | {name: (STATIC / name).read_text(encoding="utf-8") for name in _STYLES}


def page_of(entry: Entry) -> str:
    """Where the page of an operation or topic stands below the folder of the sheet."""
    return str(PurePosixPath(f"{entry.kind}s", f"{entry.id}.html"))


def changing(entry: Entry) -> bool:
    """Whether any of its answers holds only for a time."""
    return any(card.dated for section in entry.sections for card in section.cards)


def _neighbours(entries: tuple[Entry, ...]) -> Iterator[tuple[Entry | None, Entry, Entry | None]]:
    return zip((None, *entries[:-1]), entries, (*entries[1:], None), strict=True)


def _passages(sources: Sources | None) -> Callable[[Citation], str]:
    """The original text of a section and of what stands below it; empty where there is no copy of the documents."""
    passages = sources.passages if sources else {}

    def passage(citation: Citation) -> str:
        return "\n".join(text.strip() for place, text in passages.items() if holds(citation, place))

    return passage
