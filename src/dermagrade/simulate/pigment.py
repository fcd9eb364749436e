"""Paints mottled brown pigmentation onto a face, as melanin, with the truth at every pixel.

The skin of a photo is taken as layers of pigment (:mod:`dermagrade.face.chromophores`), and melanin is added to its
density, so pores, hairs and grain stay visible through the paint and no tone of skin needs a palette of its own. The
pattern is a mixture of what is seen on faces: lentigines and freckles, marks that an inflammation left, blotches
without a clear shape, fields like those of melasma on forehead, cheeks and upper lip, and pale spots between.

What comes out is simulated, and has to be called so wherever it is shown or measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from dermagrade.face.chromophores import (
    HAEMOGLOBIN,
    LUMINANCE,
    MELANIN,
    MELANIN_LUMINANCE,
    from_density,
    luminance_density,
    to_density,
)
from dermagrade.simulate.painted import PALE_SHARE, PaintedPigment, check_painting, parts_in_load, unpainted
from dermagrade.simulate.texture import Grid, blurred, cloud, noise, resized, smooth_step
from dermagrade.types import ZONES

#: Contrast of patches, natural-log density of luminance: from what can just be seen on ordinary skin, about 3 of L*.
#: What no rater could see is no truth to grade by.
CONTRAST = (0.12, 0.8)
#: Share of the skin that patches may cover: where more is dark, dark is the skin's own colour.
COVERAGE = (0.008, 0.55)
# Patterns are drawn on a grid whose longer side is at most this; larger photos take them enlarged.
_MOST_PX = 512
# The face's skin is painted this far beyond its zones, as a share of the face's width, fading away.
_FEATHER = 0.015
# Light wanders about a millimetre in skin, so no edge of pigment is sharper; as shares of the face's width.
_SCATTER = (0.0025, 0.008)
_OUTLINES, _MOST_SPOTS = 24, 500
# How often blotches are the ridges of a cloud.
_RIDGED = 0.3


@dataclass(frozen=True, eq=False)
class _Canvas:
    """The part of a photo that is painted on, and what it is painted by.

    Attributes:
        rows: of the photo.
        columns: of the photo.
        skin: ``(h, w)`` float32 on the grid, 0 to 1: how much paint the place takes.
        zones: ``(h, w)`` uint8 on the grid, as in a label map.
        weight: ``(h, w)`` float32 on the grid, sums to 1 over the zones: each pixel's part in the load.
        unit: pixels of the grid for the width of the face.
    """

    rows: slice
    columns: slice
    skin: Grid
    zones: NDArray[np.uint8]
    weight: Grid
    unit: float

    @property
    def shape(self) -> tuple[int, int]:
        """Of the grid."""
        return (self.skin.shape[0], self.skin.shape[1])


def paint_pigment(
    pixels: NDArray[np.uint8],
    label_map: NDArray[np.uint8],
    *,
    face_width_px: float,
    load: float,
    seed: int,
    zone_weights: Mapping[str, float] | None = None,
) -> PaintedPigment:
    """Paints patches of brown whose load on the face is the one wished for.

    How many patches, of which kinds, how dark, how far spread and whether pale spots lie between them is chosen by
    chance among what gives that load. The same arguments give the same picture.

    Args:
        pixels: ``(h, w, 3)`` uint8, sRGB; not changed.
        label_map: ``(h, w)`` uint8, 0 for no zone, else 1 + index into :data:`~dermagrade.types.ZONES`.
        face_width_px: width of the face in pixels, cheek to cheek.
        load: mean over the zones' skin of the excess density, pale spots counted half; 0 to 0.4.
        seed: of the random numbers.
        zone_weights: zone name to its part in the load; by area where None.

    Returns:
        The painted picture and its truth. The load is met to about a hundredth of itself.

    Raises:
        ValueError: if shapes disagree, no pixel belongs to a zone, or a number is out of range.
    """
    check_painting(pixels, label_map, face_width_px=face_width_px, load=load)
    if load == 0:
        return unpainted(pixels)
    rng = np.random.default_rng([seed, 11])
    canvas = _canvas(label_map, face_width_px, zone_weights)
    amount, red, parameters = _pattern(rng, canvas, load)

    window = (canvas.rows, canvas.columns)
    before = to_density(pixels[window])
    shape = before.shape[:2]
    fine = resized(amount, shape)[..., None] * _direction(rng) + resized(red, shape)[..., None] * HAEMOGLOBIN
    weight, base = parts_in_load(label_map[window], zone_weights), luminance_density(before)
    factor = 1.0
    for _ in range(3):  # what a unit of melanin does to luminance depends on the skin, so the strength is corrected
        # Dark paint cannot go below black, and pale spots not above the light that fell in.
        after = np.maximum(before + np.float32(factor) * fine, 0).astype(np.float32)
        rendered = luminance_density(after) - base
        reached = float((weight * np.where(rendered > 0, rendered, -PALE_SHARE * rendered)).sum())
        if abs(reached - load) < 0.005 * load or reached <= 0:
            break
        factor *= load / reached
    touched = np.abs(rendered) > 5e-4
    painted = pixels.copy()
    painted[window][touched] = from_density(after[touched])
    excess = np.zeros(label_map.shape, np.float32)
    excess[window] = np.where(touched, rendered, 0)
    return PaintedPigment(painted, excess, excess > 0.03, parameters | {"load": reached, "method": "melanin"})


def _canvas(label_map: NDArray[np.uint8], face_width_px: float, zone_weights: Mapping[str, float] | None) -> _Canvas:
    rows, columns = np.flatnonzero(label_map.any(axis=1)), np.flatnonzero(label_map.any(axis=0))
    margin = int(np.ceil(3 * _FEATHER * face_width_px))
    window = (
        slice(max(0, int(rows[0]) - margin), int(rows[-1]) + 1 + margin),
        slice(max(0, int(columns[0]) - margin), int(columns[-1]) + 1 + margin),
    )
    part = label_map[window]
    step = max(1, int(np.ceil(max(part.shape) / _MOST_PX)))
    zones = np.ascontiguousarray(part[::step, ::step])
    unit = face_width_px / step
    skin = np.clip(2 * blurred((zones > 0).astype(np.float32), _FEATHER * unit), 0, 1)
    return _Canvas(*window, skin, zones, parts_in_load(zones, zone_weights), unit)


def _direction(rng: Generator) -> NDArray[np.float32]:
    """Melanin's colour, a little browner or greyer: deep pigment looks greyer than pigment near the surface."""
    slope = MELANIN ** rng.uniform(0.7, 1.2)
    slope *= MELANIN_LUMINANCE / float(LUMINANCE @ slope)
    grey = rng.uniform(0, 0.4)
    return np.asarray((1 - grey) * slope + grey * MELANIN_LUMINANCE, np.float32)


