"""Random shapes at the pixels of a face: clouds, blurs and edges, quick enough to paint many pictures a second."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

Grid = NDArray[np.float32]


def resized(values: Grid, shape: tuple[int, int], method: Image.Resampling = Image.Resampling.BICUBIC) -> Grid:
    """An ``(h, w)`` array brought to another shape."""
    if values.shape == shape:
        return values
    return np.asarray(Image.fromarray(values).resize((shape[1], shape[0]), method), np.float32)


def noise(rng: Generator, shape: tuple[int, int], cell_px: float) -> Grid:
    """Smooth noise of unit spread whose bumps are about ``cell_px`` wide, ``shape``."""
    cell = max(cell_px, 1.0)
    rows, columns = int(np.ceil(shape[0] / cell)) + 4, int(np.ceil(shape[1] / cell)) + 4
    coarse = Image.fromarray(rng.standard_normal((rows, columns), dtype=np.float32))
    x, y = rng.uniform(0.5, 1.5, 2)
    box = (x, y, x + shape[1] / cell, y + shape[0] / cell)
    # The cubic spreads a node's value over its neighbours, which costs about a third of the spread.
    return np.asarray(coarse.resize((shape[1], shape[0]), Image.Resampling.BICUBIC, box), np.float32) * 1.35


def cloud(rng: Generator, shape: tuple[int, int], cell_px: float, *, octaves: int = 3, roughness: float = 0.5) -> Grid:
    """Fractal noise of about unit spread; each octave is half as wide as the one before and ``roughness`` as strong."""
    total = noise(rng, shape, cell_px)
    for k in range(1, octaves):
        total = total + np.float32(roughness**k) * noise(rng, shape, cell_px / 2**k)
    return np.asarray(total / np.sqrt(sum(roughness ** (2 * k) for k in range(octaves))), np.float32)


def blurred(values: Grid, sigma_px: float) -> Grid:
    """About a Gaussian blur: three box means one after the other; beyond the border the edge goes on."""
    reach = round(np.sqrt(sigma_px**2 + 0.25) - 0.5)
    if reach < 1:
        return values
    for _ in range(3):
        values = _box(_box(values, reach).T, reach).T
    return np.ascontiguousarray(values)


def _box(values: Grid, reach: int) -> Grid:
    padded = np.pad(values, ((reach + 1, reach), (0, 0)), mode="edge")
    total = padded.cumsum(axis=0, dtype=np.float64)
    return np.asarray((total[2 * reach + 1 :] - total[: -2 * reach - 1]) / (2 * reach + 1), np.float32)


def smooth_step(values: Grid, start: float, end: float) -> Grid:
    """0 up to ``start``, 1 from ``end`` on, smooth between."""
    u = np.clip((values - np.float32(start)) / np.float32(max(end - start, 1e-6)), 0, 1)
    return np.asarray(u * u * (3 - 2 * u), np.float32)
