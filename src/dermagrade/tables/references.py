"""References: which photos of a study are golden or for calibration, and the grade that is held to be right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dermagrade.errors import LabelsError
from dermagrade.scales import SCALES
from dermagrade.tables.grade_scale import within
from dermagrade.tables.join import match
from dermagrade.tables.labels import read_labels
from dermagrade.tables.row import TableFile, read_rows

#: A table of references is smaller than that.
MAX_TABLE_BYTES = 5_000_000


@dataclass(frozen=True)
class Reference:
    """What a table says of one photo: its kind and the grade that is held to be right."""

    kind: str
    grade: float


def read_references(table: TableFile, *, scale: str, kind: str = "golden") -> dict[str, Reference]:
    """Photo to reference of ``photo,grade[,kind]``, CSV or workbook.

    Args:
        table: the table.
        scale: id of the study's scale; a reference may lie between its levels, as means do.
        kind: of rows that name none: ``golden`` or ``calibration``.

    Raises:
        LabelsError: with file, line and reason.
        MissingExtraError: if it is a workbook and the reader of those is not installed.
    """
    labels = read_labels(table, allowed=within(SCALES[scale]), scale=scale)
    kinds = {}
    for row in read_rows(table, ("photo", "grade")):
        said = row.get("kind", "").casefold() or kind
        if said not in ("golden", "calibration"):
            raise row.wrong(f"kind is {row['kind']!r}; write golden or calibration.")
        kinds[row["photo"]] = said
    return {label.photo: Reference(kinds[label.photo], label.grade) for label in labels}


def match_references(
    references: Mapping[str, Reference], photos: Mapping[str, str], table: str
) -> dict[str, Reference]:
    """Id of the photo to its reference.

    Args:
        references: by name.
        photos: name to id, of all photos of the study.
        table: its name, for the message.

    Raises:
        LabelsError: if a name is none of the study's photos.
    """
    joined = match(photos, references, names_are="photos of the study", table=table)
    unknown = joined.report.unknown
    if unknown.count:
        more = f" and {unknown.count - 1} more" if unknown.count > 1 else ""
        raise LabelsError(f"{table}: the study has no photo {unknown.first[0]!r}{more}. {joined.report.cause}")
    return {photos[name]: reference for name, reference in joined.found.items()}
