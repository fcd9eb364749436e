"""Cuts the skin of each zone out of a photo."""

from __future__ import annotations

import numpy as np

from dermagrade.types import ZONES, FaceMap, Photo, SkinPatch

# Around the zone's bounding rectangle, as a share of its longer side.
_MARGIN = 0.05


def cut_patches(photo: Photo, face: FaceMap) -> tuple[SkinPatch, ...]:
    """Cut one rectangle for every zone that was found, with a small margin around it.

    Args:
        photo: the photo that ``face`` was found in.
        face: its zones; ``label_map`` is of the size of ``photo.pixels``.

    Returns:
        Patches in the order of :data:`~dermagrade.types.ZONES`. A patch is a copy of the photo's own pixels at their
        own resolution; ``origin`` and ``scale`` lead back to the full photo. A zone that was not found, or that owns
        no pixel, has none.

    Raises:
        ValueError: if ``face`` belongs to a photo of another size.
    """
    if face.label_map.shape != photo.pixels.shape[:2]:
        raise ValueError(f"label_map must be {photo.pixels.shape[:2]}, not {face.label_map.shape}")
    height, width = face.label_map.shape
    patches = []
    for name in face.found:
        mask = face.label_map == ZONES.index(name) + 1
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if not len(rows):
            continue
        margin = int(np.ceil(_MARGIN * max(rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1)))
        y0, y1 = max(0, int(rows[0]) - margin), min(height, int(rows[-1]) + 1 + margin)
        x0, x1 = max(0, int(columns[0]) - margin), min(width, int(columns[-1]) + 1 + margin)
        patches.append(
            SkinPatch(
                zone=name,
                pixels=photo.pixels[y0:y1, x0:x1].copy(),
                mask=mask[y0:y1, x0:x1].copy(),
                origin=(x0 * photo.scale, y0 * photo.scale),
                scale=photo.scale,
            )
        )
    return tuple(patches)
