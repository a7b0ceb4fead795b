"""The rule documents, section by section, with the entries that rest on each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from knowledge.conditions import OperationRules
from knowledge.identifiers import Aspect
from knowledge.model import Citation, RuleBase, Section
from knowledge.pages.model import Entry


@dataclass(frozen=True, slots=True)
class Use:
    """An operation or topic that cites a section, and in which aspects (`eligibility` for its conditions)."""

    entry: Entry
    aspects: tuple[Aspect, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One section of a document."""

    citation: Citation
    section: Section
    uses: tuple[Use, ...]


def catalogue(
    rules: RuleBase, entries: Iterable[Entry], eligibility: Mapping[str, OperationRules]
) -> dict[str, tuple[Place, ...]]:
    """The sections of each document by its title, in the order of the source."""
    uses: dict[Citation, dict[str, tuple[Entry, list[Aspect]]]] = {}
    for entry in entries:
        for aspect, citation in _citations(entry, eligibility.get(entry.id)):
            aspects = uses.setdefault(citation, {}).setdefault(entry.id, (entry, []))[1]
            if aspect and aspect not in aspects:
                aspects.append(aspect)
    return {
        document.title: tuple(
            Place(
                place := Citation(document.title, section.id),
                section,
                tuple(Use(entry, tuple(aspects)) for entry, aspects in uses.get(place, {}).values()),
            )
            for section in document.sections.values()
        )
        for document in rules.documents.by_title.values()
    }


def _citations(entry: Entry, conditions: OperationRules | None) -> Iterator[tuple[Aspect | None, Citation]]:
    for section in entry.sections:
        for card in section.cards:
            yield from ((section.aspect, citation) for citation in card.citations)
    if conditions:
        yield from (("eligibility", citation) for citation, _line in conditions.citations())
