"""Persons drawn anew, all draws at once: each draw is a weight for every photo.

Persons and intervals are those of :mod:`dermagrade.evaluation.statistics.bootstrap`. A statistic that takes weights is
computed for all draws by products of matrices. One rule is stricter, since rater studies may be that small: photos of a
single person have no interval.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dermagrade.evaluation.statistics.bootstrap import Draws, Estimate, drawn_times, percentile_interval

Floats = NDArray[np.float64]

#: Takes ``(draws, rows)`` weights, whole numbers that say how often a row counts, and gives ``(draws,)`` figures.
Weighted = Callable[[Floats], Mapping[str, Floats]]

#: So many weights are held at once.
_AT_ONCE = 2_000_000


class PersonDraws:
    """Draws of the persons of a study.

    Args:
        photos: every photo of the study.
        persons: photo to person; a photo that it lacks is a person of its own.
        draws: how many, and their seed.
        coverage: share of the draws that an interval holds.
    """

    def __init__(
        self, photos: Sequence[str], persons: Mapping[str, str] | None, draws: Draws, *, coverage: float = 0.95
    ) -> None:
        known, numbers = persons or {}, dict[str, int]()
        self._owner = {photo: numbers.setdefault(known.get(photo, photo), len(numbers)) for photo in photos}
        self._coverage = coverage
        self.rounds = draws.rounds
        count = len(numbers)
        # The first row is the study as it is.
        self._times = np.ones((1 + (draws.rounds if count else 0), count), np.uint16)
        for i, times in enumerate(drawn_times(count, draws), start=1):
            self._times[i] = times

    def owners(self, photos: Sequence[str]) -> NDArray[np.int64]:
        """The number of each photo's person."""
        return np.array([self._owner[photo] for photo in photos], np.int64)

    def estimates(self, photos: Sequence[str], statistic: Weighted) -> dict[str, Estimate]:
        """Figures of rows with their percentile intervals.

        Draws in which a figure is undefined are left out; where these are half or more, or there is but one person,
        so is the interval.

        Args:
            photos: of each row; a photo may have several rows.
            statistic: see :data:`Weighted`.
        """
        owner = self.owners(photos)
        chunk = max(1, _AT_ONCE // max(len(owner), 1))
        parts: dict[str, list[Floats]] = {}
        with np.errstate(divide="ignore", invalid="ignore"):
            for start in range(0, len(self._times), chunk):
                weights = self._times[start : start + chunk][:, owner].astype(np.float64)
                for name, figures in statistic(weights).items():
                    parts.setdefault(name, []).append(figures)
        sizes = len(owner), len(set(owner.tolist()))
        return {name: self._estimate(np.concatenate(found), *sizes) for name, found in parts.items()}

    def _estimate(self, figures: Floats, photos: int, persons: int) -> Estimate:
        value, drawn = float(figures[0]), figures[1:]
        low = high = float("nan")
        if np.isfinite(value) and persons > 1:
            low, high = percentile_interval(drawn, self._coverage)
        return Estimate(value if np.isfinite(value) else float("nan"), low, high, photos, persons)
