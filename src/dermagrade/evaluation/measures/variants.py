"""Variants of a photo that show the same skin: saved, sent, lit or framed another way."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from dermagrade.light import to_bytes, to_linear

Pixels = NDArray[np.uint8]
#: Makes the bytes of a picture file from ``(h, w, 3)`` uint8 sRGB.
Change = Callable[[Pixels], bytes]


def as_jpeg(pixels: Pixels, *, quality: int) -> bytes:
    """Saved again as JPEG of this quality."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def as_png(pixels: Pixels) -> bytes:
    """Saved without loss."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _scaled(pixels: Pixels, *, factor: float) -> bytes:
    height, width = pixels.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return as_png(np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS)))


def _blurred(pixels: Pixels, *, sigma_at_512: float) -> bytes:
    sigma = sigma_at_512 * max(pixels.shape[:2]) / 512
    return as_png(np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(sigma))))


def _lit(pixels: Pixels, *, gains: Sequence[float]) -> bytes:
    """Linear light times a gain for red, green and blue; what grows beyond white is burnt out, as in a camera."""
    linear = to_linear(np.arange(256, dtype=np.uint8))
    tables = [to_bytes(gain * linear) for gain in gains]
    return as_png(np.stack([table[pixels[..., c]] for c, table in enumerate(tables)], axis=-1))


def _cropped(pixels: Pixels, *, share: float) -> bytes:
    """Without this share of the width and of the height, half of it at each edge."""
    height, width = pixels.shape[:2]
    dy, dx = round(height * share / 2), round(width * share / 2)
    return as_png(pixels[dy : height - dy, dx : width - dx])


def _mirrored(pixels: Pixels) -> bytes:
    return as_png(np.ascontiguousarray(pixels[:, ::-1]))


def _turned(pixels: Pixels, *, degrees: float) -> bytes:
    """Turned about its middle; what comes in at the corners is the picture mirrored at its edge."""
    height, width = pixels.shape[:2]
    rim = int(np.ceil(max(height, width) * np.sin(np.radians(abs(degrees))))) + 2
    wide = Image.fromarray(np.pad(pixels, ((rim, rim), (rim, rim), (0, 0)), "symmetric"))
    turned = wide.rotate(degrees, Image.Resampling.BICUBIC)
    return as_png(np.asarray(turned)[rim : rim + height, rim : rim + width])


#: The changes that the published figures are about, by the name they are reported under. Gains act on linear light.
CHANGES: Mapping[str, Change] = {
    "JPEG quality 90": partial(as_jpeg, quality=90),
    "JPEG quality 75": partial(as_jpeg, quality=75),
    "JPEG quality 50": partial(as_jpeg, quality=50),
    "half the size": partial(_scaled, factor=0.5),
    "blur, sigma 1 px of 512": partial(_blurred, sigma_at_512=1.0),
    "warmer, red +10 % blue -10 %": partial(_lit, gains=(1.1, 1.0, 0.9)),
    "cooler, red -10 % blue +10 %": partial(_lit, gains=(0.9, 1.0, 1.1)),
    "light +15 %": partial(_lit, gains=(1.15, 1.15, 1.15)),
    "light -15 %": partial(_lit, gains=(0.85, 0.85, 0.85)),
    "crop by 5 %": partial(_cropped, share=0.05),
    "mirror": _mirrored,
}

_STOPS_UP, _STOPS_DOWN = 2**0.3, 2**-0.3

#: Further changes, measured beside the others.
FURTHER: Mapping[str, Change] = {
    "crop by 3 % at each side": partial(_cropped, share=0.06),
    "crop by 6 % at each side": partial(_cropped, share=0.12),
    "exposure +0.3 stops": partial(_lit, gains=(_STOPS_UP, _STOPS_UP, _STOPS_UP)),
    "exposure -0.3 stops": partial(_lit, gains=(_STOPS_DOWN, _STOPS_DOWN, _STOPS_DOWN)),
    "three quarters of the size": partial(_scaled, factor=0.75),
    "turned by 3 degrees": partial(_turned, degrees=3.0),
}

#: Those changes that the next photo of the same face might bring: light, its colour, distance, framing, and the file.
RETAKES: tuple[str, ...] = (
    "JPEG quality 90",
    "warmer, red +10 % blue -10 %",
    "cooler, red -10 % blue +10 %",
    "crop by 3 % at each side",
    "crop by 6 % at each side",
    "exposure +0.3 stops",
    "exposure -0.3 stops",
    "three quarters of the size",
    "turned by 3 degrees",
)
