"""Light and colour of sRGB pixels: linear light, luminance, CIE XYZ and Lab.

An sRGB value stands for light along a curve; light adds and multiplies only once the curve is undone. Constants are
those of IEC 61966-2-1 for the white D65, and of CIE 15 for Lab.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

F = TypeVar("F", bound=np.floating)

#: Share of linear red, green and blue in luminance (IEC 61966-2-1, ITU-R BT.709).
LUMINANCE: NDArray[np.float64] = np.array([0.2126, 0.7152, 0.0722])
#: Share of red, green and blue as they are stored in the brightness of a grey picture (ITU-R BT.601).
LUMA: NDArray[np.float64] = np.array([0.299, 0.587, 0.114])
#: ``(3, 3)``: linear red, green and blue to CIE X, Y and Z, Y being 1 for white.
TO_XYZ: NDArray[np.float64] = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
#: The same as shares of the white's X, Y and Z. The white is the sum of each row, so grey has no colour in Lab.
TO_WHITE: NDArray[np.float64] = TO_XYZ / TO_XYZ.sum(axis=1, keepdims=True)

# Where the straight part of CIE 1976's curve ends, in light and in its root.
_DARK, _DARK_ROOT = (6 / 29) ** 3, 6 / 29
_SLOPE = 3 * (6 / 29) ** 2


def decode(srgb: NDArray[F]) -> NDArray[F]:
    """Linear light from 0 to 1 of sRGB values from 0 to 1, in the same shape and precision."""
    linear: NDArray[F] = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return linear


def encode(linear: NDArray[F]) -> NDArray[F]:
    """sRGB values from 0 to 1 of linear light from 0 to 1, in the same shape and precision; undoes :func:`decode`."""
    srgb: NDArray[F] = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return srgb


_LINEAR: NDArray[np.float64] = decode(np.arange(256) / 255.0)
_LINEAR32 = _LINEAR.astype(np.float32)


def to_linear(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Linear light from 0 to 1 of sRGB bytes of any shape, by table."""
    return np.asarray(_LINEAR[pixels])


def to_linear32(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The same as :func:`to_linear` in float32: half the memory, for what is done to many pictures."""
    # Every byte is in the table; "clip" spares the check.
    return np.take(_LINEAR32, pixels, mode="clip")


def to_bytes(linear: NDArray[np.floating]) -> NDArray[np.uint8]:
    """The nearest sRGB bytes of linear light, in the same shape; what lies outside 0 to 1 is cut."""
    return np.asarray(np.rint(encode(np.clip(linear, 0.0, 1.0)) * 255.0), np.uint8)


def lab_root(share: NDArray[F]) -> NDArray[F]:
    """CIE 1976's root, which makes steps of light even to the eye, of X, Y or Z as a share of the white's."""
    root: NDArray[F] = np.where(share > _DARK, np.cbrt(share), share / _SLOPE + 4 / 29)
    return root


def lab_root_inverse(root: NDArray[F]) -> NDArray[F]:
    """The share of the white's X, Y or Z that has this root; undoes :func:`lab_root`."""
    share: NDArray[F] = np.where(root > _DARK_ROOT, root**3, _SLOPE * (root - 4 / 29))
    return share


def lab(rgb: ArrayLike) -> NDArray[np.float64]:
    """CIE 1976 L*, a*, b* of sRGB colours, for the white D65.

    Pillow's own conversion stores a* and b* as signed bytes, which wrap around when they are read as 0 to 255.

    Args:
        rgb: ``(..., 3)``, 0 to 255.

    Returns:
        ``(..., 3)``: L* from 0 to 100, a* and b* about -110 to 110.
    """
    f = lab_root(decode(np.asarray(rgb, np.float64) / 255.0) @ TO_WHITE.T)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)], axis=-1)
