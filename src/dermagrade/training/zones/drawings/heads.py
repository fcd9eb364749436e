"""Comic heads drawn by code, which are no faces of people."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from typing import Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import ImageDraw

from dermagrade.training.zones.drawings.canvas import Pixels, Rgb, any_tone, canvas, disc, finished, rgb, skin_tone

#: Which of two ways of drawing: what trains and what tests share none.
Split = Literal["train", "test"]


def cartoon(rng: Generator, size: int, *, split: Split = "test") -> Pixels:
    """A drawn comic head: flat colours, simple eyes and mouth; a third of them skin-coloured.

    Args:
        rng: where the chance comes from.
        size: side of the picture in pixels.
        split: ``train`` draws round heads with dot eyes, ``test`` other head shapes with outlined eyes.

    Returns:
        ``(size, size, 3)`` uint8.
    """
    return round_head(rng, size) if split == "train" else comic_head(rng, size)


def _head_tone(rng: Generator) -> NDArray[np.float64]:
    kind = rng.integers(3)
    return (
        skin_tone(rng)
        if kind == 0
        else np.array([250, 215, 60]) + rng.uniform(-20, 5, 3)
        if kind == 1
        else rng.uniform(90, 250, 3)
    )


def round_head(rng: Generator, size: int) -> Pixels:
    """A smiley or a simple comic head: circle, dot eyes, arc mouth; some with brows, nose, hair, hat or body."""
    image = canvas(rng, size)
    draw = ImageDraw.Draw(image)
    r = rng.uniform(0.25, 0.95) * size
    x, y = size + rng.uniform(-0.3, 0.3) * size, size + rng.uniform(-0.3, 0.3) * size
    tone, ink, pen = _head_tone(rng), rgb(rng.uniform(0, 60, 3)), max(1, int(r * rng.uniform(0.02, 0.08)))
    hair = rgb(rng.uniform(10, 160, 3))
    if rng.random() < 0.3:
        draw.rectangle((x - 0.7 * r, y + 0.8 * r, x + 0.7 * r, 2 * size), fill=rgb(any_tone(rng)))
    if rng.random() < 0.3:
        disc(draw, x, y - 0.15 * r, 1.12 * r, 1.1 * r, hair)
    disc(draw, x, y, r, r * rng.uniform(0.9, 1.2), rgb(tone), ink if rng.random() < 0.7 else None, pen)
    apart, high, dot = rng.uniform(0.25, 0.5) * r, rng.uniform(0.1, 0.35) * r, rng.uniform(0.05, 0.14) * r
    tall = rng.uniform(1, 2)
    for side in (-1, 1):
        disc(draw, x + side * apart, y - high, dot, dot * tall, ink)
        if rng.random() < 0.25:
            disc(draw, x + side * 0.6 * r, y + 0.25 * r, 0.15 * r, 0.12 * r, rgb(tone * np.array([1, 0.75, 0.75])))
    if rng.random() < 0.4:
        for side in (-1, 1):
            bx, by = x + side * apart, y - high - 0.25 * r
            draw.line([(bx - 0.15 * r, by + rng.uniform(-0.05, 0.05) * r), (bx + 0.15 * r, by)], fill=ink, width=pen)
    if rng.random() < 0.4:
        disc(draw, x, y + 0.05 * r, 0.07 * r, 0.09 * r, rgb(tone, 0.75))
    wide, deep = rng.uniform(0.25, 0.6) * r, rng.uniform(0.15, 0.45) * r
    if rng.random() < 0.75:
        draw.arc((x - wide, y + 0.35 * r - deep, x + wide, y + 0.35 * r + deep), 15, 165, fill=ink, width=pen)
    else:
        draw.arc((x - wide, y + 0.45 * r, x + wide, y + 0.45 * r + 2 * deep), 195, 345, fill=ink, width=pen)
    if rng.random() < 0.3:
        draw.pieslice((x - 1.03 * r, y - 1.05 * r, x + 1.03 * r, y + 0.6 * r), 190, 350, fill=hair)
    return finished(image.rotate(rng.uniform(-20, 20)) if rng.random() < 0.3 else image)


@dataclass(frozen=True)
class _Comic:
    """A comic head that is being drawn: its middle and radius in pixels of the canvas, its colours, its pen's width."""

    draw: ImageDraw.ImageDraw
    x: float
    y: float
    r: float
    tone: NDArray[np.float64]
    ink: Rgb
    pen: int


