"""The scale that a table's grades are on, and whether a grade is on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dermagrade.scales import SCALES, Scale
from dermagrade.tables.row import Row, TableFile, read_rows


def named_scale(text: str) -> str:
    """Id of a scale as tables write it; capital letters make no other scale."""
    return next((known for known in SCALES if known.casefold() == text.casefold()), text)


def scale_in(rows: Iterable[Row]) -> str:
    """Id of the first scale that a row names; empty where none does."""
    return next((named_scale(row["scale"]) for row in rows if row.get("scale")), "")


def scale_named_by(table: TableFile) -> str:
    """Id of the first scale that a table of grades names; empty where it names none.

    Raises:
        LabelsError: if the table cannot be read.
    """
    return scale_in(read_rows(table, ("photo", "grade")))


def check_scale(row: Row, scale: str) -> None:
    """Holds that a row names this scale or none.

    Raises:
        LabelsError: if it names another.
    """
    if named_scale(row.get("scale", "")) not in ("", scale):
        raise row.wrong(f"the grade is on the scale {row['scale']}, not on {scale}.")


def within(scale: Scale) -> Callable[[float], bool]:
    """Whether a grade lies within a scale; between two levels it may, as a mean of readers does."""
    return lambda grade: scale.low <= grade <= scale.high


def grades_of(scale: Scale) -> Callable[[float], bool]:
    """Whether a reader can give a grade on a scale: a class is whole, a score may lie between two levels."""
    if not scale.classes:
        return within(scale)
    return frozenset(level.value for level in scale.levels).__contains__
