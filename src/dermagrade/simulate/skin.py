"""Draws skin by code: seeded pictures of skin of all tones, with what else faces show. No person is shown.

Skin is drawn as two layers of pigment, in the directions of :mod:`dermagrade.face.chromophores`, under
uneven light: ``light * base * exp(-melanin - haemoglobin)``. Pores, fine lines, creases and grain change the light;
freckles, moles and mottling change the melanin; blush changes the haemoglobin. On it lie hair, stubble, eyes, brows,
nostrils, lips, the edge of the face and a background (:mod:`~dermagrade.simulate.features`). All of that is there to
be told from lesions: none of the pictures holds one, until it is painted.

It is drawn, and simulated data have to be called so wherever they are shown or measured.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from dermagrade.face.chromophores import HAEMOGLOBIN, MELANIN
from dermagrade.light import encode
from dermagrade.simulate.features import Layer, draw_features
from dermagrade.simulate.fields import Floats, blur, cloud, grid

# The light that skin without any pigment gives back in red, green and blue; rounded choices of ours.
_BASE = np.array([0.80, 0.70, 0.62])
#: Melanin of the lightest and the darkest skin drawn, in the unit above.
MELANIN_RANGE = (0.1, 4.2)


@dataclass(frozen=True, eq=False)
class SkinPicture:
    """A drawn picture of skin.

    Attributes:
        pixels: ``(size, size, 3)`` uint8, sRGB.
        skin: ``(size, size)`` bool, True on plain skin, on which a lesion may be painted.
        melanin: of the skin, in :data:`MELANIN_RANGE`.
    """

    pixels: NDArray[np.uint8]
    skin: NDArray[np.bool_]
    melanin: float


def draw_skin(*, seed: int, size: int = 512, melanin: float | None = None) -> SkinPicture:
    """A picture of skin at the scale at which a face fills about three quarters of it.

    About half of the pictures show a whole face put together from ovals, the rest skin from near with some parts of a
    face or none. The same arguments give the same picture.

    Args:
        seed: of the chance by which it is drawn.
        size: side of the picture in pixels, 64 or more.
        melanin: of the skin; any in :data:`MELANIN_RANGE` where None.

    Raises:
        ValueError: if the size or the melanin is out of range.
    """
    low, high = MELANIN_RANGE
    if size < 64 or (melanin is not None and not low <= melanin <= high):
        raise ValueError(f"size must be 64 or more and melanin {low} to {high}, not {size} and {melanin}")
    rng = np.random.default_rng([seed, 8])
    tone = float(rng.uniform(low, high)) if melanin is None else melanin
    brown = tone * (1 + rng.uniform(0.02, 0.10) * cloud(rng, size, octaves=5)) + _spots(rng, size, tone)
    red = rng.uniform(0.1, 0.6) * np.exp(rng.uniform(0.1, 0.4) * cloud(rng, size, octaves=4)) + _blush(rng, size)
    features = draw_features(rng, size)
    red += features.redness
    reflected = _BASE * np.exp(-np.maximum(brown, 0)[..., None] * MELANIN - red[..., None] * HAEMOGLOBIN)
    linear = reflected * np.exp(_relief(rng, size) + features.shade)[..., None]
    linear += _shine(rng, size)[..., None]
    for layer in features.layers:
        linear = _over(linear, layer)
    light = rng.uniform(-0.45, 0.25) + rng.uniform(0, 0.25) * cloud(rng, size, octaves=2)
    linear = linear * np.exp(light[..., None] + rng.normal(0, 0.06, 3))
    return SkinPicture(_photographed(rng, linear), features.skin, tone)


def _over(linear: Floats, layer: Layer) -> Floats:
    share = layer.cover[..., None]
    return np.asarray(linear * (1 - share) + share * layer.colour, np.float64)


def _spots(rng: Generator, size: int, tone: float) -> Floats:
    """Melanin of freckles, moles and brown marks; all of them brown, never red or raised."""
    x, y = grid(size)
    brown = np.zeros((size, size))
    freckled = rng.random() < 0.3
    freckles = [(rng.uniform(0.0015, 0.004), rng.uniform(0.1, 0.5)) for _ in range(rng.integers(20, 150) * freckled)]
    moles = [(rng.uniform(0.003, 0.010), rng.uniform(0.8, 2.5)) for _ in range(rng.poisson(1.5))]
    marks = [(rng.uniform(0.01, 0.03), rng.uniform(0.1, 0.5)) for _ in range(rng.poisson(1.0))]
    for radius, depth in [*freckles, *moles, *marks]:
        cx, cy = rng.uniform(0, size, 2)
        reach = int(4 * radius * size) + 2
        rows = slice(max(0, int(cy) - reach), int(cy) + reach)
        columns = slice(max(0, int(cx) - reach), int(cx) + reach)
        tilt, stretch = rng.uniform(0, np.pi), rng.uniform(1, 1.4)
        u, v = x[rows, columns] - cx, y[rows, columns] - cy
        along, across = u * np.cos(tilt) + v * np.sin(tilt), v * np.cos(tilt) - u * np.sin(tilt)
        far = np.hypot(along / stretch, across * stretch) / (radius * size)
        brown[rows, columns] += depth * (1 + 0.2 * tone) * np.exp(-(far ** rng.uniform(2, 5)))
    return brown


def _blush(rng: Generator, size: int) -> Floats:
    """Haemoglobin of flushed areas, far larger than a lesion and without an edge."""
    x, y = grid(size)
    red = np.zeros((size, size))
    for _ in range(rng.poisson(1.0)):
        cx, cy = rng.uniform(0, size, 2)
        rx, ry = rng.uniform(0.08, 0.3, 2) * size
        red += rng.uniform(0.05, 0.45) * np.exp(-(((x - cx) / rx) ** 2) - ((y - cy) / ry) ** 2)
    return red * (1 + 0.3 * cloud(rng, size, octaves=6))


def _relief(rng: Generator, size: int) -> Floats:
    """Logarithm of the light that pores, fine texture and broad form let through."""
    form = rng.uniform(0.05, 0.30) * cloud(rng, size, octaves=3)
    fine = rng.normal(0, 1, (size, size))
    band = blur(fine, rng.uniform(0.6, 1.5)) - blur(fine, rng.uniform(2.0, 4.0))
    texture = rng.uniform(0.0, 0.06) * band / band.std()
    pores = np.zeros((size, size))
    places = rng.integers(0, size, (int(rng.uniform(0, 0.02) * size**2), 2))
    pores[places[:, 0], places[:, 1]] = rng.exponential(1.0, len(places))
    width = rng.uniform(0.6, 1.4)
    # Pores gather: where the field is low there are hardly any.
    gathered = np.clip(0.6 + 0.6 * cloud(rng, size, octaves=3), 0, None)
    depth = rng.uniform(0.0, 0.18) * 2 * np.pi * width**2
    return np.asarray(form + texture - depth * gathered * blur(pores, width), np.float64)


def _shine(rng: Generator, size: int) -> Floats:
    """Light that the skin mirrors, in broad patches broken by its texture."""
    patches = np.clip(cloud(rng, size, octaves=4) - rng.uniform(0.8, 2.0), 0, 1)
    sparkle = np.clip(0.5 + blur(rng.normal(0, 1, (size, size)), rng.uniform(0.7, 2.0)), 0, None)
    return np.asarray(rng.uniform(0, 0.20) * patches * sparkle, np.float64)


def _photographed(rng: Generator, linear: Floats) -> NDArray[np.uint8]:
    """What a camera makes of the light: lost sharpness, sRGB, noise and, on most, JPEG."""
    size = linear.shape[0]
    if rng.random() < 0.7:
        width = rng.uniform(0.4, 1.6)
        linear = np.stack([blur(linear[..., c], width) for c in range(3)], axis=-1)
    srgb = 255 * encode(np.clip(linear, 0, 1))
    noise = rng.normal(0, rng.uniform(0, 4.0), (size, size, 1)) + rng.normal(0, rng.uniform(0, 2.0), (size, size, 3))
    pixels = np.clip(np.rint(srgb + noise), 0, 255).astype(np.uint8)
    if rng.random() < 0.7:
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "JPEG", quality=int(rng.integers(50, 96)))
        pixels = np.array(Image.open(buffer))
    return pixels
