"""How well two sets of grades or counts agree.

All of it is arithmetic on arrays: a statistic takes ``(n,)`` arrays of equal length and gives a number, NaN where the
values leave it undefined (no variation, or no values at all).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def quadratic_kappa(a: ArrayLike, b: ArrayLike) -> float:
    """Agreement beyond chance of two readers of an ordered scale, a difference counting by its square.

    One minus the mean squared difference over the mean squared difference of all pairs of one value of ``a`` with
    one of ``b``. The number of levels cancels out, so it need not be known. It is 1 for equal readings, 0 for what
    chance gives, and does not depend on which reader is named first.

    Source: Cohen J. Weighted kappa: nominal scale agreement with provision for scaled disagreement or partial credit.
    Psychological Bulletin 1968;70(4):213-220.

    Args:
        a: ``(n,)`` grades.
        b: ``(n,)`` grades of the same photos.

    Returns:
        From -1 to 1; NaN without values, or where both readers give one and the same grade to everything.

    Raises:
        ValueError: if the shapes differ.
    """
    a, b = _pair(a, b)
    if not len(a):
        return float("nan")
    by_chance = a.var() + b.var() + (a.mean() - b.mean()) ** 2
    return float(1 - ((a - b) ** 2).mean() / by_chance) if by_chance > 0 else float("nan")


def accuracy(truth: ArrayLike, answer: ArrayLike) -> float:
    """Share of answers that equal the truth."""
    truth, answer = _pair(truth, answer)
    return float((truth == answer).mean()) if len(truth) else float("nan")


def balanced_accuracy(truth: ArrayLike, answer: ArrayLike) -> float:
    """Mean, over the grades that occur in ``truth``, of the share of its photos that were answered right.

    Source: Brodersen KH et al. The balanced accuracy and its posterior distribution. ICPR 2010:3121-3124.
    """
    truth, answer = _pair(truth, answer)
    shares = [float((answer[truth == grade] == grade).mean()) for grade in np.unique(truth)]
    return float(np.mean(shares)) if shares else float("nan")


def confusion_matrix(truth: ArrayLike, answer: ArrayLike, levels: Sequence[float]) -> NDArray[np.int64]:
    """Photos by true level (rows) and answered level (columns), in the order of ``levels``.

    Raises:
        ValueError: if a value is not among the levels.
    """
    truth, answer = _pair(truth, answer)
    place = {float(level): i for i, level in enumerate(levels)}
    table = np.zeros((len(levels), len(levels)), np.int64)
    for t, a in zip(truth.tolist(), answer.tolist(), strict=True):
        if t not in place or a not in place:
            raise ValueError(f"{t if t not in place else a:g} is not among the levels {list(levels)}")
        table[place[t], place[a]] += 1
    return table


def rmse(truth: ArrayLike, answer: ArrayLike) -> float:
    """Root of the mean squared difference, in the unit of the values."""
    truth, answer = _pair(truth, answer)
    return float(np.sqrt(((truth - answer) ** 2).mean())) if len(truth) else float("nan")


def mae(truth: ArrayLike, answer: ArrayLike) -> float:
    """Mean absolute difference, in the unit of the values."""
    truth, answer = _pair(truth, answer)
    return float(np.abs(truth - answer).mean()) if len(truth) else float("nan")


def pearson(a: ArrayLike, b: ArrayLike) -> float:
    """Linear correlation (Pearson 1895), -1 to 1; NaN where one of the two does not vary."""
    first, second = _pair(a, b)
    if not len(first) or np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    first, second = first - first.mean(), second - second.mean()
    # Each is brought to unit length on its own: the product of two small spreads could vanish.
    lengths = float(np.linalg.norm(first)), float(np.linalg.norm(second))
    if min(lengths) == 0:
        return float("nan")
    return float(np.clip((first / lengths[0]) @ (second / lengths[1]), -1.0, 1.0))


def spearman(a: ArrayLike, b: ArrayLike) -> float:
    """Correlation of the ranks (Spearman 1904), equal values sharing their mean rank."""
    a, b = _pair(a, b)
    return pearson(_ranks(a), _ranks(b))


def _pair(a: ArrayLike, b: ArrayLike) -> tuple[Floats, Floats]:
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError(f"both must be (n,), not {a.shape} and {b.shape}")
    return a, b


def _ranks(values: Floats) -> Floats:
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    ranks: Floats = (last - (count - 1) / 2)[place]
    return ranks
