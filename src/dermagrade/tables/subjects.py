"""Subjects: whose photo each is, as a table says."""

from __future__ import annotations

from collections.abc import Iterable

from dermagrade.tables import cell
from dermagrade.tables.join import Joined, join
from dermagrade.tables.row import TableFile, read_rows, table_name


def read_subjects(table: TableFile) -> dict[str, str]:
    """Photo to the pseudonym of whose photo it is, of ``photo,subject``; the photo's name where the cell is empty.

    Raises:
        LabelsError: if the table is malformed or gives a photo two subjects.
        MissingExtraError: if it is a workbook and the reader of those is not installed.
    """
    found: dict[str, str] = {}
    for row in read_rows(table, ("photo", "subject")):
        photo = cell.name(row)
        subject = row["subject"] or photo
        if found.setdefault(photo, subject) != subject:
            raise row.wrong(f"{photo} is of {found[photo]} above and of {subject} here.")
    return found


def join_subjects(photos: Iterable[str], table: TableFile, *, names_are: str) -> Joined[str]:
    """Whose photo each is.

    Args:
        photos: names.
        table: ``photo,subject``.
        names_are: what the photos are, for messages, such as ``rated photos``.

    Raises:
        LabelsError: as for :func:`read_subjects`, or if the table names none of the photos.
        MissingExtraError: likewise.
    """
    return join(photos, read_subjects(table), names_are=names_are, table=table_name(table))
