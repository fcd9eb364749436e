"""How a grader of photos errs, as far as a study has to know.

The score of a person's photo is taken for ``slope * severity + habit + chance``. ``habit`` is the error that comes
again in every photo of the person (their skin tone, moles, camera); it cancels in a change. ``chance`` differs from
retake to retake and is divided by the number of photos that are averaged at a visit. ``slope`` is below 1 for a grader
that draws its answers toward the middle of the scale, as one that was fitted by least squares does.

Source: Bland JM, Altman DG. Statistics notes: measurement error. BMJ 1996;313:744 (repeatability, and the change of one
person that is more than chance).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dermagrade.errors import UsageError, WeightsError

#: Where a manifest's ``metrics`` tell how the network errs.
STUDY = "study"


@dataclass(frozen=True)
class Noise:
    """How a grader errs, in grades of its scale.

    Attributes:
        repeatability_sd: standard deviation of the scores of retakes of the same skin, one photo each; 0 or more.
        rmse: root of the mean squared error of single photos against the truth; None where it is not known.
        correlation: of scores and truth over people, above 0 and up to 1.

    Raises:
        UsageError: if a number is out of range.
    """

    repeatability_sd: float
    rmse: float | None = None
    correlation: float = 1.0

    def __post_init__(self) -> None:
        require(0 <= self.repeatability_sd < math.inf, f"--noise must be 0 or more, not {self.repeatability_sd:g}.")
        require(self.rmse is None or 0 <= self.rmse < math.inf, f"--rmse must be 0 or more, not {self.rmse}.")
        require(0 < self.correlation <= 1, f"--correlation must be above 0 and up to 1, not {self.correlation:g}.")

    @property
    def slope(self) -> float:
        """By how much the score rises with the truth: the squared correlation, as of a least-squares answer."""
        return self.correlation**2

    @property
    def habit_sd(self) -> float:
        """Standard deviation over people of the error that comes again in every photo of a person."""
        return math.sqrt(max((self.rmse or 0.0) ** 2 - self.repeatability_sd**2, 0.0))

    def detectable_change(self, photos: int = 1) -> float:
        """The change of one person's score that chance alone exceeds only once in twenty.

        ``1.96 * sqrt(2)`` standard deviations of a visit's mean score.

        Args:
            photos: averaged at each visit.
        """
        return 1.96 * math.sqrt(2) * self.repeatability_sd / math.sqrt(photos)

    def record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        return {"repeatability_sd": self.repeatability_sd, "rmse": self.rmse, "correlation": self.correlation}


def noise_of(
    metrics: Mapping[str, Any], name: str, *, noise: float | None, rmse: float | None, correlation: float | None
) -> Noise:
    """How a network errs: what the caller says, else what its manifest says.

    Args:
        metrics: the manifest's ``metrics``; empty where there are no weights.
        name: of the weights, for the error.
        noise: standard deviation of retakes, instead of the manifest's.
        rmse: likewise.
        correlation: likewise; where neither tells, 1, so no effect is lost by it.

    Raises:
        UsageError: if neither says what the noise is, or a number is out of range.
        WeightsError: if the manifest's entry is not what it should be.
    """
    known = metrics.get(STUDY, {})
    try:
        stored = {key: float(known[key]) for key in ("repeatability_sd", "rmse", "correlation") if key in known}
    except (TypeError, ValueError) as error:
        raise WeightsError(
            f"metrics.{STUDY} in the manifest of {name} must hold numbers; export them again."
        ) from error
    given = {"repeatability_sd": noise, "rmse": rmse, "correlation": correlation}
    values = stored | {key: value for key, value in given.items() if value is not None}
    require(
        "repeatability_sd" in values,
        f"The installed weights do not say how much the scores of {name} scatter (metrics.{STUDY} in the manifest); "
        "give the standard deviation of retakes with --noise and the correlation with the truth with --correlation.",
    )
    return Noise(**values)


def require(true: bool, otherwise: str) -> None:
    """Raises a :class:`~dermagrade.errors.UsageError` with the sentence unless ``true``."""
    if not true:
        raise UsageError(otherwise)
