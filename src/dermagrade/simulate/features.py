"""What lies on and around drawn skin: eyes, brows, nostrils, lips, creases, hair, stubble, and the face's edge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from dermagrade.simulate.fields import Floats, blur, cloud, grid

# Lesions keep this far from what is no skin, as a share of the picture's side.
_RIM = 0.012
# The drawing is made at twice the size, then halved, which smooths its edges.
_FINE = 2


@dataclass(frozen=True, eq=False)
class Layer:
    """Something that covers the skin.

    Attributes:
        cover: ``(size, size)`` from 0 to 1.
        colour: linear red, green and blue, ``(3,)`` or ``(size, size, 3)``.
    """

    cover: Floats
    colour: Floats


@dataclass(eq=False)
class Features:
    """All that lies on the skin of one picture.

    Attributes:
        skin: ``(size, size)`` bool, True on plain skin.
        redness: haemoglobin to add, ``(size, size)``: lips.
        shade: logarithm of the light that creases and edges let through, ``(size, size)``.
        layers: what covers the skin, in order.
    """

    skin: NDArray[np.bool_]
    redness: Floats
    shade: Floats
    layers: list[Layer] = field(default_factory=list)


def draw_features(rng: Generator, size: int) -> Features:
    """A whole face on one half of the pictures, some of its parts or none on the other.

    Args:
        rng: where the chance comes from.
        size: side of the picture in pixels.
    """
    found = Features(np.ones((size, size), bool), np.zeros((size, size)), np.zeros((size, size)))
    hair = rng.uniform(0.004, 0.25) * np.array([1.0, rng.uniform(0.5, 0.9), rng.uniform(0.25, 0.8)])
    if rng.random() < 0.5:
        _face(found, rng, size, hair)
    else:
        for part in (_eye, _brow, _nostrils, _lips):
            if rng.random() < 0.25:
                x, y = rng.uniform(0.1, 0.9, 2)
                _part(part, found, rng, size, x, y, hair)
    _creases(found, rng, size)
    _hairs(found, rng, size, hair)
    rim = blur((~found.skin).astype(np.float64), _RIM * size) > 0.02
    found.skin &= ~rim
    return found


_Part = Callable[[Features, Generator, int, float, float, "Floats"], None]


def _part(part: _Part, found: Features, rng: Generator, size: int, x: float, y: float, hair: Floats) -> None:
    part(found, rng, size, x * size, y * size, hair)


def _face(found: Features, rng: Generator, size: int, hair: Floats) -> None:
    """Parts in their places within an oval, with hair and a background around it."""
    cx, cy = 0.5 + rng.uniform(-0.12, 0.12), 0.5 + rng.uniform(-0.06, 0.06)
    half_w, half_h = rng.uniform(0.34, 0.42), rng.uniform(0.46, 0.54)
    turn = rng.uniform(-0.12, 0.12)
    for side in (-1, 1):
        _part(_eye, found, rng, size, cx + turn + side * 0.44 * half_w, cy - 0.18 * half_h, hair)
        _part(_brow, found, rng, size, cx + turn + side * 0.44 * half_w, cy - 0.38 * half_h, hair)
    _part(_nostrils, found, rng, size, cx + turn * 1.3, cy + 0.22 * half_h, hair)
    _part(_lips, found, rng, size, cx + turn * 1.1, cy + 0.52 * half_h, hair)
    x, y = grid(size)
    far = np.hypot((x / size - cx) / half_w, (y / size - cy) / half_h) + 0.03 * cloud(rng, size, octaves=3)
    found.shade -= rng.uniform(0.1, 0.8) * np.clip(far - 0.6, 0, None) ** 2 * 4
    soft = rng.uniform(0.01, 0.05)
    outside = np.clip((far - 1) / soft, 0, 1)
    tones = rng.uniform(0.01, 0.8, 3)
    scene = tones * np.exp(rng.uniform(0.1, 0.8) * cloud(rng, size, octaves=5))[..., None]
    found.layers.append(Layer(outside, np.clip(scene, 0, 1)))
    found.skin &= outside <= 0
    line = cy - rng.uniform(0.65, 0.9) * half_h
    grown = np.clip((line - y / size + 0.03 * cloud(rng, size, octaves=5)) / 0.02, 0, 1) * (
        far < rng.uniform(1.05, 1.3)
    )
    strands = np.exp(
        0.5 * blur(rng.normal(0, 1, (size, 1)) * np.ones((1, size)) + 2 * rng.normal(0, 1, (size, size)), 1.5)
    )
    found.layers.append(Layer(grown, np.clip(hair * strands[..., None], 0, 1)))
    found.skin &= grown <= 0


def _canvas(size: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("L", (size * _FINE, size * _FINE))
    return image, ImageDraw.Draw(image)


def _cover(image: Image.Image) -> Floats:
    return np.asarray(image.reduce(_FINE), np.float64) / 255


def _curve(rng: Generator, x: float, y: float, length: float, angle: float, bend: float) -> list[tuple[float, float]]:
    """Points of a bent line, in pixels of the fine drawing."""
    steps = np.linspace(0, 1, 7)
    way = angle + bend * steps
    xs = x + np.concatenate([[0], np.cumsum(np.cos(way[:-1]))]) * length / 6
    ys = y + np.concatenate([[0], np.cumsum(np.sin(way[:-1]))]) * length / 6
    return [(float(a) * _FINE, float(b) * _FINE) for a, b in zip(xs, ys, strict=True)]


def _oval(draw: ImageDraw.ImageDraw, x: float, y: float, rx: float, ry: float) -> None:
    draw.ellipse(((x - rx) * _FINE, (y - ry) * _FINE, (x + rx) * _FINE, (y + ry) * _FINE), fill=255)


def _eye(found: Features, rng: Generator, size: int, x: float, y: float, hair: Floats) -> None:
    rx, ry = rng.uniform(0.05, 0.08) * size, rng.uniform(0.015, 0.032) * size
    white, iris, pupil, lash = (_canvas(size) for _ in range(4))
    _oval(white[1], x, y, rx, ry)
    _oval(iris[1], x, y, ry * 1.05, ry * 1.05)
    _oval(pupil[1], x, y, ry * 0.45, ry * 0.45)
    lash[1].arc(((x - rx) * 2, (y - ry * 1.2) * 2, (x + rx) * 2, (y + ry * 1.2) * 2), 180, 360, fill=255, width=5)
    colours = (np.array([0.6, 0.55, 0.5]), rng.uniform(0.02, 0.25, 3), np.full(3, 0.01), hair * 0.3)
    for (image, _), colour in zip((white, iris, pupil, lash), colours, strict=True):
        found.layers.append(Layer(_cover(image), colour))
    image, draw = _canvas(size)
    _oval(draw, x, y, rx * 1.35, ry * 2.2)
    socket = _cover(image)
    found.shade -= rng.uniform(0.05, 0.35) * blur(socket, 0.015 * size)
    found.skin &= socket < 0.05


def _brow(found: Features, rng: Generator, size: int, x: float, y: float, hair: Floats) -> None:
    image, draw = _canvas(size)
    length, thick = rng.uniform(0.1, 0.16) * size, rng.uniform(0.01, 0.025) * size
    for _ in range(rng.integers(40, 200)):
        u = rng.uniform(-0.5, 0.5)
        start = x + u * length, y + rng.uniform(-0.5, 0.5) * thick - 0.02 * size * (1 - 4 * u * u)
        line = _curve(rng, *start, rng.uniform(0.015, 0.03) * size, rng.uniform(-0.7, 0.3), rng.normal(0, 0.3))
        draw.line(line, fill=int(rng.integers(90, 230)), width=2)
    cover = _cover(image)
    found.layers.append(Layer(cover, hair))
    found.skin &= blur(cover, 0.01 * size) < 0.03


def _nostrils(found: Features, rng: Generator, size: int, x: float, y: float, hair: Floats) -> None:
    image, draw = _canvas(size)
    wide = rng.uniform(0.035, 0.06) * size
    for side in (-1, 1):
        _oval(draw, x + side * wide * 0.6, y, wide * rng.uniform(0.25, 0.42), wide * rng.uniform(0.12, 0.25))
    holes = blur(_cover(image), 1.0)
    image, draw = _canvas(size)
    for side in (-1, 1):
        line = _curve(rng, x + side * wide * 1.3, y - wide * 0.7, wide * 1.5, np.pi / 2, side * rng.uniform(0.5, 1.5))
        draw.line(line, fill=200, width=4)
    wings = blur(_cover(image), rng.uniform(1.0, 3.0))
    found.shade -= 2.0 * holes + rng.uniform(0.3, 1.0) * wings
    found.redness += 0.4 * holes
    found.skin &= (holes < 0.05) & (wings < 0.08)


def _lips(found: Features, rng: Generator, size: int, x: float, y: float, hair: Floats) -> None:
    image, draw = _canvas(size)
    rx, ry = rng.uniform(0.09, 0.13) * size, rng.uniform(0.02, 0.045) * size
    _oval(draw, x, y, rx, ry)
    lips = blur(_cover(image), rng.uniform(0.8, 3.0))
    image, draw = _canvas(size)
    draw.line(_curve(rng, x - rx, y, 2 * rx, 0.1, -0.2), fill=255, width=4)
    parting = blur(_cover(image), 1.0)
    found.redness += rng.uniform(0.2, 1.2) * lips
    found.shade -= 0.15 * lips + rng.uniform(0.5, 1.5) * parting
    found.skin &= (lips < 0.03) & (parting < 0.05)


def _creases(found: Features, rng: Generator, size: int) -> None:
    image, draw = _canvas(size)
    for _ in range(rng.poisson(3)):
        x, y = rng.uniform(0, size, 2)
        line = _curve(rng, x, y, rng.uniform(0.05, 0.4) * size, rng.uniform(0, np.pi), rng.normal(0, 0.6))
        draw.line(line, fill=int(rng.integers(60, 255)), width=int(rng.integers(2, 6)))
    found.shade -= rng.uniform(0.05, 0.5) * blur(_cover(image), rng.uniform(0.8, 4.0))


def _hairs(found: Features, rng: Generator, size: int, hair: Floats) -> None:
    """Down, strands that hang into the face, and stubble."""
    image, draw = _canvas(size)
    way = rng.uniform(0, 2 * np.pi)
    for _ in range(rng.integers(0, 150) * (rng.random() < 0.5)):
        x, y = rng.uniform(0, size, 2)
        line = _curve(rng, x, y, rng.uniform(0.01, 0.04) * size, way + rng.normal(0, 0.4), rng.normal(0, 0.5))
        draw.line(line, fill=int(rng.integers(20, 90)), width=1)
    for _ in range(rng.poisson(4) * (rng.random() < 0.5)):
        x, y = rng.uniform(0, size, 2)
        line = _curve(rng, x, y, rng.uniform(0.2, 1.0) * size, rng.uniform(0, np.pi), rng.normal(0, 0.6))
        draw.line(line, fill=int(rng.integers(100, 255)), width=int(rng.integers(1, 5)))
    if rng.random() < 0.25:
        cx, cy = rng.uniform(0.2, 0.8, 2) * size
        for x, y in rng.normal((cx, cy), 0.15 * size, (int(rng.integers(100, 1200)), 2)):
            line = _curve(rng, x, y, rng.uniform(0.002, 0.010) * size, rng.normal(1.5, 0.5), 0)
            draw.line(line, fill=int(rng.integers(60, 220)), width=2)
    found.layers.append(Layer(_cover(image), hair))
