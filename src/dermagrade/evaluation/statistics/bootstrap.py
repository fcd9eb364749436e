"""Intervals by drawing persons anew (the cluster bootstrap).

Photos of one person resemble each other, so a person is drawn with all of their photos: Davison AC, Hinkley DV.
Bootstrap Methods and their Application, 1997, section 3.8. The interval is that of percentiles: Efron B. Better
bootstrap confidence intervals. JASA 1987;82:171-185.

Any statistic of arrays goes through :func:`estimates_by_person`, which builds the rows of every round. Those that take
weights are faster through :class:`~dermagrade.evaluation.statistics.person_draws.PersonDraws`. Both draw the same
persons for the same seed, and take the same interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


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


def drawn_times(persons: int, draws: Draws) -> Iterator[NDArray[np.int64]]:
    """How often each of ``persons`` is drawn, ``(persons,)``, once for each round; nothing without persons."""
    chance = np.random.default_rng(draws.seed)
    for _ in range(draws.rounds if persons else 0):
        yield np.bincount(chance.integers(persons, size=persons), minlength=persons)


def percentile_interval(figures: NDArray[np.float64], coverage: float) -> tuple[float, float]:
    """The ends that hold the middle ``coverage`` of ``(rounds,)`` figures; NaN where half of them or more are."""
    defined = figures[np.isfinite(figures)]
    if 2 * len(defined) <= len(figures):
        return float("nan"), float("nan")
    tail = 50 * (1 - coverage)
    low, high = np.percentile(defined, (tail, 100 - tail))
    return float(low), float(high)


def bootstrap_by_person(
    *values: ArrayLike,
    groups: Sequence[object],
    statistic: Callable[..., float],
    rounds: int = 1000,
    seed: int = 0,
    coverage: float = 0.95,
) -> Estimate:
    """A figure and its percentile interval when persons, not photos, are drawn anew.

    Rounds in which the figure is undefined are left out; where these are half or more, so is the interval. A single
    person is drawn again and again, so the interval is then the figure itself.

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
    for times in drawn_times(persons, Draws(rounds, seed)):
        rows = np.repeat(np.arange(len(groups)), times[owner])
        chosen = [array[rows] for array in arrays]
        for name, statistic in statistics.items():
            drawn[name].append(statistic(*chosen))
    found = {}
    for name, statistic in statistics.items():
        low, high = percentile_interval(np.array(drawn[name]), coverage)
        found[name] = Estimate(statistic(*arrays), low, high, len(groups), persons)
    return found
