"""Scores of single skin patches: which zones are looked at, what a network sees of one, and the score of a photo."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermagrade.scales import Scale

#: What the manifest of such a network gives as its ``kind``.
KIND = "zone-patches"

#: The zones that are scored. The nose is none of them in the published recipe.
PATCH_ZONES: tuple[str, ...] = ("forehead", "left_cheek", "right_cheek", "chin")


def patch_input(pixels: NDArray[np.uint8], size: int) -> NDArray[np.float32]:
    """A patch as the network takes it: ``(3, size, size)`` RGB from 0 to 1, squeezed to a square.

    Args:
        pixels: ``(h, w, 3)`` uint8.
        size: side of the square, in pixels.
    """
    square = Image.fromarray(pixels).resize((size, size), Image.Resampling.LANCZOS)
    return np.ascontiguousarray(np.asarray(square, np.float32).transpose(2, 0, 1) / 255.0)


def photo_score(patches: Mapping[str, float], scale: Scale) -> tuple[float, dict[str, float]]:
    """The score of a photo, the mean of its patches, and that of each patch, all held within the scale.

    Args:
        patches: what the network says of each zone; at least one.
        scale: the scale that it learnt.
    """
    held = {zone: float(np.clip(score, scale.low, scale.high)) for zone, score in patches.items()}
    return float(np.mean(list(held.values()))), held
