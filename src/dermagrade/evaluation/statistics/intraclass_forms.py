"""The six intraclass correlations, from variance components that a table with missing cells gives too.

Components are found by the fitting of constants (Henderson's method III): sums of squares of photos given raters, and
of raters given photos, are set to what they are expected to be. Nothing is iterated, the components are unbiased
whichever cells are missing (as long as they are missing by chance), and where no cell is missing they are those of the
analysis of variance, so that the correlations are those of Shrout and Fleiss. Photos with one reading say nothing of
agreement and are left out.

Sources: Shrout PE, Fleiss JL. Intraclass correlations: uses in assessing rater reliability. Psychological Bulletin
1979;86(2):420-428; McGraw KO, Wong SP. Forming inferences about some intraclass correlation coefficients.
Psychological Methods 1996;1(1):30-46; Searle SR, Casella G, McCulloch CE. Variance Components, 1992, section 5.5
(method III) and 3.6 (one way, unequal numbers).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from dermagrade.evaluation.statistics.fisher import quantile
from dermagrade.evaluation.statistics.intraclass import mean_squares

Floats = NDArray[np.float64]

#: Each form and what it says.
FORMS: Mapping[str, str] = MappingProxyType(
    {
        "1,1": "one reading, every photo by raters of its own",
        "2,1": "one reading, raters a sample of all raters",
        "3,1": "one reading, these raters alone, biases apart",
        "1,k": "mean of the raters, every photo by raters of its own",
        "2,k": "mean of the raters, raters a sample of all raters",
        "3,k": "mean of the raters, these raters alone, biases apart",
    }
)


@dataclass(frozen=True, eq=False)
class Components:
    """Variance components, ``(draws,)`` each, in squared grades; they may come out below 0.

    Attributes:
        photos: between photos.
        raters: between raters' biases.
        rest: what is left.
        one_way_photos: between photos, where raters are not told apart.
        one_way_rest: what is left then: biases are in it.
        per_photo: harmonic mean of the readings of a photo, the k of a mean.
    """

    photos: Floats
    raters: Floats
    rest: Floats
    one_way_photos: Floats
    one_way_rest: Floats
    per_photo: Floats

    def correlations(self) -> dict[str, Floats]:
        """The forms of :data:`FORMS`; NaN where they are undefined."""
        k = self.per_photo
        chance = {"1": self.one_way_rest, "2": self.raters + self.rest, "3": self.rest}
        found = {}
        for form in FORMS:
            model, size = form.split(",")
            signal = self.one_way_photos if model == "1" else self.photos
            whole = signal + (chance[model] / k if size == "k" else chance[model])
            found[form] = np.where(whole > 0, signal / np.where(whole > 0, whole, 1.0), np.nan)
        return found


def components(weights: Floats, table: Floats) -> Components:
    """Variance components of many draws of photos at once.

    Args:
        weights: ``(draws, photos)``, how often each photo counts.
        table: ``(photos, raters)`` grades, NaN for a missing cell.
    """
    paired = np.isfinite(table).sum(1) > 1
    table, weights = table[paired], weights[:, paired]
    present = np.isfinite(table)
    a = present.astype(np.float64)
    m = a.sum(1)
    y = np.where(present, table - (table[present].mean() if present.any() else 0.0), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = y.sum(1) / m
        off = a * (y - means[:, None])
        photos, readings = weights.sum(1), weights @ m
        by_rater, sums = weights @ a, weights @ y
        squares = weights @ (y**2).sum(1)
        within = weights @ (off**2).sum(1)
        explained, rank, trace = _raters_given_photos(weights, a, m, off, by_rater)
        rest = (within - explained) / (readings - photos - rank)
        raters = (explained - rank * rest) / trace
        seen = (by_rater > 0).sum(1)
        around_raters = squares - (sums**2 / np.where(by_rater > 0, by_rater, np.inf)).sum(1)
        given_raters = around_raters - (within - explained)
        truth = (given_raters - (photos + rank - seen) * rest) / (readings - seen)
        one_way_rest = within / (readings - photos)
        between = weights @ (m * means**2) - (weights @ (m * means)) ** 2 / readings
        share = (readings - weights @ m**2 / readings) / (photos - 1)
        one_way = (between / (photos - 1) - one_way_rest) / share
        per_photo = photos / (weights @ (1 / m))
        varies = squares - sums.sum(1) ** 2 / readings > 1e-10 * squares
        told = varies & (photos > 1) & (readings - photos - rank > 0) & (rank > 0)
    parts = (truth, raters, rest, one_way, one_way_rest, per_photo)
    return Components(*(np.where(told, part, np.nan) for part in parts))


def _raters_given_photos(
    weights: Floats, a: Floats, m: Floats, off: Floats, by_rater: Floats
) -> tuple[Floats, Floats, Floats]:
    """Sum of squares of raters after photos, its degrees of freedom, and what a rater's variance counts in it."""
    k = a.shape[1]
    shared = weights @ ((a / m[:, None])[:, :, None] * a[:, None, :]).reshape(len(a), k * k)
    information = -shared.reshape(-1, k, k)
    information[:, np.arange(k), np.arange(k)] += by_rater
    values, vectors = np.linalg.eigh(information)
    kept = values > 1e-9 * np.maximum(by_rater.max(1, initial=0.0), 1.0)[:, None]
    along = np.einsum("dkv,dk->dv", vectors, weights @ off)
    explained = (along**2 * kept / np.where(kept, values, 1.0)).sum(1)
    return explained, kept.sum(1).astype(np.float64), np.trace(information, axis1=1, axis2=2)


