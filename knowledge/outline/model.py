"""What is read out of a rule document: lines with their places, sections, findings."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeVar

from knowledge.outline.characters import clipped

Kind = Literal["txt", "docx", "pdf"]
Style = Literal[
    "part", "attachment", "chapter", "division", "article", "chinese", "chinese_paren", "arabic_dot", "arabic_comma",
    "decimal", "arabic_paren", "circled",
]  # fmt: skip
_EXCERPT: Final = 15
T = TypeVar("T")


class Progress(Protocol):
    """Passes items through and may show how far it is: `total` lines (txt), paragraphs (docx) or pages (pdf)."""

    def __call__(self, items: Iterable[T], total: int, kind: Kind, /) -> Iterable[T]:
        """The items, unchanged."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a line stands; `line` counts from 1: in the file (txt), in the page (pdf), or paragraphs (docx)."""

    page: int
    line: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text. `level` is the heading level that Word gives it (0: the title), None for plain text.

    `noise` marks characters that are no text of the document, such as a page number glued to a sentence.
    """

    text: str
    place: Place
    level: int | None = None
    noise: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the document that a person should look at.

    `kind` names the sentence in `wording.yml`, `values` fill its placeholders, `text` is what the excerpt shows.
    """

    kind: str
    place: Place | None
    text: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def excerpt(self) -> str:
        """At most 15 characters of the document."""
        return clipped(self.text, _EXCERPT)


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as lines, and what was noticed while reading it. `pages` is None where the format has no pages."""

    kind: Kind
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...] = ()
    pages: int | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """The number in front of a section, such as 第二条, (二) or 1.2; `rest` is the line after it."""

    style: Style
    values: tuple[int, ...]
    label: str
    rest: str

    @property
    def value(self) -> int:
        """The last number: 2 in 1.2."""
        return self.values[-1]


@dataclass(slots=True)
class Node:
    """A section: its mark or Word's heading level, its name where it has one, its own text, the sections below it.

    `first` is the index of its first line among the mended lines. `text` holds what is left of that line, too.
    """

    mark: Mark | None
    name: str
    place: Place
    first: int
    level: int | None = None
    text: list[Line] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)

    @property
    def heading(self) -> str:
        """Mark and name as a reader knows them; a clause without a name shows its beginning."""
        label = self.mark.label if self.mark else ""
        if label and label[-1].isalnum():
            label += " "
        return f"{label}{self.name or (self.text[0].text if self.text else '')}"

    def walk(self) -> Iterator["Node"]:
        """This section and all below it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(slots=True)
class Part:
    """One document of the file; `last` is the index after its last line. `head` is text before the first section."""

    titles: list[str]
    place: Place
    first: int
    last: int = 0
    head: list[Line] = field(default_factory=list)
    sections: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """All sections, in the order of the text."""
        for section in self.sections:
            yield from section.walk()
