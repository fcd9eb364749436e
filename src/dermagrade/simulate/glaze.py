"""Paints mottled pigmentation in a second way, to measure on what no network learnt from.

:mod:`~dermagrade.simulate.pigment` adds melanin to the skin's density in discs and clouds. Here the shapes are grown
from points (:mod:`~dermagrade.simulate.patterns`) and the colour is a glaze in CIE Lab: lightness L* goes down, while
a* and b* keep more of themselves than they would in mere shade. Neither shape nor colour follows from the first
method's, and the strengths of the shifts are choices of ours. What the two share is how the truth is told.

What comes out is simulated, and has to be called so wherever it is shown or measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from dermagrade.light import LUMINANCE, TO_WHITE, lab_root, lab_root_inverse, to_linear32
from dermagrade.simulate.coarse import CoarseFace
from dermagrade.simulate.painted_pigment import (
    CONTRAST,
    COVERAGE,
    PALE_SHARE,
    PaintedPigment,
    check_painting,
    parts_in_load,
    unpainted,
)
from dermagrade.simulate.patterns import PATTERNS, clusters
from dermagrade.simulate.relight import bytes_by_table
from dermagrade.simulate.texture import Grid, blurred, cloud, resized

#: How many faces get pale spots between their patches.
PALE_FACES = 0.10

# Cells of the grid across a face: about a millimetre, as far as light wanders in skin.
_CELLS = 176
# Edges are blurred by this share of the face's width: from a millimetre, which no pigment is sharper than in skin.
_EDGES = (0.006, 0.014)
# Paint fades out this far beyond the zones, as a share of the face's width.
_FADE = 0.03
# Linear sRGB to XYZ as shares of the white, and back.
_TO_WHITE = TO_WHITE.astype(np.float32)
_FROM_WHITE = np.linalg.inv(_TO_WHITE.astype(np.float64)).astype(np.float32)
_BLACK = 1e-4


@dataclass(frozen=True)
class _Glaze:
    """Colour of the paint.

    Attributes:
        even: 0 lowers lightness in proportion to what it is, 1 by the same amount at every pixel of the face.
        kept: a* and b* go with the ``1 - kept`` power of lightness; 1 keeps them.
        redder: added to a* for each unit of L* lost.
        yellower: added to b* for each unit of L* lost.
    """

    even: float
    kept: float
    redder: float
    yellower: float


def glaze_pigment(
    pixels: NDArray[np.uint8],
    label_map: NDArray[np.uint8],
    *,
    face_width_px: float,
    load: float,
    seed: int,
    zone_weights: Mapping[str, float] | None = None,
) -> PaintedPigment:
    """Paints patches whose load on the face is the one wished for.

    Whether they are faint and spread wide or dark and in few places, of which family, and how sharp, is chosen by
    chance among what gives that load. Paint runs over a zone's edge onto skin beside it. The same arguments give the
    same picture.

    Args:
        pixels: ``(h, w, 3)`` uint8, sRGB; not changed.
        label_map: ``(h, w)`` uint8, 0 for no zone, else 1 + index into :data:`~dermagrade.types.ZONES`.
        face_width_px: width of the face in pixels, cheek to cheek.
        load: mean over the zones' skin of the excess density, pale spots counted half; 0 to 0.4.
        seed: of the random numbers.
        zone_weights: zone name to its part in the load; by area where None.

    Returns:
        The painted picture and its truth. The load is met within a fiftieth of itself, unless the skin is too dark to
        be darkened so far; ``parameters["load"]`` says what was reached.

    Raises:
        ValueError: if shapes disagree, no pixel belongs to a zone, or a number is out of range.
    """
    check_painting(pixels, label_map, face_width_px=face_width_px, load=load)
    if load == 0:
        return unpainted(pixels)
    rng = np.random.default_rng([seed, 23])
    window = _window(label_map, round(3 * _FADE * face_width_px) + 1)
    skin, zones = pixels[window], label_map[window]
    face = CoarseFace.of(skin, zones, face_width_px=face_width_px, cells=_CELLS)
    amount, told = _amount(rng, face, face_width_px, load, zone_weights)
    glaze = _Glaze(rng.uniform(0, 0.7), rng.uniform(0.5, 1.0), rng.uniform(0.04, 0.15), rng.uniform(0.06, 0.22))

    # A cubic would ring at sharp edges and leave pale rims around the patches.
    full = resized(amount, (zones.shape[0], zones.shape[1]), Image.Resampling.BILINEAR)
    touched = np.abs(full) > 0.004
    light, own = to_linear32(skin[touched]), full[touched]
    before = light @ LUMINANCE.astype(np.float32)
    part = parts_in_load(zones, zone_weights)[touched]
    strength = told["contrast"] / 3
    for _ in range(10):  # what a step of lightness does to luminance depends on the skin
        after, rendered = _glazed(light, before, own * np.float32(strength), glaze)
        reached = float(part @ np.where(rendered > 0, rendered, -PALE_SHARE * rendered))
        if abs(reached - load) < 0.004 * load or reached <= 0:
            break
        strength *= load / reached
    painted = pixels.copy()
    painted[window][touched] = bytes_by_table(after)
    excess = np.zeros(label_map.shape, np.float32)
    excess[window][touched] = rendered
    parameters: dict[str, float | str] = {"method": "glaze", **told, "load": reached}
    parameters["contrast"] = float(np.median(rendered[own > 0.5])) if (own > 0.5).any() else 0.0
    return PaintedPigment(painted, excess, np.abs(excess) > 0.03, parameters)


def _window(label_map: NDArray[np.uint8], margin: int) -> tuple[slice, slice]:
    rows, columns = np.flatnonzero(label_map.any(axis=1)), np.flatnonzero(label_map.any(axis=0))
    top, left = max(0, int(rows[0]) - margin), max(0, int(columns[0]) - margin)
    return slice(top, int(rows[-1]) + 1 + margin), slice(left, int(columns[-1]) + 1 + margin)


def _amount(
    rng: Generator, face: CoarseFace, width: float, load: float, zone_weights: Mapping[str, float] | None
) -> tuple[Grid, dict[str, float]]:
    """How much paint lies where on the grid, 1 in the middle of a strong patch, and what was chosen."""
    part = parts_in_load(face.labels, zone_weights)
    skin = face.skin(_FADE * width)
    unit = width / face.step
    coverage = _drawn(rng, load)
    names = list(rng.permutation(list(PATTERNS)))[: 2 if rng.random() < 0.4 else 1]
    edge = float(np.exp(rng.uniform(*np.log(_EDGES)))) * unit
    # A little paint gathers in places, much of it is everywhere.
    where = cloud(rng, _shape(face), rng.uniform(0.3, 0.8) * unit, octaves=2) * rng.uniform(0, 1.2) * (1 - coverage)
    layers = []
    for name in names:
        pattern = PATTERNS[name](rng, _shape(face), unit)
        layers.append((pattern.height + where, 1 - rng.uniform(0.1, 0.6) * pattern.strength))
    uneven = np.clip(1 + rng.uniform(0.05, 0.25) * cloud(rng, _shape(face), 0.05 * unit), 0.4, 1.6)
    pale = float(rng.uniform(0.15, 0.6)) if rng.random() < PALE_FACES else 0.0
    spots = clusters(rng, _shape(face), unit).height if pale else where
    share = rng.uniform(0.02, 0.08)
    for _ in range(8):
        amount = _patches(layers, coverage, edge, face) * uneven * skin
        if pale:
            amount -= np.float32(pale) * _pale(spots, share, unit, face) * np.clip(1 - 3 * amount, 0, 1) * skin
        contrast = load / max(float((part * np.where(amount > 0, amount, -PALE_SHARE * amount)).sum()), 1e-6)
        if contrast > CONTRAST[1] and coverage < COVERAGE[1]:
            coverage = min(COVERAGE[1], 1.3 * coverage)
        elif contrast < 1.2 * CONTRAST[0]:  # the edges of patches are fainter than their middles
            coverage *= 0.7
        else:
            break
    told = {"coverage": float(((amount > 0.2) * part).sum()), "edge": edge / unit, "pale": pale}
    told |= {f"share_{name}": float(name in names) / len(names) for name in PATTERNS}
    return np.asarray(amount, np.float32), told | {"contrast": contrast}


def _drawn(rng: Generator, load: float) -> float:
    """A share of the skin with which a load is met by some contrast that is allowed; low shares as often as high."""
    low, high = max(COVERAGE[0], load / CONTRAST[1]), min(COVERAGE[1], load / CONTRAST[0])
    return float(np.exp(rng.uniform(np.log(min(low, high)), np.log(max(high, 1e-4)))))


def _patches(layers: Sequence[tuple[Grid, Grid]], coverage: float, edge: float, face: CoarseFace) -> Grid:
    """The highest parts of every landscape, with soft edges; 1 where a strong patch is."""
    amount = np.zeros(_shape(face), np.float32)
    for height, strength in layers:
        level = np.quantile(height[face.labels > 0], max(0.0, 1 - coverage / len(layers)))
        amount = np.maximum(amount, (height > level) * strength)
    amount = blurred(amount.astype(np.float32), edge)
    # Fine structures lose strength in the blur: what is left is the pattern, brought back to its full height.
    seen = amount[amount > 0.02]
    return amount / np.float32(max(float(np.quantile(seen, 0.9)) if seen.size else 1.0, 0.05))


def _pale(heights: Grid, share: float, unit: float, face: CoarseFace) -> Grid:
    """Small spots on a share of the skin, 0 to 1."""
    level = float(np.quantile(heights[face.labels > 0], 1 - share))
    return blurred((heights > level).astype(np.float32), 0.004 * unit)


def _glazed(
    light: NDArray[np.float32], before: NDArray[np.float32], amount: NDArray[np.float32], glaze: _Glaze
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Linear light ``(n, 3)`` under a glaze of ``(n,)``, and the excess that came of it."""
    f = lab_root(light @ _TO_WHITE.T)
    lightness = 116 * f[:, 1] - 16
    middle = float(np.median(lightness))
    lost = amount * ((1 - glaze.even) * (lightness + 16) + glaze.even * (middle + 16))
    # Not below a tenth of the lightness that was there, nor above white.
    lost = np.clip(lost, lightness - 100, 0.9 * lightness)
    left = lightness - lost
    shade = ((left + 16) / (lightness + 16)) ** np.float32(1 - glaze.kept)
    a = 500 * (f[:, 0] - f[:, 1]) * shade + np.float32(glaze.redder) * lost
    b = 200 * (f[:, 1] - f[:, 2]) * shade + np.float32(glaze.yellower) * lost
    fy = (left + 16) / 116
    xyz = lab_root_inverse(np.stack([fy + a / 500, fy, fy - b / 200], axis=1))
    after = np.clip(xyz @ _FROM_WHITE.T, 0, 1).astype(np.float32)
    luminance = after @ LUMINANCE.astype(np.float32)
    excess = np.log(np.maximum(before, _BLACK)) - np.log(np.maximum(luminance, _BLACK))
    return after, np.asarray(excess, np.float32)


def _shape(face: CoarseFace) -> tuple[int, int]:
    return (face.labels.shape[0], face.labels.shape[1])
