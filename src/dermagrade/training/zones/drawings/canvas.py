"""Colours, backgrounds and strokes that all drawings are made of."""

from __future__ import annotations

from functools import lru_cache
from math import cos, sin

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Pixels = NDArray[np.uint8]
Rgb = tuple[int, int, int]
Point = tuple[float, float]

# From very light to very dark; colours in between are mixed from neighbours.
_SKIN = np.array(
    [
        (250, 226, 205), (255, 205, 165), (241, 194, 150), (232, 169, 141), (224, 172, 125), (208, 139, 111),
        (198, 134, 86), (160, 110, 78), (141, 85, 52), (110, 70, 50), (80, 52, 40), (55, 40, 34),
    ],
    dtype=np.float64,
)  # fmt: skip


def skin_tone(rng: Generator) -> NDArray[np.float64]:
    """A skin colour, red, green and blue from 0 to 255."""
    at = rng.uniform(0, len(_SKIN) - 1)
    low = min(int(at), len(_SKIN) - 2)
    mixed = _SKIN[low] + (at - low) * (_SKIN[low + 1] - _SKIN[low])
    tone: NDArray[np.float64] = np.clip(mixed + rng.uniform(-10, 10, 3), 0, 255)
    return tone


def any_tone(rng: Generator) -> NDArray[np.float64]:
    """A colour of any kind, likewise."""
    return rng.uniform(10, 250, 3)


def rgb(tone: NDArray[np.float64], times: float = 1.0) -> Rgb:
    """A colour as Pillow takes it, made brighter or darker."""
    r, g, b = (int(v) for v in np.clip(tone * times, 0, 255))
    return r, g, b


@lru_cache(maxsize=8)
def grid(size: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """x and y of every pixel, from -1 to 1."""
    line = np.linspace(-1, 1, size, dtype=np.float32)
    x, y = np.meshgrid(line, line)
    return x, y


def enlarged(grid: NDArray[np.float64], size: int) -> Image.Image:
    """A small grid of values 0 to 255, smoothly enlarged."""
    return Image.fromarray(np.clip(grid, 0, 255).astype(np.uint8)).resize((size, size), Image.Resampling.BICUBIC)


def cloud(rng: Generator, size: int, octaves: int = 5, roughness: float = 0.5) -> NDArray[np.float32]:
    """Fractal noise, roughly -1 to 1, ``(size, size)``."""
    total = np.zeros((size, size), np.float32)
    weight = 1.0
    for k in range(octaves):
        cells = min(2 ** (k + 1) + 1, size)
        total += weight * (np.asarray(enlarged(rng.uniform(0, 255, (cells, cells)), size), np.float32) / 127.5 - 1)
        weight *= roughness
    return total


def mixed(field: NDArray[np.floating], low: NDArray[np.float64], high: NDArray[np.float64]) -> Pixels:
    """Colours between ``low`` and ``high`` by a field of 0 to 1."""
    share = np.clip(field, 0, 1)[..., None].astype(np.float32)
    mixed: Pixels = (low.astype(np.float32) + share * (high - low).astype(np.float32)).clip(0, 255).astype(np.uint8)
    return mixed


def canvas(rng: Generator, size: int) -> Image.Image:
    """A plain, shaded or cloudy background of twice the size, to draw on."""
    kind = rng.integers(3)
    if kind == 0:
        return Image.new("RGB", (2 * size, 2 * size), rgb(any_tone(rng)))
    if kind == 1:
        return _doubled(enlarged(rng.uniform(0, 255, (2, 2, 3)), size))
    tones = rng.uniform(40, 220, 3) + rng.normal(0, 25, (int(rng.integers(4, 12)),) * 2 + (3,))
    return _doubled(enlarged(tones, size))


def _doubled(image: Image.Image) -> Image.Image:
    """The picture at twice its size, without smoothing."""
    return image.resize((2 * image.width, 2 * image.height), Image.Resampling.NEAREST)


def finished(image: Image.Image) -> Pixels:
    """The drawing at half its size, which smooths its edges."""
    return np.asarray(image.reduce(2))


def disc(
    draw: ImageDraw.ImageDraw,
    x: float,
    y: float,
    rx: float,
    ry: float,
    fill: Rgb | int,
    outline: Rgb | None = None,
    width: int = 1,
) -> None:
    """A filled ellipse about a point."""
    draw.ellipse((x - rx, y - ry, x + rx, y + ry), fill=fill, outline=outline, width=width)


def limb(draw: ImageDraw.ImageDraw, points: list[Point], width: float, fill: Rgb | int) -> None:
    """A thick line with round joints and ends."""
    draw.line(points, fill=fill, width=max(1, int(width)))
    for x, y in points:
        disc(draw, x, y, width / 2, width / 2, fill)


def around(x: float, y: float, length: float, angle: float) -> Point:
    """The point at this distance from another, in the direction of an angle in radians."""
    return x + length * cos(angle), y + length * sin(angle)
