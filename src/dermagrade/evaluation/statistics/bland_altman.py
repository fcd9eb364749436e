"""Agreement of two ways to measure one thing: the mean of their differences and how widely these scatter.

Source: Bland JM, Altman DG. Statistical methods for assessing agreement between two methods of clinical measurement.
Lancet 1986;327(8476):307-310. The intervals come from drawing persons anew, since photos of one person resemble each
other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade.evaluation.statistics.bootstrap import Draws, Estimate

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BlandAltman:
    """One comparison.

    Attributes:
        title: what is compared with what.
        unit: of the differences.
        means: ``(n,)`` mean of the two values of each photo.
        differences: ``(n,)`` answer minus reference.
        bias: mean difference.
        low_limit: bias minus 1.96 standard deviations of the differences.
        high_limit: bias plus as much.
        slope: by how much the difference rises with the mean: away from 0 the bias depends on the severity.
    """

    title: str
    unit: str
    means: Floats
    differences: Floats
    bias: Estimate
    low_limit: Estimate
    high_limit: Estimate
    slope: Estimate

    def record(self) -> dict[str, Any]:
        """As it stands in JSON, without the single photos."""
        figures = ("bias", "low_limit", "high_limit", "slope")
        return {"unit": self.unit} | {name: getattr(self, name).record() for name in figures}


def _limit(sign: float, reference: Floats, answer: Floats) -> float:
    d = answer - reference
    return float(d.mean() + sign * 1.96 * d.std(ddof=1)) if len(d) > 1 else float("nan")


def _slope(reference: Floats, answer: Floats) -> float:
    middle, d = (answer + reference) / 2, answer - reference
    spread = float(((middle - middle.mean()) ** 2).sum())
    return float(((middle - middle.mean()) * d).sum() / spread) if spread > 0 else float("nan")


def bland_altman(title: str, unit: str, rows: Sequence[tuple[str, float, float]], draws: Draws) -> BlandAltman | None:
    """Compares answers with references.

    Args:
        title: what is compared with what.
        unit: of the values.
        rows: person, reference, answer.
        draws: for the intervals.

    Returns:
        The comparison; None with fewer than two photos.
    """
    if len(rows) < 2:
        return None
    figures = draws.estimates(
        {
            "bias": lambda reference, answer: float((answer - reference).mean()),
            "low_limit": lambda reference, answer: _limit(-1.0, reference, answer),
            "high_limit": lambda reference, answer: _limit(1.0, reference, answer),
            "slope": _slope,
        },
        rows,
    )
    values = np.array([row[1:] for row in rows], np.float64)
    return BlandAltman(title, unit, values.mean(axis=1), values[:, 1] - values[:, 0], **figures)
