"""Ratings: the grades of several raters, as a study exports them or as people bring them. The one reader of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dermagrade.scales import SCALES
from dermagrade.tables import cell
from dermagrade.tables.grade_scale import check_scale, grades_of, scale_in, within
from dermagrade.tables.readings import Reading, Ungraded
from dermagrade.tables.row import Row, TableFile, read_rows

#: Kinds of rows that are no blind readings: made with feedback, or knowing that others disagree.
LEFT_OUT = ("calibration", "adjudication")


@dataclass(frozen=True)
class RatingTable:
    """What the file holds.

    Attributes:
        readings: all rounds.
        ungraded: rows without a grade: said to be impossible to grade.
        flagged: photos that are marked as golden.
        references: photo to the grade that is held to be right, where a column ``reference`` gives it.
        scale: id of the grades' scale; empty where neither the call nor the table names it.
        notes: what was left out, a sentence each.
    """

    readings: tuple[Reading, ...]
    ungraded: tuple[Ungraded, ...]
    flagged: frozenset[str]
    references: dict[str, float]
    scale: str
    notes: tuple[str, ...]


def read_ratings(table: TableFile, *, scale: str = "", allowed: Callable[[float], bool] | None = None) -> RatingTable:
    """Reads ``photo,rater,grade`` and, where they are there, ``scale,golden,round,rated_at,position,kind,reason``.

    A row without a grade is a photo that the rater could not grade. A row of kind ``repeat`` without a round is of
    round 2. All grades must be on one scale: the one asked for, else the one that the table names. Grades outside a
    scale that is known here are refused.

    Args:
        table: CSV or workbook.
        scale: id of the scale; where it is empty, the table's column names it, if it has one.
        allowed: says whether a grade is on the scale; as :func:`~dermagrade.tables.grade_scale.grades_of` where None.

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
    rows = read_rows(table, ("photo", "rater", "grade"))
    scale = scale or scale_in(rows)
    known = SCALES.get(scale)
    allowed = allowed or (grades_of(known) if known else lambda grade: True)
    for row in rows:
        kind = row.get("kind", "").casefold()
        if kind in LEFT_OUT:
            left_out[kind] = left_out.get(kind, 0) + 1
            continue
        photo, rater, turn = _whose(row, kind)
        check_scale(row, scale)
        before = seen.setdefault((photo, rater, turn), row.place)
        if before != row.place:
            raise row.wrong(f"{rater} graded {photo} in {before} already; a second reading needs round 2.")
        if kind == "golden" or cell.flag(row, "golden", empty=False):
            flagged.add(photo)
        reference = _grade(row, "reference", scale, within(known) if known else lambda grade: True)
        if reference is not None and references.setdefault(photo, reference) != reference:
            raise row.wrong(f"the reference of {photo} is {reference:g} here and {references[photo]:g} above.")
        grade = _grade(row, "grade", scale, allowed)
        if grade is None:
            ungraded.append(Ungraded(photo, rater, row.get("reason", ""), turn))
        else:
            order = cell.whole(row, "position", least=0)
            readings.append(Reading(photo, rater, grade, turn, order, cell.time(row, "rated_at")))
    notes = [f"{n} rows of {kind} were left out: they are no blind readings." for kind, n in left_out.items()]
    return RatingTable(tuple(readings), tuple(ungraded), frozenset(flagged), references, scale, tuple(notes))


def _whose(row: Row, kind: str) -> tuple[str, str, int]:
    """Photo, rater and round."""
    photo, rater = cell.name(row), cell.name(row, "rater")
    turn = cell.whole(row, "round", least=1)
    return photo, rater, (2 if kind == "repeat" else 1) if turn is None else turn


def _grade(row: Row, column: str, scale: str, allowed: Callable[[float], bool]) -> float | None:
    grade = cell.number(row, column)
    if grade is not None and not allowed(grade):
        raise row.wrong(
            f"{column} {grade:g} is not on the scale {scale}; leave the cell empty where there is no grade."
        )
    return grade
