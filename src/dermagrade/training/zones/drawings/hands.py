"""Hands drawn by code: a palm and five fingers."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFilter

from dermagrade.training.zones.drawings.canvas import (
    Pixels,
    Point,
    any_tone,
    around,
    canvas,
    cloud,
    limb,
    rgb,
    skin_tone,
)
from dermagrade.training.zones.drawings.heads import Split


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
    return spread_hand(rng, size) if split == "train" else sleeved_hand(rng, size)


def _drawn_hand(rng: Generator, size: int, fingers: list[tuple[float, float, float, float]], sleeve: bool) -> Pixels:
    """A hand from its fingers: place across the palm (-1..1), angle from straight up, length, bend (radians)."""
    s = 2 * size
    tone = skin_tone(rng)
    image = Image.new("RGB", (s, s), rgb(tone, 0.8))
    cover = Image.new("L", (s, s))
    paint, shape = ImageDraw.Draw(image), ImageDraw.Draw(cover)
    palm = rng.uniform(0.2, 0.32) * size
    x, y = float(size), 1.25 * size
    mirror = rng.choice([-1, 1])

    def draw_limb(points: list[Point], width: float, shade: float) -> None:
        limb(shape, points, width, 255)
        limb(paint, points, width, rgb(tone, shade * 0.78))
        limb(paint, points, width * 0.88, rgb(tone, shade * 0.92))
        limb(paint, points, width * 0.6, rgb(tone, shade))

    draw_limb([(x, y + 0.5 * palm), (x, y + 5 * palm)], 1.35 * palm, 0.97)
    nails = rng.random() < 0.7
    nail_tone = skin_tone(rng) * 0.2 + np.array([200, 150, 145]) if rng.random() < 0.7 else any_tone(rng)
    for place, angle, length, bend in fingers:
        thick = palm * rng.uniform(0.42, 0.5)
        turn = -pi / 2 + mirror * angle
        root = (
            x + mirror * place * palm,
            y - 0.5 * palm * (1 - 0.35 * place * place) if abs(place) < 1 else y + 0.35 * palm,
        )
        knuckle = around(*root, length * palm * 0.55, turn)
        tip = around(*knuckle, length * palm * 0.5, turn + mirror * bend)
        draw_limb([root, knuckle, tip], thick, rng.uniform(0.97, 1.04))
        across = turn + mirror * bend + pi / 2
        if nails:
            cx, cy = around(*tip, thick * 0.08, turn + mirror * bend)
            t = np.linspace(0, 2 * pi, 16)
            along = across - pi / 2
            nail = [
                around(*around(cx, cy, float(0.3 * thick * cos(a)), along), float(0.24 * thick * sin(a)), across)
                for a in t
            ]
            paint.polygon(nail, fill=rgb(nail_tone))
        for joint in (knuckle, around(*knuckle, length * palm * 0.25, turn)):
            paint.line(
                [around(*joint, thick * 0.3, across), around(*joint, -thick * 0.3, across)],
                fill=rgb(tone, 0.85),
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
    paint.rectangle((x - 0.4 * palm, y - 0.3 * palm, x + 0.4 * palm, y + 0.7 * palm), fill=rgb(tone))
    for _ in range(rng.integers(0, 4)):  # lines of the palm
        u, v = rng.uniform(-0.6, 0.2, 2) * palm
        start, end = sorted(rng.uniform(0, 360, 2))
        line = (x + u, y + v, x + u + palm, y + v + 0.8 * palm)
        paint.arc(line, start, end, fill=rgb(tone, 0.82), width=max(1, size // 90))
    if sleeve:
        box = (x - 1.0 * palm, y + 1.9 * palm, x + 1.0 * palm, y + 6 * palm)
        paint.rectangle(box, fill=rgb(any_tone(rng)))
        shape.rectangle(box, fill=255)
    angle, shift = rng.uniform(-180, 180), rng.integers(-size // 8, size // 8 + 1, 2)
    moved = (int(shift[0]), int(shift[1]))
    image = image.reduce(2).rotate(angle, Image.Resampling.BILINEAR, translate=moved)
    cover = cover.reduce(2).rotate(angle, Image.Resampling.BILINEAR, translate=moved)
    soft = np.asarray(image.filter(ImageFilter.BoxBlur(palm * 0.03))).astype(np.float32)
    shaded = soft * (1 + 0.12 * cloud(rng, size, octaves=4))[..., None]
    under = np.asarray(canvas(rng, size).reduce(2))
    share = np.asarray(cover).astype(np.float32)[..., None] / 255
    return (under * (1 - share) + shaded * share).clip(0, 255).astype(np.uint8)


def spread_hand(rng: Generator, size: int) -> Pixels:
    """A spread hand, for training."""
    spread = rng.uniform(0.08, 0.22)
    lengths = np.array([2.2, 2.5, 2.3, 1.8]) * rng.uniform(0.85, 1.15)
    fingers = [
        (p, spread * (k - 1.3) + rng.normal(0, 0.03), float(lengths[k]), 0.0)
        for k, p in enumerate((-0.75, -0.26, 0.25, 0.72))
    ]
    return _drawn_hand(rng, size, [(-1.0, -rng.uniform(0.6, 1.1), 1.9, rng.uniform(0, 0.4)), *fingers], sleeve=False)


def sleeved_hand(rng: Generator, size: int) -> Pixels:
    """A hand in a sleeve, its fingers held together or partly bent, for tests."""
    lengths = np.array([2.1, 2.4, 2.2, 1.7]) * rng.uniform(0.85, 1.15)
    bent = rng.random(4) < 0.4
    lengths = np.where(bent, lengths * 0.45, lengths)
    fingers = [
        (p, 0.03 * (k - 1.5), float(lengths[k]), rng.uniform(-0.1, 0.1))
        for k, p in enumerate((-0.75, -0.26, 0.25, 0.72))
    ]
    return _drawn_hand(rng, size, [(-1.0, -rng.uniform(0.1, 0.6), 1.7, rng.uniform(-0.4, 0)), *fingers], sleeve=True)
