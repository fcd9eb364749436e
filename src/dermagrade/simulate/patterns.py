"""Shapes of mottling grown from points: cells of a broken mosaic, nets between cells, and clusters of spots.

They share neither their making nor their look with the discs and clouds of :mod:`~dermagrade.simulate.pigment`, so that
what was learnt from the one can be measured on the other. Every pattern is a landscape, of which as much is above water
as the skin is to be covered, and a field that lets neighbouring patches differ in strength.

Sources: Worley S. A cellular texture basis function. SIGGRAPH 1996:291-294 (cells, and the net as the difference of the
two nearest distances); Neyman J, Scott EL. Statistical approach to problems of cosmology. J R Stat Soc B 1958;20:1-43
(clusters of points around points).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from dermagrade.simulate.texture import Grid, noise

Shape = tuple[int, int]

# More spots than this are not told apart.
_MOST_SPOTS = 220


class Pattern(NamedTuple):
    """A landscape of about unit spread whose heights are painted first, and a strength from 0 to 1 at each place."""

    height: Grid
    strength: Grid


def cells(rng: Generator, shape: Shape, unit: float) -> Pattern:
    """Angular patches of a mosaic: some cells painted, others not, each of its own strength.

    Args:
        rng: where the chance comes from.
        shape: of the grid.
        unit: cells of the grid across the face.
    """
    size = _drawn(rng, 0.025, 0.11) * unit
    nearest, second, value = _worley(rng, shape, size, warp=rng.uniform(0.2, 0.6))
    height = 1.6 * (value - 0.5) + 0.5 * (second - nearest) + 0.2 * noise(rng, shape, 0.3 * size)
    return Pattern(height.astype(np.float32), (value * 7.31) % 1)


def net(rng: Generator, shape: Shape, unit: float) -> Pattern:
    """A net of branching bands, as melasma often shows: the borders between cells, wide here and narrow there."""
    size = _drawn(rng, 0.04, 0.13) * unit
    nearest, second, _ = _worley(rng, shape, size, warp=rng.uniform(0.3, 0.8))
    fine_near, fine_second, _ = _worley(rng, shape, 0.45 * size, warp=0.5)
    band = -2.2 * (second - nearest) - rng.uniform(0.2, 0.9) * (fine_second - fine_near)
    height = band + 0.35 * noise(rng, shape, size)
    return Pattern(height.astype(np.float32), np.clip(0.5 + 0.4 * noise(rng, shape, 2 * size), 0, 1))


def clusters(rng: Generator, shape: Shape, unit: float) -> Pattern:
    """Lentigines in clusters: a few places around which spots of many sizes gather, none of them a disc."""
    height = np.full(shape, -1.0, np.float32)
    strength = np.full(shape, 0.5, np.float32)
    parents = rng.uniform(0, 1, (int(rng.integers(3, 14)), 2)) * shape
    spread = _drawn(rng, 0.05, 0.16) * unit
    number = int(rng.integers(40, _MOST_SPOTS))
    centres = parents[rng.integers(len(parents), size=number)] + rng.normal(0, spread, (number, 2))
    radii = np.clip(np.exp(rng.normal(np.log(0.011), 0.45, number)), 0.004, 0.045) * unit
    for (cy, cx), radius in zip(centres, radii, strict=True):
        _spot(rng, height, strength, float(cy), float(cx), float(max(radius, 1.2)))
    return Pattern(height + np.float32(0.08) * noise(rng, shape, 0.01 * unit), strength)


#: Every family of patterns by its name.
PATTERNS: Mapping[str, Callable[[Generator, Shape, float], Pattern]] = MappingProxyType(
    {"cells": cells, "net": net, "clusters": clusters}
)


def _drawn(rng: Generator, low: float, high: float) -> float:
    """Chance between two sizes, even on the scale of their logarithm."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _spot(rng: Generator, height: Grid, strength: Grid, cy: float, cx: float, radius: float) -> None:
    """Raise one angular hill, in place: 1 at its top, 0 at its radius, and on falling to -1 at twice that."""
    reach = int(2 * radius) + 1
    y0, x0 = max(0, int(cy) - reach), max(0, int(cx) - reach)
    part = height[y0 : max(0, int(cy) + reach + 1), x0 : max(0, int(cx) + reach + 1)]
    if not part.size:
        return
    tilt, power, stretch = rng.uniform(0, np.pi), rng.uniform(1.1, 3.0), rng.uniform(0.6, 1.0)
    v = (np.arange(part.shape[0], dtype=np.float32) + np.float32(y0 - cy))[:, None]
    u = (np.arange(part.shape[1], dtype=np.float32) + np.float32(x0 - cx))[None, :]
    c, s = np.float32(np.cos(tilt) / radius), np.float32(np.sin(tilt) / radius)
    along, across = np.abs(u * c + v * s), np.abs(v * c - u * s) / np.float32(stretch)
    hill = 1 - (along**power + across**power) ** np.float32(1 / power)
    higher = hill > part
    part[higher] = hill[higher]
    strength[y0 : y0 + part.shape[0], x0 : x0 + part.shape[1]][higher] = rng.uniform(0, 1)


def _worley(rng: Generator, shape: Shape, size: float, *, warp: float) -> tuple[Grid, Grid, Grid]:
    """Distance to the nearest and to the second nearest of scattered points in units of ``size``, and a value of the
    nearest from 0 to 1. ``warp`` bends the picture by that share of ``size``, so that no border is straight."""
    size = max(size, 2.0)
    y = np.arange(shape[0], dtype=np.float32)[:, None] / np.float32(size) + np.float32(warp) * noise(rng, shape, size)
    x = np.arange(shape[1], dtype=np.float32)[None, :] / np.float32(size) + np.float32(warp) * noise(rng, shape, size)
    # Bent places may leave the picture; the margin holds points for them too.
    margin = 4
    rows, columns = int(shape[0] / size) + 2 * margin + 2, int(shape[1] / size) + 2 * margin + 2
    jitter = rng.random((3, rows * columns), np.float32)
    i = np.clip(np.floor(y).astype(np.int32) + margin, 1, rows - 2)
    j = np.clip(np.floor(x).astype(np.int32) + margin, 1, columns - 2)
    y += np.float32(margin)
    x += np.float32(margin)
    nearest = np.full(shape, np.inf, np.float32)
    second = np.full(shape, np.inf, np.float32)
    value = np.zeros(shape, np.float32)
    for di in (-1, 0, 1):
        for dj in (-1, 0, 1):
            at = (i + di) * columns + (j + dj)
            far = (np.take(jitter[0], at) + (i + di) - y) ** 2 + (np.take(jitter[1], at) + (j + dj) - x) ** 2
            far = far.astype(np.float32)
            closer = far < nearest
            np.minimum(second, np.maximum(far, nearest), out=second)
            np.minimum(nearest, far, out=nearest)
            np.copyto(value, np.take(jitter[2], at), where=closer)
    return np.sqrt(nearest), np.sqrt(second), value
