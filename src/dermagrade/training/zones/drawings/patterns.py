"""Patterns drawn by code: stripes, clouds, shapes and writing."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from dermagrade.training.zones.drawings.canvas import (
    Pixels,
    any_tone,
    canvas,
    cloud,
    disc,
    enlarged,
    finished,
    grid,
    mixed,
    rgb,
    skin_tone,
)


def gradient(rng: Generator, size: int) -> Pixels:
    """Colours that run into each other."""
    return np.asarray(enlarged(rng.uniform(0, 255, (int(rng.integers(2, 4)), int(rng.integers(2, 4)), 3)), size))


def stripes(rng: Generator, size: int) -> Pixels:
    """Stripes, soft or hard, at any angle."""
    x, y = grid(size)
    angle = rng.uniform(0, pi)
    wave = np.sin((cos(angle) * x + sin(angle) * y) * rng.uniform(4, 80) + rng.uniform(0, 6))
    return mixed(wave * rng.uniform(0.5, 8) + 0.5, any_tone(rng), any_tone(rng))


def checkers(rng: Generator, size: int) -> Pixels:
    """A chequered board at any angle."""
    x, y = grid(size)
    angle, cells = rng.uniform(0, pi / 2), rng.uniform(2, 14)
    u, v = (cos(angle) * x + sin(angle) * y) * cells, (cos(angle) * y - sin(angle) * x) * cells
    return mixed(((np.floor(u) + np.floor(v)) % 2).astype(np.float32), any_tone(rng), any_tone(rng))


def clouds(rng: Generator, size: int) -> Pixels:
    """Clouds of two colours."""
    field = cloud(rng, size, octaves=int(rng.integers(2, 8)), roughness=rng.uniform(0.3, 0.9))
    return mixed(field * rng.uniform(0.3, 1.2) + 0.5, any_tone(rng), any_tone(rng))


def polygons(rng: Generator, size: int) -> Pixels:
    """Polygons upon each other."""
    image = canvas(rng, size)
    draw = ImageDraw.Draw(image)
    for _ in range(rng.integers(2, 15)):
        middle, spread = rng.uniform(0, 2 * size, 2), rng.uniform(0.1, 0.9) * size
        corners = [(float(a), float(b)) for a, b in middle + rng.normal(0, spread / 2, (int(rng.integers(3, 7)), 2))]
        draw.polygon(corners, fill=rgb(skin_tone(rng) if rng.random() < 0.3 else any_tone(rng)))
    return finished(image)


def blobs(rng: Generator, size: int) -> Pixels:
    """Ellipses upon each other, some out of focus."""
    image = canvas(rng, size)
    draw = ImageDraw.Draw(image)
    for _ in range(rng.integers(1, 20)):
        x, y = rng.uniform(0, 2 * size, 2)
        rx, ry = rng.uniform(0.03, 0.5, 2) * size
        disc(draw, x, y, rx, ry, rgb(skin_tone(rng) if rng.random() < 0.4 else any_tone(rng)))
    if rng.random() < 0.5:
        return np.asarray(image.reduce(2).filter(ImageFilter.BoxBlur(rng.uniform(1, 0.04 * size))))
    return finished(image)


def strokes(rng: Generator, size: int) -> Pixels:
    """Lines of scribble that look like writing from afar."""
    paper = rng.uniform(180, 255, 3) if rng.random() < 0.7 else any_tone(rng)
    image = Image.new("RGB", (2 * size, 2 * size), rgb(paper))
    draw = ImageDraw.Draw(image)
    ink, height = rgb(rng.uniform(0, 100, 3)), rng.uniform(0.03, 0.2) * size
    y = height
    while y < 2 * size:
        x = rng.uniform(0, 0.3) * size
        while x < 2 * size * rng.uniform(0.7, 1):
            steps = rng.uniform(-0.5, 0.5, (int(rng.integers(3, 8)), 2)) * height
            draw.line([(float(x + a), float(y + b)) for a, b in steps], fill=ink, width=max(1, int(height * 0.12)))
            x += height * rng.uniform(0.5, 1.4)
        y += height * rng.uniform(1.3, 2)
    return finished(image)


def rings(rng: Generator, size: int) -> Pixels:
    """Rings about a point."""
    x, y = grid(size)
    cx, cy = rng.uniform(-0.8, 0.8, 2)
    radius = np.hypot(x - cx, (y - cy) * rng.uniform(0.6, 1.6))
    return mixed(np.sin(radius * rng.uniform(3, 60)) * rng.uniform(0.4, 6) + 0.5, any_tone(rng), any_tone(rng))


def plaid(rng: Generator, size: int) -> Pixels:
    """Woven bands of colour."""
    colours = rng.uniform(20, 235, (2, 7, 3))
    widths = rng.integers(max(2, size // 60), max(3, size // 7), (2, 7))
    bands = [np.resize(np.repeat(colours[i], widths[i], axis=0), (size, 3)) for i in range(2)]
    return ((bands[0][:, None] + bands[1][None]) / 2).astype(np.uint8)


def cells(rng: Generator, size: int) -> Pixels:
    """Voronoi cells, each of one colour."""
    seeds = rng.uniform(-1, 1, (int(rng.integers(5, 40)), 2)).astype(np.float32)
    x, y = grid(size // 2)
    near = np.argmin(np.stack([(x - a) ** 2 + (y - b) ** 2 for a, b in seeds]), axis=0)
    tones = (
        rng.uniform(0, 255, (len(seeds), 3))
        if rng.random() < 0.6
        else skin_tone(rng) * rng.uniform(0.7, 1.2, (len(seeds), 1))
    )
    colours = tones.clip(0, 255).astype(np.uint8)
    return np.asarray(Image.fromarray(colours[near]).resize((size, size), Image.Resampling.BILINEAR))


def masonry(rng: Generator, size: int) -> Pixels:
    """A wall of bricks."""
    s = 2 * size
    image = Image.new("RGB", (s, s), rgb(rng.uniform(120, 220, 3)))
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
            draw.rectangle((x, y, x + w - gap, y + h - gap), fill=rgb(tone, rng.uniform(0.75, 1.2)))
    return finished(image)


def bokeh(rng: Generator, size: int) -> Pixels:
    """Lights out of focus."""
    side = (size + 1) // 2
    light = np.zeros((side, side, 3), np.float32) + rng.uniform(5, 60, 3).astype(np.float32)
    x, y = grid(side)
    for _ in range(rng.integers(4, 14)):
        cx, cy = rng.uniform(-1, 1, 2)
        disc = np.clip((rng.uniform(0.05, 0.35) - np.hypot(x - cx, y - cy)) * 12, 0, 1)
        light += disc[..., None] * rng.uniform(20, 160, 3).astype(np.float32)
    small = Image.fromarray(light.clip(0, 255).astype(np.uint8))
    return np.asarray(small.resize((size, size), Image.Resampling.BILINEAR))


def letters(rng: Generator, size: int) -> Pixels:
    """Words of chance letters."""
    image = canvas(rng, size)
    draw = ImageDraw.Draw(image)
    for _ in range(rng.integers(3, 16)):
        word = "".join(chr(c) for c in rng.integers(33, 123, int(rng.integers(2, 14))))
        font = ImageFont.load_default(size=int(rng.uniform(0.06, 0.4) * size))
        draw.text(tuple(rng.uniform(-0.2, 1.8, 2) * size), word, fill=rgb(any_tone(rng)), font=font)
    return finished(image)
