"""A face as a network of zones sees it: its skin in one upright frame, as densities and chromophores.

Seven channels: the natural-log density of red, green and blue, then melanin, haemoglobin and shade less their means
over the face's skin, then where the skin is. A change of light or white balance adds the same number to every density,
so it leaves the three chromophores alone; brown, red and dark come apart before the network has learnt anything.

The frame holds the whole face, not a zone: where a field of brown covers a zone, what the skin would look like without
it is seen elsewhere on the face.
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
#: Width over height of a frame: faces are higher than wide.
ASPECT = 5 / 6
# Around the zones' bounding box, as a share of the frame.
_MARGIN = 0.02
#: Densities of skin stay within about a third of their mean; this brings them to about 1.
GAIN = 3.0
# What is farther away is no skin.
_LIMIT = 4.0


@dataclass(frozen=True, eq=False)
class FaceFrame:
    """A face brought to a fixed size.

    Attributes:
        pixels: ``(h, w, 3)`` uint8, sRGB; black beyond the photo.
        labels: ``(h, w)`` uint8, the zone of each pixel as in ``FaceMap.label_map``.
        origin: x, y of its upper left corner in pixels of ``Photo.pixels``; may lie beyond the photo.
        scale: pixels of ``Photo.pixels`` for one pixel of the frame.
    """

    pixels: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    origin: tuple[float, float]
    scale: float


def frame_shape(size: int) -> tuple[int, int]:
    """Height and width of a frame, both multiples of 16.

    Args:
        size: height in pixels.
    """
    return 16 * round(size / 16), 16 * round(size * ASPECT / 16)


def frame_face(photo: Photo, face: FaceMap, *, size: int) -> FaceFrame | None:
    """The frame around the zones that are found; None where they own no pixel.

    Args:
        photo: the photo that ``face`` was found in.
        face: its zones.
        size: height of the frame in pixels.
    """
    numbers = np.zeros(len(ZONES) + 1, np.uint8)
    for zone in face.found:
        numbers[ZONES.index(zone) + 1] = ZONES.index(zone) + 1
    labels = numbers[face.label_map]
    rows, columns = np.flatnonzero(labels.any(axis=1)), np.flatnonzero(labels.any(axis=0))
    if not len(rows):
        return None
    height, width = frame_shape(size)
    tall, wide = float(rows[-1] - rows[0] + 1), float(columns[-1] - columns[0] + 1)
    scale = (1 + 2 * _MARGIN) * max(tall / height, wide / width)
    left = float(columns[0] + columns[-1] + 1 - scale * width) / 2
    top = float(rows[0] + rows[-1] + 1 - scale * height) / 2
    pixels = cut(photo.pixels, (left, top), scale, (height, width))
    ys = np.floor(top + (np.arange(height) + 0.5) * scale).astype(int)
    xs = np.floor(left + (np.arange(width) + 0.5) * scale).astype(int)
    inside = ((ys >= 0) & (ys < labels.shape[0]))[:, None] & ((xs >= 0) & (xs < labels.shape[1]))
    found = labels[ys.clip(0, labels.shape[0] - 1)][:, xs.clip(0, labels.shape[1] - 1)] * inside
    return FaceFrame(pixels, found.astype(np.uint8), (left, top), scale) if found.any() else None


def cut(values: NDArray[Any], origin: tuple[float, float], scale: float, shape: tuple[int, int]) -> NDArray[Any]:
    """A part of a picture, brought to a size; each pixel is the mean of what it covers, 0 beyond the picture.

    Args:
        values: ``(h, w)`` or ``(h, w, 3)`` uint8, or ``(h, w)`` float32.
        origin: x, y of its upper left corner in pixels of the picture.
        scale: pixels of the picture for one of the result.
        shape: height and width of the result.
    """
    (left, top), (height, width) = origin, shape
    right, bottom = left + scale * width, top + scale * height
    x0, y0, x1, y1 = int(np.floor(left)), int(np.floor(top)), int(np.ceil(right)), int(np.ceil(bottom))
    part = values[max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)]
    canvas = np.zeros((y1 - y0, x1 - x0, *values.shape[2:]), values.dtype)
    below, beside = max(-y0, 0), max(-x0, 0)
    canvas[below : below + part.shape[0], beside : beside + part.shape[1]] = part
    box = (left - x0, top - y0, right - x0, bottom - y0)
    return np.asarray(Image.fromarray(canvas).resize((width, height), Image.Resampling.BILINEAR, box, reducing_gap=3.0))


def network_input(pixels: NDArray[np.uint8], labels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What the network sees of some faces.

    Args:
        pixels: ``(n, h, w, 3)`` uint8.
        labels: ``(n, h, w)`` uint8; each has a zone.

    Returns:
        ``(n, 7, h, w)`` float32; see the module.
    """
    skin = (labels > 0).astype(np.float32)[..., None]
    density = to_density(pixels)
    both = np.concatenate([density, density @ UNMIX.T], axis=-1)
    both -= (both * skin).sum(axis=(1, 2), keepdims=True) / skin.sum(axis=(1, 2), keepdims=True)
    # What is no skin may be ten times as far from the mean as any spot, and would drown it when layers are normalised.
    both = np.clip(GAIN * both, -_LIMIT, _LIMIT)
    return np.ascontiguousarray(np.concatenate([both, skin], axis=-1).transpose(0, 3, 1, 2), np.float32)


def zone_shares(labels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How much of each cell of 2 x 2 pixels belongs to each zone.

    Args:
        labels: ``(n, h, w)`` uint8.

    Returns:
        ``(n, 5, h / 2, w / 2)`` float32, 0 to 1.
    """
    found = np.empty((len(labels), len(ZONES), labels.shape[1] // 2, labels.shape[2] // 2), np.float32)
    for k in range(len(ZONES)):
        own = (labels == k + 1).astype(np.uint8)
        np.divide(own[:, ::2, ::2] + own[:, ::2, 1::2] + own[:, 1::2, ::2] + own[:, 1::2, 1::2], 4.0, out=found[:, k])
    return found
