"""Tables that come with a study's photos: which are golden or for calibration, and whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from dermagrade.errors import LabelsError
from dermagrade.scales import SCALES
from dermagrade.tables.labels import read_labels, read_rows

#: A table of references is smaller than that.
MAX_TABLE_BYTES = 5_000_000


@dataclass(frozen=True)
class Reference:
    """What a table says of one photo: its kind and the grade that is held to be right."""

    kind: str
    grade: float


def read_references(path: Path, *, scale: str, kind: str = "golden") -> dict[str, Reference]:
    """Photo to reference of ``photo,grade[,kind]``, CSV or workbook.

    Args:
        path: the table.
        scale: id of the study's scale; a reference may lie between its levels, as means do.
        kind: of rows that name none: ``golden`` or ``calibration``.

    Raises:
        LabelsError: with file, line and reason.
        MissingExtraError: if it is a workbook and the reader of those is not installed.
    """
    of = SCALES[scale]
    labels = read_labels(path, allowed=lambda grade: of.low <= grade <= of.high, scale=scale)
    kinds = {}
    for row in read_rows(path, ("photo", "grade")):
        said = row.get("kind", "").casefold() or kind
        if said not in ("golden", "calibration"):
            raise LabelsError(f"{path}, {row.place}: kind is {row['kind']!r}; write golden or calibration.")
        kinds[row["photo"]] = said
    return {label.photo: Reference(kinds[label.photo], label.grade) for label in labels}


def read_persons(path: Path) -> dict[str, str]:
    """Photo to the pseudonym of whose photo it is, of ``photo,subject``; errors as for :func:`read_references`."""
    found: dict[str, str] = {}
    for row in read_rows(path, ("photo", "subject")):
        if row["photo"] in found:
            raise LabelsError(f"{path}, {row.place}: {row['photo']} is named a second time.")
        found[row["photo"]] = row["subject"] or row["photo"]
    return found


def match_photos(references: Mapping[str, Reference], photos: Mapping[str, str], table: str) -> dict[str, Reference]:
    """Id of the photo to its reference.

    Args:
        references: by name.
        photos: name to id, of all photos of the study.
        table: its name, for the message.

    Raises:
        LabelsError: if a name is none of the study's photos.
    """
    unknown = [name for name in references if name not in photos]
    if unknown:
        more = f" and {len(unknown) - 1} more" if len(unknown) > 1 else ""
        raise LabelsError(f"{table}: the study has no photo {unknown[0]!r}{more}; names are as in the list of photos.")
    return {photos[name]: reference for name, reference in references.items()}


class Table:
    """A table that came in over the network, as a file for the readers of tables; gone when the block ends."""

    def __init__(self, name: str, data: bytes) -> None:
        self._name, self._data = name, data
        self._folder = TemporaryDirectory(prefix="dermagrade-")

    def __enter__(self) -> Path:
        path = Path(self._folder.name) / self._name
        path.write_bytes(self._data)
        return path

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._folder.cleanup()
        if isinstance(error, LabelsError):  # the sender knows the file by its own name alone
            raise LabelsError(str(error).replace(f"{self._folder.name}/", "")) from error
