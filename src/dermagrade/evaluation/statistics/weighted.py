"""Statistics of agreement under weights: each takes ``(draws, n)`` weights and ``(n,)`` values, and gives ``(draws,)``.

A weight says how often a row counts, so a row of ones gives what
:mod:`~dermagrade.evaluation.statistics.agreement` gives for the values themselves. NaN where a statistic is undefined.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: A variance below this share of the mean square is rounding, not variation.
_ROUNDING = 1e-10


def mean(weights: Floats, values: Floats) -> Floats:
    """Weighted mean."""
    found: Floats = weights @ values / weights.sum(1)
    return found


def rmse(weights: Floats, truth: Floats, answer: Floats) -> Floats:
    """Root of the mean squared difference."""
    found: Floats = np.sqrt(mean(weights, (truth - answer) ** 2))
    return found


def accuracy(weights: Floats, a: Floats, b: Floats) -> Floats:
    """Share of equal values."""
    return mean(weights, (a == b).astype(np.float64))


def quadratic_kappa(weights: Floats, a: Floats, b: Floats) -> Floats:
    """Quadratic kappa, as :func:`~dermagrade.evaluation.statistics.agreement.quadratic_kappa`."""
    a, b = _centred(a), b - _middle(a)  # less is lost to rounding near 0
    apart = mean(weights, a) - mean(weights, b)
    by_chance = _variance(weights, a) + _variance(weights, b) + apart**2
    return _over(by_chance - mean(weights, (a - b) ** 2), by_chance)


def deviation(weights: Floats, values: Floats) -> Floats:
    """Standard deviation with ``n - 1``."""
    size = weights.sum(1)
    found: Floats = np.sqrt(_over(_variance(weights, _centred(values)) * size, size - 1))
    return found


def slope(weights: Floats, x: Floats, y: Floats) -> Floats:
    """By how much y rises with x, by least squares."""
    x, y = _centred(x), _centred(y)
    spread = _variance(weights, x)
    return _over(mean(weights, x * y) - mean(weights, x) * mean(weights, y), spread)


def pearson(weights: Floats, a: Floats, b: Floats) -> Floats:
    """Linear correlation."""
    a, b = _centred(a), _centred(b)
    together = mean(weights, a * b) - mean(weights, a) * mean(weights, b)
    return np.clip(_over(together, np.sqrt(_variance(weights, a) * _variance(weights, b))), -1.0, 1.0)


def spearman(weights: Floats, a: Floats, b: Floats) -> Floats:
    """Correlation of the ranks, equal values sharing their mean rank."""
    first, second = _ranks(weights, a), _ranks(weights, b)
    size = weights.sum(1)
    means = (weights * first).sum(1) / size, (weights * second).sum(1) / size
    first, second = first - means[0][:, None], second - means[1][:, None]
    lengths = np.sqrt((weights * first**2).sum(1) * (weights * second**2).sum(1))
    return np.clip(_over((weights * first * second).sum(1), lengths), -1.0, 1.0)


def _ranks(weights: Floats, values: Floats) -> Floats:
    """``(draws, n)``."""
    if not len(values):
        return weights
    order = np.argsort(values, kind="stable")
    starts = np.flatnonzero(np.diff(values[order], prepend=-np.inf))
    held = np.add.reduceat(weights[:, order], starts, axis=1)
    place = np.searchsorted(values[order][starts], values)
    ranks: Floats = (np.cumsum(held, 1) - (held - 1) / 2)[:, place]
    return ranks


def _variance(weights: Floats, values: Floats) -> Floats:
    """With ``n``; exactly 0 where only rounding is left."""
    square, middle = mean(weights, values**2), mean(weights, values)
    found = square - middle**2
    return np.where(found > _ROUNDING * square, found, 0.0)


def _middle(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0


def _centred(values: Floats) -> Floats:
    return values - _middle(values)


def _over(top: Floats, bottom: Floats) -> Floats:
    return np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1.0), np.nan)
