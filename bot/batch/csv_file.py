"""A table as CSV that spreadsheet programs open as it is meant."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from typing import Final, TextIO

from bot.batch.table import Line, headings

# Without it, spreadsheet programs take the file for one in the local code page.
BOM: Final = "\ufeff"
# What a spreadsheet program may take for the beginning of a formula.
_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def write_csv(file: TextIO, tables: Iterable[Sequence[Line]]) -> None:
    """Writes headings and lines; the file must not translate line ends."""
    file.write(BOM)
    writer = csv.writer(file)
    writer.writerow(headings())
    for lines in tables:
        writer.writerows([inert(cell) for cell in astuple(line)] for line in lines)


def inert(cell: str) -> str:
    """A text that no spreadsheet program runs: an apostrophe before what could begin a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
