"""A table of ratings as a study exports it: grades, photos that could not be graded, the golden set and the order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dermagrade.errors import LabelsError
from dermagrade.tables.labels import Row, read_rows
from dermagrade.tables.readings import Reading, Ungraded

#: Kinds of rows that are no blind readings: made with feedback, or knowing that others disagree.
LEFT_OUT = ("calibration", "adjudication")
_YES, _NO = ("1", "true", "yes"), ("", "0", "false", "no")


@dataclass(frozen=True)
class RatingTable:
    """What the file holds.

    Attributes:
        readings: all rounds.
        ungraded: rows without a grade: said to be impossible to grade.
        flagged: photos that are marked as golden.
        references: photo to the grade that is held to be right, where a column ``reference`` gives it.
        scale: id of the grades' scale; empty where the table does not name it.
        notes: what was left out, a sentence each.
    """

    readings: tuple[Reading, ...]
    ungraded: tuple[Ungraded, ...]
    flagged: frozenset[str]
    references: dict[str, float]
    scale: str
    notes: tuple[str, ...]


def read_rating_table(path: Path) -> RatingTable:
    """Reads ``photo,rater,grade`` and, where they are there, ``scale,golden,round,rated_at,position,kind,reason``.

    A row without a grade is a photo that the rater could not grade. A row of kind ``repeat`` without a round is of
    round 2.

    Raises:
        LabelsError: with file, row and reason.
        MissingExtraError: if it is a workbook and the reader of those is not installed.
    """
    readings: list[Reading] = []
    ungraded: list[Ungraded] = []
    flagged: set[str] = set()
    references: dict[str, float] = {}
    left_out: dict[str, int] = {}
    seen: dict[tuple[str, str, int], str] = {}
    scale = ""
    for row in read_rows(path, ("photo", "rater", "grade")):
        kind = row.get("kind", "").casefold()
        if kind in LEFT_OUT:
            left_out[kind] = left_out.get(kind, 0) + 1
            continue
        photo, rater = _name(row, path, "photo"), _name(row, path, "rater")
        scale = scale or row.get("scale", "")
        if row.get("scale", "") not in ("", scale):
            raise _wrong(path, row, f"the grade is on the scale {row['scale']}, not on {scale}.")
        again = _whole(row, path, "round", least=1)
        turn = (2 if kind == "repeat" else 1) if again is None else again
        before = seen.setdefault((photo, rater, turn), row.place)
        if before != row.place:
            why = f"{rater} graded {photo} in {before} already; a second reading needs round 2."
            raise _wrong(path, row, why)
        if kind == "golden" or _flag(row, path, "golden"):
            flagged.add(photo)
        reference = _number(row, path, "reference")
        if reference is not None and references.setdefault(photo, reference) != reference:
            raise _wrong(path, row, f"the reference of {photo} is {reference:g} here and {references[photo]:g} above.")
        grade = _number(row, path, "grade")
        if grade is None:
            ungraded.append(Ungraded(photo, rater, row.get("reason", ""), turn))
        else:
            order = _whole(row, path, "position", least=0)
            readings.append(Reading(photo, rater, grade, turn, order, _time(row, path)))
    notes = [f"{n} rows of {kind} were left out: they are no blind readings." for kind, n in left_out.items()]
    return RatingTable(tuple(readings), tuple(ungraded), frozenset(flagged), references, scale, tuple(notes))


def _wrong(path: Path, row: Row, why: str) -> LabelsError:
    return LabelsError(f"{path}, {row.place}: {why}")


def _name(row: Row, path: Path, column: str) -> str:
    if not row[column]:
        raise _wrong(path, row, f"the {column} is empty.")
    return row[column]


def _number(row: Row, path: Path, column: str) -> float | None:
    text = row.get(column, "")
    if not text:
        return None
    try:
        value = math.nan if "_" in text else float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise _wrong(path, row, f"{column} is {text!r}, which is no number; write numbers with a point, no names.")
    return value


def _whole(row: Row, path: Path, column: str, *, least: int) -> int | None:
    value = _number(row, path, column)
    if value is None:
        return None
    if value < least or value != int(value):
        raise _wrong(path, row, f"{column} {value:g} is not a whole number from {least} on.")
    return int(value)


def _flag(row: Row, path: Path, column: str) -> bool:
    said = row.get(column, "").casefold()
    if said not in (*_YES, *_NO):
        raise _wrong(path, row, f"{column} is {row[column]!r}; write 1 or 0.")
    return said in _YES


def _time(row: Row, path: Path) -> datetime | None:
    text = row.get("rated_at", "")
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        why = f"rated_at is {text!r}, which is no time such as 2026-11-21T09:30:00+00:00."
        raise _wrong(path, row, why) from None
    # A table without zones is one clock's; only the order counts.
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
