"""How well two sets of grades or counts agree, with intervals over persons.

All of it is arithmetic on arrays: a statistic takes ``(n,)`` arrays of equal length and gives a number, NaN where the
values leave it undefined (no variation, or no values at all).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval.

    Attributes:
        value: the figure; NaN where it is undefined.
        low: lower end of the interval; NaN where too few persons define it.
        high: upper end.
        photos: how many stand behind it.
        persons: how many stand behind it.
    """

    value: float
    low: float
    high: float
    photos: int
    persons: int

    def record(self) -> dict[str, Any]:
        """As it stands in JSON, rounded to four digits; what is undefined is None."""
        ends = {"value": self.value, "low": self.low, "high": self.high}
        rounded = {key: round(v, 4) if np.isfinite(v) else None for key, v in ends.items()}
        return rounded | {"photos": self.photos, "persons": self.persons}


def bootstrap_by_person(
    *values: ArrayLike,
    groups: Sequence[object],
    statistic: Callable[..., float],
    rounds: int = 1000,
    seed: int = 0,
    coverage: float = 0.95,
) -> Estimate:
    """A figure and its percentile interval when persons, not photos, are drawn anew.

    Photos of one person resemble each other, so a person is drawn with all of their photos (the cluster bootstrap:
    Davison AC, Hinkley DV. Bootstrap Methods and their Application, 1997, section 3.8; percentile interval: Efron B.
    Better bootstrap confidence intervals. JASA 1987;82:171-185). Rounds in which the figure is undefined are left
    out; where these are more than half, so is the interval.

    Args:
        values: arrays of n rows each, handed to the statistic.
        groups: the person of each row.
        statistic: takes as many arrays as there are ``values`` and gives a number.
        rounds: how many times persons are drawn.
        seed: of the draws; the same seed gives the same interval.
        coverage: share of the rounds that the interval holds.

    Raises:
        ValueError: if the lengths differ.
    """
    arrays = [np.asarray(v, np.float64) for v in values]
    if any(len(array) != len(groups) for array in arrays):
        raise ValueError("every array needs one row for each member of groups")
    number_of: dict[object, int] = {}
    owner = np.array([number_of.setdefault(group, len(number_of)) for group in groups], np.int64)
    value = statistic(*arrays)
    if not number_of:
        return Estimate(value, float("nan"), float("nan"), 0, 0)
    order = np.argsort(owner, kind="stable")
    rows_of = np.split(order, np.cumsum(np.bincount(owner))[:-1])
    chance = np.random.default_rng(seed)
    drawn = []
    for _ in range(rounds):
        rows = np.concatenate([rows_of[i] for i in chance.integers(len(rows_of), size=len(rows_of))])
        drawn.append(statistic(*(array[rows] for array in arrays)))
    defined = np.array(drawn)[np.isfinite(drawn)]
    low, high = float("nan"), float("nan")
    if 2 * len(defined) > rounds:
        tail = 50 * (1 - coverage)
        low, high = (float(v) for v in np.percentile(defined, (tail, 100 - tail)))
    return Estimate(value, low, high, len(groups), len(number_of))


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
