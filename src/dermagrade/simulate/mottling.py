"""Patterns of mottled pigmentation: where on a face how much melanin lies, drawn by chance for a load.

A pattern is a mixture of what is seen on faces: lentigines and freckles, marks that an inflammation left, blotches
without a clear shape, mottling of one grain, fields like those of melasma on forehead, cheeks and upper lip, and pale
spots between. All of it is simulated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from dermagrade.face.chromophores import MELANIN_LUMINANCE
from dermagrade.simulate.painted_pigment import CONTRAST, COVERAGE, parts_in_load
from dermagrade.simulate.texture import Grid, blurred, cloud, noise, resized, smooth_step
from dermagrade.types import ZONES

# Patterns are drawn on a grid whose longer side is at most this; larger photos take them enlarged.
_MOST_PX = 512
# The face's skin is painted this far beyond its zones, as a share of the face's width, fading away.
_FEATHER = 0.015
# Light wanders about a millimetre in skin, so no edge of pigment is sharper; as shares of the face's width.
_SCATTER = (0.0025, 0.012)
_OUTLINES, _MOST_SPOTS = 24, 500
# How often blotches are the ridges of a cloud, are drawn out along or across the face, and are even grains or worms.
_RIDGED, _DRAWN_OUT, _GRAINED = 0.3, 0.25, 0.35


@dataclass(frozen=True, eq=False)
class Canvas:
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


def canvas_of(label_map: NDArray[np.uint8], face_width_px: float, zone_weights: Mapping[str, float] | None) -> Canvas:
    """The canvas around a face's zones, with room for the paint to fade.

    Args:
        label_map: ``(h, w)`` uint8, 0 for no zone; some pixel has one.
        face_width_px: width of the face in pixels.
        zone_weights: zone name to its part in the load; by area where None.
    """
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
    return Canvas(*window, skin, zones, parts_in_load(zones, zone_weights), unit)


def draw_pattern(rng: Generator, canvas: Canvas, load: float) -> tuple[Grid, Grid, dict[str, float | str]]:
    """A pattern whose load is about the one wished for.

    Args:
        rng: of everything that is chosen.
        canvas: what is painted on.
        load: mean excess over the skin, above 0.

    Returns:
        Melanin and haemoglobin to add, each ``(h, w)`` float32 on the grid in units of
        :mod:`dermagrade.face.chromophores`, and what was chosen, by name.
    """
    low, high = max(CONTRAST[0], load / COVERAGE[1]), min(CONTRAST[1], load / COVERAGE[0])
    contrast = float(np.exp(rng.uniform(np.log(low), np.log(max(high, low * 1.01)))))
    coverage = load / contrast
    spread = float(rng.uniform(0.25, 1.0)) if coverage < 0.3 else 1.0
    where = _region(rng, canvas, max(spread, min(1.0, 1.6 * coverage)))
    shares = rng.dirichlet([0.7, 0.9, 1.0, 0.4])
    # Single spots stand for little of the skin; what they cannot cover, blotches do.
    spots = min(shares[0] * coverage, 0.12)
    marks = min(shares[3] * coverage, 0.05)
    fields = shares[2] * coverage if coverage > 0.02 else 0.0
    blotches = coverage - spots - marks - fields
    shape, number = _spots(rng, canvas, where, spots)
    pip, red, several = _marks(rng, canvas, where, marks)
    grained = blotches * float(rng.uniform(0.3, 1.0)) if rng.random() < _GRAINED else 0.0
    for layer in (
        pip,
        _blotches(rng, canvas, where, blotches - grained),
        _grains(rng, canvas, where, grained),
        _fields(rng, canvas, fields),
    ):
        shape = np.maximum(shape, layer)
    wander = cloud(rng, canvas.shape, rng.uniform(0.03, 0.15) * canvas.unit)
    uneven = np.clip(1 + rng.uniform(0.05, 0.35) * wander, 0.3, 1.7)
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


def _region(rng: Generator, canvas: Canvas, share: float) -> Grid:
    """Where patches may lie, 0 to 1: about this share of the skin, in one place or a few."""
    if share >= 0.99:
        return np.ones(canvas.shape, np.float32)
    field = cloud(rng, canvas.shape, rng.uniform(0.25, 0.7) * canvas.unit, octaves=2)
    edge = float(np.quantile(field[canvas.zones > 0], 1 - share))
    return smooth_step(field, edge - 0.25, edge + 0.25)


def _spots(rng: Generator, canvas: Canvas, where: Grid, coverage: float) -> tuple[Grid, int]:
    """Freckles and lentigines: many small or few large, each of its own strength and outline."""
    freckled = rng.random() < 0.4
    low, high = (0.005, 0.010) if freckled else (0.007, 0.030)
    return _stamp(rng, canvas, where, coverage, low, high)


def _marks(rng: Generator, canvas: Canvas, where: Grid, coverage: float) -> tuple[Grid, Grid, int]:
    """What an inflammation leaves: round marks, some still red."""
    shape, number = _stamp(rng, canvas, where, coverage, 0.010, 0.020)
    return shape, shape * np.float32(rng.uniform(0, 0.6)), number


def _stamp(rng: Generator, canvas: Canvas, where: Grid, coverage: float, low: float, high: float) -> tuple[Grid, int]:
    """Single spots of radii from low to high (shares of the face's width) on this share of the skin."""
    shape = np.zeros(canvas.shape, np.float32)
    places = np.flatnonzero((canvas.zones > 0) & (rng.random(canvas.shape) < where))
    wanted = coverage * float((canvas.zones > 0).sum())
    if not len(places) or wanted < 1:
        return shape, 0
    # A few dozen outlines are enough: turned, elsewhere and at another strength, the same one is not recognised.
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


def _blotches(rng: Generator, canvas: Canvas, where: Grid, coverage: float) -> Grid:
    """Patches without a shape of their own: the peaks of a cloud, or its ridges, which run together like a net."""
    if coverage <= 0.001:
        return np.zeros(canvas.shape, np.float32)
    size = float(np.exp(rng.uniform(np.log(0.010), np.log(0.14))))
    octaves, roughness = int(rng.integers(2, 5)), rng.uniform(0.4, 0.7)
    (height, width), drawn_out = canvas.shape, float(rng.uniform(1.4, 2.8))
    if rng.random() < _DRAWN_OUT:
        shape = (round(height * drawn_out), width) if rng.random() < 0.5 else (height, round(width * drawn_out))
        field = cloud(rng, shape, size * np.sqrt(drawn_out) * canvas.unit, octaves=octaves, roughness=roughness)
        field = resized(field, canvas.shape, Image.Resampling.BILINEAR)
    else:
        field = cloud(rng, canvas.shape, size * canvas.unit, octaves=octaves, roughness=roughness)
    if octaves > 2 and rng.random() < _RIDGED:
        field = np.float32(1) - np.float32(1.7) * np.abs(field)
    field = np.asarray(field + 2.5 * (where - 1), np.float32)
    edge = float(np.quantile(field[canvas.zones > 0], max(0.02, 1 - coverage)))
    soft = rng.uniform(0.05, 0.6)
    return smooth_step(field, edge - soft, edge + soft)


def _grains(rng: Generator, canvas: Canvas, where: Grid, coverage: float) -> Grid:
    """Mottling of one size all over: grains where little is covered, worms and a net with holes where much is."""
    if coverage <= 0.001:
        return np.zeros(canvas.shape, np.float32)
    size = float(np.exp(rng.uniform(np.log(0.007), np.log(0.05)))) * canvas.unit
    field = noise(rng, canvas.shape, size)
    field = field - blurred(field, 1.2 * size)  # what is broader than a grain goes, so that all are of a size
    field = np.asarray(field / max(float(field.std()), 1e-3) + 2.5 * (where - 1), np.float32)
    edge = float(np.quantile(field[canvas.zones > 0], max(0.02, 1 - coverage)))
    soft = rng.uniform(0.1, 0.7)
    return smooth_step(field, edge - soft, edge + soft)


def _fields(rng: Generator, canvas: Canvas, coverage: float) -> Grid:
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
    soft = rng.uniform(0.1, 0.6)
    return smooth_step(field, edge - soft, edge + soft)


def _confetti(rng: Generator, canvas: Canvas, where: Grid, coverage: float) -> Grid:
    """Small pale spots, 0 to 1."""
    field = noise(rng, canvas.shape, rng.uniform(0.02, 0.05) * canvas.unit) + 2.0 * (where - 1)
    edge = float(np.quantile(field[canvas.zones > 0], 1 - coverage))
    return smooth_step(field, edge - 0.1, edge + 0.3)
