"""The photos that a training of the zone network may read, and what its card says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade.errors import UsageError
from dermagrade.photo.read import SUFFIXES
from dermagrade.scales import ACNE_HAYASHI
from dermagrade.tables.exclude import Exclusions
from dermagrade.tables.folds import check_folds
from dermagrade.tables.grade_scale import grades_of
from dermagrade.tables.join import all_in_table, join
from dermagrade.tables.labels import read_labels
from dermagrade.training.zones.shares import ACNE, FolderShare, share_of


@dataclass(frozen=True)
class ZonePhotos:
    """The photos of a run, in order.

    Attributes:
        names: collection/file of each.
        paths: of the files.
        collection: of each; ``acne`` for the acne photos, empty for photos that lie in no sub-folder.
        fold: of each acne photo, -1 for the others.
        excluded: True where the photo is set aside and trains nothing.
    """

    names: list[str]
    paths: list[Path]
    collection: NDArray[np.str_]
    fold: NDArray[np.int64]
    excluded: NDArray[np.bool_]


def pictures(folder: Path) -> list[Path]:
    """The picture files directly in a folder, by name."""
    return sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES)


def find_photos(
    images: Path,
    acne: Path | None,
    exclusions: Exclusions | None = None,
    shares: Mapping[str, FolderShare] | None = None,
) -> ZonePhotos:
    """Lists what a run may read.

    Args:
        images: folder whose sub-folders are the collections; photos may also lie in it directly.
        acne: folder with ``photos/`` and ``labels.csv`` with the folds.
        exclusions: what trains nothing; a sub-folder that is left out as a whole is not read at all.
        shares: by collection; those named in it come first, in its order.

    Raises:
        UsageError: if a folder is missing or holds no photo.
        LabelsError: if the acne labels are malformed or a person stands in two folds.
    """
    if not images.is_dir():
        raise UsageError(f"{images} is no folder.")
    exclusions = exclusions or Exclusions()
    folders = [p for p in images.iterdir() if p.is_dir() and not exclusions.whole_folder(p.name)]
    order = [*(shares or {})]
    folders.sort(key=lambda p: (order.index(p.name) if p.name in order else len(order), p.name))
    found = [(p.name, folder.name, p) for folder in folders for p in pictures(folder)]
    found += [(p.name, "", p) for p in pictures(images)]
    if not found:
        raise UsageError(f"{images} and its sub-folders hold no photos.")
    names = [f"{collection}/{name}" if collection else name for name, collection, _ in found]
    folds = [-1] * len(found)
    if acne is not None:
        if not (acne / "photos").is_dir():
            raise UsageError(f"{acne} has no folder photos.")
        labels = read_labels(acne / "labels.csv", allowed=grades_of(ACNE_HAYASHI), scale=ACNE_HAYASHI.id)
        check_folds(labels)
        own = pictures(acne / "photos")
        fold_of = {label.photo: label.fold for label in labels}
        # A photo without a fold would teach all networks, that of its own person's fold too.
        known = all_in_table(
            join([p.name for p in own], fold_of, names_are="acne photos", table=str(acne / "labels.csv"))
        )
        found += [(p.name, "acne", p) for p in own]
        names += [f"acne/{p.name}" for p in own]
        folds += [-1 if (fold := known.found[p.name]) is None else fold for p in own]
    return ZonePhotos(
        names,
        [path for _, _, path in found],
        np.array([collection for _, collection, _ in found], np.str_),
        np.array(folds, np.int64),
        np.array([exclusions.leaves_out(path) for _, _, path in found], bool),
    )


def all_pictures(images: Path, acne: Path | None) -> list[Path]:
    """Every picture that a run would read if none were left out."""
    folders = [*(p for p in sorted(images.iterdir()) if p.is_dir()), images, *([acne / "photos"] if acne else [])]
    return [path for folder in folders for path in pictures(folder)]


def training_data(
    photos: ZonePhotos, known: Mapping[str, Any], fold: int | None, shares: Mapping[str, FolderShare] | None = None
) -> list[str]:
    """A sentence for each collection: how many photos taught, and which were left out."""
    lines = []
    for collection in dict.fromkeys(photos.collection.tolist()):
        wanted = (photos.collection == collection) & ~photos.excluded
        if collection == ACNE and fold is not None:
            wanted &= photos.fold != fold
        count = sum(photos.names[i] in known for i in np.flatnonzero(wanted))
        left_out = f" (without fold {fold})" if collection == ACNE and fold is not None else ""
        lines.append(f"{share_of(collection, shares).title}: {count} photos{left_out}")
    if fold is None:
        missed = sum(photos.names[i] not in known for i in np.flatnonzero(photos.collection == ACNE))
        if missed:
            title = share_of(ACNE, shares).title
            lines.append(f"{title}: up to {missed} further photos without a mesh, taught by the network's own answer")
    return [*lines, "teacher: MediaPipe Face Mesh 0.10.21 (Apache-2.0)"]
