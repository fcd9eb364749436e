"""How many people a study needs to find an effect, when photos are graded by a grader that errs.

How the grader errs is described in :mod:`~dermagrade.evaluation.planning.grader_noise`: its habits with a person cancel
in a change, its chance error is divided by the number of photos of a visit.

Sources: Cohen J. Statistical Power Analysis for the Behavioral Sciences, 2nd edition, 1988, chapter 2 (t tests); Borm
GF, Fransen J, Lemmens WAJG. A simple sample size formula for analysis of covariance in randomized clinical trials. J
Clin Epidemiol 2007;60:1234-1238; Spearman C. The proof and measurement of association between two things. Am J Psychol
1904;15:72-101 (attenuation).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from dermagrade.errors import UsageError
from dermagrade.evaluation.planning.grader_noise import Noise, require
from dermagrade.evaluation.statistics.student import power as power_of_t

Design = Literal["paired", "parallel", "ancova"]
#: Every design, in the order in which the help lists them.
DESIGNS: tuple[Design, ...] = get_args(Design)

#: What each design compares.
DESIGNS_IN_WORDS: Mapping[Design, str] = {
    "paired": "one arm, before and after",
    "parallel": "two arms, change from baseline",
    "ancova": "two arms, follow-up adjusted for baseline",
}

#: A study that would need more people in an arm than this is not planned.
MOST = 1_000_000


@dataclass(frozen=True)
class Trial:
    """What is to be found, and how.

    Attributes:
        effect: mean true change, or with two arms the difference of the mean true changes, in grades; not 0.
        sd_change: standard deviation over people of the true change, in grades; 0 or more.
        sd_baseline: standard deviation over people of the true severity at each visit, in grades; for ``ancova``.
        design: one of :data:`DESIGNS`.
        photos: taken at each visit and averaged.
        power: probability that an effect of this size is found.
        alpha: two-sided level of the test.
        dropout: share of the enrolled who are lost.

    Raises:
        UsageError: if a number is out of range.
    """

    effect: float
    sd_change: float = 1.0
    sd_baseline: float = 1.0
    design: Design = "parallel"
    photos: int = 1
    power: float = 0.8
    alpha: float = 0.05
    dropout: float = 0.0

    def __post_init__(self) -> None:
        require(self.effect != 0 and math.isfinite(self.effect), f"--effect must not be {self.effect:g}.")
        require(0 <= self.sd_change < math.inf, f"--sd-change must be 0 or more, not {self.sd_change:g}.")
        require(0 <= self.sd_baseline < math.inf, f"--sd-baseline must be 0 or more, not {self.sd_baseline:g}.")
        require(self.photos >= 1, f"--photos must be 1 or more, not {self.photos}.")
        require(0 < self.alpha < 1, f"--alpha must be between 0 and 1, not {self.alpha:g}.")
        require(self.alpha / 2 < self.power < 1, f"--power must be between half of alpha and 1, not {self.power:g}.")
        require(0 <= self.dropout < 1, f"--dropout must be a share from 0 to below 1, not {self.dropout:g}.")

    @property
    def arms(self) -> int:
        """1 or 2."""
        return 1 if self.design == "paired" else 2


@dataclass(frozen=True)
class SampleSize:
    """How many people a trial needs.

    Attributes:
        trial: what was asked.
        noise: of the grader.
        per_arm: who must finish in each arm.
        power: that these reach; a little more than was asked, people being whole.
        sd: standard deviation that the effect is compared with, on the score: of the measured change, or with
            ``ancova`` of what the baseline leaves unexplained.
        effect_measured: the effect as it shows on the score.
        visits_correlation: of measured baseline and follow-up scores over people; None but for ``ancova``.
    """

    trial: Trial
    noise: Noise
    per_arm: int
    power: float
    sd: float
    effect_measured: float
    visits_correlation: float | None = None

    @property
    def subjects(self) -> int:
        """Who must finish, all arms together."""
        return self.per_arm * self.trial.arms

    @property
    def enrolled(self) -> int:
        """Who must be enrolled, all arms together, so that enough finish."""
        # Rounding first: 18 / 0.9 must not become 21 by the last bit of a float.
        return math.ceil(round(self.per_arm / (1 - self.trial.dropout), 9)) * self.trial.arms

    @property
    def attenuation(self) -> float:
        """Standardised effect on the score over that of the truth, by the change; 1 for a grader that never errs."""
        true_sd = self.trial.sd_change
        measured = _sd_of_change(self.trial, self.noise)
        return self.noise.slope * true_sd / measured if measured > 0 else 1.0

    def record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        return {
            "effect": self.trial.effect,
            "photos": self.trial.photos,
            "per_arm": self.per_arm,
            "arms": self.trial.arms,
            "subjects": self.subjects,
            "enrolled": self.enrolled,
            "power": round(self.power, 4),
            "effect_measured": round(self.effect_measured, 4),
            "sd": round(self.sd, 4),
            "attenuation": round(self.attenuation, 4),
            "visits_correlation": None if self.visits_correlation is None else round(self.visits_correlation, 4),
        }


def plan(trial: Trial, noise: Noise) -> SampleSize:
    """The smallest number of people that reaches the power.

    The power is that of the t test, by the noncentral distribution: ``n - 1`` degrees of freedom for a paired one,
    ``2n - 2`` for two arms and ``2n - 3`` with the baseline as covariate.

    Args:
        trial: what is to be found.
        noise: of the grader.

    Raises:
        UsageError: if it would take more than :data:`MOST` people in an arm, or ``sd_baseline`` is too small for
            changes of ``sd_change``.
    """
    effect, r = noise.slope * trial.effect, None
    sd = _sd_of_change(trial, noise)
    if trial.design == "ancova":
        visit = math.sqrt((noise.slope * trial.sd_baseline) ** 2 + noise.habit_sd**2 + _chance(trial, noise))
        require(
            visit > 0 and sd <= 2 * visit, "--sd-baseline is too small for changes of --sd-change; give a larger one."
        )
        # Visits of equal spread: var(change) = 2 (1 - r) var(visit). What the baseline leaves is 1 - r^2 (Borm).
        r = 1 - sd**2 / (2 * visit**2)
        sd = visit * math.sqrt(max(1 - r**2, 0.0))

    def reached(n: int) -> float:
        if sd == 0:
            return 1.0
        if trial.design == "paired":
            return power_of_t(effect / sd * math.sqrt(n), n - 1, alpha=trial.alpha)
        freedom = 2 * n - (3 if trial.design == "ancova" else 2)
        return power_of_t(effect / sd * math.sqrt(n / 2), freedom, alpha=trial.alpha)

    high = 2
    while reached(high) < trial.power:
        require(
            high < MOST, f"More than {MOST:,} people in an arm would be needed; the effect is too small to be found."
        )
        high = min(2 * high, MOST)
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if middle > 1 and reached(middle) >= trial.power else (middle, high)
    return SampleSize(trial, noise, high, reached(high), sd, effect, r)


def curve(trial: Trial, noise: Noise, *, effects: Sequence[float], photos: Sequence[int]) -> tuple[SampleSize, ...]:
    """Plans for other effects and numbers of photos, everything else staying; too small effects are left out.

    Args:
        trial: what stays.
        noise: of the grader.
        effects: in grades.
        photos: at each visit.
    """
    found = []
    for count in photos:
        for effect in effects:
            try:
                found.append(plan(replace(trial, effect=effect, photos=count), noise))
            except UsageError:
                continue
    return tuple(found)


def _sd_of_change(trial: Trial, noise: Noise) -> float:
    return math.sqrt((noise.slope * trial.sd_change) ** 2 + 2 * _chance(trial, noise))


def _chance(trial: Trial, noise: Noise) -> float:
    """Variance by chance of a visit's mean score."""
    return noise.repeatability_sd**2 / trial.photos
