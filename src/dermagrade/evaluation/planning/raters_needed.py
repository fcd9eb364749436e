"""How many raters a wished reliability takes, and how many photos an interval of a wished width.

Sources: Spearman C. Correlation calculated from faulty data. Br J Psychol 1910;3:271-295, and Brown W, the same volume,
296-322 (several raters); Bonett DG. Sample size requirements for estimating intraclass correlations with desired
precision. Statistics in Medicine 2002;21:1331-1335 (photos); Fleiss JL, Cohen J. The equivalence of weighted kappa and
the intraclass correlation coefficient as measures of reliability. Educ Psychol Meas 1973;33:613-619 (why a quadratic
kappa of two raters is planned like their intraclass correlation).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from dermagrade.errors import UsageError
from dermagrade.evaluation.statistics.bootstrap import Estimate

#: Reliabilities of the raters' mean that reports ask for.
WISHED: tuple[float, ...] = (0.7, 0.8, 0.9, 0.95)
#: Widths of a 95 % interval that reports ask for.
WIDTHS: tuple[float, ...] = (0.05, 0.1, 0.15, 0.2)
#: More raters than this are not counted.
MOST_RATERS = 1000


@dataclass(frozen=True)
class RatersNeeded:
    """Raters whose mean is as reliable as was wished.

    Attributes:
        wished: reliability of the mean.
        raters: how many, by the figure; None where more than :data:`MOST_RATERS` would be needed, or it is undefined.
        fewest: by the upper end of its interval; likewise.
        most: by the lower end.
    """

    wished: float
    raters: int | None
    fewest: int | None
    most: int | None

    def record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        return {"wished": self.wished, "raters": self.raters, "fewest": self.fewest, "most": self.most}


def of_mean(single: float, raters: float) -> float:
    """Reliability of the mean of so many raters, when one has the reliability ``single``; NaN where undefined."""
    whole = 1 + (raters - 1) * single
    return raters * single / whole if whole > 0 else math.nan


def raters_for(single: float, wished: float) -> int | None:
    """The smallest number of raters whose mean has the wished reliability.

    Args:
        single: intraclass correlation of single readings.
        wished: above 0 and below 1.

    Returns:
        None where it is more than :data:`MOST_RATERS`, or ``single`` is not above 0.

    Raises:
        UsageError: if the wished reliability is out of range.
    """
    if not 0 < wished < 1:
        raise UsageError(f"A reliability must be above 0 and below 1, not {wished:g}.")
    if not single > 0:
        return None
    # Rounding first: what is met exactly must not become one rater more by the last bit of a float.
    needed = max(1, math.ceil(round(wished * (1 - single) / (single * (1 - wished)), 9)))
    return needed if needed <= MOST_RATERS else None


def raters_needed(single: Estimate, wished: float) -> RatersNeeded:
    """The same with its interval, from that of the intraclass correlation."""
    return RatersNeeded(wished, *(raters_for(value, wished) for value in (single.value, single.high, single.low)))


def photos_for_icc(icc: float, raters: int, width: float, *, coverage: float = 0.95) -> int:
    """Photos, each of another person and read by all raters, for an interval of the intraclass correlation so wide.

    Bonett's approximation; it holds for one and for two ways as long as the raters' biases are small.

    Args:
        icc: what is expected, from 0 to below 1.
        raters: 2 or more.
        width: of the whole interval, from end to end, above 0 and below 2.
        coverage: of the interval.

    Raises:
        UsageError: if a number is out of range.
    """
    _check(icc, raters, width, coverage)
    spread = 8 * _z(coverage) ** 2 * (1 - icc) ** 2 * (1 + (raters - 1) * icc) ** 2
    photos = spread / (raters * (raters - 1) * width**2) + 1
    # Bonett's own correction where the approximation is too small.
    photos += 5 * icc if raters == 2 and icc >= 0.7 else 0
    return max(2, math.ceil(round(photos, 9)))


def photos_for_kappa(kappa: float, width: float, *, coverage: float = 0.95) -> int:
    """Photos that two raters have to read for an interval of their quadratic kappa so wide.

    Raises:
        UsageError: if a number is out of range.
    """
    return photos_for_icc(kappa, 2, width, coverage=coverage)


@dataclass(frozen=True)
class RatingPlan:
    """A planned study of raters.

    Attributes:
        icc: expected correlation of single readings.
        raters: who read every photo.
        width: wished for the 95 % interval.
        reliability: wished for the raters' mean.
        photos: for that width.
        kappa_photos: for a quadratic kappa of two raters of the same size and width.
        mean_reliability: of the mean of these raters.
        raters_needed: for the wished reliability; None where more than :data:`MOST_RATERS`.
        curve: raters to photos and reliability of their mean, from 2 on.
    """

    icc: float
    raters: int
    width: float
    reliability: float
    photos: int
    kappa_photos: int
    mean_reliability: float
    raters_needed: int | None
    curve: tuple[tuple[int, int, float], ...]

    def record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        curve = [{"raters": k, "photos": n, "reliability": round(r, 4)} for k, n, r in self.curve]
        return {
            "icc": self.icc,
            "raters": self.raters,
            "width": self.width,
            "reliability": self.reliability,
            "photos": self.photos,
            "readings": self.photos * self.raters,
            "kappa_photos": self.kappa_photos,
            "mean_reliability": round(self.mean_reliability, 4),
            "raters_needed": self.raters_needed,
            "curve": curve,
        }


def plan_ratings(*, icc: float, raters: int, width: float, reliability: float = 0.9) -> RatingPlan:
    """Plans a study of raters.

    Raises:
        UsageError: if a number is out of range.
    """
    needed = raters_for(icc, reliability)
    counts = sorted({*range(2, 11), raters})
    return RatingPlan(
        icc,
        raters,
        width,
        reliability,
        photos_for_icc(icc, raters, width),
        photos_for_kappa(icc, width),
        of_mean(icc, raters),
        needed,
        tuple((k, photos_for_icc(icc, k, width), of_mean(icc, k)) for k in counts),
    )


def _z(coverage: float) -> float:
    return NormalDist().inv_cdf(0.5 + coverage / 2)


def _check(icc: float, raters: int, width: float, coverage: float) -> None:
    if not 0 <= icc < 1:
        raise UsageError(f"An expected agreement must be from 0 to below 1, not {icc:g}.")
    if raters < 2:
        raise UsageError(f"Agreement needs 2 raters or more, not {raters}.")
    if not 0 < width < 2:
        raise UsageError(f"The width of an interval must be above 0 and below 2, not {width:g}.")
    if not 0 < coverage < 1:
        raise ValueError(f"coverage must be between 0 and 1, not {coverage}")
