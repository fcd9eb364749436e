"""Pictures of a scale's grades as files: each is called by its grade, and ``about.txt`` says what raters must know.

``dermagrade simulate PHOTO --condition NAME --series --out DIR`` writes such files; a team's own photos do as well.
"""

from __future__ import annotations

import math
from pathlib import Path

from dermagrade.errors import UsageError
from dermagrade.people.studies.incoming import Incoming, prepare_photo, read_file
from dermagrade.people.studies.scale_pictures import check_note

#: The file with the note on them.
NOTE = "about.txt"
#: More than any scale has levels.
MOST_PICTURES = 40


class PictureFiles:
    """Collects the files one by one; each is decoded as it comes.

    Args:
        max_pixels: width times height above which a picture is refused.
    """

    def __init__(self, max_pixels: int) -> None:
        self.note = ""
        self._max_pixels = max_pixels
        self._found: dict[float, Incoming] = {}

    def add(self, name: str, data: bytes) -> None:
        """Takes ``3.png``, ``4.5.jpg`` and the like, or ``about.txt``.

        Raises:
            UsageError: if the name is no grade, or a grade that is there already; or the note is too long.
            PhotoError: if the picture cannot be read.
        """
        if name.casefold() == NOTE:
            self.note = check_note(data.decode("utf-8-sig", "replace"))
            return
        grade = _grade(name)
        if grade in self._found:
            raise UsageError(f"{self._found[grade].name} and {name} are pictures of the same grade; leave one.")
        if len(self._found) == MOST_PICTURES:
            raise UsageError(f"These are more than {MOST_PICTURES} pictures; there is at most one for each grade.")
        self._found[grade] = prepare_photo(data, name=name, max_pixels=self._max_pixels, full_size=False)

    @property
    def pictures(self) -> dict[float, Incoming]:
        """Grade to picture.

        Raises:
            UsageError: if there is none.
        """
        if not self._found:
            raise UsageError("There is no picture; call each by its grade, such as 3.png or 4.5.jpg.")
        return self._found


def read_folder(folder: Path, *, max_pixels: int) -> PictureFiles:
    """The files of a folder; what begins with a dot is passed over.

    Raises:
        UsageError: if it is no folder, a file cannot be read, or is none of those that :meth:`PictureFiles.add` takes.
        PhotoError: if a picture cannot be read.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder.")
    files = PictureFiles(max_pixels)
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith("."):
            files.add(path.name, read_file(path, str(path)))
    return files


def _grade(name: str) -> float:
    try:
        grade = float(Path(name).stem.replace(",", "."))
    except ValueError:
        grade = math.nan
    if not math.isfinite(grade):
        raise UsageError(f"{name}: a picture is called by its grade, such as 3.png or 4.5.jpg.")
    return grade
