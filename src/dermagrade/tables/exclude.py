"""Photos that train nothing: a table of those to leave out, matched to the files of a run.

A table has the column ``photo`` and may have ``folder`` and ``after_draw``. ``folder`` is the name of the folder in
which the photo lies; where it is empty, the photo is left out in whatever folder. A row with a folder and no photo
leaves out the whole folder. ``after_draw`` is 1 where a photo keeps its place when photos are drawn by chance and is
dropped only then, so that a row that is added later changes nothing else about the draw.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dermagrade.errors import LabelsError
from dermagrade.tables import cell
from dermagrade.tables.join import composed
from dermagrade.tables.labels import PhotoLabel
from dermagrade.tables.likeness import likenesses
from dermagrade.tables.row import read_rows

#: So many names of a table that match nothing are said.
NAMED = 3


@dataclass(frozen=True)
class Exclusion:
    """One row of a table of photos to leave out.

    Attributes:
        table: the file.
        photo: name of the photo's file; empty for a whole folder.
        folder: name of the folder in which it lies; empty for any.
        after_draw: True where it is dropped only after a draw.
    """

    table: Path
    photo: str
    folder: str
    after_draw: bool

    def __str__(self) -> str:
        if not self.photo:
            return f"the folder {self.folder}"
        return f"{self.folder}/{self.photo}" if self.folder else self.photo


class Exclusions:
    """The photos that a run leaves out, by folder and name.

    Args:
        rows: of all tables.
    """

    def __init__(self, rows: Iterable[Exclusion] = ()) -> None:
        self.rows = tuple(rows)
        self._late: dict[tuple[str, str], bool] = {}
        for row in self.rows:
            key = (row.folder, row.photo)
            self._late[key] = row.after_draw and self._late.get(key, True)

    def leaves_out(self, photo: Path, *, drawn: bool = True) -> bool:
        """Whether a photo trains nothing.

        Args:
            photo: its file.
            drawn: False to ask before photos are drawn by chance, when rows with ``after_draw`` do not count yet.
        """
        late = [self._late[key] for key in _keys(photo) if key in self._late]
        return bool(late) and (drawn or not all(late))

    def whole_folder(self, name: str) -> bool:
        """Whether nothing in folders of this name is read."""
        return (composed(name), "") in self._late

    def report(self, photos: Iterable[Path]) -> list[str]:
        """What the tables do to these photos: how many are left out, and which rows match none; empty without tables.

        Args:
            photos: every photo that the run would read if there were no tables.

        Raises:
            LabelsError: if a table matches none of them.
        """
        if not self.rows:
            return []
        photos = list(dict.fromkeys(photos))
        present = {key for photo in photos for key in _keys(photo)}
        count = sum(self.leaves_out(photo) for photo in photos)
        lines = [f"{count} of {len(photos)} photos are left out, as --exclude says"]
        for table in dict.fromkeys(row.table for row in self.rows):
            own = [row for row in self.rows if row.table == table]
            lost = [row for row in own if (row.folder, row.photo) not in present]
            if len(lost) == len(own):
                alike = likenesses([row.photo for row in lost if row.photo], [photo.name for photo in photos])
                cause = f" {alike[0].words()}." if alike else ""
                raise LabelsError(
                    f"{table} names none of the {len(photos)} photos: {lost[0]} is not among them.{cause} Write the "
                    "name of the file, and in the column folder the name of the folder it lies in."
                )
            if lost:
                some = ", ".join(str(row) for row in lost[:NAMED]) + (", ..." if len(lost) > NAMED else "")
                lines.append(f"{table}: {len(lost)} of {len(own)} rows match no photo here: {some}")
        return lines


def read_exclusions(tables: Sequence[Path]) -> Exclusions:
    """The rows of tables ``photo[,folder][,after_draw]``; a photo may also be written as FOLDER/FILE.

    Raises:
        LabelsError: with file, line and reason.
        MissingExtraError: as for :func:`~dermagrade.tables.row.read_rows`.
    """
    rows = []
    for table in tables:
        for row in read_rows(table, ("photo",)):
            before, _, photo = row["photo"].replace("\\", "/").rpartition("/")
            folder = row.get("folder", "") or Path(before).name
            if not photo and not folder:
                raise row.wrong("neither a photo nor a folder is named.")
            rows.append(Exclusion(table, photo, folder, cell.flag(row, "after_draw", empty=False)))
    return Exclusions(rows)


def kept_labels(labels: Sequence[PhotoLabel], files: Mapping[str, Path], exclusions: Exclusions) -> list[PhotoLabel]:
    """The labels of the photos that are not left out.

    Args:
        labels: all labels of a table.
        files: the file of each photo, by the label's name.
        exclusions: what to leave out.

    Raises:
        LabelsError: if no photo remains.
    """
    kept = [label for label in labels if not exclusions.leaves_out(files[label.photo])]
    if labels and not kept:
        raise LabelsError("Every labelled photo is left out by --exclude; nothing remains to learn from.")
    return kept


def _keys(photo: Path) -> tuple[tuple[str, str], ...]:
    """What rows may say to mean a file: its folder and name, its name alone, its folder alone."""
    folder, name = (composed(part) for part in os.path.abspath(photo).rsplit(os.sep, 2)[-2:])
    return (folder, name), ("", name), (folder, "")
