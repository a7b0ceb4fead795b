"""A table as an Excel workbook, written row by row in constant memory."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bot.batch.table import Line, headings
from bot.batch.wording import words

_MAX_ROWS: Final = 1_048_576
_WIDTHS: Final = (16, 12, 60, 60, 14, 12)
# Before this day Excel has no calendar.
_FIRST_DAY: Final = "1900-03-01"
_DAY_FORMAT: Final = 'yyyy"年"m"月"d"日"'


def write_xlsx(path: Path, tables: Iterable[Sequence[Line]]) -> None:
    """Writes a workbook; numbers that do not fit on one sheet go on on another."""
    import xlsxwriter

    with TemporaryDirectory() as folder, path.open("wb") as file:
        workbook = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder})
        try:
            _fill(workbook, tables)
        except BaseException:
            # Or its destructor would still try to write the half of it.
            workbook.fileclosed = True
            raise
        workbook.close()


def _fill(workbook: Any, tables: Iterable[Sequence[Line]]) -> None:
    days = workbook.add_format({"num_format": _DAY_FORMAT, "align": "left", "valign": "top"})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    plain = workbook.add_format({"valign": "top"})
    formats = (plain, plain, wrapped, wrapped, plain, plain)
    sheet, row = _sheet(workbook), 1
    for lines in tables:
        for line in lines:
            if row == _MAX_ROWS:
                sheet, row = _sheet(workbook), 1
            for column, (name, kind) in enumerate(zip(Line.__slots__, formats, strict=True)):
                cell: str = getattr(line, name)
                if name == "day" and _is_day(cell):
                    sheet.write_datetime(row, column, date.fromisoformat(cell), days)
                elif cell:
                    # As text whatever it begins with: never a formula, and no number that loses its zeros.
                    sheet.write_string(row, column, cell, kind)
            row += 1


def _sheet(workbook: Any) -> Any:
    number = len(workbook.worksheets()) + 1
    sheet = workbook.add_worksheet(words()["sheet"] + (f" {number}" if number > 1 else ""))
    heading = workbook.add_format({"bold": True, "bg_color": "#DDEBF7"})
    sheet.freeze_panes(1, 0)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    for column, text in enumerate(headings()):
        sheet.write_string(0, column, text, heading)
    return sheet


def _is_day(cell: str) -> bool:
    return cell[:4].isdigit() and cell >= _FIRST_DAY
