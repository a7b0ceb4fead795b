"""The gaps of the rule base: every answer that is not simply stated, with what is known all the same."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.identifiers import Aspect, Ownership, Status
from knowledge.model import Citation, Period
from knowledge.pages.model import Card, Entry, Line


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is not known; aspects of which the same is said share one.

    `known` are the statements that the rules make all the same. `status` is None where no answer is written yet.
    """

    aspects: tuple[Aspect, ...]
    ownership: Ownership | None
    status: Status | None
    valid: Period
    known: tuple[Line, ...]
    citations: tuple[Citation, ...]


def gaps_of(entry: Entry) -> tuple[Gap, ...]:
    """The gaps of one operation or topic, in the order of its aspects."""
    if not entry.sections:
        return (Gap((), None, None, Period(), (), (entry.citation,)),)
    found: dict[object, Gap] = {}
    for aspect, card in _cards(entry):
        known = tuple(line for line in card.lines if line.statement)
        same = (card.ownership, card.status, card.valid, known, card.citations)
        earlier = found[same].aspects if same in found else ()
        aspects = (*earlier, aspect) if aspect else earlier
        found[same] = Gap(aspects, card.ownership, card.status, card.valid, known, card.citations)
    return tuple(found.values())


def gap_counts(gaps: Iterable[Gap]) -> dict[Status | None, int]:
    """How many gaps of each status there are, counting every aspect."""
    counts: dict[Status | None, int] = {}
    for gap in gaps:
        counts[gap.status] = counts.get(gap.status, 0) + max(1, len(gap.aspects))
    return counts


def _cards(entry: Entry) -> Iterator[tuple[Aspect | None, Card]]:
    for section in entry.sections:
        for card in section.cards:
            if card.status != "stated":
                yield section.aspect, card
