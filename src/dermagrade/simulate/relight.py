"""Changes the light of sRGB pictures by table: fast enough to be done for every picture that a network learns from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dermagrade.light import to_bytes, to_linear32

_BYTES = np.arange(256, dtype=np.uint8)
# Light is held as its square root, in even steps of which a byte is finer nowhere, not even in the dark.
_STEPS = 4096
_ROOT_OF_BYTE = (_STEPS * np.sqrt(to_linear32(_BYTES))).astype(np.float32)
_LIGHT_OF_ROOT = (np.arange(_STEPS + 1) / _STEPS) ** 2
_BYTE_OF_ROOT = to_bytes(_LIGHT_OF_ROOT)

Plane = NDArray[np.float32]


def bytes_by_table(linear: NDArray[np.float32]) -> NDArray[np.uint8]:
    """sRGB bytes of linear light, of the same shape; what lies outside 0 to 1 is cut.

    At most one byte from the rounded value, and exact for the light of a byte.
    """
    return _bytes(np.sqrt(np.maximum(linear, 0)) * np.float32(_STEPS))


def darken(pixels: NDArray[np.uint8], layers: Sequence[tuple[Plane, NDArray[np.float64]]]) -> NDArray[np.uint8]:
    """A picture seen through layers of dye: linear light times ``exp(-amount * direction)``, layer by layer.

    Args:
        pixels: ``(h, w, 3)`` uint8, sRGB; not changed.
        layers: ``(h, w)`` float32 amounts, below 0 where the picture gets lighter, and the natural-log density ``(3,)``
            in red, green and blue of one unit.
    """
    out = np.empty_like(pixels)
    for channel in range(3):
        half = np.zeros(pixels.shape[:2], np.float32)
        for amount, direction in layers:
            half += amount * np.float32(-0.5 * direction[channel])
        np.exp(half, out=half)
        half *= np.take(_ROOT_OF_BYTE, pixels[..., channel], mode="clip")
        out[..., channel] = _bytes(half)
    return out


def lighten(pixels: NDArray[np.uint8], added: Plane) -> NDArray[np.uint8]:
    """A picture with white light added.

    Args:
        pixels: ``(h, w, 3)`` uint8, sRGB; not changed.
        added: ``(h, w)`` float32, linear, 1 being white; 0 or more.
    """
    out = np.empty_like(pixels)
    for channel in range(3):
        light = to_linear32(pixels[..., channel])
        light += added
        np.sqrt(light, out=light)
        light *= np.float32(_STEPS)
        out[..., channel] = _bytes(light)
    return out


def _bytes(root: Plane) -> NDArray[np.uint8]:
    root += np.float32(0.5)
    # An index beyond the table is white.
    return np.take(_BYTE_OF_ROOT, root.astype(np.int32), mode="clip")