def f_intervals(table: Floats, *, coverage: float = 0.95) -> dict[str, tuple[float, float]]:
    """Intervals by the F distribution, for a table without missing cells.

    They take photos as independent and all effects as normal. That of ICC(2,1) holds the chance of which raters came,
    which drawing persons does not.

    Source: Shrout and Fleiss 1979; for ICC(2,1), Fleiss JL, Shrout PE. Psychometrika 1978;43:259-262, as written in
    McGraw and Wong 1996, table 7.

    Args:
        table: ``(n, k)`` grades.
        coverage: of the interval.

    Returns:
        Form to lower and upper end; NaN with fewer than two photos or raters, or where raters never differ but by
        their bias. Where the photos' means do not differ, as with raters who grade in opposite order, only the forms
        ``1,1`` and ``3,1`` are told: both ends are at their least, -1 / (k - 1).

    Raises:
        ValueError: if a cell is missing.
    """
    if not np.isfinite(table).all():
        raise ValueError("the F intervals are for tables without missing cells")
    n, k = table.shape
    undefined = dict.fromkeys(FORMS, (math.nan, math.nan))
    if n < 2 or k < 2:
        return undefined
    photos, raters, rest = mean_squares(table)
    within = float(((table - table.mean(1)[:, None]) ** 2).sum() / (n * (k - 1)))
    if rest <= 1e-12 * max(photos, raters, 1e-300):
        return undefined
    if photos <= 1e-12 * rest:  # else what rounding leaves of it would count as a spread
        photos = 0.0
    tail = 1 - (1 - coverage) / 2
    found = {}
    for model, error, freedom in (("1", within, n * (k - 1)), ("3", rest, (n - 1) * (k - 1))):
        low = photos / error / quantile(tail, n - 1, freedom)
        high = photos / error * quantile(tail, freedom, n - 1)
        found[f"{model},1"] = (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)
        found[f"{model},k"] = (1 - 1 / low, 1 - 1 / high) if photos else (math.nan, math.nan)
    found["2,1"] = _two_way(n, k, photos, raters, rest, tail)
    low, high = found["2,1"]
    found["2,k"] = _of_mean(k, low), _of_mean(k, high)
    return {form: found[form] for form in FORMS}


def _of_mean(k: int, single: float) -> float:
    """The end for the mean of ``k`` raters, by Spearman and Brown; NaN where it has no bound."""
    whole = 1 + (k - 1) * single
    return k * single / whole if whole > 1e-12 else math.nan


def _two_way(n: int, k: int, photos: float, raters: float, rest: float, tail: float) -> tuple[float, float]:
    """ICC(2,1), whose chance part is a sum of two mean squares: its degrees of freedom are Satterthwaite's."""
    if not photos:  # the approximation has nothing to go by
        return math.nan, math.nan
    icc = (photos - rest) / (photos + (k - 1) * rest + k * (raters - rest) / n)
    a, b = k * icc / (n * (1 - icc)), 1 + k * icc * (n - 1) / (n * (1 - icc))
    parts = (a * raters) ** 2 / (k - 1) + (b * rest) ** 2 / ((n - 1) * (k - 1))
    freedom = (a * raters + b * rest) ** 2 / parts if parts > 0 else 0.0
    if not freedom > 0:
        return math.nan, math.nan
    fixed = k * raters + (k * n - k - n) * rest
    at_low, at_high = quantile(tail, n - 1, freedom), quantile(tail, freedom, n - 1)
    low = n * (photos - at_low * rest) / (at_low * fixed + n * photos)
    high = n * (at_high * photos - rest) / (fixed + n * at_high * photos)
    return low, high
