"""Tables of series: whose photo each is, and when it was taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dermagrade.errors import LabelsError
from dermagrade.tables import cell
from dermagrade.tables.row import TableFile, read_rows, table_name


@dataclass(frozen=True)
class SeriesPhoto:
    """One photo of a series.

    Attributes:
        photo: name, as the table gives it.
        subject: pseudonym of the person.
        taken_at: time zone aware; None where the table gives none.
    """

    photo: str
    subject: str
    taken_at: datetime | None = None


def read_series(table: TableFile) -> dict[str, list[SeriesPhoto]]:
    """Subject to their photos in order of time, or in the table's order where it gives no times.

    Args:
        table: with ``photo,subject`` and optionally ``taken_at`` (ISO 8601; UTC where it names no zone).

    Raises:
        LabelsError: if the table is malformed, names a photo twice, or gives times for some photos of a person alone.
        MissingExtraError: if it is a workbook and the reader of those is not installed.
    """
    series: dict[str, list[SeriesPhoto]] = {}
    seen: set[str] = set()
    for row in read_rows(table, ("photo", "subject")):
        one = SeriesPhoto(cell.name(row), cell.name(row, "subject"), cell.time(row, "taken_at"))
        if one.photo in seen:
            raise row.wrong(f"{one.photo} stands there twice.")
        seen.add(one.photo)
        series.setdefault(one.subject, []).append(one)
    for subject, photos in series.items():
        times = [photo.taken_at for photo in photos if photo.taken_at is not None]
        if times and len(times) < len(photos):
            why = f"some photos of {subject} have a taken_at and some have none; give all or none"
            raise LabelsError(f"{table_name(table)}: {why}.")
        photos.sort(key=lambda photo: photo.taken_at.timestamp() if photo.taken_at is not None else 0.0)
    return series
