"""The square around each zone of a face as a network sees it: skin as densities and chromophores.

Seven channels: the natural-log density of red, green and blue, then melanin, haemoglobin and shade less their means
over the zone's skin, then the zone itself. A change of light or white balance adds the same number to every density,
so it leaves the three chromophores alone; brown, red and dark come apart before the network has learnt anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermagrade.face.chromophores import UNMIX, to_density
from dermagrade.types import ZONES, FaceMap, Photo

#: Channels of the network's input.
CHANNELS = 7
# Around the zone's bounding square, as a share of its side.
_MARGIN = 0.08
#: Densities of skin stay within about a third of their mean; this brings them to about 1.
GAIN = 3.0
# What is farther away is no skin.
_LIMIT = 4.0


@dataclass(frozen=True, eq=False)
class ZoneSquare:
    """The square around one zone, brought to a fixed size.

    Attributes:
        zone: one of :data:`~dermagrade.types.ZONES`.
        pixels: ``(size, size, 3)`` uint8, sRGB; black beyond the photo.
        mask: ``(size, size)`` float32, the share of each pixel that belongs to the zone.
        origin: x, y of its upper left corner in pixels of ``Photo.pixels``; may lie beyond the photo.
        scale: pixels of ``Photo.pixels`` for one pixel of the square.
    """

    zone: str
    pixels: NDArray[np.uint8]
    mask: NDArray[np.float32]
    origin: tuple[float, float]
    scale: float


def zone_squares(photo: Photo, face: FaceMap, *, size: int) -> tuple[ZoneSquare, ...]:
    """The squares of all zones that are found and own a pixel, in the order of :data:`~dermagrade.types.ZONES`.

    Args:
        photo: the photo that ``face`` was found in.
        face: its zones.
        size: side of each square in pixels.
    """
    squares = []
    for zone in face.found:
        own = face.label_map == ZONES.index(zone) + 1
        rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
        if not len(rows):
            continue
        side = (1 + 2 * _MARGIN) * max(rows[-1] - rows[0], columns[-1] - columns[0], 1)
        left = (columns[0] + columns[-1] + 1 - side) / 2
        top = (rows[0] + rows[-1] + 1 - side) / 2
        pixels = cut_square(photo.pixels, left, top, side, size)
        mask = cut_square(own.astype(np.uint8) * 255, left, top, side, size).astype(np.float32) / 255.0
        squares.append(ZoneSquare(zone, pixels, mask, (left, top), side / size))
    return tuple(squares)


def cut_square(values: NDArray[Any], left: float, top: float, side: float, size: int) -> NDArray[Any]:
    """A square of a picture, brought to ``size`` pixels; each is the mean of what it covers, 0 beyond the picture.

    Args:
        values: ``(h, w)`` or ``(h, w, 3)`` uint8, or ``(h, w)`` float32.
        left: of the square, in pixels of the picture.
        top: likewise.
        side: likewise.
        size: of the result, in pixels.
    """
    x0, y0 = int(np.floor(left)), int(np.floor(top))
    x1, y1 = int(np.ceil(left + side)), int(np.ceil(top + side))
    part = values[max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)]
    canvas = np.zeros((y1 - y0, x1 - x0, *values.shape[2:]), values.dtype)
    below, right = max(-y0, 0), max(-x0, 0)
    canvas[below : below + part.shape[0], right : right + part.shape[1]] = part
    box = (left - x0, top - y0, left - x0 + side, top - y0 + side)
    return np.asarray(Image.fromarray(canvas).resize((size, size), Image.Resampling.BILINEAR, box, reducing_gap=3.0))


def network_input(pixels: NDArray[np.uint8], mask: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the network sees of some squares.

    Args:
        pixels: ``(n, size, size, 3)`` uint8.
        mask: ``(n, size, size)`` float32, 0 to 1; at least one pixel of each is above 0.

    Returns:
        ``(n, 7, size, size)`` float32; see the module.
    """
    density = to_density(pixels)
    both = np.concatenate([density, density @ UNMIX.T], axis=-1)
    weight = mask[..., None] / mask.sum(axis=(1, 2), keepdims=True)[..., None]
    both -= (both * weight).sum(axis=(1, 2), keepdims=True)
    # What is no skin may be ten times as far from the mean as any spot, and would drown it when layers are normalised.
    both = np.clip(GAIN * both, -_LIMIT, _LIMIT)
    stacked = np.concatenate([both, mask[..., None]], axis=-1)
    return np.ascontiguousarray(stacked.transpose(0, 3, 1, 2), np.float32)
