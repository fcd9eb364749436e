"""Tables of labels, ratings and lesions, read with checks that say which line is wrong."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dermagrade.errors import LabelsError
from dermagrade.scales import SCALES
from dermagrade.tables.readings import Reading
from dermagrade.tables.workbook import is_spreadsheet, sheet_rows

_LEVEL_NAMES = frozenset(level.label.casefold() for scale in SCALES.values() for level in scale.levels)


@dataclass(frozen=True)
class PhotoLabel:
    """What is known of one photo.

    Attributes:
        photo: file name below the images' folder.
        subject: person (or group of photos that may be one person).
        grade: published grade on the table's scale.
        count: published number of lesions, if given.
        count_second: number after a second annotation, if given.
        located: False where lesion positions are doubtful.
        fold: fold that the photo belongs to, if the table says so.
        readings: first-round grades of further raters.
        subject_given: False where the table names no subject, so that ``subject`` is the photo itself or was inferred.
    """

    photo: str
    subject: str
    grade: float
    count: float | None = None
    count_second: float | None = None
    located: bool = True
    fold: int | None = None
    readings: tuple[float, ...] = field(default=())
    subject_given: bool = True


class Row(dict[str, str]):
    """Cells by column; ``place`` says which one it is, such as ``line 3`` of a CSV or ``row 3`` of a sheet."""

    def __init__(self, cells: dict[str, str], place: str) -> None:
        super().__init__(cells)
        self.place = place


def read_rows(path: Path | str, required: Iterable[str]) -> list[Row]:
    """Rows of a UTF-8 CSV, or of the first sheet of an Excel workbook, below the first line that is not empty.

    That line names the columns, in whatever case. Empty rows are left out, and spaces around a cell.

    Args:
        path: the file; what it is, is told from its first bytes.
        required: columns that must be there.

    Raises:
        LabelsError: if the file is missing, empty, malformed, or lacks a required column.
        MissingExtraError: if it is a workbook and the reader of those is not installed.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LabelsError(f"{path} cannot be read: {error.strerror}.") from error
    sheet = is_spreadsheet(path, data[:8])
    lines = sheet_rows(path, data) if sheet else _csv_rows(path, data)
    if not lines:
        raise LabelsError(f"{path} is empty; its first line must name the columns.")
    header = [name.casefold() for name in lines[0][1]]
    for column in required:
        if column not in header:
            semicolons = not sheet and len(header) == 1 and (";" in header[0] or "\t" in header[0])
            why = "separate the columns by commas" if semicolons else "its first line must name the columns"
            raise LabelsError(f"{path} has no column {column!r}; {why}.")
    twice = next((name for i, name in enumerate(header) if name and name in header[:i]), None)
    if twice is not None:
        raise LabelsError(f"{path} has two columns {twice!r}; rename or remove one.")
    rows = []
    for number, cells in lines[1:]:
        place = f"{'row' if sheet else 'line'} {number}"
        if any(cells[len(header) :]):
            raise LabelsError(f"{path}, {place}: there are more cells than columns; put text with commas in quotes.")
        filled = cells + [""] * (len(header) - len(cells))
        rows.append(Row({name: cell for name, cell in zip(header, filled, strict=False) if name}, place))
    if not rows:
        raise LabelsError(f"{path} has a header but no rows.")
    return rows


def _csv_rows(path: Path, data: bytes) -> list[tuple[int, list[str]]]:
    """Line number and cells of the rows that are not empty."""
    try:
        reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        rows, at = [], 1
        for cells in reader:
            # A cell in quotes may go over several lines; the row is where it starts.
            rows.append((at, [cell.strip() for cell in cells]))
            at = reader.line_num + 1
    except (UnicodeDecodeError, csv.Error) as error:
        raise LabelsError(f"{path} is not a comma-separated table in UTF-8.") from error
    return [row for row in rows if any(row[1])]


def _number(row: Row, path: Path, column: str) -> float | None:
    """The number in a cell; None where the cell is empty or the column missing."""
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
    raise LabelsError(f"{path}, {row.place}: {column} is {text!r}, {why}.")


def _name(row: Row, path: Path, column: str = "photo") -> str:
    if not row[column]:
        raise LabelsError(f"{path}, {row.place}: the {column} is empty.")
    return row[column]


def _located(row: Row, path: Path) -> bool:
    said = row.get("located", "").casefold()
    if said not in ("", "0", "1", "true", "false"):
        raise LabelsError(f"{path}, {row.place}: located is {row['located']!r}; write 1 or 0.")
    return said not in ("0", "false")


def _check_scale(row: Row, path: Path, scale: str) -> None:
    if row.get("scale", "") not in ("", scale):
        raise LabelsError(f"{path}, {row.place}: the grade is on the scale {row['scale']}, not on {scale}.")