def _pattern(rng: Generator, canvas: _Canvas, load: float) -> tuple[Grid, Grid, dict[str, float | str]]:
    """Melanin and haemoglobin to add on the grid, and what was chosen."""
    low, high = max(CONTRAST[0], load / COVERAGE[1]), min(CONTRAST[1], load / COVERAGE[0])
    contrast = float(np.exp(rng.uniform(np.log(low), np.log(max(high, low * 1.01)))))
    coverage = load / contrast
    spread = float(rng.uniform(0.25, 1.0)) if coverage < 0.3 else 1.0
    where = _region(rng, canvas, max(spread, min(1.0, 1.6 * coverage)))
    shares = rng.dirichlet([0.7, 0.9, 0.7, 0.4])
    # Single spots stand for little of the skin; what they cannot cover, blotches do.
    spots = min(shares[0] * coverage, 0.12)
    marks = min(shares[3] * coverage, 0.05)
    fields = shares[2] * coverage if coverage > 0.02 else 0.0
    blotches = coverage - spots - marks - fields
    shape, number = _spots(rng, canvas, where, spots)
    pip, red, several = _marks(rng, canvas, where, marks)
    for layer in (pip, _blotches(rng, canvas, where, blotches), _fields(rng, canvas, fields)):
        shape = np.maximum(shape, layer)
    uneven = np.clip(1 + rng.uniform(0.05, 0.2) * cloud(rng, canvas.shape, 0.08 * canvas.unit), 0.3, 1.7)
    shape = blurred(shape * uneven, rng.uniform(*_SCATTER) * canvas.unit) * canvas.skin
    gathered = float((canvas.weight * shape).sum())
    strength = load / max(gathered, 1e-6) if gathered > 0 else 0.0
    # A pattern that came out smaller than wished must not be made black to reach the load: the rest is spread wide.
    if strength > 1.6 * CONTRAST[1]:
        wide = _blotches(rng, canvas, np.ones(canvas.shape, np.float32), min(0.5, load / contrast)) * canvas.skin
        shape = np.maximum(shape, wide)
        strength = load / max(float((canvas.weight * shape).sum()), 1e-6)
    amount = shape * np.float32(strength / MELANIN_LUMINANCE)
    pale = 0.0
    if load > 0.02 and rng.random() < 0.35:
        pale = float(rng.uniform(0.1, 0.5))
        holes = _confetti(rng, canvas, where, rng.uniform(0.02, 0.12))
        holes = blurred(holes, rng.uniform(*_SCATTER) * canvas.unit) * canvas.skin
        amount = amount * (1 - holes) - np.float32(pale * min(strength, 0.4) / MELANIN_LUMINANCE) * holes
    told: dict[str, float | str] = {
        "contrast": strength, "coverage": coverage, "spread": spread, "spots": float(number + several), "pale": pale,
        "share_spots": float(spots / coverage), "share_marks": float(marks / coverage),
        "share_fields": float(fields / coverage),
    }  # fmt: skip
    return amount.astype(np.float32), red * np.float32(min(strength, 0.5)), told


