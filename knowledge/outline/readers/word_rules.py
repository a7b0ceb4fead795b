"""Word's rules for automatic numbers, from `numbering.xml` and the paragraph styles of a document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: `text` is its pattern, such as 第%1条; `restart` the level that resets it (None: any)."""

    start: int
    format: str
    text: str
    legal: bool
    restart: int | None


@dataclass(frozen=True, slots=True)
class NumberingRules:
    """`lists` maps a list to the scheme it counts with; `styles` maps a paragraph style to list and level."""

    lists: Mapping[str, str]
    levels: Mapping[tuple[str, int], Level]
    starts: Mapping[tuple[str, int], int]
    styles: Mapping[str, tuple[str, int]]

    def level(self, name: str, depth: int) -> Level | None:
        """The rule for one level of a list, the list's own before its scheme's."""
        return self.levels.get((f"list {name}", depth)) or self.levels.get((self.lists[name], depth))

    def place(self, paragraph: BaseOxmlElement) -> tuple[str, int] | None:
        """List and level of a paragraph: its own, else its style's; None where Word does not number it."""
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return None
        name, depth = _list_place(properties)
        of_style = self.styles.get(attribute(properties, "w:pStyle") or "")
        if name is not None:
            inherited = of_style[1] if of_style else 0
            of_style = (name, inherited if depth is None else depth)
        return of_style if of_style and of_style[0] in self.lists else None


def read_rules(document: Document) -> NumberingRules:
    """The rules of a document; empty where it has no list."""
    root = next(
        (each.target_part.element for each in document.part.rels.values() if each.reltype.endswith("/numbering")), None
    )
    lists: dict[str, str] = {}
    levels: dict[tuple[str, int], Level] = {}
    starts: dict[tuple[str, int], int] = {}
    if root is not None:
        for scheme in root.findall(qn("w:abstractNum")):
            name = f"scheme {scheme.get(qn('w:abstractNumId'))}"
            levels |= {(name, depth): level for depth, level in _levels(scheme)}
        for entry in root.findall(qn("w:num")):
            name = entry.get(qn("w:numId"), "")
            lists[name] = f"scheme {attribute(entry, 'w:abstractNumId')}"
            for override in entry.findall(qn("w:lvlOverride")):
                depth = _integer(override.get(qn("w:ilvl")), 0)
                levels |= {(f"list {name}", depth): level for _, level in _levels(override)}
                if (start := attribute(override, "w:startOverride")) is not None:
                    starts[name, depth] = _integer(start, 1)
    return NumberingRules(lists, levels, starts, _styles(document))


def attribute(parent: BaseOxmlElement, child: str) -> str | None:
    """The value of a child element such as `<w:start w:val="1"/>`; None where it is not there."""
    element = parent.find(qn(child))
    return None if element is None else element.get(qn("w:val"))


def _levels(parent: BaseOxmlElement) -> Iterator[tuple[int, Level]]:
    for level in parent.findall(qn("w:lvl")):
        restart = attribute(level, "w:lvlRestart")
        yield (
            _integer(level.get(qn("w:ilvl")), 0),
            Level(
                start=_integer(attribute(level, "w:start"), 0),
                format=attribute(level, "w:numFmt") or "decimal",
                text=attribute(level, "w:lvlText") or "",
                legal=level.find(qn("w:isLgl")) is not None,
                restart=None if restart is None else _integer(restart, 0),
            ),
        )


def _styles(document: Document) -> dict[str, tuple[str, int]]:
    elements = {style.get(qn("w:styleId"), ""): style for style in document.styles.element.findall(qn("w:style"))}
    found: dict[str, tuple[str, int]] = {}
    for name in elements:
        depth: int | None = None
        style = name
        seen: set[str] = set()
        # A style takes what it does not say itself from the one it is based on; damaged files may go in circles.
        while style in elements and style not in seen:
            seen.add(style)
            properties = elements[style].find(qn("w:pPr"))
            if properties is not None:
                own_list, own_depth = _list_place(properties)
                depth = own_depth if depth is None else depth
                if own_list is not None:
                    found[name] = (own_list, depth or 0)
                    break
            style = attribute(elements[style], "w:basedOn") or ""
    return found


def _list_place(properties: BaseOxmlElement) -> tuple[str | None, int | None]:
    numbered = properties.find(qn("w:numPr"))
    if numbered is None:
        return None, None
    depth = attribute(numbered, "w:ilvl")
    return attribute(numbered, "w:numId"), None if depth is None else _integer(depth, 0)


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else default
