"""Finds the known sections of a document in a text: as many as possible, in their order, by how each begins."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.model import Document
from knowledge.outline.characters import squeezed
from knowledge.outline.model import Line

# A beginning that stands only once in the text says much more than one that stands in every section.
_ONLY_ONE = 3


@dataclass(frozen=True, slots=True)
class Body:
    """The text of all lines without blanks; `offsets` says where each line begins, and where the last one ends."""

    text: str
    offsets: tuple[int, ...]

    def of(self, first: int, last: int) -> str:
        """The text of the lines from `first` up to, not including, `last`."""
        return self.text[self.offsets[first] : self.offsets[last]]


def body_of(lines: Sequence[Line]) -> Body:
    """The text of `lines`, page numbers and all: the catalogue's beginnings may hold them."""
    pieces = [squeezed(line.text) for line in lines]
    offsets = [0]
    for piece in pieces:
        offsets.append(offsets[-1] + len(piece))
    return Body("".join(pieces), tuple(offsets))


def align(document: Document, text: str) -> dict[str, int]:
    """Section id -> where it begins in `text`; sections that are not found in their order are left out."""
    candidates: list[tuple[int, int, str]] = []
    for section in document.sections.values():
        if section.begins:
            found = list(occurrences(text, squeezed(section.begins)))
            weight = _ONLY_ONE if len(found) == 1 else 1
            # Descending, so that one section cannot be taken twice.
            candidates += [(position, weight, section.id) for position in reversed(found)]
    return _heaviest_ascending(candidates)


def occurrences(text: str, wanted: str) -> Iterator[int]:
    """Every position of `wanted` in `text`."""
    position = text.find(wanted) if wanted else -1
    while position >= 0:
        yield position
        position = text.find(wanted, position + 1)


def _heaviest_ascending(candidates: Sequence[tuple[int, int, str]]) -> dict[str, int]:
    """The heaviest choice of (position, weight, name) whose positions rise in the order given."""
    # Best chains by the position they end at: positions and weights rise together, worse chains are dropped.
    ends: list[int] = []
    weights: list[int] = []
    chains: list[int] = []
    before: list[int | None] = []
    for index, (position, weight, _) in enumerate(candidates):
        at = bisect_left(ends, position)
        total = weight + (weights[at - 1] if at else 0)
        before.append(chains[at - 1] if at else None)
        if at < len(ends) and ends[at] == position and weights[at] >= total:
            continue
        stop = at
        while stop < len(ends) and weights[stop] <= total:
            stop += 1
        ends[at:stop], weights[at:stop], chains[at:stop] = [position], [total], [index]
    chosen: dict[str, int] = {}
    step = chains[-1] if chains else None
    while step is not None:
        position, _, name = candidates[step]
        chosen[name] = position
        step = before[step]
    return chosen
