"""Hands drawn by code: a palm and five fingers."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
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

#: A finger: place across the palm (-1 to 1), angle from straight up in radians, length in palms, bend in radians.
Finger = tuple[float, float, float, float]


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


@dataclass(frozen=True)
class _Hand:
    """A hand that is being drawn, in pixels of the canvas.

    Attributes:
        paint: takes its colours.
        shape: takes where it is.
        tone: of its skin.
        x: of its middle.
        y: of its middle.
        palm: half the width of its palm.
        mirror: -1 or 1.
        size: side of the picture.
    """

    paint: ImageDraw.ImageDraw
    shape: ImageDraw.ImageDraw
    tone: NDArray[np.float64]
    x: float
    y: float
    palm: float
    mirror: int
    size: int

    def limb(self, points: list[Point], width: float, shade: float) -> None:
        """A shaded limb through these points."""
        limb(self.shape, points, width, 255)
        limb(self.paint, points, width, rgb(self.tone, shade * 0.78))
        limb(self.paint, points, width * 0.88, rgb(self.tone, shade * 0.92))
        limb(self.paint, points, width * 0.6, rgb(self.tone, shade))


def _drawn_hand(rng: Generator, size: int, fingers: list[Finger], sleeve: bool) -> Pixels:
    """A hand from its fingers, turned and moved by chance on a background."""
    s = 2 * size
    tone = skin_tone(rng)
    image, cover = Image.new("RGB", (s, s), rgb(tone, 0.8)), Image.new("L", (s, s))
    palm = rng.uniform(0.2, 0.32) * size
    x, y = float(size), 1.25 * size
    own = _Hand(ImageDraw.Draw(image), ImageDraw.Draw(cover), tone, x, y, palm, int(rng.choice([-1, 1])), size)
    own.limb([(x, y + 0.5 * palm), (x, y + 5 * palm)], 1.35 * palm, 0.97)
    nails = rng.random() < 0.7
    nail_tone = skin_tone(rng) * 0.2 + np.array([200, 150, 145]) if rng.random() < 0.7 else any_tone(rng)
    for finger in fingers:
        _draw_finger(rng, own, finger, nail_tone if nails else None)
    _draw_palm(rng, own)
    if sleeve:
        box = (x - 1.0 * palm, y + 1.9 * palm, x + 1.0 * palm, y + 6 * palm)
        own.paint.rectangle(box, fill=rgb(any_tone(rng)))
        own.shape.rectangle(box, fill=255)
    return _on_background(rng, image, cover, palm, size)


def _draw_finger(rng: Generator, own: _Hand, finger: Finger, nail_tone: NDArray[np.float64] | None) -> None:
    """A finger with the creases of its joints; with a nail where there is a colour for it."""
    place, angle, length, bend = finger
    palm, mirror = own.palm, own.mirror
    thick = palm * rng.uniform(0.42, 0.5)
    turn = -pi / 2 + mirror * angle
    rise = -0.5 * palm * (1 - 0.35 * place * place) if abs(place) < 1 else 0.35 * palm
    root = (own.x + mirror * place * palm, own.y + rise)
    knuckle = around(*root, length * palm * 0.55, turn)
    tip = around(*knuckle, length * palm * 0.5, turn + mirror * bend)
    own.limb([root, knuckle, tip], thick, rng.uniform(0.97, 1.04))
    across = turn + mirror * bend + pi / 2
    if nail_tone is not None:
        cx, cy = around(*tip, thick * 0.08, turn + mirror * bend)
        along = across - pi / 2
        nail = [
            around(*around(cx, cy, float(0.3 * thick * cos(a)), along), float(0.24 * thick * sin(a)), across)
            for a in np.linspace(0, 2 * pi, 16)
        ]
        own.paint.polygon(nail, fill=rgb(nail_tone))
    for joint in (knuckle, around(*knuckle, length * palm * 0.25, turn)):
        crease = [around(*joint, thick * 0.3, across), around(*joint, -thick * 0.3, across)]
        own.paint.line(crease, fill=rgb(own.tone, 0.85), width=max(1, own.size // 120))


def _draw_palm(rng: Generator, own: _Hand) -> None:
    """The palm over the roots of the fingers, with some of its lines."""
    x, y, palm = own.x, own.y, own.palm
    corners = [(-0.45, -0.25), (0.45, -0.25), (0.3, 0.7), (-0.3, 0.7), (-0.45, -0.25)]
    own.limb([(x + a * palm, y + b * palm) for a, b in corners], 1.15 * palm, 1)
    own.paint.rectangle((x - 0.4 * palm, y - 0.3 * palm, x + 0.4 * palm, y + 0.7 * palm), fill=rgb(own.tone))
    for _ in range(rng.integers(0, 4)):
        u, v = rng.uniform(-0.6, 0.2, 2) * palm
        start, end = sorted(rng.uniform(0, 360, 2))
        line = (x + u, y + v, x + u + palm, y + v + 0.8 * palm)
        own.paint.arc(line, start, end, fill=rgb(own.tone, 0.82), width=max(1, own.size // 90))


def _on_background(rng: Generator, image: Image.Image, cover: Image.Image, palm: float, size: int) -> Pixels:
    """The drawing, softened, unevenly lit, turned and moved, on a background."""
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
