"""Finds the sections of a known document among those of a file: by how they begin, by number, by name."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from knowledge.model import Citation, Document, Section
from knowledge.outline.alignment import Body, align
from knowledge.outline.model import Mark, Node, Part
from knowledge.outline.numbers import Path, path_of, path_of_marks
from knowledge.outline.pairing import known_name
from knowledge.sources import holds, letters

Change = Literal["changed", "renumbered", "restored"]


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A section as it stands in the file: its node, the marks from the top, and where it begins in its document.

    `path` holds the values of its number and of those above it.
    """

    node: Node
    marks: tuple[Mark, ...]
    path: Path
    depth: int
    offset: int
    parent: "Spot | None"

    def is_below(self, other: "Spot") -> bool:
        """Whether it stands somewhere inside `other`."""
        return self.parent is not None and (self.parent is other or self.parent.is_below(other))


def spots_of(part: Part, body: Body) -> tuple[Spot, ...]:
    """All sections of a document of the file, in the order of the text."""

    def spots(node: Node, parent: Spot | None) -> Iterator[Spot]:
        marks = (*(parent.marks if parent else ()), *((node.mark,) if node.mark else ()))
        offset = body.offsets[node.first] - body.offsets[part.first]
        here = Spot(node, marks, path_of_marks(marks), parent.depth + 1 if parent else 0, offset, parent)
        yield here
        for child in node.children:
            yield from spots(child, here)

    return tuple(spot for section in part.sections for spot in spots(section, None))


@dataclass(slots=True)
class Matches:
    """What was found. `headless` are known sections whose text is there without a heading, by where it begins.

    `above` names for each known section the one it stands below: 五 for 五(二), None for one at the top.
    """

    document: Document
    above: dict[str, str | None]
    all_spots: tuple[Spot, ...]
    spots: dict[str, Spot] = field(default_factory=dict)
    headless: dict[str, int] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)

    def below(self, name: str) -> tuple[str, ...]:
        """The known sections right below `name`."""
        return tuple(each for each, above in self.above.items() if above == name)

    def belongs_to_headless(self, spot: Spot) -> bool:
        """Whether a section without a heading begins before `spot`, inside the same section above it."""
        known = {**self.headless, **{name: each.offset for name, each in self.spots.items()}}
        before = [(offset, name) for name, offset in known.items() if offset <= spot.offset]
        start, name = max(before, default=(-1, ""))
        return name in self.headless and spot.parent is not None and start > spot.parent.offset

    def free(self) -> list[Spot]:
        """The sections of the file in which no known section was found yet."""
        taken = {id(spot) for spot in self.spots.values()}
        return [spot for spot in self.all_spots if id(spot) not in taken]


def match(document: Document, part: Part, body: Body) -> Matches:
    """The known sections that `part` has; what stands below a section is looked for when that one was found."""
    matches = Matches(document, _above(document), spots_of(part, body))
    positions = align(document, body.of(part.first, part.last))
    starts = {spot.offset: spot for spot in matches.all_spots}
    by_depth: dict[int, list[Section]] = {}
    for section in document.sections.values():
        by_depth.setdefault(_depth(matches, section.id), []).append(section)
    for _, sections in sorted(by_depth.items()):
        for section in sections:
            if section.id in positions:
                _place(matches, section.id, positions[section.id], starts)
        for search in (_by_name, _by_number):
            for section in sections:
                if section.id not in matches.spots and section.id not in matches.headless:
                    search(matches, section)
    return matches


def _above(document: Document) -> dict[str, str | None]:
    places = [Citation(document.title, name) for name in document.sections]
    return {
        place.section: max(
            (other.section for other in places if other != place and holds(other, place)), key=len, default=None
        )
        for place in places
    }


def _depth(matches: Matches, name: str) -> int:
    above = matches.above[name]
    return 0 if above is None else 1 + _depth(matches, above)


def _place(matches: Matches, name: str, offset: int, starts: dict[int, Spot]) -> None:
    """A section whose beginning is in the text."""
    spot = starts.get(offset)
    above = matches.spots.get(matches.above[name] or "")
    if spot is None:
        around = next((each for each in reversed(matches.all_spots) if each.offset <= offset), None)
        if around and around.path == path_of(name) and around in matches.free():
            # What we know of the section begins inside it: what was lost before is there again.
            matches.spots[name] = around
            matches.changes[name] = "restored"
        else:
            matches.headless[name] = offset
    elif above is None or spot.is_below(above):
        matches.spots[name] = spot


def _by_name(matches: Matches, section: Section) -> None:
    """A section that begins otherwise now, but is still called the same."""
    name = known_name(section.begins) or ("" if path_of(section.id) else letters(section.id))
    spot = next((each for each in _candidates(matches, section) if name and _is_called(each, name)), None)
    if spot:
        matches.spots[section.id] = spot
        if spot.path[-1:] != (path_of(section.id) or ())[-1:]:
            matches.changes[section.id] = "renumbered"


def _by_number(matches: Matches, section: Section) -> None:
    """A section that has only its number left, or of which nothing was known but the number."""
    path = path_of(section.id)
    for spot in _candidates(matches, section):
        if path and spot.path[-1:] == path[-1:] and _in_order(matches, section, spot):
            matches.spots[section.id] = spot
            matches.changes[section.id] = "changed" if section.begins else "restored"
            return


def _candidates(matches: Matches, section: Section) -> list[Spot]:
    """Sections of the file in the place where `section` should be, which are no other known section."""
    above = matches.above[section.id]
    parent = matches.spots.get(above) if above else None
    if parent:
        return [spot for spot in matches.free() if spot.parent is parent]
    # Chapters above articles do not count, nor does the depth of a section that has no number.
    steps = len(path_of(section.id) or ())
    return [] if above else [spot for spot in matches.free() if len(spot.path) == steps]


def _is_called(spot: Spot, name: str) -> bool:
    return letters(spot.node.name).startswith(name)


def _in_order(matches: Matches, section: Section, spot: Spot) -> bool:
    """Whether the known sections before and after `section` stand before and after `spot`."""
    names = list(matches.document.sections)
    index = names.index(section.id)
    known = {**matches.headless, **{n: s.offset for n, s in matches.spots.items() if n not in matches.changes}}
    earlier = (known[name] for name in names[:index] if name in known)
    later = (known[name] for name in names[index + 1 :] if name in known)
    return max(earlier, default=-1) < spot.offset < min(later, default=spot.offset + 1)
