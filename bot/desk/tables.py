"""Several small tables as one file: CSV one below the other, Excel each on a sheet of its own."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.batch.csv_file import BOM, inert

Cell = str | int | None
_WIDTH: Final = 18


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table under a title."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def as_csv(sheets: Sequence[Sheet]) -> bytes:
    """The tables as spreadsheet programs open them; no cell is a formula."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out)
    for number, sheet in enumerate(sheets):
        if number:
            writer.writerow([])
        for row in ([sheet.title], sheet.headings, *sheet.rows):
            writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode()


def as_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """The tables as a workbook."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        heading = workbook.add_format({"bold": True, "bg_color": "#DDEBF7"})
        for sheet in sheets:
            page = workbook.add_worksheet(sheet.title)
            page.freeze_panes(1, 0)
            page.set_column(0, len(sheet.headings), _WIDTH)
            for column, text in enumerate(sheet.headings):
                page.write_string(0, column, text, heading)
            for line, row in enumerate(sheet.rows, 1):
                for column, cell in enumerate(row):
                    if isinstance(cell, int):
                        page.write_number(line, column, cell)
                    elif cell:
                        # As text whatever it begins with.
                        page.write_string(line, column, cell)
    return out.getvalue()
