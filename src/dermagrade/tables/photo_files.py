"""Finds the files of the photos that a table names."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path, PureWindowsPath

from dermagrade.errors import LabelsError
from dermagrade.photo.read import SUFFIXES


def locate_photos(photos: Iterable[str], images: Path | str) -> dict[str, Path]:
    """The file of each photo.

    A name is taken below the folder as it stands. A bare file name may also lie in a folder further down, if only one
    file has it. Nothing else is guessed, but what is probably meant is said.

    Args:
        photos: names, as tables give them.
        images: the folder.

    Raises:
        LabelsError: naming the first photo that is not found, how many are not, and what may be meant.
    """
    images = Path(images)
    found: dict[str, Path] = {}
    missing = []
    for photo in photos:
        path = images / photo
        if path.is_file():
            found[photo] = path
        else:
            missing.append(photo)
    if not missing:
        return found
    files = [Path(folder, name) for folder, _, names in os.walk(images) for name in names if not name.startswith(".")]
    by_name: dict[str, list[Path]] = {}
    for path in sorted(files):
        by_name.setdefault(path.name, []).append(path)
    lost = []
    for photo in missing:
        same = by_name.get(photo, [])
        if len(same) == 1:
            found[photo] = same[0]
        else:
            lost.append(photo)
    if not lost:
        return found
    more = f" ({len(lost)} photos are missing)" if len(lost) > 1 else ""
    raise LabelsError(f"The photo {lost[0]} is not in {images}{more}; {_advice(lost[0], images, by_name)}.")


def _advice(photo: str, images: Path, by_name: dict[str, list[Path]]) -> str:
    same = by_name.get(photo, [])
    if len(same) > 1:
        places = " and ".join(path.relative_to(images).as_posix() for path in same[:2])
        return f"{places} both have that name, so write the folder too"
    bare = PureWindowsPath(photo).name  # takes both kinds of slashes
    for name, paths in by_name.items():
        if name.casefold() == bare.casefold():
            return f"{paths[0].relative_to(images).as_posix()} is: write it that way"
        stem, suffix = os.path.splitext(name)
        if stem.casefold() in (bare.casefold(), os.path.splitext(bare)[0].casefold()) and suffix.lower() in SUFFIXES:
            return f"{paths[0].relative_to(images).as_posix()} is: write it that way, with its suffix"
    return "check the name and the folder"