def simulated_rows(path: Path | str) -> int:
    """How many rows of a table say that their truth is simulated, as the tables of ``dermagrade simulate`` do.

    Raises:
        LabelsError: as for :func:`read_rows`.
    """
    return sum(row.get("simulated", "") not in ("", "0") for row in read_rows(path, ("photo",)))


def read_ratings(path: Path | str, *, allowed: Callable[[float], bool], scale: str) -> list[Reading]:
    """Grades by rater of ``photo,rater,grade[,round]``; rows without a grade are left out.

    Args:
        path: the ratings, CSV or workbook.
        allowed: says whether a grade is on the scale.
        scale: id of the scale; where it is empty, all grades must be on one scale, whichever it is.

    Raises:
        LabelsError: with file, line and reason.
        MissingExtraError: as for :func:`read_rows`.
    """
    path = Path(path)
    readings = []
    seen: dict[tuple[str, str, int], str] = {}
    for row in read_rows(path, ("photo", "rater", "grade")):
        grade = _number(row, path, "grade")
        if grade is None:
            continue
        scale = scale or row.get("scale", "")
        _check_scale(row, path, scale)
        if not allowed(grade):
            raise LabelsError(f"{path}, {row.place}: grade {grade:g} is not on the scale {scale}.")
        number = _number(row, path, "round")
        number = 1 if number is None else number
        if number < 1 or number != int(number):
            raise LabelsError(f"{path}, {row.place}: round {number:g} is not a whole number from 1 on.")
        reading = Reading(_name(row, path), _name(row, path, "rater"), grade, int(number))
        before = seen.setdefault((reading.photo, reading.rater, reading.round), row.place)
        if before != row.place:
            raise LabelsError(
                f"{path}, {row.place}: {reading.rater} graded {reading.photo} in {before} already; a second reading "
                "needs round 2."
            )
        readings.append(reading)
    return readings


def read_labels(
    path: Path | str, *, allowed: Callable[[float], bool], scale: str, ratings: Path | str | None = None
) -> list[PhotoLabel]:
    """Labels of ``photo,subject,grade[,count,count_v2,located,fold]`` joined with first-round ratings.

    Args:
        path: the labels, CSV or workbook.
        allowed: says whether a grade is on the scale.
        scale: id of the scale, for messages.
        ratings: ``photo,rater,grade[,round]``; rounds after the first measure a rater against himself and are left
            out.

    Raises:
        LabelsError: with file, line and reason.
        MissingExtraError: as for :func:`read_rows`.
    """
    path = Path(path)
    readings: dict[str, list[float]] = defaultdict(list)
    for reading in read_ratings(ratings, allowed=allowed, scale=scale) if ratings is not None else ():
        if reading.round == 1:
            readings[reading.photo].append(reading.grade)
    labels = []
    seen: set[str] = set()
    for row in read_rows(path, ("photo", "grade")):
        photo = _name(row, path)
        if photo in seen:
            raise LabelsError(f"{path}, {row.place}: {photo} is named a second time.")
        seen.add(photo)
        _check_scale(row, path, scale)
        grade = _number(row, path, "grade")
        if grade is None:
            raise LabelsError(f"{path}, {row.place}: the grade is empty.")
        if not allowed(grade):
            raise LabelsError(f"{path}, {row.place}: grade {grade:g} is not on the scale {scale}.")
        fold = _number(row, path, "fold")
        if fold is not None and (fold < 0 or fold != int(fold)):
            raise LabelsError(f"{path}, {row.place}: fold {fold:g} is not a whole number from 0 on.")
        subject = row.get("subject", "")
        labels.append(
            PhotoLabel(
                photo=photo,
                subject=subject or photo,
                grade=grade,
                count=_number(row, path, "count"),
                count_second=_number(row, path, "count_v2"),
                located=_located(row, path),
                fold=None if fold is None else int(fold),
                readings=tuple(readings[photo]),
                subject_given=bool(subject),
            )
        )
    return labels


def read_lesions(path: Path | str) -> dict[str, NDArray[np.float64]]:
    """Photo name to ``(n, 3)`` x, y, radius in pixels, from ``photo,x,y,radius``.

    Raises:
        LabelsError: with file, line and reason.
        MissingExtraError: as for :func:`read_rows`.
    """
    path = Path(path)
    found: dict[str, list[list[float]]] = defaultdict(list)
    for row in read_rows(path, ("photo", "x", "y", "radius")):
        numbers = [_number(row, path, column) for column in ("x", "y", "radius")]
        found[_name(row, path)].append([math.nan if v is None else v for v in numbers])
    return {photo: np.array(rows) for photo, rows in found.items()}
