"""Finds copies of one photo among many, mirrored ones too, and shots so alike that they show one person.

Every photo becomes a small picture of its local contrast: luminance at 64 x 64 pixels, less its surroundings, over the
strength of the contrast there. Compression, scaling, brightness and contrast hardly change it, while two photos of like
framing, such as passport photos before a white wall, differ in it. Two photos are as near as these pictures correlate.

A copy that was cut by more than about a hundredth of a side, or turned, is not found, nor are two different photos of
one person unless pose and place are nearly the same.

Source: the contrast normalisation is that of Jarrett K, Kavukcuoglu K, Ranzato M, LeCun Y. What is the best multi-stage
architecture for object recognition? ICCV 2009:2146-2153, in its simplest form. How the limits were found:
``docs/raters.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermagrade.photo.read import read_photo

#: Correlation from which two photos are taken for one person's: above all that different people's photos reached.
ALIKE = 0.75
#: Correlation from which two photos are taken for copies of one picture.
COPY = 0.82

_SIDE = 64
_REACH = 3
#: Grey values: contrast below this counts as flat, so that the grain of an even wall is not blown up.
_FAINT = 4.0
_ROWS_AT_ONCE = 1024

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class NearDuplicate:
    """Two photos that belong together.

    Attributes:
        first: place of one in the list.
        second: place of the other, greater than ``first``.
        correlation: of their local contrast, from :data:`ALIKE` to 1.
        mirrored: whether one has to be mirrored.
    """

    first: int
    second: int
    correlation: float
    mirrored: bool

    @property
    def copy(self) -> bool:
        """Whether both are taken for the same picture."""
        return self.correlation >= COPY


def near_duplicates(photos: Sequence[Path], *, least: float = ALIKE) -> list[NearDuplicate]:
    """Every pair of photos that is near enough, the nearest first.

    Args:
        photos: files. All pairs are compared: 10,000 photos take about 10 s after they are read.
        least: correlation from which a pair counts.

    Raises:
        PhotoError: if a file is missing or no picture.
    """
    if not photos:
        return []
    contrast = np.stack([local_contrast(read_luminance(path)) for path in photos])
    plain = contrast.reshape(len(photos), -1)
    mirrored = contrast[:, :, ::-1].reshape(len(photos), -1)
    found = []
    for start in range(0, len(photos), _ROWS_AT_ONCE):
        rows = plain[start : start + _ROWS_AT_ONCE]
        as_is, flipped = rows @ plain[start:].T, rows @ mirrored[start:].T
        nearest = np.triu(np.maximum(as_is, flipped), 1)
        for i, j in np.argwhere(nearest >= least).tolist():
            value = min(float(nearest[i, j]), 1.0)
            found.append(NearDuplicate(start + i, start + j, value, bool(flipped[i, j] > as_is[i, j])))
    return sorted(found, key=lambda pair: (-pair.correlation, pair.first, pair.second))


def read_luminance(path: Path) -> Floats:
    """``(64, 64)`` luminance, 0 to 255, of a photo that is squeezed into a square.

    Raises:
        PhotoError: if the file is missing or no picture.
    """
    # A large JPEG is decoded at a fraction of its size, which is most of the time that reading takes.
    grey = Image.fromarray(read_photo(path, kept_px=8 * _SIDE).pixels).convert("L")
    return np.asarray(grey.resize((_SIDE, _SIDE), Image.Resampling.BOX), np.float32)


def local_contrast(luminance: Floats) -> Floats:
    """``(64, 64)`` contrast with the surroundings over its own strength; mean 0 and length 1, or 0 for a flat photo."""
    detail = luminance - _blurred(luminance)
    detail = detail / (np.sqrt(np.maximum(_blurred(detail * detail), 0)) + _FAINT)
    detail = detail - detail.mean()
    length = float(np.linalg.norm(detail))
    # A photo in which nothing stands out would equal every other one of that kind.
    return detail / length if length > 1e-3 * detail.size else np.zeros_like(detail)


def _blurred(values: Floats) -> Floats:
    """Mean over the square around each pixel, the edge repeated."""
    for axis in (0, 1):
        margin = [(_REACH + 1, _REACH) if a == axis else (0, 0) for a in (0, 1)]
        total = np.cumsum(np.pad(values, margin, mode="edge"), axis=axis, dtype=np.float64)
        wide = 2 * _REACH + 1
        size = values.shape[axis]
        ends, starts = np.arange(wide, wide + size), np.arange(size)
        values = ((total.take(ends, axis) - total.take(starts, axis)) / wide).astype(np.float32)
    return values
