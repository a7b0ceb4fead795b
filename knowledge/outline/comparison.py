"""The sections of a file beside those of the rule base: covered, new, changed, restored, gone."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Literal

from knowledge.model import Document, RuleBase, Section
from knowledge.outline.alignment import Body, body_of
from knowledge.outline.entries import Entries, Entry, read_entries
from knowledge.outline.matching import Matches, Spot, match, spots_of
from knowledge.outline.model import Line, Part, Place
from knowledge.outline.numbers import section_id
from knowledge.outline.pairing import How, pair

State = Literal["covered", "uncited", "new", "changed", "renumbered", "restored", "within", "unplaced"]
Absence = Literal["known_lost", "heading_lost", "gone"]


@dataclass(frozen=True, slots=True)
class Row:
    """One section of the file. `id` is how the rule base cites it or would; `own` is the number it has in the file.

    `own` and `heading` are empty where only the text of a known section is there; `headless`: its heading is lost.
    """

    id: str
    own: str
    heading: str
    depth: int
    place: Place
    state: State
    entries: tuple[Entry, ...]
    headless: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A section that the rule base knows and the file does not have, or has only in part."""

    document: str
    section: str
    absence: Absence
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One document of the file; `title` and `how` are the rule base's, None for a document it does not know."""

    part: Part
    title: str | None
    how: How | None
    rows: tuple[Row, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole file, and the titles of the rule base's documents that are not in it."""

    documents: tuple[Compared, ...]
    absent: tuple[str, ...]


def compare(parts: Sequence[Part], lines: Sequence[Line], rules: RuleBase) -> Comparison:
    """Compares what was read with the rule base."""
    body = body_of(lines)
    entries = read_entries(rules)
    pairs = pair(parts, body, rules.documents.by_title)
    compared: list[Compared] = []
    for index, part in enumerate(parts):
        found = pairs.get(index)
        if found is None:
            compared.append(Compared(part, None, None, tuple(_unknown(part, body, entries)), ()))
        else:
            writer = _Writer(found.document, part, body, lines, entries, match(found.document, part, body))
            compared.append(Compared(part, found.document.title, found.how, writer.rows(), writer.missing()))
    known = {each.title for each in compared}
    return Comparison(tuple(compared), tuple(title for title in rules.documents.by_title if title not in known))


def _unknown(part: Part, body: Body, entries: Entries) -> Iterator[Row]:
    """The sections of a document that the rule base does not know; a name may still tell what they are about."""
    for spot in spots_of(part, body):
        yield _row(spot, None, "new", entries.called(spot.node.name))


def _row(spot: Spot, section: str | None, state: State, entries: tuple[Entry, ...]) -> Row:
    own = section_id(spot.marks)
    return Row(section or own, own, spot.node.heading, spot.depth, spot.node.place, state, entries)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Says of one document of the file how it stands to the one that it is in the rule base."""

    document: Document
    part: Part
    body: Body
    lines: Sequence[Line]
    entries: Entries
    matches: Matches

    def rows(self) -> tuple[Row, ...]:
        """All sections in the order of the text, those without a heading where their text begins."""
        names = {id(spot): name for name, spot in self.matches.spots.items()}
        states: dict[int, State] = {}
        rows: list[tuple[int, Row]] = []
        for spot in self.matches.all_spots:
            name = names.get(id(spot))
            row = self._unmatched(spot, states) if name is None else self._matched(spot, name)
            states[id(spot)] = row.state
            rows.append((spot.offset, row))
        rows += [(offset, self._headless(name, offset)) for name, offset in self.matches.headless.items()]
        return tuple(row for _, row in sorted(rows, key=lambda each: each[0]))

    def missing(self) -> tuple[Missing, ...]:
        """Known sections that are not in the file, or whose heading is not."""
        present = self.matches.spots.keys() | self.matches.headless.keys()
        return tuple(
            Missing(self.document.title, section.id, self._absence(section, present), self._citing(section.id))
            for section in self.document.sections.values()
            if section.id not in present
        )

    def _matched(self, spot: Spot, name: str) -> Row:
        return _row(spot, name, self.matches.changes.get(name) or self._state(name), self._citing(name))

    def _unmatched(self, spot: Spot, states: dict[int, State]) -> Row:
        above = states.get(id(spot.parent)) if spot.parent else None
        within = self.matches.belongs_to_headless(spot) or above == "within" or self._finer(spot)
        state: State = "within" if within else "new"
        return _row(spot, None, state, () if within else self.entries.called(spot.node.name))

    def _finer(self, spot: Spot) -> bool:
        """Whether the rule base does not divide the section above this one at all."""
        names = [name for name, each in self.matches.spots.items() if each is spot.parent]
        return bool(names) and not self.matches.below(names[0])

    def _headless(self, name: str, offset: int) -> Row:
        at = offset + self.body.offsets[self.part.first]
        index = max(i for i in range(self.part.first, self.part.last) if self.body.offsets[i] <= at)
        depth = 1 if self.matches.above[name] or "(" in name else 0
        place, lost = self.lines[index].place, self.document.sections[name].state == "残缺"
        return Row(name, "", "", depth, place, self._state(name), self._citing(name), headless=lost)

    def _state(self, name: str) -> State:
        if self.document.sections[name].state == "归属不明":
            return "unplaced"
        return "covered" if self._citing(name) else "uncited"

    def _citing(self, name: str) -> tuple[Entry, ...]:
        return self.entries.citing(self.document.title, name)

    def _absence(self, section: Section, present: Set[str]) -> Absence:
        if section.state == "缺失":
            return "known_lost"
        if section.begins is None:
            return "heading_lost" if present & set(self.matches.below(section.id)) else "known_lost"
        return "gone"
