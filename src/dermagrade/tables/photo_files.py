"""Finds the files of the photos that a table names."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from dermagrade.errors import LabelsError
from dermagrade.tables.join import Joined, JoinReport, composed, match
from dermagrade.tables.likeness import SUFFIX, likenesses


def find_photos(photos: Iterable[str], images: Path | str, *, table: str = "the table") -> Joined[Path]:
    """The file of each photo that is found, and a report of the others.

    A name is taken below the folder as it stands, in whatever Unicode form. A bare file name may also lie in a folder
    further down, if only one file has it. Nothing else is guessed, but what is probably meant is said.

    Args:
        photos: names, as tables give them.
        images: the folder.
        table: what the table is called, for messages.
    """
    images = Path(images)
    names = list(dict.fromkeys(photos))
    titles = {"names_are": f"photos that {table} names", "table": str(images)}
    found = {name: images / name for name in names if (images / name).is_file()}
    if len(found) == len(names):
        return match(names, found, **titles)
    files, several = _files(images)
    joined = match(names, files | found, **titles)
    lost = [name for name in names if name not in joined.found]
    # Most files of a folder may well have no row; what counts is what a missing photo is like.
    report = replace(joined.report, likely=likenesses(lost, files))
    same = next((several[composed(name)] for name in report.lacking.first if composed(name) in several), None)
    if same is not None:
        places = " and ".join(path.relative_to(images).as_posix() for path in same[:2])
        report = replace(report, known_cause=f"{places} both have that name, so write the folder too.")
    elif not images.is_dir():
        report = replace(report, known_cause=f"There is no folder {images}.")
    return replace(joined, report=report)


def locate_photos(photos: Iterable[str], images: Path | str, *, table: str = "the table") -> dict[str, Path]:
    """The file of each photo; arguments as for :func:`find_photos`.

    Raises:
        LabelsError: naming the first photos that are not found, how many are not, and what may be meant.
    """
    joined = find_photos(photos, images, table=table)
    lacking = joined.report.lacking
    if not lacking.count:
        return dict(joined.found)
    first = lacking.first[0]
    several = lacking.count > 1
    more = f" ({lacking.count} photos are missing)" if several else ""
    listed = f" The first of them: {', '.join(lacking.first)}." if several else ""
    raise LabelsError(f"The photo {first} is not in {images}{more}; {_advice(joined.report)}.{listed}")


def _advice(report: JoinReport) -> str:
    """What to do about the photos that are not found."""
    if report.known_cause:
        return report.known_cause.rstrip(".")
    if not report.likely:
        return "check the name and the folder"
    most = report.likely[0]
    with_suffix = ", with its suffix" if SUFFIX in most.kinds else ""
    what = "" if most.name == report.lacking.first[0] else f" for {most.name}"
    return f"{most.like} is: write it that way{what}{with_suffix} (what differs: {' and '.join(most.kinds)})"


def _files(images: Path) -> tuple[dict[str, Path], dict[str, list[Path]]]:
    """Files by their name below the folder, and bare names of one file; and bare names that several files have."""
    paths = sorted(Path(folder, name) for folder, _, names in os.walk(images) for name in names if name[0] != ".")
    bare: dict[str, list[Path]] = {}
    for path in paths:
        bare.setdefault(composed(path.name), []).append(path)
    whole = {path.relative_to(images).as_posix(): path for path in paths}
    once = {same[0].name: same[0] for same in bare.values() if len(same) == 1}
    return once | whole, {name: same for name, same in bare.items() if len(same) > 1}
