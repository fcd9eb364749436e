"""The part of a photo that a picture shows, and the way from its pixels to the picture's."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermagrade.conditions.details import Ring
from dermagrade.types import Box, FaceMap, Photo

# The longer side of the shown part of the photo ends up between these, in pixels.
_SHORTEST, _LONGEST = 1000, 1280
# A face that fills less of the photo's width than this is shown closer, with this margin around its box.
_SMALL_FACE, _FRAME_MARGIN = 0.45, 0.28


class Crop:
    """The part of the photo that is shown, and the way from its pixels to the picture's."""

    def __init__(self, photo: Photo, face: FaceMap) -> None:
        x0, y0, x1, y1 = _frame(photo, face.box)
        self.left, self.top = x0, y0
        longer = max(x1 - x0, y1 - y0)
        self.factor = min(max(longer, _SHORTEST), _LONGEST) / longer
        size = max(1, round((x1 - x0) * self.factor)), max(1, round((y1 - y0) * self.factor))
        part = Image.fromarray(photo.pixels[y0:y1, x0:x1])
        self.picture = part.resize(size, Image.Resampling.LANCZOS)
        labels = Image.fromarray(face.label_map[y0:y1, x0:x1])
        self.labels: NDArray[np.uint8] = np.asarray(labels.resize(size, Image.Resampling.NEAREST))

    def place(self, x: float, y: float) -> tuple[float, float]:
        """From pixels of ``Photo.pixels`` to pixels of the picture."""
        return (x - self.left) * self.factor, (y - self.top) * self.factor

    def ring(self, ring: Ring, scale: float) -> tuple[float, float, float]:
        """Centre and radius of a ring in the picture: outside the edge of what it shows, and never too small to see."""
        x, y = self.place(ring.x / scale, ring.y / scale)
        return x, y, max(ring.radius / scale * self.factor * 1.35 + 2, 8.0)


def _frame(photo: Photo, box: Box) -> tuple[int, int, int, int]:
    height, width = photo.pixels.shape[:2]
    x0, y0, x1, y1 = box
    if (x1 - x0) >= _SMALL_FACE * width or x1 - x0 < 1 or y1 - y0 < 1:
        return 0, 0, width, height
    margin = _FRAME_MARGIN * max(x1 - x0, y1 - y0)
    left, top = max(0, math.floor(x0 - margin)), max(0, math.floor(y0 - margin))
    right, bottom = min(width, math.ceil(x1 + margin)), min(height, math.ceil(y1 + margin))
    if right - left < 8 or bottom - top < 8:
        return 0, 0, width, height
    return left, top, right, bottom
