"""Random fields and soft edges from which skin is drawn."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float64]


def grid(size: int) -> tuple[Floats, Floats]:
    """x and y of every pixel's corner, two ``(size, size)`` arrays."""
    line = np.arange(size, dtype=np.float64)
    x, y = np.meshgrid(line, line)
    return x, y


def cloud(rng: Generator, size: int, *, octaves: int, roughness: float = 0.55) -> Floats:
    """Fractal noise of mean 0 and unit spread, ``(size, size)``.

    Args:
        rng: where the chance comes from.
        size: side in pixels.
        octaves: grains, each half as wide as the one before; the first spans about the whole picture.
        roughness: strength of each grain, as a share of the one before.
    """
    total = np.zeros((size, size))
    for k in range(octaves):
        cells = min(2 ** (k + 1) + 1, size)
        coarse = Image.fromarray(rng.normal(0, 1, (cells, cells)).astype(np.float32))
        total += roughness**k * np.asarray(coarse.resize((size, size), Image.Resampling.BICUBIC), np.float64)
    total -= total.mean()
    return np.asarray(total / max(float(total.std()), 1e-9), np.float64)


def blur(values: Floats, sigma_px: float) -> Floats:
    """Gaussian blur of an ``(h, w)`` array that goes on beyond its edges as if mirrored."""
    reach = int(np.ceil(3 * sigma_px))
    padded = np.pad(values, reach, mode="symmetric")
    down, across = (np.fft.fftfreq(padded.shape[0]), np.fft.rfftfreq(padded.shape[1]))
    # The Gaussian's own transform; what would wrap around the border lies in the padding.
    pass_down, pass_across = (np.exp(-2 * (np.pi * sigma_px * f) ** 2) for f in (down, across))
    spectrum = np.fft.rfft2(padded) * pass_down[:, None] * pass_across
    whole = np.fft.irfft2(spectrum, padded.shape)
    return np.asarray(whole[reach : reach + values.shape[0], reach : reach + values.shape[1]], np.float64)
