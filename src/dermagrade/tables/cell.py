"""What the cells of a row mean: names, numbers, times, yes or no; each refusal names table, row and column."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

from dermagrade.scales import SCALES
from dermagrade.tables.row import Row

_LEVEL_NAMES = frozenset(level.label.casefold() for scale in SCALES.values() for level in scale.levels)
_YES, _NO = ("1", "true", "yes"), ("0", "false", "no")


def name(row: Row, column: str = "photo") -> str:
    """The text of a cell that must not be empty.

    Raises:
        LabelsError: if it is.
    """
    if not row[column]:
        raise row.wrong(f"the {column} is empty.")
    return row[column]


def number(row: Row, column: str) -> float | None:
    """The number in a cell; None where the cell is empty or the column missing.

    Raises:
        LabelsError: if it is no finite number.
    """
    text = row.get(column, "")
    if not text:
        return None
    try:
        value = math.nan if "_" in text else float(text)
    except ValueError:
        value = math.nan
    if math.isfinite(value):
        return value
    why = "which is no number"
    if text.casefold() in _LEVEL_NAMES:
        why = "the name of a level; names stand for other numbers on other scales, so write the number"
    elif re.fullmatch(r"[+-]?\d+,\d+", text):
        why = f"which is no number here; write {text.replace(',', '.')}"
    raise row.wrong(f"{column} is {text!r}, {why}.")


def whole(row: Row, column: str, *, least: int) -> int | None:
    """The whole number in a cell; None where the cell is empty or the column missing.

    Raises:
        LabelsError: if it is no whole number from ``least`` on.
    """
    value = number(row, column)
    if value is None:
        return None
    if value < least or value != int(value):
        raise row.wrong(f"{column} {value:g} is not a whole number from {least} on.")
    return int(value)


def flag(row: Row, column: str, *, empty: bool) -> bool:
    """Yes or no; ``empty`` where the cell is empty or the column missing.

    Raises:
        LabelsError: if it is neither.
    """
    said = row.get(column, "").casefold()
    if said in _YES or said in _NO:
        return said in _YES
    if said:
        raise row.wrong(f"{column} is {row[column]!r}; write 1 or 0.")
    return empty


def time(row: Row, column: str) -> datetime | None:
    """The time in a cell; one without a zone is taken as UTC, as within a table the order counts.

    Raises:
        LabelsError: if it is no time of ISO 8601.
    """
    text = row.get(column, "")
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise row.wrong(f"{column} is {text!r}, which is no time such as 2026-11-21T09:30:00+00:00.") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
