"""Grades each zone of a face with an ordinal network of zones, whichever condition it was taught.

For the face the network gives a map of strength, and for every zone a grade and how steeply the probability of a higher
grade falls around it. How zones make a face is the condition's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermagrade.grading.face_frame import FaceFrame, frame_face, network_input, zone_shares
from dermagrade.types import ZONES, FaceMap, HeatMap, Photo
from dermagrade.weights.model import Model

#: What the manifest of such a network gives as its ``kind``.
KIND = "zone-ordinal"

# Cells of the heat map across the face.
_CELLS = 200


@dataclass(frozen=True, eq=False)
class ZoneCells:
    """What the network says of the places around one zone, on a grid of cells.

    Attributes:
        strength: ``(h, w)`` float32, 0 where there is nothing.
        skin: ``(h, w)`` bool, the cells that are mostly the zone's.
        pixels: ``(h, w, 3)`` uint8, the photo at the cells.
        cell_px: side of a cell in pixels of ``Photo.pixels``.
    """

    strength: NDArray[np.float32]
    skin: NDArray[np.bool_]
    pixels: NDArray[np.uint8]
    cell_px: float


@dataclass(frozen=True, eq=False)
class FaceAnswer:
    """What the network says of a face.

    Attributes:
        frame: what it saw.
        grades: of the zones that it saw, on the condition's scale, held within it.
        strength: ``(h / 2, w / 2)`` float32 over the frame, 0 where there is nothing.
        shares: ``(5, h / 2, w / 2)`` float32, how much of each cell belongs to each zone.
    """

    frame: FaceFrame
    grades: Mapping[str, float]
    strength: NDArray[np.float32]
    shares: NDArray[np.float32]

    @property
    def cell_px(self) -> float:
        """Pixels of ``Photo.pixels`` for one cell of ``strength``."""
        return 2 * self.frame.scale

    def cells(self) -> Mapping[str, ZoneCells]:
        """The part of the map around each zone that has a grade."""
        height, width = self.strength.shape
        pixels = np.asarray(Image.fromarray(self.frame.pixels).resize((width, height), Image.Resampling.BOX))
        found = {}
        for zone in self.grades:
            skin = self.shares[ZONES.index(zone)] >= 0.5
            rows, columns = np.flatnonzero(skin.any(axis=1)), np.flatnonzero(skin.any(axis=0))
            if not len(rows):  # a sliver, of which no cell is mostly the zone's
                rows = columns = np.array([0])
            part = (slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1))
            found[zone] = ZoneCells(self.strength[part], skin[part], pixels[part], self.cell_px)
        return found


def answer_face(photo: Photo, face: FaceMap, model: Model, *, low: float, high: float) -> FaceAnswer | None:
    """The network's answer for a face; None where no zone is seen.

    Args:
        photo: the photo.
        face: its zones.
        model: a network of the kind :data:`KIND`.
        low: lowest grade of the scale.
        high: highest grade of the scale.

    Raises:
        WeightsError: if the weights do not fit.
    """
    frame = frame_face(photo, face, size=model.manifest.size)
    if frame is None:
        return None
    shares = zone_shares(frame.labels[None])
    out = model.run(image=network_input(frame.pixels[None], frame.labels[None]), zones=shares)
    seen = shares[0].any(axis=(1, 2))
    grades = np.clip(out["grade"][0], low, high).tolist()
    told = {zone: float(grade) for zone, grade, there in zip(ZONES, grades, seen, strict=True) if there}
    return FaceAnswer(frame, told, out["strength"][0], shares[0])


def heat_map(photo: Photo, face: FaceMap, answer: FaceAnswer, *, least: float, high: float, title: str) -> HeatMap:
    """The map of strength over the face's graded zones.

    Args:
        photo: the photo.
        face: its zones.
        answer: of the network.
        least: strength below this is left out.
        high: the strength that is drawn in full.
        title: for the legend.
    """
    # The zones' own bounds: they may reach beyond the face's box.
    tall, wide = np.flatnonzero(face.label_map.any(axis=1)), np.flatnonzero(face.label_map.any(axis=0))
    x0, y0, x1, y1 = int(wide[0]), int(tall[0]), int(wide[-1]) + 1, int(tall[-1]) + 1
    height, width = face.label_map.shape
    step = max(1.0, max(x1 - x0, y1 - y0) / _CELLS)
    xs = x0 + (np.arange(max(1, int((x1 - x0) / step))) + 0.5) * step
    ys = y0 + (np.arange(max(1, int((y1 - y0) / step))) + 0.5) * step
    labels = face.label_map[ys.astype(int).clip(0, height - 1)][:, xs.astype(int).clip(0, width - 1)]
    left, top = answer.frame.origin
    values = _bilinear(answer.strength, (ys - top) / answer.cell_px - 0.5, (xs - left) / answer.cell_px - 0.5)
    graded = np.isin(labels, [ZONES.index(zone) + 1 for zone in answer.grades])
    values[~graded | (np.abs(values) < least)] = 0
    return HeatMap(values, (x0 * photo.scale, y0 * photo.scale), step * photo.scale, high, title)


def _bilinear(
    values: NDArray[np.float32], rows: NDArray[np.floating], columns: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Values between the cells of a grid, at these rows and columns; the edge goes on beyond it."""
    low, side = values.shape[0] - 1, values.shape[1] - 1
    rows, columns = rows.clip(0, low), columns.clip(0, side)
    y, x = np.floor(rows).astype(int).clip(0, low - 1), np.floor(columns).astype(int).clip(0, side - 1)
    v, u = (rows - y)[:, None], (columns - x)[None]
    corner = values[y][:, x] * (1 - u) + values[y][:, x + 1] * u
    below = values[y + 1][:, x] * (1 - u) + values[y + 1][:, x + 1] * u
    return np.asarray(corner * (1 - v) + below * v, np.float32)