def _region(rng: Generator, canvas: _Canvas, share: float) -> Grid:
    """Where patches may lie, 0 to 1: about this share of the skin, in one place or a few."""
    if share >= 0.99:
        return np.ones(canvas.shape, np.float32)
    field = cloud(rng, canvas.shape, rng.uniform(0.25, 0.7) * canvas.unit, octaves=2)
    edge = float(np.quantile(field[canvas.zones > 0], 1 - share))
    return smooth_step(field, edge - 0.25, edge + 0.25)


def _spots(rng: Generator, canvas: _Canvas, where: Grid, coverage: float) -> tuple[Grid, int]:
    """Freckles and lentigines: many small or few large, each of its own strength and outline."""
    freckled = rng.random() < 0.4
    low, high = (0.005, 0.010) if freckled else (0.007, 0.030)
    return _stamp(rng, canvas, where, coverage, low, high)


def _marks(rng: Generator, canvas: _Canvas, where: Grid, coverage: float) -> tuple[Grid, Grid, int]:
    """What an inflammation leaves: round marks, some still red."""
    shape, number = _stamp(rng, canvas, where, coverage, 0.010, 0.020)
    return shape, shape * np.float32(rng.uniform(0, 0.6)), number


def _stamp(rng: Generator, canvas: _Canvas, where: Grid, coverage: float, low: float, high: float) -> tuple[Grid, int]:
    """Single spots of radii from low to high (shares of the face's width) on this share of the skin."""
    shape = np.zeros(canvas.shape, np.float32)
    places = np.flatnonzero((canvas.zones > 0) & (rng.random(canvas.shape) < where))
    wanted = coverage * float((canvas.zones > 0).sum())
    if not len(places) or wanted < 1:
        return shape, 0
    # A few dozen outlines are enough: nobody sees that one comes again elsewhere, turned and at another strength.
    outlines = [_outline(rng, low, high, canvas.unit) for _ in range(_OUTLINES)]
    number, covered = 0, 0.0
    while covered < wanted and number < _MOST_SPOTS:
        outline = outlines[number % _OUTLINES]
        depth = np.float32(rng.uniform(0.4, 1.0))
        reach = outline.shape[0] // 2
        y, x = divmod(int(places[rng.integers(len(places))]), canvas.shape[1])
        y0, x0 = max(0, y - reach), max(0, x - reach)
        part = shape[y0 : y + reach + 1, x0 : x + reach + 1]
        own = outline[y0 - y + reach :, x0 - x + reach :][: part.shape[0], : part.shape[1]]
        np.maximum(part, depth * own, out=part)
        covered += float(depth) * float(outline.sum())
        number += 1
    return shape, number


