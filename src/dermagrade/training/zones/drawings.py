"""Pictures drawn by code that hold no face: patterns, scenes, skin without features, cartoons and hands.

Every family is a function ``(rng, size) -> (size, size, 3) uint8``. :data:`TRAIN_FAMILIES` and
:data:`TEST_FAMILIES` share no function, so that a network which learned from the first is tested on drawings it
has never seen. Hands are the one near relation: both are put together from a palm and five fingers, but those for
tests hold them together or bend them, and wear a sleeve.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import cos, pi, sin
from typing import Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Pixels = NDArray[np.uint8]
Family = Callable[[Generator, int], Pixels]
Rgb = tuple[int, int, int]
Point = tuple[float, float]
Split = Literal["train", "test"]

# From very light to very dark; colours in between are mixed from neighbours.
_SKIN = np.array(
    [
        (250, 226, 205), (255, 205, 165), (241, 194, 150), (232, 169, 141), (224, 172, 125), (208, 139, 111),
        (198, 134, 86), (160, 110, 78), (141, 85, 52), (110, 70, 50), (80, 52, 40), (55, 40, 34),
    ],
    dtype=np.float64,
)  # fmt: skip


def cartoon(rng: Generator, size: int, *, split: Split = "test") -> Pixels:
    """A drawn comic head: flat colours, simple eyes and mouth; a third of them skin-coloured.

    Args:
        rng: where the chance comes from.
        size: side of the picture in pixels.
        split: ``train`` draws round heads with dot eyes, ``test`` other head shapes with outlined eyes.

    Returns:
        ``(size, size, 3)`` uint8.
    """
    return _round_head(rng, size) if split == "train" else _comic_head(rng, size)


def hand(rng: Generator, size: int, *, split: Split = "test") -> Pixels:
    """A hand: a palm and five fingers in a skin colour, with shading and nails, on a plain background.

    Args:
        rng: where the chance comes from.
        size: side of the picture in pixels.
        split: ``train`` draws a spread hand, ``test`` a hand in a sleeve, its fingers held together or partly
            bent.

    Returns:
        ``(size, size, 3)`` uint8.
    """
    return _spread_hand(rng, size) if split == "train" else _sleeved_hand(rng, size)


# Colours and canvases


def _skin_tone(rng: Generator) -> NDArray[np.float64]:
    at = rng.uniform(0, len(_SKIN) - 1)
    low = min(int(at), len(_SKIN) - 2)
    mixed = _SKIN[low] + (at - low) * (_SKIN[low + 1] - _SKIN[low])
    tone: NDArray[np.float64] = np.clip(mixed + rng.uniform(-10, 10, 3), 0, 255)
    return tone


def _any_tone(rng: Generator) -> NDArray[np.float64]:
    return rng.uniform(10, 250, 3)


def _rgb(tone: NDArray[np.float64], times: float = 1.0) -> Rgb:
    r, g, b = (int(v) for v in np.clip(tone * times, 0, 255))
    return r, g, b


@lru_cache(maxsize=8)
def _grid(size: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """x and y of every pixel, from -1 to 1."""
    line = np.linspace(-1, 1, size, dtype=np.float32)
    x, y = np.meshgrid(line, line)
    return x, y


def _enlarged(grid: NDArray[np.float64], size: int) -> Image.Image:
    """A small grid of values 0 to 255, smoothly enlarged."""
    return Image.fromarray(np.clip(grid, 0, 255).astype(np.uint8)).resize((size, size), Image.Resampling.BICUBIC)


def _cloud(rng: Generator, size: int, octaves: int = 5, roughness: float = 0.5) -> NDArray[np.float32]:
    """Fractal noise, roughly -1 to 1, ``(size, size)``."""
    total = np.zeros((size, size), np.float32)
    weight = 1.0
    for k in range(octaves):
        cells = min(2 ** (k + 1) + 1, size)
        total += weight * (np.asarray(_enlarged(rng.uniform(0, 255, (cells, cells)), size), np.float32) / 127.5 - 1)
        weight *= roughness
    return total


def _mixed(field: NDArray[np.floating], low: NDArray[np.float64], high: NDArray[np.float64]) -> Pixels:
    """Colours between ``low`` and ``high`` by a field of 0 to 1."""
    share = np.clip(field, 0, 1)[..., None].astype(np.float32)
    mixed: Pixels = (low.astype(np.float32) + share * (high - low).astype(np.float32)).clip(0, 255).astype(np.uint8)
    return mixed


def _canvas(rng: Generator, size: int) -> Image.Image:
    """A plain, shaded or cloudy background of twice the size, to draw on."""
    kind = rng.integers(3)
    if kind == 0:
        return Image.new("RGB", (2 * size, 2 * size), _rgb(_any_tone(rng)))
    if kind == 1:
        return _doubled(_enlarged(rng.uniform(0, 255, (2, 2, 3)), size))
    tones = rng.uniform(40, 220, 3) + rng.normal(0, 25, (int(rng.integers(4, 12)),) * 2 + (3,))
    return _doubled(_enlarged(tones, size))


def _doubled(image: Image.Image) -> Image.Image:
    return image.resize((2 * image.width, 2 * image.height), Image.Resampling.NEAREST)


def _finished(image: Image.Image) -> Pixels:
    """The drawing at half its size, which smooths its edges."""
    return np.asarray(image.reduce(2))


def _disc(
    draw: ImageDraw.ImageDraw,
    x: float,
    y: float,
    rx: float,
    ry: float,
    fill: Rgb | int,
    outline: Rgb | None = None,
    width: int = 1,
) -> None:
    draw.ellipse((x - rx, y - ry, x + rx, y + ry), fill=fill, outline=outline, width=width)


def _limb(draw: ImageDraw.ImageDraw, points: list[Point], width: float, fill: Rgb | int) -> None:
    """A thick line with round joints and ends."""
    draw.line(points, fill=fill, width=max(1, int(width)))
    for x, y in points:
        _disc(draw, x, y, width / 2, width / 2, fill)


def _around(x: float, y: float, length: float, angle: float) -> Point:
    return x + length * cos(angle), y + length * sin(angle)


# Patterns and scenes for training


def _gradient(rng: Generator, size: int) -> Pixels:
    return np.asarray(_enlarged(rng.uniform(0, 255, (int(rng.integers(2, 4)), int(rng.integers(2, 4)), 3)), size))


def _stripes(rng: Generator, size: int) -> Pixels:
    x, y = _grid(size)
    angle = rng.uniform(0, pi)
    wave = np.sin((cos(angle) * x + sin(angle) * y) * rng.uniform(4, 80) + rng.uniform(0, 6))
    return _mixed(wave * rng.uniform(0.5, 8) + 0.5, _any_tone(rng), _any_tone(rng))


def _checkers(rng: Generator, size: int) -> Pixels:
    x, y = _grid(size)
    angle, cells = rng.uniform(0, pi / 2), rng.uniform(2, 14)
    u, v = (cos(angle) * x + sin(angle) * y) * cells, (cos(angle) * y - sin(angle) * x) * cells
    return _mixed(((np.floor(u) + np.floor(v)) % 2).astype(np.float32), _any_tone(rng), _any_tone(rng))


def _clouds(rng: Generator, size: int) -> Pixels:
    field = _cloud(rng, size, octaves=int(rng.integers(2, 8)), roughness=rng.uniform(0.3, 0.9))
    return _mixed(field * rng.uniform(0.3, 1.2) + 0.5, _any_tone(rng), _any_tone(rng))


def _polygons(rng: Generator, size: int) -> Pixels:
    image = _canvas(rng, size)
    draw = ImageDraw.Draw(image)
    for _ in range(rng.integers(2, 15)):
        middle, spread = rng.uniform(0, 2 * size, 2), rng.uniform(0.1, 0.9) * size
        corners = [(float(a), float(b)) for a, b in middle + rng.normal(0, spread / 2, (int(rng.integers(3, 7)), 2))]
        draw.polygon(corners, fill=_rgb(_skin_tone(rng) if rng.random() < 0.3 else _any_tone(rng)))
    return _finished(image)


def _blobs(rng: Generator, size: int) -> Pixels:
    image = _canvas(rng, size)
    draw = ImageDraw.Draw(image)
    for _ in range(rng.integers(1, 20)):
        x, y = rng.uniform(0, 2 * size, 2)
        rx, ry = rng.uniform(0.03, 0.5, 2) * size
        _disc(draw, x, y, rx, ry, _rgb(_skin_tone(rng) if rng.random() < 0.4 else _any_tone(rng)))
    if rng.random() < 0.5:
        return np.asarray(image.reduce(2).filter(ImageFilter.BoxBlur(rng.uniform(1, 0.04 * size))))
    return _finished(image)


def _strokes(rng: Generator, size: int) -> Pixels:
    """Lines of scribble that look like writing from afar."""
    paper = rng.uniform(180, 255, 3) if rng.random() < 0.7 else _any_tone(rng)
    image = Image.new("RGB", (2 * size, 2 * size), _rgb(paper))
    draw = ImageDraw.Draw(image)
    ink, height = _rgb(rng.uniform(0, 100, 3)), rng.uniform(0.03, 0.2) * size
    y = height
    while y < 2 * size:
        x = rng.uniform(0, 0.3) * size
        while x < 2 * size * rng.uniform(0.7, 1):
            steps = rng.uniform(-0.5, 0.5, (int(rng.integers(3, 8)), 2)) * height
            draw.line([(float(x + a), float(y + b)) for a, b in steps], fill=ink, width=max(1, int(height * 0.12)))
            x += height * rng.uniform(0.5, 1.4)
        y += height * rng.uniform(1.3, 2)
    return _finished(image)


def _skin_field(rng: Generator, size: int) -> Pixels:
    """Skin seen close: one tone, uneven light, fine grain, freckles or spots; no part of a face."""
    tone = _skin_tone(rng)
    light = _cloud(rng, size, octaves=3) * rng.uniform(0.02, 0.2)
    light += _cloud(rng, size, octaves=8, roughness=0.95) * rng.uniform(0, 0.03)
    skin: Pixels = (tone.astype(np.float32) * (1 + light[..., None])).clip(0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        return skin
    image = Image.fromarray(skin)
    spots = Image.new("L", image.size)
    draw = ImageDraw.Draw(spots)
    for _ in range(rng.integers(1, 60)):
        x, y = rng.uniform(0, size, 2)
        r = rng.uniform(0.004, 0.03) * size
        _disc(draw, x, y, r, r * rng.uniform(0.7, 1.4), int(rng.uniform(40, 220)))
    red = Image.new("RGB", image.size, _rgb(tone * np.array(rng.choice([(0.95, 0.65, 0.62), (0.6, 0.5, 0.45)]))))
    image.paste(red, mask=spots.filter(ImageFilter.GaussianBlur(0.006 * size)))
    return np.asarray(image)


def _skin_ellipse(rng: Generator, size: int) -> Pixels:
    """An oval of skin colour with the size and shading of a head, without any feature; hair above some."""
    image = _canvas(rng, size)
    draw = ImageDraw.Draw(image)
    x, y = rng.uniform(0.6, 1.4, 2) * size
    rx = rng.uniform(0.2, 0.7) * size
    ry = rx * rng.uniform(1, 1.6)
    if rng.random() < 0.4:
        _disc(draw, x, y - 0.25 * ry, rx * 1.2, ry * 1.05, _rgb(rng.uniform(10, 110, 3)))
    tone = _skin_tone(rng)
    _disc(draw, x, y, rx, ry, _rgb(tone, rng.uniform(0.75, 1)))
    _disc(draw, x + rng.uniform(-0.1, 0.1) * rx, y - 0.05 * ry, rx * 0.85, ry * 0.85, _rgb(tone))
    return np.asarray(image.reduce(2).filter(ImageFilter.BoxBlur(rng.uniform(0.5, 0.03 * size))))


def _room(rng: Generator, size: int) -> Pixels:
    s = 2.0 * size
    image = Image.new("RGB", (2 * size, 2 * size), _rgb(_any_tone(rng)))
    draw = ImageDraw.Draw(image)
    left, right, top, floor = (
        rng.uniform(0.1, 0.4) * s,
        rng.uniform(0.6, 0.9) * s,
        rng.uniform(0.05, 0.3) * s,
        rng.uniform(0.6, 0.85) * s,
    )
    wall = _any_tone(rng)
    draw.polygon([(0, 0), (left, top), (left, floor), (0, s)], fill=_rgb(wall, 0.8))
    draw.polygon([(s, 0), (right, top), (right, floor), (s, s)], fill=_rgb(wall, 0.7))
    draw.polygon([(0, s), (left, floor), (right, floor), (s, s)], fill=_rgb(_any_tone(rng)))
    draw.rectangle((left, top, right, floor), fill=_rgb(wall))
    for _ in range(rng.integers(1, 5)):
        x, y = rng.uniform(left, right), rng.uniform(top, floor)
        w, h = rng.uniform(0.04, 0.25, 2) * s
        draw.rectangle(
            (x, y, x + w, y + h), fill=_rgb(_any_tone(rng)), outline=_rgb(_any_tone(rng)), width=max(1, int(0.01 * s))
        )
    return _finished(image)


def _landscape(rng: Generator, size: int) -> Pixels:
    s = 2 * size
    sky = np.array([120, 170, 220]) + rng.uniform(-60, 60, 3)
    image = _enlarged(np.array([[sky * t, sky * t] for t in (0.8, 1.1)]), s)
    draw = ImageDraw.Draw(image)
    if rng.random() < 0.6:
        sun = rng.uniform(0.03, 0.12) * s
        _disc(draw, rng.uniform(0, s), rng.uniform(0, 0.4 * s), sun, sun, (255, 235, 160))
    for layer in range(rng.integers(1, 5)):
        xs = np.linspace(0, s, 14)
        ys = s * (0.4 + 0.13 * layer) + rng.normal(0, 0.05 * s, 14)
        ridge = [(float(a), float(b)) for a, b in zip(xs, ys, strict=True)]
        draw.polygon([(0, s), *ridge, (s, s)], fill=_rgb(np.array([60, 110, 55]) + rng.uniform(-50, 70, 3)))
    return _finished(image)


def _ball(rng: Generator, size: int) -> Pixels:
    """A ball or a round fruit, lit from one side."""
    tone = _skin_tone(rng) if rng.random() < 0.3 else _any_tone(rng)
    base = np.asarray(_canvas(rng, size).reduce(2)).astype(np.float32)
    x, y = _grid(size)
    radius, (cx, cy) = rng.uniform(0.3, 0.9), rng.uniform(-0.4, 0.4, 2)
    u, v = (x - cx) / radius, (y - cy) / radius * rng.uniform(0.8, 1.1)
    inside = u**2 + v**2 < 1
    depth = np.sqrt(np.clip(1 - u**2 - v**2, 0, 1))
    angle = rng.uniform(0, 2 * pi)
    light = np.clip(0.6 * depth + 0.45 * (u * cos(angle) + v * sin(angle)), 0, 1) * 0.8 + 0.25
    shine = np.clip(light - 0.95, 0, 1)[..., None] * 500 * rng.integers(2)
    lit = tone.astype(np.float32) * light[..., None] + shine
    return np.where(inside[..., None], lit, base).clip(0, 255).astype(np.uint8)


def _leaves(rng: Generator, size: int) -> Pixels:
    image = _canvas(rng, size)
    draw = ImageDraw.Draw(image)
    green = np.array([70, 130, 50]) + rng.uniform(-50, 60, 3)
    for _ in range(rng.integers(3, 25)):
        x, y = rng.uniform(0, 2 * size, 2)
        angle, length, broad = rng.uniform(0, 2 * pi), rng.uniform(0.2, 0.8) * size, rng.uniform(0.15, 0.4)
        t = np.linspace(0, 1, 12)
        half = broad * length * np.sin(pi * t)
        along = np.concatenate([t, t[::-1]]) * length
        across = np.concatenate([half, -half[::-1]])
        outline = [
            (float(x + a * cos(angle) - b * sin(angle)), float(y + a * sin(angle) + b * cos(angle)))
            for a, b in zip(along, across, strict=True)
        ]
        tone = green * rng.uniform(0.5, 1.3)
        draw.polygon(outline, fill=_rgb(tone))
        draw.line([(x, y), _around(x, y, length, angle)], fill=_rgb(tone, 1.3), width=max(1, int(0.015 * size)))
    return _finished(image)


# Patterns and scenes for tests


def _rings(rng: Generator, size: int) -> Pixels:
    x, y = _grid(size)
    cx, cy = rng.uniform(-0.8, 0.8, 2)
    radius = np.hypot(x - cx, (y - cy) * rng.uniform(0.6, 1.6))
    return _mixed(np.sin(radius * rng.uniform(3, 60)) * rng.uniform(0.4, 6) + 0.5, _any_tone(rng), _any_tone(rng))


def _plaid(rng: Generator, size: int) -> Pixels:
    colours = rng.uniform(20, 235, (2, 7, 3))
    widths = rng.integers(max(2, size // 60), max(3, size // 7), (2, 7))
    bands = [np.resize(np.repeat(colours[i], widths[i], axis=0), (size, 3)) for i in range(2)]
    return ((bands[0][:, None] + bands[1][None]) / 2).astype(np.uint8)


def _cells(rng: Generator, size: int) -> Pixels:
    """Voronoi cells, each of one colour."""
    seeds = rng.uniform(-1, 1, (int(rng.integers(5, 40)), 2)).astype(np.float32)
    x, y = _grid(size // 2)
    near = np.argmin(np.stack([(x - a) ** 2 + (y - b) ** 2 for a, b in seeds]), axis=0)
    tones = (
        rng.uniform(0, 255, (len(seeds), 3))
        if rng.random() < 0.6
        else _skin_tone(rng) * rng.uniform(0.7, 1.2, (len(seeds), 1))
    )
    colours = tones.clip(0, 255).astype(np.uint8)
    return np.asarray(Image.fromarray(colours[near]).resize((size, size), Image.Resampling.BILINEAR))


def _masonry(rng: Generator, size: int) -> Pixels:
    s = 2 * size
    image = Image.new("RGB", (s, s), _rgb(rng.uniform(120, 220, 3)))
    draw = ImageDraw.Draw(image)
    h = rng.uniform(0.06, 0.2) * s
    w, gap, tone = (
        h * rng.uniform(1.5, 3),
        h * rng.uniform(0.04, 0.15),
        np.array([165, 90, 70]) + rng.uniform(-40, 60, 3),
    )
    for row in range(int(s / h) + 2):
        for column in range(-1, int(s / w) + 2):
            x, y = (column + 0.5 * (row % 2)) * w, row * h
            draw.rectangle((x, y, x + w - gap, y + h - gap), fill=_rgb(tone, rng.uniform(0.75, 1.2)))
    return _finished(image)


def _bokeh(rng: Generator, size: int) -> Pixels:
    """Lights out of focus."""
    side = (size + 1) // 2
    light = np.zeros((side, side, 3), np.float32) + rng.uniform(5, 60, 3).astype(np.float32)
    x, y = _grid(side)
    for _ in range(rng.integers(4, 14)):
        cx, cy = rng.uniform(-1, 1, 2)
        disc = np.clip((rng.uniform(0.05, 0.35) - np.hypot(x - cx, y - cy)) * 12, 0, 1)
        light += disc[..., None] * rng.uniform(20, 160, 3).astype(np.float32)
    small = Image.fromarray(light.clip(0, 255).astype(np.uint8))
    return np.asarray(small.resize((size, size), Image.Resampling.BILINEAR))


def _letters(rng: Generator, size: int) -> Pixels:
    image = _canvas(rng, size)
    draw = ImageDraw.Draw(image)
    for _ in range(rng.integers(3, 16)):
        word = "".join(chr(c) for c in rng.integers(33, 123, int(rng.integers(2, 14))))
        font = ImageFont.load_default(size=int(rng.uniform(0.06, 0.4) * size))
        draw.text(tuple(rng.uniform(-0.2, 1.8, 2) * size), word, fill=_rgb(_any_tone(rng)), font=font)
    return _finished(image)


def _arms(rng: Generator, size: int) -> Pixels:
    """Bare limbs and a trunk: long shaded shapes of skin colour, some with clothes."""
    image = _canvas(rng, size)
    draw = ImageDraw.Draw(image)
    tone = _skin_tone(rng)
    for _ in range(rng.integers(1, 4)):
        points = [(float(a), float(b)) for a, b in rng.uniform(-0.2, 2.2, (3, 2)) * size]
        width = rng.uniform(0.2, 0.7) * size
        for share in (1, 0.85, 0.65, 0.4):
            _limb(draw, points, width * share, _rgb(tone, 1.12 - 0.35 * share))
    if rng.random() < 0.5:
        x, y = rng.uniform(0, 1.2, 2) * size
        draw.rectangle(
            (x, y, x + rng.uniform(0.4, 1) * size, y + rng.uniform(0.4, 1) * size), fill=_rgb(_any_tone(rng))
        )
    return np.asarray(image.reduce(2).filter(ImageFilter.BoxBlur(0.015 * size)))


def _skin_cushion(rng: Generator, size: int) -> Pixels:
    """A rounded box of skin colour, soft light across it, without any feature."""
    base = np.asarray(_canvas(rng, size).reduce(2)).astype(np.float32)
    x, y = _grid(size)
    power, angle = rng.uniform(2.5, 6), rng.uniform(0, pi)
    u, v = cos(angle) * x + sin(angle) * y, cos(angle) * y - sin(angle) * x
    radius = (np.abs(u / rng.uniform(0.4, 1)) ** power + np.abs(v / rng.uniform(0.4, 1)) ** power) ** (1 / power)
    cover = np.clip((1 - radius) * rng.uniform(5, 60), 0, 1)[..., None]
    light = (1.1 - 0.35 * radius**2 + 0.08 * _cloud(rng, size, octaves=4))[..., None]
    return (base * (1 - cover) + _skin_tone(rng).astype(np.float32) * light * cover).clip(0, 255).astype(np.uint8)


def _skin_folds(rng: Generator, size: int) -> Pixels:
    """Skin seen close with folds and fine lines, such as an elbow or a palm."""
    x, y = _grid(size)
    bend = _cloud(rng, size, octaves=3) * rng.uniform(0.1, 0.6)
    angle = rng.uniform(0, pi)
    folds = np.abs(np.sin((cos(angle) * x + sin(angle) * y + bend) * rng.uniform(3, 25))) ** rng.uniform(0.15, 0.5)
    light = 0.75 + 0.25 * folds + 0.05 * _cloud(rng, size, octaves=7, roughness=0.9)
    skin: Pixels = (_skin_tone(rng).astype(np.float32) * light[..., None]).clip(0, 255).astype(np.uint8)
    return skin


def _street(rng: Generator, size: int) -> Pixels:
    s = 2.0 * size
    image = Image.new("RGB", (2 * size, 2 * size), _rgb(np.array([170, 190, 215]) + rng.uniform(-60, 40, 3)))
    draw = ImageDraw.Draw(image)
    x = -rng.uniform(0, 0.1) * s
    while x < s:
        w, top, tone = rng.uniform(0.15, 0.4) * s, rng.uniform(0.05, 0.6) * s, _any_tone(rng)
        draw.rectangle((x, top, x + w, 0.85 * s), fill=_rgb(tone))
        pane = rng.uniform(0.03, 0.07) * s
        for wy in np.arange(top + pane, 0.8 * s, 1.8 * pane):
            for wx in np.arange(x + 0.6 * pane, x + w - pane, 1.7 * pane):
                draw.rectangle((wx, wy, wx + pane, wy + pane), fill=_rgb(tone, rng.choice([0.4, 0.5, 1.6])))
        x += w
    draw.rectangle((0, 0.85 * s, s, s), fill=_rgb(rng.uniform(60, 120, 3)))
    return _finished(image)


def _fruit_bowl(rng: Generator, size: int) -> Pixels:
    s = 2.0 * size
    image = _canvas(rng, size)
    draw = ImageDraw.Draw(image)
    for _ in range(rng.integers(3, 10)):
        x, y, r = rng.uniform(0.2, 0.8) * s, rng.uniform(0.35, 0.65) * s, rng.uniform(0.06, 0.18) * s
        tone = np.array(
            rng.choice([(215, 60, 45), (240, 170, 50), (150, 190, 60), (245, 215, 80), (225, 150, 110)])
        ) * rng.uniform(0.8, 1.1)
        for k in range(6):
            _disc(
                draw,
                x - 0.05 * r * k,
                y - 0.05 * r * k,
                r * (1 - 0.14 * k),
                r * (1 - 0.14 * k),
                _rgb(tone, 0.75 + 0.08 * k),
            )
        draw.line([(x, y - 0.9 * r), (x + 0.2 * r, y - 1.3 * r)], fill=(80, 55, 30), width=max(1, int(0.1 * r)))
    draw.chord((0.1 * s, 0.2 * s, 0.9 * s, 0.95 * s), 0, 180, fill=_rgb(_any_tone(rng)))
    return _finished(image)


def _flowers(rng: Generator, size: int) -> Pixels:
    image = _canvas(rng, size)
    draw = ImageDraw.Draw(image)
    for _ in range(rng.integers(1, 7)):
        x, y = rng.uniform(0.2, 1.8, 2) * size
        r, petals, tone = rng.uniform(0.1, 0.5) * size, int(rng.integers(5, 12)), _any_tone(rng)
        for k in range(petals):
            px, py = _around(x, y, 0.7 * r, 2 * pi * k / petals)
            _limb(draw, [(x, y), (px, py)], 3.6 * r / petals, _rgb(tone, 0.85 + 0.3 * (k % 2)))
        _disc(draw, x, y, 0.3 * r, 0.3 * r, _rgb(np.array([230, 190, 60]) + rng.uniform(-40, 20, 3)))
    return _finished(image)


# Cartoons


def _head_tone(rng: Generator) -> NDArray[np.float64]:
    kind = rng.integers(3)
    return (
        _skin_tone(rng)
        if kind == 0
        else np.array([250, 215, 60]) + rng.uniform(-20, 5, 3)
        if kind == 1
        else rng.uniform(90, 250, 3)
    )


def _round_head(rng: Generator, size: int) -> Pixels:
    """A smiley or a simple comic head: circle, dot eyes, arc mouth; some with brows, nose, hair, hat or body."""
    image = _canvas(rng, size)
    draw = ImageDraw.Draw(image)
    r = rng.uniform(0.25, 0.95) * size
    x, y = size + rng.uniform(-0.3, 0.3) * size, size + rng.uniform(-0.3, 0.3) * size
    tone, ink, pen = _head_tone(rng), _rgb(rng.uniform(0, 60, 3)), max(1, int(r * rng.uniform(0.02, 0.08)))
    hair = _rgb(rng.uniform(10, 160, 3))
    if rng.random() < 0.3:
        draw.rectangle((x - 0.7 * r, y + 0.8 * r, x + 0.7 * r, 2 * size), fill=_rgb(_any_tone(rng)))
    if rng.random() < 0.3:
        _disc(draw, x, y - 0.15 * r, 1.12 * r, 1.1 * r, hair)
    _disc(draw, x, y, r, r * rng.uniform(0.9, 1.2), _rgb(tone), ink if rng.random() < 0.7 else None, pen)
    apart, high, dot = rng.uniform(0.25, 0.5) * r, rng.uniform(0.1, 0.35) * r, rng.uniform(0.05, 0.14) * r
    tall = rng.uniform(1, 2)
    for side in (-1, 1):
        _disc(draw, x + side * apart, y - high, dot, dot * tall, ink)
        if rng.random() < 0.25:
            _disc(draw, x + side * 0.6 * r, y + 0.25 * r, 0.15 * r, 0.12 * r, _rgb(tone * np.array([1, 0.75, 0.75])))
    if rng.random() < 0.4:
        for side in (-1, 1):
            bx, by = x + side * apart, y - high - 0.25 * r
            draw.line([(bx - 0.15 * r, by + rng.uniform(-0.05, 0.05) * r), (bx + 0.15 * r, by)], fill=ink, width=pen)
    if rng.random() < 0.4:
        _disc(draw, x, y + 0.05 * r, 0.07 * r, 0.09 * r, _rgb(tone, 0.75))
    wide, deep = rng.uniform(0.25, 0.6) * r, rng.uniform(0.15, 0.45) * r
    if rng.random() < 0.75:
        draw.arc((x - wide, y + 0.35 * r - deep, x + wide, y + 0.35 * r + deep), 15, 165, fill=ink, width=pen)
    else:
        draw.arc((x - wide, y + 0.45 * r, x + wide, y + 0.45 * r + 2 * deep), 195, 345, fill=ink, width=pen)
    if rng.random() < 0.3:
        draw.pieslice((x - 1.03 * r, y - 1.05 * r, x + 1.03 * r, y + 0.6 * r), 190, 350, fill=hair)
    return _finished(image.rotate(rng.uniform(-20, 20)) if rng.random() < 0.3 else image)


def _comic_head(rng: Generator, size: int) -> Pixels:
    """A comic head of another shape: box, egg or animal, with ringed eyes, glasses, teeth or a speech bubble."""
    image = _canvas(rng, size)
    draw = ImageDraw.Draw(image)
    r = rng.uniform(0.3, 0.85) * size
    x, y = size + rng.uniform(-0.25, 0.25) * size, size + rng.uniform(-0.25, 0.25) * size
    tone, ink, pen = _head_tone(rng), _rgb(rng.uniform(0, 90, 3)), max(1, int(r * rng.uniform(0.03, 0.06)))
    kind = rng.integers(4)
    if kind == 3:  # an animal: two ears stand on the head
        for side in (-1, 1):
            ear = [
                (x + side * 0.25 * r, y - 0.7 * r),
                (x + side * 0.9 * r, y - 1.35 * r),
                (x + side * 0.9 * r, y - 0.2 * r),
            ]
            draw.polygon(ear, fill=_rgb(tone, 0.8), outline=ink, width=pen)
    if kind == 0:
        draw.rounded_rectangle(
            (x - 0.8 * r, y - r, x + 0.8 * r, y + r), radius=0.25 * r, fill=_rgb(tone), outline=ink, width=pen
        )
    elif kind == 1:
        t = np.linspace(0, 2 * pi, 40)
        egg = [(float(x + r * cos(a) * (0.75 + 0.2 * sin(a))), float(y + 1.1 * r * sin(a))) for a in t]
        draw.polygon(egg, fill=_rgb(tone), outline=ink, width=pen)
    else:
        _disc(draw, x, y, rng.uniform(0.75, 1.1) * r, 0.9 * r, _rgb(tone), ink, pen)
    apart, high, eye = rng.uniform(0.28, 0.42) * r, rng.uniform(0.05, 0.3) * r, rng.uniform(0.14, 0.24) * r
    look = rng.uniform(-0.4, 0.4, 2) * eye
    for side in (-1, 1):
        _disc(draw, x + side * apart, y - high, eye, eye * 1.2, (255, 255, 255), ink, pen)
        _disc(draw, x + side * apart + look[0], y - high + look[1], 0.4 * eye, 0.45 * eye, ink)
    if rng.random() < 0.3:
        for side in (-1, 1):
            e = 1.5 * eye
            draw.rectangle(
                (x + side * apart - e, y - high - e, x + side * apart + e, y - high + e), outline=ink, width=pen
            )
    if rng.random() < 0.6:
        draw.polygon(
            [(x, y - 0.05 * r), (x + 0.12 * r, y + 0.25 * r), (x - 0.12 * r, y + 0.25 * r)], fill=_rgb(tone, 0.7)
        )
    wide, low = rng.uniform(0.25, 0.5) * r, y + rng.uniform(0.4, 0.5) * r
    if rng.random() < 0.5:
        draw.chord(
            (x - wide, low - 0.3 * r, x + wide, low + 0.3 * r), 0, 180, fill=(150, 30, 40), outline=ink, width=pen
        )
        draw.rectangle((x - 0.7 * wide, low, x + 0.7 * wide, low + 0.08 * r), fill=(255, 255, 255))
    else:
        draw.line([(x - wide, low), (x, low + rng.uniform(-0.1, 0.1) * r), (x + wide, low)], fill=ink, width=pen)
    if rng.random() < 0.3:  # spiky hair
        spikes = [(x + u * r, y - (0.75 + 0.5 * (k % 2)) * r) for k, u in enumerate(np.linspace(-0.8, 0.8, 9))]
        draw.polygon([(float(a), float(b)) for a, b in spikes], fill=_rgb(_any_tone(rng)))
    if rng.random() < 0.3:
        _disc(draw, 0.35 * size, 0.3 * size, 0.3 * size, 0.2 * size, (255, 255, 255), ink, pen)
    return _finished(image)


# Hands


def _drawn_hand(rng: Generator, size: int, fingers: list[tuple[float, float, float, float]], sleeve: bool) -> Pixels:
    """A hand from its fingers: place across the palm (-1..1), angle from straight up, length, bend (radians)."""
    s = 2 * size
    tone = _skin_tone(rng)
    image = Image.new("RGB", (s, s), _rgb(tone, 0.8))
    cover = Image.new("L", (s, s))
    paint, shape = ImageDraw.Draw(image), ImageDraw.Draw(cover)
    palm = rng.uniform(0.2, 0.32) * size
    x, y = float(size), 1.25 * size
    mirror = rng.choice([-1, 1])

    def draw_limb(points: list[Point], width: float, shade: float) -> None:
        _limb(shape, points, width, 255)
        _limb(paint, points, width, _rgb(tone, shade * 0.78))
        _limb(paint, points, width * 0.88, _rgb(tone, shade * 0.92))
        _limb(paint, points, width * 0.6, _rgb(tone, shade))

    draw_limb([(x, y + 0.5 * palm), (x, y + 5 * palm)], 1.35 * palm, 0.97)
    nails = rng.random() < 0.7
    nail_tone = _skin_tone(rng) * 0.2 + np.array([200, 150, 145]) if rng.random() < 0.7 else _any_tone(rng)
    for place, angle, length, bend in fingers:
        thick = palm * rng.uniform(0.42, 0.5)
        turn = -pi / 2 + mirror * angle
        root = (
            x + mirror * place * palm,
            y - 0.5 * palm * (1 - 0.35 * place * place) if abs(place) < 1 else y + 0.35 * palm,
        )
        knuckle = _around(*root, length * palm * 0.55, turn)
        tip = _around(*knuckle, length * palm * 0.5, turn + mirror * bend)
        draw_limb([root, knuckle, tip], thick, rng.uniform(0.97, 1.04))
        across = turn + mirror * bend + pi / 2
        if nails:
            cx, cy = _around(*tip, thick * 0.08, turn + mirror * bend)
            t = np.linspace(0, 2 * pi, 16)
            along = across - pi / 2
            nail = [
                _around(*_around(cx, cy, float(0.3 * thick * cos(a)), along), float(0.24 * thick * sin(a)), across)
                for a in t
            ]
            paint.polygon(nail, fill=_rgb(nail_tone))
        for joint in (knuckle, _around(*knuckle, length * palm * 0.25, turn)):
            paint.line(
                [_around(*joint, thick * 0.3, across), _around(*joint, -thick * 0.3, across)],
                fill=_rgb(tone, 0.85),
                width=max(1, size // 120),
            )
    draw_limb(
        [
            (x - 0.45 * palm, y - 0.25 * palm),
            (x + 0.45 * palm, y - 0.25 * palm),
            (x + 0.3 * palm, y + 0.7 * palm),
            (x - 0.3 * palm, y + 0.7 * palm),
            (x - 0.45 * palm, y - 0.25 * palm),
        ],
        1.15 * palm,
        1,
    )
    paint.rectangle((x - 0.4 * palm, y - 0.3 * palm, x + 0.4 * palm, y + 0.7 * palm), fill=_rgb(tone))
    for _ in range(rng.integers(0, 4)):  # lines of the palm
        u, v = rng.uniform(-0.6, 0.2, 2) * palm
        start, end = sorted(rng.uniform(0, 360, 2))
        line = (x + u, y + v, x + u + palm, y + v + 0.8 * palm)
        paint.arc(line, start, end, fill=_rgb(tone, 0.82), width=max(1, size // 90))
    if sleeve:
        box = (x - 1.0 * palm, y + 1.9 * palm, x + 1.0 * palm, y + 6 * palm)
        paint.rectangle(box, fill=_rgb(_any_tone(rng)))
        shape.rectangle(box, fill=255)
    angle, shift = rng.uniform(-180, 180), rng.integers(-size // 8, size // 8 + 1, 2)
    moved = (int(shift[0]), int(shift[1]))
    image = image.reduce(2).rotate(angle, Image.Resampling.BILINEAR, translate=moved)
    cover = cover.reduce(2).rotate(angle, Image.Resampling.BILINEAR, translate=moved)
    soft = np.asarray(image.filter(ImageFilter.BoxBlur(palm * 0.03))).astype(np.float32)
    shaded = soft * (1 + 0.12 * _cloud(rng, size, octaves=4))[..., None]
    under = np.asarray(_canvas(rng, size).reduce(2))
    share = np.asarray(cover).astype(np.float32)[..., None] / 255
    return (under * (1 - share) + shaded * share).clip(0, 255).astype(np.uint8)


def _spread_hand(rng: Generator, size: int) -> Pixels:
    spread = rng.uniform(0.08, 0.22)
    lengths = np.array([2.2, 2.5, 2.3, 1.8]) * rng.uniform(0.85, 1.15)
    fingers = [
        (p, spread * (k - 1.3) + rng.normal(0, 0.03), float(lengths[k]), 0.0)
        for k, p in enumerate((-0.75, -0.26, 0.25, 0.72))
    ]
    return _drawn_hand(rng, size, [(-1.0, -rng.uniform(0.6, 1.1), 1.9, rng.uniform(0, 0.4)), *fingers], sleeve=False)


def _sleeved_hand(rng: Generator, size: int) -> Pixels:
    lengths = np.array([2.1, 2.4, 2.2, 1.7]) * rng.uniform(0.85, 1.15)
    bent = rng.random(4) < 0.4
    lengths = np.where(bent, lengths * 0.45, lengths)
    fingers = [
        (p, 0.03 * (k - 1.5), float(lengths[k]), rng.uniform(-0.1, 0.1))
        for k, p in enumerate((-0.75, -0.26, 0.25, 0.72))
    ]
    return _drawn_hand(rng, size, [(-1.0, -rng.uniform(0.1, 0.6), 1.7, rng.uniform(-0.4, 0)), *fingers], sleeve=True)


#: Families for training.
TRAIN_FAMILIES: tuple[Family, ...] = (
    _gradient, _stripes, _checkers, _clouds, _polygons, _blobs, _strokes, _skin_field, _skin_ellipse, _room, _landscape,
    _ball, _leaves, _round_head, _round_head, _spread_hand, _spread_hand,
)  # fmt: skip

#: Families for tests; none of them is among :data:`TRAIN_FAMILIES`.
TEST_FAMILIES: tuple[Family, ...] = (
    _rings, _plaid, _cells, _masonry, _bokeh, _letters, _arms, _skin_cushion, _skin_folds, _street, _fruit_bowl,
    _flowers, _comic_head, _comic_head, _sleeved_hand, _sleeved_hand,
)  # fmt: skip
