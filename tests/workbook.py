"""Reads a workbook by what its format says (ECMA-376): sheets by name, texts and numbers, and no formula."""

import io
import zipfile
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def sheets(data: bytes) -> dict[str, list[list[str | int | None]]]:
    """The rows of every sheet; a cell that is a formula fails."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert book.testzip() is None
        part = {
            name: ElementTree.fromstring(book.read(name))
            for name in book.namelist()
            if name.endswith((".xml", ".rels"))
        }
    strings = part.get("xl/sharedStrings.xml")
    shared = ["".join(one.itertext()) for one in strings.iter(f"{_MAIN}si")] if strings is not None else []
    targets = {one.get("Id"): one.get("Target") for one in part["xl/_rels/workbook.xml.rels"]}
    found = {}
    for sheet in part["xl/workbook.xml"].iter(f"{_MAIN}sheet"):
        root = part[f"xl/{targets[sheet.get(_RELATION)]}"]
        assert not list(root.iter(f"{_MAIN}f"))
        found[str(sheet.get("name"))] = [
            [_value(cell, shared) for cell in row.iter(f"{_MAIN}c")] for row in root.iter(f"{_MAIN}row")
        ]
    return found


def _value(cell: ElementTree.Element, shared: list[str]) -> str | int | None:
    value = cell.find(f"{_MAIN}v")
    if cell.get("t") == "inlineStr":
        return "".join(cell.itertext())
    if value is None or value.text is None:
        return None
    return shared[int(value.text)] if cell.get("t") == "s" else int(value.text)
