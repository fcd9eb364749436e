"""What painting brown pigment onto a photo gives back: the picture, and the truth about every pixel of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dermagrade.types import ZONES

#: Contrast of patches, natural-log density of luminance: from what can just be seen on ordinary skin, about 3 of L*.
#: What no rater could see is no truth to grade by.
CONTRAST = (0.12, 0.8)
#: Share of the skin that patches may cover: where more is dark, dark is the skin's own colour.
COVERAGE = (0.008, 0.55)
#: A pale spot counts this share of what an equally strong brown one does.
PALE_SHARE = 0.5


@dataclass(frozen=True, eq=False)
class PaintedPigment:
    """A photo with simulated mottled pigmentation, and the truth about it.

    Attributes:
        pixels: ``(h, w, 3)`` uint8, sRGB, of the input's size.
        excess: ``(h, w)`` float32, natural log of luminance before over after, as rendered and before rounding to
            bytes; above 0 where pigment was added, below 0 on a spot made paler, 0 where nothing was painted.
        mask: ``(h, w)`` bool, True inside a patch, its feathered edge left out.
        parameters: what was painted, for a table.

    Raises:
        ValueError: if the shapes or types do not fit together.
    """

    pixels: NDArray[np.uint8]
    excess: NDArray[np.float32]
    mask: NDArray[np.bool_]
    parameters: Mapping[str, float | str]

    def __post_init__(self) -> None:
        shape = self.pixels.shape[:2]
        if self.pixels.shape != (*shape, 3) or self.excess.shape != shape or self.mask.shape != shape:
            raise ValueError(
                f"pixels (h, w, 3), excess and mask (h, w) must agree, not {self.pixels.shape}, "
                f"{self.excess.shape}, {self.mask.shape}"
            )
        wanted = ((self.pixels, np.uint8), (self.excess, np.float32), (self.mask, np.bool_))
        if any(array.dtype != np.dtype(kind) for array, kind in wanted):
            raise ValueError(
                f"pixels, excess and mask must be uint8, float32 and bool, not {self.pixels.dtype}, "
                f"{self.excess.dtype}, {self.mask.dtype}"
            )


def parts_in_load(label_map: NDArray[np.uint8], zone_weights: Mapping[str, float] | None) -> NDArray[np.float32]:
    """Each pixel's part in the load of a face, ``(h, w)``; they sum to 1 over the zones.

    Args:
        label_map: ``(h, w)`` uint8, 0 for no zone, else 1 + index into :data:`~dermagrade.types.ZONES`.
        zone_weights: zone name to its part in the load, whatever its size; by area where None. Zones that the map does
            not show leave their part to the others.

    Raises:
        ValueError: if no zone with a weight is shown.
    """
    sizes = np.bincount(label_map.ravel(), minlength=len(ZONES) + 1)[: len(ZONES) + 1]
    table = np.zeros(len(sizes))
    for number, zone in enumerate(ZONES, start=1):
        weight = sizes[number] if zone_weights is None else zone_weights.get(zone, 0.0)
        table[number] = weight / max(int(sizes[number]), 1) if sizes[number] else 0.0
    total = float((table * sizes).sum())
    if total <= 0:
        raise ValueError("the label map shows no zone that counts")
    return np.asarray(np.take((table / total).astype(np.float32), label_map), np.float32)


def check_painting(
    pixels: NDArray[np.uint8], label_map: NDArray[np.uint8], *, face_width_px: float, load: float
) -> None:
    """Refuses what no way of painting can paint on.

    Raises:
        ValueError: if shapes disagree, no pixel belongs to a zone, or a number is out of range.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8:
        raise ValueError(f"pixels must be (h, w, 3) uint8, not {pixels.shape} {pixels.dtype}")
    if label_map.shape != pixels.shape[:2] or not label_map.any():
        raise ValueError(f"label_map must be {pixels.shape[:2]} and hold a zone")
    if not 0 <= load <= 0.4 or face_width_px <= 0:
        raise ValueError("load must be 0 to 0.4 and face_width_px above 0")


def unpainted(pixels: NDArray[np.uint8]) -> PaintedPigment:
    """A picture on which nothing was painted."""
    shape = pixels.shape[:2]
    return PaintedPigment(pixels.copy(), np.zeros(shape, np.float32), np.zeros(shape, bool), {"load": 0.0})
