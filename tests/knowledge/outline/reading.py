"""What the tests of the outline share: lines and files of fictitious rules."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from knowledge.outline.mending import mend
from knowledge.outline.model import Finding, Kind, Line, Part, Place, Reading
from knowledge.outline.readers import read_document
from knowledge.outline.structure import read_structure

T = TypeVar("T")


def silent(items: Iterable[T], total: int, kind: Kind, /) -> Iterable[T]:
    """No progress is shown."""
    return items


def lines_of(text: str) -> list[Line]:
    """The lines of a text, numbered from 1."""
    return [Line(row.strip(), Place(0, number)) for number, row in enumerate(text.strip().splitlines(), 1)]


def structure_of(text: str) -> tuple[list[Part], list[Finding]]:
    """The documents in a text, and what was mended in it."""
    lines, findings = mend(lines_of(text))
    return read_structure(lines), findings


def read(path: Path) -> Reading:
    """A file as lines."""
    return read_document(path, silent)


def texts(reading: Reading) -> list[str]:
    """The text of each line."""
    return [line.text for line in reading.lines]