def comic_head(rng: Generator, size: int) -> Pixels:
    """A comic head of another shape: box, egg or animal, with ringed eyes, glasses, teeth or a speech bubble."""
    image = canvas(rng, size)
    r = rng.uniform(0.3, 0.85) * size
    x, y = size + rng.uniform(-0.25, 0.25) * size, size + rng.uniform(-0.25, 0.25) * size
    tone, ink, pen = _head_tone(rng), rgb(rng.uniform(0, 90, 3)), max(1, int(r * rng.uniform(0.03, 0.06)))
    head = _Comic(ImageDraw.Draw(image), x, y, r, tone, ink, pen)
    _skull(rng, head)
    _eyes(rng, head)
    _nose_and_mouth(rng, head)
    if rng.random() < 0.3:  # spiky hair
        spikes = [(x + u * r, y - (0.75 + 0.5 * (k % 2)) * r) for k, u in enumerate(np.linspace(-0.8, 0.8, 9))]
        head.draw.polygon([(float(a), float(b)) for a, b in spikes], fill=rgb(any_tone(rng)))
    if rng.random() < 0.3:  # a speech bubble
        disc(head.draw, 0.35 * size, 0.3 * size, 0.3 * size, 0.2 * size, (255, 255, 255), ink, pen)
    return finished(image)


def _skull(rng: Generator, head: _Comic) -> None:
    """The shape of the head: a box, an egg, or round, with two ears standing on an animal's."""
    draw, x, y, r, fill = head.draw, head.x, head.y, head.r, rgb(head.tone)
    kind = rng.integers(4)
    if kind == 3:
        for side in (-1, 1):
            ear = [
                (x + side * 0.25 * r, y - 0.7 * r),
                (x + side * 0.9 * r, y - 1.35 * r),
                (x + side * 0.9 * r, y - 0.2 * r),
            ]
            draw.polygon(ear, fill=rgb(head.tone, 0.8), outline=head.ink, width=head.pen)
    if kind == 0:
        box = (x - 0.8 * r, y - r, x + 0.8 * r, y + r)
        draw.rounded_rectangle(box, radius=0.25 * r, fill=fill, outline=head.ink, width=head.pen)
    elif kind == 1:
        t = np.linspace(0, 2 * pi, 40)
        egg = [(float(x + r * cos(a) * (0.75 + 0.2 * sin(a))), float(y + 1.1 * r * sin(a))) for a in t]
        draw.polygon(egg, fill=fill, outline=head.ink, width=head.pen)
    else:
        disc(draw, x, y, rng.uniform(0.75, 1.1) * r, 0.9 * r, fill, head.ink, head.pen)


def _eyes(rng: Generator, head: _Comic) -> None:
    """Ringed eyes that look somewhere, some behind glasses."""
    draw, x, y, r = head.draw, head.x, head.y, head.r
    apart, high, eye = rng.uniform(0.28, 0.42) * r, rng.uniform(0.05, 0.3) * r, rng.uniform(0.14, 0.24) * r
    look = rng.uniform(-0.4, 0.4, 2) * eye
    for side in (-1, 1):
        disc(draw, x + side * apart, y - high, eye, eye * 1.2, (255, 255, 255), head.ink, head.pen)
        disc(draw, x + side * apart + look[0], y - high + look[1], 0.4 * eye, 0.45 * eye, head.ink)
    if rng.random() < 0.3:
        for side in (-1, 1):
            e = 1.5 * eye
            glass = (x + side * apart - e, y - high - e, x + side * apart + e, y - high + e)
            draw.rectangle(glass, outline=head.ink, width=head.pen)


def _nose_and_mouth(rng: Generator, head: _Comic) -> None:
    """A nose on most heads, and an open mouth with teeth or a line."""
    draw, x, y, r, ink, pen = head.draw, head.x, head.y, head.r, head.ink, head.pen
    if rng.random() < 0.6:
        nose = [(x, y - 0.05 * r), (x + 0.12 * r, y + 0.25 * r), (x - 0.12 * r, y + 0.25 * r)]
        draw.polygon(nose, fill=rgb(head.tone, 0.7))
    wide, low = rng.uniform(0.25, 0.5) * r, y + rng.uniform(0.4, 0.5) * r
    if rng.random() < 0.5:
        mouth = (x - wide, low - 0.3 * r, x + wide, low + 0.3 * r)
        draw.chord(mouth, 0, 180, fill=(150, 30, 40), outline=ink, width=pen)
        draw.rectangle((x - 0.7 * wide, low, x + 0.7 * wide, low + 0.08 * r), fill=(255, 255, 255))
    else:
        draw.line([(x - wide, low), (x, low + rng.uniform(-0.1, 0.1) * r), (x + wide, low)], fill=ink, width=pen)
