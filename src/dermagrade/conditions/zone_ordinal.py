"""Grades each zone of a face with an ordinal network of skin patches, whichever condition it was taught.

For every zone the network gives a map of strength, a grade, and how steeply the probability of a higher grade falls
around it. How zones make a face is the condition's to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermagrade.conditions.zone_patches import ZoneSquare, network_input, zone_squares
from dermagrade.types import ZONES, FaceMap, HeatMap, Photo
from dermagrade.weights import runtime

#: What the manifest of such a network gives as its ``kind``.
KIND = "zone-ordinal"

# Cells of the heat map across the face.
_CELLS = 200


@dataclass(frozen=True, eq=False)
class ZoneAnswer:
    """What the network says of one zone.

    Attributes:
        square: what it saw.
        grade: on the condition's scale, held within it.
        strength: ``(s, s)`` float32 over the same square, 0 where there is nothing.
    """

    square: ZoneSquare
    grade: float
    strength: NDArray[np.float32]

    @property
    def skin(self) -> NDArray[np.bool_]:
        """``(s, s)`` bool: cells of ``strength`` that are mostly the zone's skin."""
        step = self.square.mask.shape[0] // self.strength.shape[0]
        s = self.strength.shape[0]
        shares = self.square.mask.reshape(s, step, s, step).mean(axis=(1, 3))
        return np.asarray(shares >= 0.5)

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """``(s, s, 3)`` uint8: the photo at the cells of ``strength``."""
        s = self.strength.shape[0]
        return np.asarray(Image.fromarray(self.square.pixels).resize((s, s), Image.Resampling.BOX))

    @property
    def cell_px(self) -> float:
        """Pixels of ``Photo.pixels`` for one cell of ``strength``."""
        return self.square.scale * float(self.square.mask.shape[0] / self.strength.shape[0])


def answer_zones(
    photo: Photo, face: FaceMap, model: runtime.Model, *, low: float, high: float
) -> Mapping[str, ZoneAnswer]:
    """The network's answer for each zone that is found.

    Args:
        photo: the photo.
        face: its zones.
        model: a network of the kind :data:`KIND`.
        low: lowest grade of the scale.
        high: highest grade of the scale.

    Raises:
        WeightsError: if the weights do not fit.
    """
    squares = zone_squares(photo, face, size=int(model.manifest["inputs"]["size"]))
    squares = tuple(square for square in squares if square.mask.any())
    if not squares:
        return {}
    image = network_input(np.stack([s.pixels for s in squares]), np.stack([s.mask for s in squares]))
    out = model.run(image=image)
    grades = np.clip(out["grade"], low, high)
    return {
        square.zone: ZoneAnswer(square, float(grade), strength)
        for square, grade, strength in zip(squares, grades.tolist(), out["strength"], strict=True)
    }


def heat_map(
    photo: Photo, face: FaceMap, answers: Sequence[ZoneAnswer], *, least: float, high: float, title: str
) -> HeatMap:
    """The zones' maps of strength put together to one over the face.

    Args:
        photo: the photo.
        face: its zones.
        answers: at least one.
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
    values = np.zeros(labels.shape, np.float32)
    for answer in answers:
        own = labels == ZONES.index(answer.square.zone) + 1
        left, top = answer.square.origin
        columns, rows = (xs - left) / answer.cell_px - 0.5, (ys - top) / answer.cell_px - 0.5
        grown = _bilinear(answer.strength, rows, columns)
        values[own] = grown[own]
    values[np.abs(values) < least] = 0
    return HeatMap(values, (x0 * photo.scale, y0 * photo.scale), step * photo.scale, high, title)


def _bilinear(
    values: NDArray[np.float32], rows: NDArray[np.floating], columns: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Values between the cells of a grid, at these rows and columns; the edge goes on beyond it."""
    last = values.shape[0] - 1
    rows, columns = rows.clip(0, last), columns.clip(0, last)
    y, x = np.floor(rows).astype(int).clip(0, last - 1), np.floor(columns).astype(int).clip(0, last - 1)
    v, u = (rows - y)[:, None], (columns - x)[None]
    corner = values[y][:, x] * (1 - u) + values[y][:, x + 1] * u
    below = values[y + 1][:, x] * (1 - u) + values[y + 1][:, x + 1] * u
    return np.asarray(corner * (1 - v) + below * v, np.float32)
