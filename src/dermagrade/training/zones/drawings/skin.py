"""Skin drawn by code that is no part of a face."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFilter

from dermagrade.training.zones.drawings.canvas import Pixels, any_tone, canvas, cloud, disc, grid, limb, rgb, skin_tone


def skin_field(rng: Generator, size: int) -> Pixels:
    """Skin seen close: one tone, uneven light, fine grain, freckles or spots; no part of a face."""
    tone = skin_tone(rng)
    light = cloud(rng, size, octaves=3) * rng.uniform(0.02, 0.2)
    light += cloud(rng, size, octaves=8, roughness=0.95) * rng.uniform(0, 0.03)
    skin: Pixels = (tone.astype(np.float32) * (1 + light[..., None])).clip(0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        return skin
    image = Image.fromarray(skin)
    spots = Image.new("L", image.size)
    draw = ImageDraw.Draw(spots)
    for _ in range(rng.integers(1, 60)):
        x, y = rng.uniform(0, size, 2)
        r = rng.uniform(0.004, 0.03) * size
        disc(draw, x, y, r, r * rng.uniform(0.7, 1.4), int(rng.uniform(40, 220)))
    red = Image.new("RGB", image.size, rgb(tone * np.array(rng.choice([(0.95, 0.65, 0.62), (0.6, 0.5, 0.45)]))))
    image.paste(red, mask=spots.filter(ImageFilter.GaussianBlur(0.006 * size)))
    return np.asarray(image)


def skin_ellipse(rng: Generator, size: int) -> Pixels:
    """An oval of skin colour with the size and shading of a head, without any feature; hair above some."""
    image = canvas(rng, size)
    draw = ImageDraw.Draw(image)
    x, y = rng.uniform(0.6, 1.4, 2) * size
    rx = rng.uniform(0.2, 0.7) * size
    ry = rx * rng.uniform(1, 1.6)
    if rng.random() < 0.4:
        disc(draw, x, y - 0.25 * ry, rx * 1.2, ry * 1.05, rgb(rng.uniform(10, 110, 3)))
    tone = skin_tone(rng)
    disc(draw, x, y, rx, ry, rgb(tone, rng.uniform(0.75, 1)))
    disc(draw, x + rng.uniform(-0.1, 0.1) * rx, y - 0.05 * ry, rx * 0.85, ry * 0.85, rgb(tone))
    return np.asarray(image.reduce(2).filter(ImageFilter.BoxBlur(rng.uniform(0.5, 0.03 * size))))


def arms(rng: Generator, size: int) -> Pixels:
    """Bare limbs and a trunk: long shaded shapes of skin colour, some with clothes."""
    image = canvas(rng, size)
    draw = ImageDraw.Draw(image)
    tone = skin_tone(rng)
    for _ in range(rng.integers(1, 4)):
        points = [(float(a), float(b)) for a, b in rng.uniform(-0.2, 2.2, (3, 2)) * size]
        width = rng.uniform(0.2, 0.7) * size
        for share in (1, 0.85, 0.65, 0.4):
            limb(draw, points, width * share, rgb(tone, 1.12 - 0.35 * share))
    if rng.random() < 0.5:
        x, y = rng.uniform(0, 1.2, 2) * size
        draw.rectangle((x, y, x + rng.uniform(0.4, 1) * size, y + rng.uniform(0.4, 1) * size), fill=rgb(any_tone(rng)))
    return np.asarray(image.reduce(2).filter(ImageFilter.BoxBlur(0.015 * size)))


def skin_cushion(rng: Generator, size: int) -> Pixels:
    """A rounded box of skin colour, soft light across it, without any feature."""
    base = np.asarray(canvas(rng, size).reduce(2)).astype(np.float32)
    x, y = grid(size)
    power, angle = rng.uniform(2.5, 6), rng.uniform(0, pi)
    u, v = cos(angle) * x + sin(angle) * y, cos(angle) * y - sin(angle) * x
    radius = (np.abs(u / rng.uniform(0.4, 1)) ** power + np.abs(v / rng.uniform(0.4, 1)) ** power) ** (1 / power)
    cover = np.clip((1 - radius) * rng.uniform(5, 60), 0, 1)[..., None]
    light = (1.1 - 0.35 * radius**2 + 0.08 * cloud(rng, size, octaves=4))[..., None]
    return (base * (1 - cover) + skin_tone(rng).astype(np.float32) * light * cover).clip(0, 255).astype(np.uint8)


def skin_folds(rng: Generator, size: int) -> Pixels:
    """Skin seen close with folds and fine lines, such as an elbow or a palm."""
    x, y = grid(size)
    bend = cloud(rng, size, octaves=3) * rng.uniform(0.1, 0.6)
    angle = rng.uniform(0, pi)
    folds = np.abs(np.sin((cos(angle) * x + sin(angle) * y + bend) * rng.uniform(3, 25))) ** rng.uniform(0.15, 0.5)
    light = 0.75 + 0.25 * folds + 0.05 * cloud(rng, size, octaves=7, roughness=0.9)
    skin: Pixels = (skin_tone(rng).astype(np.float32) * light[..., None]).clip(0, 255).astype(np.uint8)
    return skin
