"""How well two sets of grades or counts agree, with intervals over persons.

All of it is arithmetic on arrays: a statistic takes ``(n,)`` arrays of equal length and gives a number, NaN where the
values leave it undefined (no variation, or no values at all).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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

    @property
    def leaves_out_zero(self) -> bool:
        """Whether there is an interval, and zero is not in it."""
        return bool(self.low > 0 or self.high < 0)

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
    named = {"": statistic}
    return estimates_by_person(*values, groups=groups, statistics=named, rounds=rounds, seed=seed, coverage=coverage)[
        ""
    ]


def estimates_by_person(
    *values: ArrayLike,
    groups: Sequence[object],
    statistics: Mapping[str, Callable[..., float]],
    rounds: int = 1000,
    seed: int = 0,
    coverage: float = 0.95,
) -> dict[str, Estimate]:
    """Several figures of the same values, over the same draws of persons; see :func:`bootstrap_by_person`.

    Args:
        values: arrays of n rows each, handed to every statistic.
        groups: the person of each row.
        statistics: name to what takes as many arrays as there are ``values`` and gives a number.
        rounds: how many times persons are drawn.
        seed: of the draws.
        coverage: share of the rounds that each interval holds.

    Raises:
        ValueError: if the lengths differ.
    """
    arrays = [np.asarray(v, np.float64) for v in values]
    if any(len(array) != len(groups) for array in arrays):
        raise ValueError("every array needs one row for each member of groups")
    number_of: dict[object, int] = {}
    owner = np.array([number_of.setdefault(group, len(number_of)) for group in groups], np.int64)
    persons = len(number_of)
    drawn: dict[str, list[float]] = {name: [] for name in statistics}
    chance = np.random.default_rng(seed)
    for _ in range(rounds if persons else 0):
        times = np.bincount(chance.integers(persons, size=persons), minlength=persons)
        rows = np.repeat(np.arange(len(groups)), times[owner])
        chosen = [array[rows] for array in arrays]
        for name, statistic in statistics.items():
            drawn[name].append(statistic(*chosen))
    tail = 50 * (1 - coverage)
    found = {}
    for name, statistic in statistics.items():
        defined = np.array(drawn[name])[np.isfinite(drawn[name])]
        low, high = float("nan"), float("nan")
        if 2 * len(defined) > rounds:
            low, high = (float(v) for v in np.percentile(defined, (tail, 100 - tail)))
        found[name] = Estimate(statistic(*arrays), low, high, len(groups), persons)
    return found


@dataclass(frozen=True)
class Draws:
    """How persons are drawn for the intervals: the same for all figures of one evaluation.

    Attributes:
        rounds: how many times.
        seed: of the draws.
    """

    rounds: int = 1000
    seed: int = 0

    def estimates(
        self, statistics: Mapping[str, Callable[..., float]], rows: Sequence[tuple[Any, ...]]
    ) -> dict[str, Estimate]:
        """Figures of rows, each a person and then the values of one photo, one for each argument."""
        groups = [row[0] for row in rows]
        values = [np.array(column, np.float64) for column in zip(*(row[1:] for row in rows), strict=True)]
        if not rows:  # without a row there is nothing to tell how many arguments a statistic takes
            return {name: Estimate(float("nan"), float("nan"), float("nan"), 0, 0) for name in statistics}
        return estimates_by_person(*values, groups=groups, statistics=statistics, rounds=self.rounds, seed=self.seed)

    def estimate(self, statistic: Callable[..., float], rows: Sequence[tuple[Any, ...]]) -> Estimate:
        """One figure; see :meth:`estimates`."""
        return self.estimates({"": statistic}, rows)[""]


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
