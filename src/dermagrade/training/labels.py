"""Tables of labels, ratings and lesions, read with checks that say which line is wrong."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dermagrade.errors import LabelsError
from dermagrade.evaluation.raters import Reading


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
    """

    photo: str
    subject: str
    grade: float
    count: float | None = None
    count_second: float | None = None
    located: bool = True
    fold: int | None = None
    readings: tuple[float, ...] = field(default=())


def read_rows(path: Path, required: Iterable[str]) -> list[dict[str, str]]:
    """Rows of a UTF-8 CSV with a header.

    Raises:
        LabelsError: if the file is missing, empty, not UTF-8, or lacks a required column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened)
            missing = [c for c in required if c not in (reader.fieldnames or [])]
            if missing:
                raise LabelsError(f"{path} has no column {missing[0]!r}; its first line must name the columns.")
            rows = list(reader)
    except OSError as error:
        raise LabelsError(f"{path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise LabelsError(f"{path} is not a comma-separated table in UTF-8.") from error
    if not rows:
        raise LabelsError(f"{path} has a header but no rows.")
    return rows


def _number(text: str | None, path: Path, line: int, column: str) -> float | None:
    if text is None or not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise LabelsError(f"{path}, line {line}: {column} is {text!r}, which is no number.")
    return value


def read_ratings(path: Path, *, allowed: Callable[[float], bool], scale: str) -> list[Reading]:
    """Grades by rater of ``photo,rater,grade[,round]``; rows without a grade are left out.

    Args:
        path: the ratings CSV.
        allowed: says whether a grade is on the scale.
        scale: id of the scale, for messages.

    Raises:
        LabelsError: with file, line and reason.
    """
    readings = []
    for line, row in enumerate(read_rows(path, ("photo", "rater", "grade")), start=2):
        grade = _number(row["grade"], path, line, "grade")
        if grade is None:
            continue
        if not allowed(grade):
            raise LabelsError(f"{path}, line {line}: grade {grade:g} is not on the scale {scale}.")
        number = _number(row.get("round"), path, line, "round")
        readings.append(Reading(row["photo"], row["rater"], grade, 1 if number is None else int(number)))
    return readings


def read_labels(
    path: Path, *, allowed: Callable[[float], bool], scale: str, ratings: Path | None = None
) -> list[PhotoLabel]:
    """Labels of ``photo,subject,grade[,count,count_v2,located,fold]`` joined with first-round ratings.

    Args:
        path: the labels CSV.
        allowed: says whether a grade is on the scale.
        scale: id of the scale, for messages.
        ratings: ``photo,rater,grade[,round]``; rounds after the first measure a rater against himself and are left
            out.

    Raises:
        LabelsError: with file, line and reason.
    """
    readings: dict[str, list[float]] = defaultdict(list)
    for reading in read_ratings(ratings, allowed=allowed, scale=scale) if ratings is not None else ():
        if reading.round == 1:
            readings[reading.photo].append(reading.grade)
    labels = []
    seen: set[str] = set()
    for line, row in enumerate(read_rows(path, ("photo", "grade")), start=2):
        if row["photo"] in seen:
            raise LabelsError(f"{path}, line {line}: {row['photo']} is named a second time.")
        seen.add(row["photo"])
        if row.get("scale") not in (None, "", scale):
            raise LabelsError(f"{path}, line {line}: the grade is on the scale {row['scale']}, not on {scale}.")
        grade = _number(row["grade"], path, line, "grade")
        if grade is None:
            raise LabelsError(f"{path}, line {line}: the grade is empty.")
        if not allowed(grade):
            raise LabelsError(f"{path}, line {line}: grade {grade:g} is not on the scale {scale}.")
        fold = _number(row.get("fold"), path, line, "fold")
        if fold is not None and (fold < 0 or fold != int(fold)):
            raise LabelsError(f"{path}, line {line}: fold {fold:g} is not a whole number from 0 on.")
        labels.append(
            PhotoLabel(
                photo=row["photo"],
                subject=row.get("subject") or row["photo"],
                grade=grade,
                count=_number(row.get("count"), path, line, "count"),
                count_second=_number(row.get("count_v2"), path, line, "count_v2"),
                located=row.get("located", "1") != "0",
                fold=None if fold is None else int(fold),
                readings=tuple(readings[row["photo"]]),
            )
        )
    return labels


def read_lesions(path: Path) -> dict[str, NDArray[np.float64]]:
    """Photo name to ``(n, 3)`` x, y, radius in pixels, from ``photo,x,y,radius``.

    Raises:
        LabelsError: with file, line and reason.
    """
    found: dict[str, list[list[float]]] = defaultdict(list)
    for line, row in enumerate(read_rows(path, ("photo", "x", "y", "radius")), start=2):
        numbers = [_number(row[c], path, line, c) for c in ("x", "y", "radius")]
        found[row["photo"]].append([math.nan if v is None else v for v in numbers])
    return {photo: np.array(rows) for photo, rows in found.items()}
