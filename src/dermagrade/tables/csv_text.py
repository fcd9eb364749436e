"""Writes tables as CSV: the one writer for what goes out, whose files the reader of tables takes back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from dermagrade.tables.formula_guard import guarded

#: What a cell may hold; None is an empty cell.
Cell = str | float | int | None


def csv_text(rows: Iterable[Sequence[object]], *, line_end: str = "\n") -> str:
    """Rows as lines of CSV.

    Text that a spreadsheet program would run as a formula is guarded (:mod:`dermagrade.tables.formula_guard`), None is
    an empty cell, and numbers are written as Python writes them.

    Args:
        rows: cells by row; the header is a row too.
        line_end: of every line.
    """
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=line_end).writerows(
        [guarded(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row] for row in rows
    )
    return text.getvalue()
