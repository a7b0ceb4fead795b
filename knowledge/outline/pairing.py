"""Which document of the rule base each document of a file is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from knowledge.model import Document
from knowledge.outline.alignment import Body
from knowledge.outline.characters import squeezed
from knowledge.outline.marks import read_mark
from knowledge.outline.model import Part
from knowledge.outline.names import alike, bare_title, split_name
from knowledge.sources import letters

How = Literal["both", "title", "sections"]
# What is needed of title and sections (from 0 to 1) to call two documents the same.
_SAME_TITLE: Final = 0.9
_LIKE_TITLE: Final = 0.5
_SAME_SECTIONS: Final = 0.3
_SOME_SECTIONS: Final = 0.1
_SHORTEST_NAME: Final = 2


@dataclass(frozen=True, slots=True)
class Pair:
    """A document of the rule base and how it was recognised."""

    document: Document
    how: How


def pair(parts: Sequence[Part], body: Body, documents: Mapping[str, Document]) -> dict[int, Pair]:
    """Index of a part -> its document; the best matches first, each document only once."""
    shared = _shared_beginnings(documents)
    scores = [
        (title + 2 * sections, index, name, title, sections)
        for index, part in enumerate(parts)
        for name, document in documents.items()
        for title, sections in [(_title(part, document), _sections(part, body, document, shared))]
    ]
    pairs: dict[int, Pair] = {}
    taken: set[str] = set()
    for _, index, name, title, sections in sorted(scores, key=lambda score: -score[0]):
        how = _how(title, sections)
        if how and index not in pairs and name not in taken:
            pairs[index] = Pair(documents[name], how)
            taken.add(name)
    return pairs


def known_name(begins: str | None) -> str:
    """The name of a section in how it begins, as letters; empty where that is only a number or a clause."""
    mark = read_mark(begins or "")
    name = letters(split_name(mark.rest)[0]) if mark else ""
    return name if len(name) >= _SHORTEST_NAME else ""


def _how(title: float, sections: float) -> How | None:
    if sections >= _SAME_SECTIONS:
        return "both" if title >= _LIKE_TITLE else "sections"
    if title >= _SAME_TITLE:
        return "title"
    return "both" if title >= _LIKE_TITLE and sections >= _SOME_SECTIONS else None


def _title(part: Part, document: Document) -> float:
    return max((alike(bare_title(title), document.title) for title in part.titles), default=0.0)


def _sections(part: Part, body: Body, document: Document, shared: set[str]) -> float:
    """The share of the document's sections that the part has, by how they begin or by what they are called."""
    own = {s.begins for s in document.sections.values() if s.begins and s.begins not in shared}
    if not own:
        return 0.0
    text = body.of(part.first, part.last)
    names = {letters(node.name) for node in part.walk() if node.name}
    found = sum(
        squeezed(begins) in text or any(name.startswith(known) for name in names)
        for begins in own
        for known in [known_name(begins) or "\n"]
    )
    return found / len(own)


def _shared_beginnings(documents: Mapping[str, Document]) -> set[str]:
    """Beginnings that tell nothing, for several documents have them."""
    seen: set[str] = set()
    shared: set[str] = set()
    for document in documents.values():
        own = {section.begins for section in document.sections.values() if section.begins}
        shared |= own & seen
        seen |= own
    return shared
