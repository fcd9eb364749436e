"""Rows of a table: the one reader of CSV and workbooks that come in, from a file or from bytes with a name."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dermagrade.errors import LabelsError
from dermagrade.tables.formula_guard import unguarded
from dermagrade.tables.workbook import is_spreadsheet, sheet_rows

#: Taken away around a cell besides white space: marks that nobody sees.
_INVISIBLE = "\u200b\u200e\u200f\u2060\ufeff"
#: White space, told by the same rule as ``str.strip``, and those marks.
_AROUND = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + _INVISIBLE


@dataclass(frozen=True)
class UploadedTable:
    """A table that came in over the network.

    Attributes:
        name: of the file, for messages; its ending tells a workbook that its bytes do not.
        data: the file.
    """

    name: str
    data: bytes


#: A table: a file, or what was sent.
TableFile = Path | str | UploadedTable


class Row(dict[str, str]):
    """Cells by column.

    Attributes:
        table: name of the table, for messages.
        place: which row it is, such as ``line 3`` of a CSV or ``row 3`` of a sheet.
    """

    def __init__(self, cells: dict[str, str], table: str, place: str) -> None:
        super().__init__(cells)
        self.table, self.place = table, place

    def wrong(self, why: str) -> LabelsError:
        """The error that names table and place; ``why`` is a sentence with its full stop."""
        return LabelsError(f"{self.table}, {self.place}: {why}")


def table_name(table: TableFile) -> str:
    """What a table is called in messages."""
    return table.name if isinstance(table, UploadedTable) else str(table)


def read_rows(table: TableFile, required: Iterable[str]) -> list[Row]:
    """Rows of a UTF-8 CSV, or of the first sheet of an Excel workbook, below the first line that is not empty.

    That line names the columns, in whatever case. Empty rows are left out, and spaces around a cell. Text is brought
    to Unicode's composed form (NFC), so that a name written on a Mac is the same one. What
    :mod:`dermagrade.tables.formula_guard` put before a cell is taken away.

    Args:
        table: what it is, is told from its first bytes.
        required: columns that must be there.

    Raises:
        LabelsError: if the file is missing, empty, malformed, or lacks a required column.
        MissingExtraError: if it is a workbook and the reader of those is not installed.
    """
    name, data = table_name(table), _bytes(table)
    sheet = is_spreadsheet(name, data[:8])
    found = sheet_rows(name, data) if sheet else _csv_rows(name, data)
    lines = [(number, [_clean(cell) for cell in cells]) for number, cells in found]
    lines = [line for line in lines if any(line[1])]
    if not lines:
        raise LabelsError(f"{name} is empty; its first line must name the columns.")
    header = [column.casefold() for column in lines[0][1]]
    _check_header(name, header, required, sheet=sheet)
    rows = []
    for number, cells in lines[1:]:
        place = f"{'row' if sheet else 'line'} {number}"
        if any(cells[len(header) :]):
            raise LabelsError(f"{name}, {place}: there are more cells than columns; put text with commas in quotes.")
        filled = cells + [""] * (len(header) - len(cells))
        own = {column: unguarded(cell) for column, cell in zip(header, filled, strict=False) if column}
        rows.append(Row(own, name, place))
    if not rows:
        raise LabelsError(f"{name} has a header but no rows.")
    return rows


def _bytes(table: TableFile) -> bytes:
    if isinstance(table, UploadedTable):
        return table.data
    try:
        return Path(table).read_bytes()
    except OSError as error:
        raise LabelsError(f"{table} cannot be read: {error.strerror}.") from error


def _check_header(name: str, header: list[str], required: Iterable[str], *, sheet: bool) -> None:
    for column in required:
        if column not in header:
            semicolons = not sheet and len(header) == 1 and (";" in header[0] or "\t" in header[0])
            why = "separate the columns by commas" if semicolons else "its first line must name the columns"
            raise LabelsError(f"{name} has no column {column!r}; {why}.")
    twice = next((column for i, column in enumerate(header) if column and column in header[:i]), None)
    if twice is not None:
        raise LabelsError(f"{name} has two columns {twice!r}; rename or remove one.")


def _csv_rows(name: str, data: bytes) -> list[tuple[int, list[str]]]:
    """Line number and cells of every row."""
    try:
        reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        rows, at = [], 1
        for cells in reader:
            # A cell in quotes may go over several lines; the row is where it starts.
            rows.append((at, cells))
            at = reader.line_num + 1
    except (UnicodeDecodeError, csv.Error) as error:
        raise LabelsError(f"{name} is not a comma-separated table in UTF-8.") from error
    return rows


def _clean(cell: str) -> str:
    return unicodedata.normalize("NFC", cell.strip(_AROUND))
