"""Scenes and things drawn by code: rooms, streets, landscapes, fruit and flowers."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw

from dermagrade.training.zones.drawings.canvas import (
    Pixels,
    any_tone,
    around,
    canvas,
    disc,
    enlarged,
    finished,
    grid,
    limb,
    rgb,
    skin_tone,
)


def room(rng: Generator, size: int) -> Pixels:
    """A room with a floor, walls and pictures."""
    s = 2.0 * size
    image = Image.new("RGB", (2 * size, 2 * size), rgb(any_tone(rng)))
    draw = ImageDraw.Draw(image)
    left, right, top, floor = (
        rng.uniform(0.1, 0.4) * s,
        rng.uniform(0.6, 0.9) * s,
        rng.uniform(0.05, 0.3) * s,
        rng.uniform(0.6, 0.85) * s,
    )
    wall = any_tone(rng)
    draw.polygon([(0, 0), (left, top), (left, floor), (0, s)], fill=rgb(wall, 0.8))
    draw.polygon([(s, 0), (right, top), (right, floor), (s, s)], fill=rgb(wall, 0.7))
    draw.polygon([(0, s), (left, floor), (right, floor), (s, s)], fill=rgb(any_tone(rng)))
    draw.rectangle((left, top, right, floor), fill=rgb(wall))
    for _ in range(rng.integers(1, 5)):
        x, y = rng.uniform(left, right), rng.uniform(top, floor)
        w, h = rng.uniform(0.04, 0.25, 2) * s
        draw.rectangle(
            (x, y, x + w, y + h), fill=rgb(any_tone(rng)), outline=rgb(any_tone(rng)), width=max(1, int(0.01 * s))
        )
    return finished(image)


def landscape(rng: Generator, size: int) -> Pixels:
    """Ridges under a sky."""
    s = 2 * size
    sky = np.array([120, 170, 220]) + rng.uniform(-60, 60, 3)
    image = enlarged(np.array([[sky * t, sky * t] for t in (0.8, 1.1)]), s)
    draw = ImageDraw.Draw(image)
    if rng.random() < 0.6:
        sun = rng.uniform(0.03, 0.12) * s
        disc(draw, rng.uniform(0, s), rng.uniform(0, 0.4 * s), sun, sun, (255, 235, 160))
    for layer in range(rng.integers(1, 5)):
        xs = np.linspace(0, s, 14)
        ys = s * (0.4 + 0.13 * layer) + rng.normal(0, 0.05 * s, 14)
        ridge = [(float(a), float(b)) for a, b in zip(xs, ys, strict=True)]
        draw.polygon([(0, s), *ridge, (s, s)], fill=rgb(np.array([60, 110, 55]) + rng.uniform(-50, 70, 3)))
    return finished(image)


def ball(rng: Generator, size: int) -> Pixels:
    """A ball or a round fruit, lit from one side."""
    tone = skin_tone(rng) if rng.random() < 0.3 else any_tone(rng)
    base = np.asarray(canvas(rng, size).reduce(2)).astype(np.float32)
    x, y = grid(size)
    radius, (cx, cy) = rng.uniform(0.3, 0.9), rng.uniform(-0.4, 0.4, 2)
    u, v = (x - cx) / radius, (y - cy) / radius * rng.uniform(0.8, 1.1)
    inside = u**2 + v**2 < 1
    depth = np.sqrt(np.clip(1 - u**2 - v**2, 0, 1))
    angle = rng.uniform(0, 2 * pi)
    light = np.clip(0.6 * depth + 0.45 * (u * cos(angle) + v * sin(angle)), 0, 1) * 0.8 + 0.25
    shine = np.clip(light - 0.95, 0, 1)[..., None] * 500 * rng.integers(2)
    lit = tone.astype(np.float32) * light[..., None] + shine
    return np.where(inside[..., None], lit, base).clip(0, 255).astype(np.uint8)


def leaves(rng: Generator, size: int) -> Pixels:
    """Leaves with a vein each."""
    image = canvas(rng, size)
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
        draw.polygon(outline, fill=rgb(tone))
        draw.line([(x, y), around(x, y, length, angle)], fill=rgb(tone, 1.3), width=max(1, int(0.015 * size)))
    return finished(image)


def street(rng: Generator, size: int) -> Pixels:
    """A row of houses with windows."""
    s = 2.0 * size
    image = Image.new("RGB", (2 * size, 2 * size), rgb(np.array([170, 190, 215]) + rng.uniform(-60, 40, 3)))
    draw = ImageDraw.Draw(image)
    x = -rng.uniform(0, 0.1) * s
    while x < s:
        w, top, tone = rng.uniform(0.15, 0.4) * s, rng.uniform(0.05, 0.6) * s, any_tone(rng)
        draw.rectangle((x, top, x + w, 0.85 * s), fill=rgb(tone))
        pane = rng.uniform(0.03, 0.07) * s
        for wy in np.arange(top + pane, 0.8 * s, 1.8 * pane):
            for wx in np.arange(x + 0.6 * pane, x + w - pane, 1.7 * pane):
                draw.rectangle((wx, wy, wx + pane, wy + pane), fill=rgb(tone, rng.choice([0.4, 0.5, 1.6])))
        x += w
    draw.rectangle((0, 0.85 * s, s, s), fill=rgb(rng.uniform(60, 120, 3)))
    return finished(image)


def fruit_bowl(rng: Generator, size: int) -> Pixels:
    """Shaded fruits in a bowl."""
    s = 2.0 * size
    image = canvas(rng, size)
    draw = ImageDraw.Draw(image)
    for _ in range(rng.integers(3, 10)):
        x, y, r = rng.uniform(0.2, 0.8) * s, rng.uniform(0.35, 0.65) * s, rng.uniform(0.06, 0.18) * s
        tone = np.array(
            rng.choice([(215, 60, 45), (240, 170, 50), (150, 190, 60), (245, 215, 80), (225, 150, 110)])
        ) * rng.uniform(0.8, 1.1)
        for k in range(6):
            disc(
                draw,
                x - 0.05 * r * k,
                y - 0.05 * r * k,
                r * (1 - 0.14 * k),
                r * (1 - 0.14 * k),
                rgb(tone, 0.75 + 0.08 * k),
            )
        draw.line([(x, y - 0.9 * r), (x + 0.2 * r, y - 1.3 * r)], fill=(80, 55, 30), width=max(1, int(0.1 * r)))
    draw.chord((0.1 * s, 0.2 * s, 0.9 * s, 0.95 * s), 0, 180, fill=rgb(any_tone(rng)))
    return finished(image)


def flowers(rng: Generator, size: int) -> Pixels:
    """Flowers of several petals."""
    image = canvas(rng, size)
    draw = ImageDraw.Draw(image)
    for _ in range(rng.integers(1, 7)):
        x, y = rng.uniform(0.2, 1.8, 2) * size
        r, petals, tone = rng.uniform(0.1, 0.5) * size, int(rng.integers(5, 12)), any_tone(rng)
        for k in range(petals):
            px, py = around(x, y, 0.7 * r, 2 * pi * k / petals)
            limb(draw, [(x, y), (px, py)], 3.6 * r / petals, rgb(tone, 0.85 + 0.3 * (k % 2)))
        disc(draw, x, y, 0.3 * r, 0.3 * r, rgb(np.array([230, 190, 60]) + rng.uniform(-40, 20, 3)))
    return finished(image)
