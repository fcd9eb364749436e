"""Skin colour as layers of pigment: melanin, haemoglobin, and the shade that light and form throw on it.

Light that comes back from skin falls off exponentially with the pigment on its way, so in the logarithm of linear light
the pigments add up: ``-ln(rgb) = melanin * MELANIN + haemoglobin * HAEMOGLOBIN + shade * (1, 1, 1)``. Three channels
and three unknowns: :func:`separate` solves that for every pixel. Shade darkens all channels alike, as less light does.

The model is that of Tsumura N, Haneishi H, Miyake Y. Independent-component analysis of skin color image. J Opt Soc Am
A 1999;16(9):2169-2176, and Tsumura N et al. Image-based skin color and texture analysis/synthesis by extracting
hemoglobin and melanin information in the skin. ACM Trans Graph 2003;22(3):770-779, who estimate directions from photos.
Here they are fixed. Melanin's extinction falls with about the third power of the wavelength (Jacques SL. Optical
properties of biological tissues: a review. Phys Med Biol 2013;58:R37-R61), which from 600 over 545 to 465 nm makes it
1, 1.4 and 2.3 times as strong; the direction below is rounded from that, and that of haemoglobin has its peak in green.
A camera's channels overlap and its white balance shifts them, so the amounts are relative: good for comparing places of
one photo, not one person with another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dermagrade.light import LUMINANCE, to_bytes, to_linear

#: Change of natural-log density in red, green and blue for one unit of melanin.
MELANIN: NDArray[np.float64] = np.array([0.36, 0.52, 0.78])
#: The same for haemoglobin.
HAEMOGLOBIN: NDArray[np.float64] = np.array([0.26, 0.78, 0.66])

# Darker than this no camera tells apart; it keeps the logarithm finite.
_FLOOR = 1e-3

_BYTES = np.arange(256, dtype=np.uint8)
_DENSITY = (-np.log(np.maximum(to_linear(_BYTES), _FLOOR))).astype(np.float32)
#: Luminance density of one unit of melanin on skin of middling colour.
MELANIN_LUMINANCE = float(LUMINANCE @ MELANIN)
#: ``(3, 3)``: densities of a pixel to its melanin, haemoglobin and shade.
UNMIX: NDArray[np.float32] = np.linalg.inv(np.stack([MELANIN, HAEMOGLOBIN, np.ones(3)], axis=1)).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Chromophores:
    """What darkens each pixel of skin, in natural-log density; see the module for the unit of each.

    Attributes:
        melanin: ``(h, w)`` float32.
        haemoglobin: ``(h, w)`` float32.
        shade: ``(h, w)`` float32.
    """

    melanin: NDArray[np.float32]
    haemoglobin: NDArray[np.float32]
    shade: NDArray[np.float32]


def to_density(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Natural-log density of linear light, 0 for white; ``(..., 3)`` uint8 sRGB to float32 of the same shape.

    Black counts as a thousandth of white, so no density is above 6.9.
    """
    found: NDArray[np.float32] = _DENSITY[pixels]
    return found


def from_density(density: NDArray[np.floating]) -> NDArray[np.uint8]:
    """sRGB bytes of natural-log densities; the inverse of :func:`to_density` but for rounding."""
    return to_bytes(np.exp(-np.maximum(density, 0.0)))


def luminance_density(density: NDArray[np.floating]) -> NDArray[np.float32]:
    """Natural-log density of luminance, ``-ln Y``, of ``(..., 3)`` densities."""
    found: NDArray[np.float32] = -np.log(np.exp(-density) @ LUMINANCE.astype(density.dtype))
    return found


def separate(pixels: NDArray[np.uint8]) -> Chromophores:
    """Melanin, haemoglobin and shade of every pixel.

    On pixels that are no skin the numbers mean nothing. Amounts may be negative, where a pixel is bluer or greener than
    bare skin would be.

    Args:
        pixels: ``(h, w, 3)`` uint8, sRGB.
    """
    amounts = to_density(pixels) @ UNMIX.T
    melanin, haemoglobin, shade = (np.ascontiguousarray(amounts[..., i]) for i in range(3))
    return Chromophores(melanin, haemoglobin, shade)
