"""Krippendorff's alpha: agreement of any number of raters beyond chance, whichever cells are missing.

One minus the disagreement seen over the disagreement by chance. A photo with m readings brings each of their pairs
with the weight 1/(m - 1); a photo with one reading brings none. Chance is all readings that are in a pair, mixed.

Source: Krippendorff K. Computing Krippendorff's Alpha-Reliability. University of Pennsylvania, 2011.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

#: How far two values are apart: by name alone, by the readings that lie between them, by value, or by their ratio.
Metric = Literal["nominal", "ordinal", "interval", "ratio"]
METRICS: tuple[Metric, ...] = get_args(Metric)
#: So many numbers are held at once.
_AT_ONCE = 2_000_000


def krippendorff_alpha(table: ArrayLike, metric: Metric = "ordinal") -> float:
    """Alpha of one table.

    Args:
        table: ``(photos, raters)`` values, NaN where a rater did not read the photo.
        metric: how far two values are apart.

    Returns:
        At most 1; 0 is what chance gives; NaN where no photo has two readings, or all readings are equal.

    Raises:
        ValueError: if the array has another shape or the metric is unknown.
    """
    values = np.asarray(table, np.float64)
    if values.ndim != 2:
        raise ValueError(f"the table must be (photos, raters), not {values.shape}")
    return float(weighted_alpha(np.ones((1, len(values))), values, metric)[0])


def weighted_alpha(weights: Floats, table: Floats, metric: Metric = "ordinal") -> Floats:
    """Alpha of many draws of photos at once.

    Args:
        weights: ``(draws, photos)``, how often each photo counts.
        table: ``(photos, raters)``, NaN for a missing cell.
        metric: how far two values are apart.

    Returns:
        ``(draws,)``, NaN where undefined.

    Raises:
        ValueError: if the metric is unknown.
    """
    if metric not in METRICS:
        raise ValueError(f"metric must be one of {METRICS}, not {metric!r}")
    paired = np.isfinite(table).sum(1) > 1
    table, weights = table[paired], weights[:, paired]
    if not len(table):
        return np.full(len(weights), np.nan)
    # A draw has a number for every reading: few draws at once where there are many readings.
    step = max(1, _AT_ONCE // table.size)
    parts = [_alpha(weights[i : i + step], table, metric) for i in range(0, len(weights), step)]
    return np.concatenate(parts) if parts else np.zeros(0)


def _alpha(weights: Floats, table: Floats, metric: Metric) -> Floats:
    """Every photo has two readings or more."""
    photo, _ = cells = np.nonzero(np.isfinite(table))
    levels, place = np.unique(table[cells], return_inverse=True)
    first = np.flatnonzero(np.diff(photo, prepend=-1))
    times = np.diff(np.append(first, len(photo)))
    others = times - 1.0
    # Readings of all photos by level, for each draw.
    order = np.argsort(place, kind="stable")
    starts = np.flatnonzero(np.diff(place[order], prepend=-1))
    whole = np.add.reduceat(weights[:, photo[order]], starts, axis=1)
    size = whole.sum(1)
    if metric in ("nominal", "ratio"):
        held = np.zeros((len(table), len(levels)))
        np.add.at(held, (photo, place), 1.0)
        apart = _distances(levels, metric)
        seen = weights @ (np.einsum("ul,lm,um->u", held, apart, held, optimize=True) / others)
        chance = np.einsum("dl,lm,dm->d", whole, apart, whole, optimize=True)
    else:
        # The readings from one level to another, each end by half, are the difference of their mean ranks: so the
        # ordinal distance is that of the interval metric, with the ranks of the draw in place of the values. Squared
        # distances of all pairs are a sum of squares and the square of a sum.
        at = np.cumsum(whole, 1) - whole / 2 if metric == "ordinal" else levels[None]
        middle = (whole * at).sum(1, keepdims=True) / np.maximum(size, 1)[:, None]
        at = at - middle
        values = at[:, place]
        sums, squares = np.add.reduceat(values, first, axis=1), np.add.reduceat(values**2, first, axis=1)
        seen = 2 * (weights * (times * squares - sums**2) / others).sum(1)
        chance = 2 * size * (whole * at**2).sum(1)
    defined = chance > 1e-12 * np.maximum(size, 1) ** 2
    return np.where(defined, 1 - (size - 1) * seen / np.where(defined, chance, 1.0), np.nan)


def _distances(levels: Floats, metric: Metric) -> Floats:
    """``(levels, levels)`` squared distances of the nominal and the ratio metric."""
    difference = levels[:, None] - levels[None]
    if metric == "nominal":
        return np.where(difference != 0, 1.0, 0.0)
    total = levels[:, None] + levels[None]
    found: Floats = np.where(total != 0, difference / np.where(total != 0, total, 1.0), 0.0) ** 2
    return found
