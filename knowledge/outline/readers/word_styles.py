"""Which paragraph styles of a Word document are headings, and of which level."""

import re
from typing import Final

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from knowledge.outline.readers.word_rules import attribute

# The level of lines that belong to a table of contents.
CONTENTS: Final = -1
_BODY_TEXT: Final = "9"
_NAME: Final = re.compile(r"(?P<contents>toc( \d| heading))|(?P<title>title)|heading (?P<level>\d)", re.I)


def heading_levels(document: Document) -> dict[str, int]:
    """Heading levels by style: 0 is the title, 1 the highest heading, `CONTENTS` a line of a table of contents."""
    styles = {style.get(qn("w:styleId"), ""): style for style in document.styles.element.findall(qn("w:style"))}
    levels: dict[str, int] = {}
    for name in styles:
        seen: set[str] = set()
        style = name
        while style in styles and style not in seen:
            seen.add(style)
            level = _own_level(styles[style])
            if level is not None:
                levels[name] = level
                break
            style = attribute(styles[style], "w:basedOn") or ""
    return levels


def level_of(paragraph: BaseOxmlElement, levels: dict[str, int]) -> int | None:
    """The heading level of a paragraph; None for plain text."""
    properties = paragraph.find(qn("w:pPr"))
    if properties is None:
        return None
    own = attribute(properties, "w:outlineLvl")
    if own is not None and own != _BODY_TEXT and own.isdigit():
        return int(own) + 1
    return levels.get(attribute(properties, "w:pStyle") or "")


def _own_level(style: BaseOxmlElement) -> int | None:
    if found := _NAME.fullmatch(attribute(style, "w:name") or ""):
        return CONTENTS if found["contents"] else int(found["level"] or 0)
    outline = style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
    value = outline.get(qn("w:val"), _BODY_TEXT) if outline is not None else _BODY_TEXT
    return int(value) + 1 if value.isdigit() and value != _BODY_TEXT else None