def _outline(rng: Generator, low: float, high: float, unit: float) -> Grid:
    """One spot in the middle of a square, 1 within and 0 outside, neither round nor smooth."""
    radius = max(0.6, float(np.exp(rng.uniform(np.log(low), np.log(high)))) * unit)
    reach = int(np.ceil(1.9 * radius)) + 1
    v, u = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    dx, dy = u - rng.uniform(-0.5, 0.5), v - rng.uniform(-0.5, 0.5)
    tilt, stretch = rng.uniform(0, np.pi), rng.uniform(1.0, 1.5)
    along, across = dx * np.cos(tilt) + dy * np.sin(tilt), dy * np.cos(tilt) - dx * np.sin(tilt)
    far = np.hypot(along / np.sqrt(stretch), across * np.sqrt(stretch)) / radius
    angle = np.arctan2(across, along)
    waver = 0.15 * np.cos(2 * angle + rng.uniform(0, 6)) + 0.12 * np.cos(3 * angle + rng.uniform(0, 6))
    return np.asarray(np.exp(-((far / (1 + waver)) ** rng.uniform(1.5, 5.0))), np.float32)


def _blotches(rng: Generator, canvas: _Canvas, where: Grid, coverage: float) -> Grid:
    """Patches without a shape of their own: the peaks of a cloud, or its ridges, which run together like a net."""
    if coverage <= 0.001:
        return np.zeros(canvas.shape, np.float32)
    size = float(np.exp(rng.uniform(np.log(0.015), np.log(0.14))))
    octaves, roughness = int(rng.integers(2, 5)), rng.uniform(0.4, 0.7)
    field = cloud(rng, canvas.shape, size * canvas.unit, octaves=octaves, roughness=roughness)
    if octaves > 2 and rng.random() < _RIDGED:
        field = np.float32(1) - np.float32(1.7) * np.abs(field)
    field = np.asarray(field + 2.5 * (where - 1), np.float32)
    edge = float(np.quantile(field[canvas.zones > 0], max(0.02, 1 - coverage)))
    soft = rng.uniform(0.05, 0.6)
    return smooth_step(field, edge - soft, edge + soft)


def _fields(rng: Generator, canvas: _Canvas, coverage: float) -> Grid:
    """Broad fields on both cheeks, the forehead or the upper lip, alike on both sides, with a ragged edge."""
    if coverage <= 0:
        return np.zeros(canvas.shape, np.float32)
    zones = [name for name in ("forehead", "cheeks", "chin", "nose") if rng.random() < 0.55] or ["cheeks"]
    field = np.full(canvas.shape, -3.0, np.float32)
    y, x = np.mgrid[: canvas.shape[0], : canvas.shape[1]].astype(np.float32)
    off = rng.normal(0, 0.05, 2)
    for name in zones:
        for zone in ("left_cheek", "right_cheek") if name == "cheeks" else (name,):
            own = canvas.zones == ZONES.index(zone) + 1
            if not own.any():
                continue
            ys, xs = np.nonzero(own)
            side = 1 if zone == "left_cheek" else -1 if zone == "right_cheek" else 0
            cx = xs.mean() + side * off[0] * canvas.unit
            # The upper lip is the upper end of the chin's zone, the malar bone that of a cheek's.
            high = {"chin": 0.15, "cheeks": 0.35}.get(name, 0.5) + off[1]
            cy = ys.min() + high * (ys.max() - ys.min())
            rx = max(2.0, rng.uniform(0.3, 0.7) * (xs.max() - xs.min()))
            ry = max(2.0, rng.uniform(0.2, 0.6) * (ys.max() - ys.min()))
            far = np.hypot((x - cx) / rx, (y - cy) / ry)
            np.maximum(field, 1 - far, out=field)
    field = field + 0.35 * cloud(rng, canvas.shape, 0.07 * canvas.unit, octaves=4, roughness=0.6)
    edge = float(np.quantile(field[canvas.zones > 0], 1 - min(coverage, 0.7)))
    soft = rng.uniform(0.1, 0.35)
    return smooth_step(field, edge - soft, edge + soft)


def _confetti(rng: Generator, canvas: _Canvas, where: Grid, coverage: float) -> Grid:
    """Small pale spots, 0 to 1."""
    field = noise(rng, canvas.shape, rng.uniform(0.02, 0.05) * canvas.unit) + 2.0 * (where - 1)
    edge = float(np.quantile(field[canvas.zones > 0], 1 - coverage))
    return smooth_step(field, edge - 0.1, edge + 0.3)
