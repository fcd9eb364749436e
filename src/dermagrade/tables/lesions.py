"""Marked lesions: where they are in each photo."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dermagrade.tables import cell
from dermagrade.tables.join import join
from dermagrade.tables.labels import PhotoLabel
from dermagrade.tables.row import TableFile, read_rows

#: Photo name to ``(n, 3)`` x, y, radius in pixels.
Marks = Mapping[str, NDArray[np.float64]]


def read_lesions(table: TableFile) -> dict[str, NDArray[np.float64]]:
    """Photo name to ``(n, 3)`` x, y, radius in pixels, from ``photo,x,y,radius``.

    Raises:
        LabelsError: with file, line and reason.
        MissingExtraError: as for :func:`~dermagrade.tables.row.read_rows`.
    """
    found: dict[str, list[list[float]]] = defaultdict(list)
    for row in read_rows(table, ("photo", "x", "y", "radius")):
        numbers = [cell.number(row, column) for column in ("x", "y", "radius")]
        found[cell.name(row)].append([math.nan if v is None else v for v in numbers])
    return {photo: np.array(rows) for photo, rows in found.items()}


def marks_of(lesions: Marks, photo: str, count: float | None) -> NDArray[np.float64] | None:
    """``(n, 3)`` marks of a photo; None where its places are not known.

    They are not where nobody counted its lesions, nor where some were counted and the table has none of them. No marks
    and a count of 0 say that there are none.
    """
    if count is None or (count > 0 and photo not in lesions):
        return None
    return lesions.get(photo, np.zeros((0, 3)))


def check_lesions(lesions: Marks, labels: Sequence[PhotoLabel], *, table: str, second: bool = False) -> tuple[str, ...]:
    """What is to be said of marked photos that have no label, and of photos with a count but no mark.

    Args:
        lesions: as read.
        labels: of the photos.
        table: name of the table of lesions, for messages.
        second: whether it is the second annotation, which ``count_second`` belongs to.

    Raises:
        LabelsError: if the marks are of none of the labelled photos.
    """
    joined = join([label.photo for label in labels], lesions, names_are="labelled photos", table=table)
    counts = {label.photo: label.count_second if second else label.count for label in labels if label.located}
    unmarked = [photo for photo, count in counts.items() if count and photo not in joined.found]
    if not unmarked:
        return joined.report.notes_on_table
    first = ", ".join(unmarked[:3]) + (f" and {len(unmarked) - 3} more" if len(unmarked) > 3 else "")
    what = f"photos have a count of lesions but no mark in {table}, so that their places are taken as unknown"
    return (*joined.report.notes_on_table, f"{len(unmarked)} {what}: {first}.")
