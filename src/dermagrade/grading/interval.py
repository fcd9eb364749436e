"""Intervals around a score, and the grades that cannot be ruled out, by split conformal prediction.

The numbers are fitted by :mod:`dermagrade.evaluation.conformal` on people whom the network never saw and stand in the
manifest as ``calibration``. Where a photo is like those, the interval holds the truth that the score was measured
against, and the set of grades the published grade, in the share of photos that ``coverage`` names.

Source: Lei J et al. Distribution-free predictive inference for regression. JASA 2018;113(523):1094-1111 (intervals
that widen where errors are larger); Lu C, Angelopoulos AN, Pomerantz S. Improving trustworthiness of AI disease
severity rating in medical imaging with ordinal conformal prediction sets. MICCAI 2022:545-554 (sets without gaps).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Calibration:
    """What makes an interval of a score, and a set of grades of their probabilities.

    Attributes:
        coverage: share of photos that the interval is meant to hold, such as 0.9.
        scores: knots of the score, rising.
        below: at each knot, how far the truth may lie below the score, in levels; 0 or more.
        above: at each knot, how far above.
        mass: probability that the set of grades gathers before it ends.
        widest: an interval wider than this, in levels, is no answer.
        photos: on how many photos it was fitted.
        persons: of how many people.
    """

    coverage: float
    scores: tuple[float, ...]
    below: tuple[float, ...]
    above: tuple[float, ...]
    mass: float
    widest: float = 4.0
    photos: int = 0
    persons: int = 0

    @classmethod
    def from_record(cls, named: Mapping[str, Any] | None) -> Calibration | None:
        """The calibration from a manifest's ``calibration``; None where that says nothing."""
        if not named:
            return None
        values: dict[str, Any] = {key: named[key] for key in cls.__dataclass_fields__ if key in named}
        # JSON knows no tuples.
        values |= {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
        return cls(**values)

    def interval(self, score: float, *, low: float, high: float) -> tuple[float, float]:
        """The interval of a score, within the scale's ends.

        Args:
            score: on the scale.
            low: lowest score of the scale.
            high: highest score of the scale.
        """
        down = float(np.interp(score, self.scores, self.below))
        up = float(np.interp(score, self.scores, self.above))
        return max(low, score - down), min(high, score + up)

    def grades(self, probabilities: Sequence[float], grade: int | None = None) -> tuple[int, ...]:
        """Neighbouring grades that hold at least :attr:`mass` of the probability; see :func:`neighbouring`."""
        order, gathered = neighbouring(probabilities, grade)
        keep = 1 + int(np.searchsorted(gathered, self.mass - 1e-9)) if self.mass > gathered[0] else 1
        return tuple(sorted(order[: min(keep, len(order))]))


def neighbouring(probabilities: Sequence[float], grade: int | None = None) -> tuple[list[int], list[float]]:
    """Grades in the order in which a set without gaps takes them, and the probability gathered after each.

    The chosen grade comes first (the likeliest where None), then always the likelier of the two neighbours of what is
    there.
    """
    p = np.asarray(probabilities, float)
    first = last = int(p.argmax()) if grade is None else grade
    order, gathered = [first], [float(p[first])]
    while len(order) < len(p):
        before = p[first - 1] if first > 0 else -1.0
        after = p[last + 1] if last + 1 < len(p) else -1.0
        if before >= after:
            first -= 1
            order.append(first)
        else:
            last += 1
            order.append(last)
        gathered.append(gathered[-1] + float(p[order[-1]]))
    return order, gathered
