"""Several photos of one face: which of them shows which part of it best, and which part a lesion is in."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dermagrade.face.halves import left_half
from dermagrade.face.parts import PARTS, nearest_zone, part_of, parts_of
from dermagrade.types import ZONES, Assessment, FaceMap, HeatMap, Lesion, Photo

#: Turn of the head, in degrees as ``FaceMap.yaw_deg``, at which the camera looks straight at a part. Turned to its own
#: right a face shows its left cheek. Rounded angles of a head, not measured on anybody.
FACING_DEG: Mapping[str, float] = {
    "forehead_left": -20.0,
    "forehead_right": 20.0,
    "nose_left": -40.0,
    "nose_right": 40.0,
    "left_cheek": -55.0,
    "right_cheek": 55.0,
    "chin_left": -25.0,
    "chin_right": 25.0,
}

#: Skin that is seen from the edge or from behind still counts this much, since the turn is only estimated.
_LEAST_FACING = 0.05
#: A face whose longer side has this many pixels shows all that the networks can see.
_ENOUGH_PX = 350.0
#: The halves of a zone come from two photos only where together these show it this much better than any one photo.
_SPLIT_FROM = 1.25
#: Cells along the longer side of the face when a lesion's zone is sought.
_GRID = 100


@dataclass(frozen=True, eq=False)
class View:
    """One photo of a visit, with its face and what a condition says of it.

    Attributes:
        photo: the photo.
        face: the face in it.
        assessment: the condition's answer for this photo alone.
        number: of the photo among all those of the visit, from 0.
    """

    photo: Photo
    face: FaceMap
    assessment: Assessment
    number: int = 0


def part_weights(photo: Photo, face: FaceMap) -> dict[str, float]:
    """How well a photo shows each part of the face, 0 to 1.

    The product of three shares: how much of the part is visible skin, how straight the camera looks at it (the cosine
    of the angle between the head's turn and the turn that shows the part best), and the size of the face up to 350
    pixels. Of a zone in two parts, each part's share of the visible skin goes by its pixels.

    Args:
        photo: the photo.
        face: the face in it.
    """
    side = max(face.box[2] - face.box[0], face.box[3] - face.box[1])
    step = max(1, int(side) // 200)
    labels = face.label_map[::step, ::step]
    sharpness = min(1.0, side * photo.scale / _ENOUGH_PX)
    weights = {}
    for zone in ZONES:
        ys, xs = np.nonzero(labels == ZONES.index(zone) + 1)
        is_left = left_half(face, np.asarray(xs * step, np.float64), np.asarray(ys * step, np.float64))
        share_left = float(is_left.mean()) if len(xs) else 0.0
        for part in parts_of(zone):
            seen = face.zones[zone].visible if len(xs) else 0.0
            if len(parts_of(zone)) > 1:
                seen = min(1.0, 2 * seen * (share_left if PARTS[part][1] == "left" else 1 - share_left))
            turned = math.cos(math.radians(face.yaw_deg - FACING_DEG[part]))
            weights[part] = seen * max(turned, _LEAST_FACING) * sharpness
    return weights


def choose_parts(photos: Sequence[tuple[Photo, FaceMap]]) -> dict[str, int]:
    """For each part of the face, the photo to take it from.

    Photos in which the zone is found come before those in which it is not; of these the one with the greatest weight
    (:func:`part_weights`) is taken. Both halves of a zone come from one photo, so that nothing at the seam is seen
    twice, unless two photos together show it at least a quarter better. The order of the photos changes nothing.

    Args:
        photos: the photos and their faces, at least one; no two with the same ``sha256``.

    Returns:
        Every part of :data:`~dermagrade.face.parts.PARTS` to the index of its photo.
    """
    weights = [part_weights(photo, face) for photo, face in photos]

    def shown(i: int, parts: Sequence[str]) -> float:
        return round(sum(weights[i][part] for part in parts), 6)

    def best(among: Sequence[int], parts: Sequence[str]) -> int:
        return max(among, key=lambda i: (shown(i, parts), photos[i][0].sha256))

    chosen: dict[str, int] = {}
    for zone in ZONES:
        parts = parts_of(zone)
        found = [i for i, (_, face) in enumerate(photos) if face.zones[zone].found] or list(range(len(photos)))
        whole = best(found, parts)
        apart = {part: best(found, [part]) for part in parts}
        together = sum(shown(i, [part]) for part, i in apart.items())
        split = together >= _SPLIT_FROM * shown(whole, parts) > 0
        chosen |= apart if split else dict.fromkeys(parts, whole)
    return chosen


def heat_of_zones(heat: HeatMap, view: View, zones: Collection[str]) -> HeatMap:
    """A map of what is seen in a view's photo, set to 0 outside these zones.

    Args:
        heat: the map.
        view: the photo and its face.
        zones: names of the zones to keep.
    """
    height, width = view.face.label_map.shape
    rows, columns = (np.arange(n) + 0.5 for n in heat.values.shape)
    xs = np.floor((heat.origin[0] + columns * heat.scale) / view.photo.scale).astype(np.int64)
    ys = np.floor((heat.origin[1] + rows * heat.scale) / view.photo.scale).astype(np.int64)
    labels = view.face.label_map[np.clip(ys, 0, height - 1)[:, None], np.clip(xs, 0, width - 1)[None, :]]
    kept = np.isin(labels, [ZONES.index(zone) + 1 for zone in zones])
    kept &= ((ys >= 0) & (ys < height))[:, None] & ((xs >= 0) & (xs < width))[None, :]
    return replace(heat, values=np.where(kept, heat.values, np.float32(0)))


def lesion_parts(view: View, lesions: Sequence[Lesion]) -> list[str | None]:
    """The part of the face that each lesion of a view is in, or is nearest to; None where the face shows no zone.

    Args:
        view: the photo and its face.
        lesions: in pixels of the full photo.
    """
    face, scale = view.face, view.photo.scale
    height, width = face.label_map.shape
    step = max(1, math.ceil(max(face.box[2] - face.box[0], face.box[3] - face.box[1]) / _GRID))
    # Beyond the face by a third of it, since lesions are sought there as well.
    margin = step * _GRID // 3
    left, top = max(0, int(face.box[0]) - margin), max(0, int(face.box[1]) - margin)
    right, bottom = min(width, int(face.box[2]) + margin), min(height, int(face.box[3]) + margin)
    labels = face.label_map[top:bottom:step, left:right:step]
    nearest = nearest_zone(np.stack([labels == number for number in range(1, len(ZONES) + 1)]).astype(np.float32))
    parts: list[str | None] = []
    for lesion in lesions:
        x, y = lesion.x / scale, lesion.y / scale
        row = min(max(int((y - top) // step), 0), nearest.shape[0] - 1)
        column = min(max(int((x - left) // step), 0), nearest.shape[1] - 1)
        zone = lesion.zone or (ZONES[nearest[row, column]] if nearest[row, column] >= 0 else None)
        is_left = bool(left_half(face, np.array(x), np.array(y)))
        parts.append(part_of(zone, left=is_left) if zone else None)
    return parts
