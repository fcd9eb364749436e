"""Where the face is in each photo of a run: as its mesh says, else as the zone network finds it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dermagrade.face.zones import find_face
from dermagrade.photo.read import read_photo
from dermagrade.tables.join import join
from dermagrade.training.zones.data import read_meshes
from dermagrade.training.zones.targets import face_box


def face_boxes(
    meshes: Sequence[Path], photos: Sequence[tuple[str, Path]], tell: Callable[[str], None] = lambda _: None
) -> dict[str, NDArray[np.float64]]:
    """Face boxes by name, x0, y0, x1, y1 in pixels of the photo: from the meshes alone where there are any.

    Args:
        meshes: NPZ files with ``photo`` and ``points``.
        photos: name and path of each.
        tell: takes a sentence on photos without a mesh.

    Raises:
        UsageError: if a mesh file cannot be read.
        LabelsError: if the meshes are of none of the photos.
        PhotoError: if a photo cannot be read.
        WeightsError: if there is no zone network to find the faces.
    """
    if meshes:
        known = {name: face_box(mesh) for path in meshes for name, mesh in read_meshes(path).items()}
        names = " and ".join(str(path) for path in meshes)
        joined = join([name for name, _ in photos], known, names_are="photos to learn from", table=names)
        for note in joined.report.notes_on_names:
            tell(note)
        return dict(joined.found)
    boxes = {}
    for name, path in photos:
        photo = read_photo(path)
        face = find_face(photo)
        if face is not None:
            boxes[name] = np.array(face.box) * photo.scale
    return boxes
