"""The face brought upright to one small size, where what covers the skin is looked for."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermagrade.light import LUMINANCE, to_linear
from dermagrade.masks import Mask
from dermagrade.types import FaceMap, Photo

Floats = NDArray[np.float64]

#: Side of the square view, and the longer side of the face in it, in pixels.
SIDE_PX = 112
FACE_PX = 88


@dataclass(frozen=True, eq=False)
class Upright:
    """A square view of a face without its tilt.

    Attributes:
        pixels: ``(SIDE_PX, SIDE_PX, 3)`` uint8, sRGB.
        labels: ``(SIDE_PX, SIDE_PX)`` uint8, the zones as in :attr:`FaceMap.label_map`.
        inside: ``(SIDE_PX, SIDE_PX)`` bool, False beyond the photo.
        matrix: ``(2, 3)``, takes pixels of the view to pixels of the photo.
        unit_px: pixels of the photo for one of the view.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    inside: Mask
    matrix: Floats
    unit_px: float

    @property
    def light(self) -> Floats:
        """Red, green and blue as amounts of light (sRGB made linear), 0 to 1."""
        return to_linear(self.pixels)

    @property
    def luminance(self) -> Floats:
        """Relative luminance of every pixel, 0 to 1."""
        return np.asarray(self.light @ LUMINANCE)

    @property
    def redness(self) -> Floats:
        """Natural logarithm of red over green light; it stays where only the amount of light changes, as in shadow.

        What grey, black and white reflect has the redness of the light, skin of any tone 0.3 and more above that.
        """
        light = self.light
        return np.asarray(np.log((light[..., 0] + _LIFT) / (light[..., 1] + _LIFT)))

    def to_view(self, xy: tuple[float, float]) -> Floats:
        """A pixel of the photo as a pixel of the view, ``(2,)``."""
        return np.asarray(np.linalg.solve(self.matrix[:, :2], np.array(xy) - self.matrix[:, 2]))

    def in_photo(self, mask: Mask, width: int, height: int) -> Mask:
        """A mask of the view as a mask of the photo's ``(height, width)`` pixels."""
        inverse = np.linalg.inv(self.matrix[:, :2])
        data = np.concatenate([inverse, (-inverse @ self.matrix[:, 2])[:, None]], axis=1)
        image = Image.fromarray(mask.astype(np.uint8))
        turned = image.transform((width, height), Image.Transform.AFFINE, tuple(data.ravel().tolist()))
        return np.asarray(turned) > 0


#: Keeps the redness of what is nearly black, where rounding decides, near that of grey.
_LIFT = 0.004


def upright(photo: Photo, face: FaceMap) -> Upright:
    """The view of a face; ``face`` belongs to ``photo``."""
    x0, y0, x1, y1 = face.box
    scale = max(x1 - x0, y1 - y0) / FACE_PX
    turn = math.radians(face.roll_deg)
    c, s = math.cos(turn) * scale, math.sin(turn) * scale
    linear = np.array([[c, -s], [s, c]])
    shift = np.array([(x0 + x1) / 2, (y0 + y1) / 2]) - linear @ np.full(2, SIDE_PX / 2)
    matrix = np.concatenate([linear, shift[:, None]], axis=1)
    # Only what the view can show is touched, and it is averaged down rather than picked.
    reach = SIDE_PX * scale * 0.75
    height, width = face.label_map.shape
    left, top = max(0, int((x0 + x1) / 2 - reach)), max(0, int((y0 + y1) / 2 - reach))
    right, bottom = min(width, math.ceil((x0 + x1) / 2 + reach)), min(height, math.ceil((y0 + y1) / 2 + reach))
    shrink = max(1, round(scale))
    cut = Image.fromarray(photo.pixels[top:bottom, left:right]).reduce(shrink)
    near = matrix.copy()
    near[:, 2] -= (left, top)
    size = (SIDE_PX, SIDE_PX)
    data = tuple((near / shrink).ravel().tolist())
    seen = np.asarray(cut.transform(size, Image.Transform.AFFINE, data, Image.Resampling.BILINEAR))
    labels = Image.fromarray(face.label_map[top:bottom, left:right]).transform(
        size, Image.Transform.AFFINE, tuple(near.ravel().tolist()), Image.Resampling.NEAREST
    )
    ys, xs = np.mgrid[:SIDE_PX, :SIDE_PX] + 0.5
    px = matrix[0, 0] * xs + matrix[0, 1] * ys + matrix[0, 2]
    py = matrix[1, 0] * xs + matrix[1, 1] * ys + matrix[1, 2]
    # A pixel at the photo's edge is mixed with the black beyond it.
    edge = 0.5 * scale
    inside = (px >= edge) & (px <= width - edge) & (py >= edge) & (py <= height - edge)
    return Upright(seen, np.array(labels), inside, matrix, scale)
