"""All that a table of ratings says of its raters, gathered for the command, the team's page and the report."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dermagrade.evaluation.raters.ceiling import RaterCeiling, rater_ceiling
from dermagrade.evaluation.raters.differences import rater_differences
from dermagrade.evaluation.raters.drift import MIN_PERSONS, MIN_READINGS, Course, against_golden, against_others
from dermagrade.evaluation.raters.extent import Extent, extent_of
from dermagrade.evaluation.raters.intervals import rater_estimates, repeat_estimates
from dermagrade.evaluation.raters.model import RaterModel, fit_raters
from dermagrade.evaluation.raters.pairs import rater_agreement
from dermagrade.evaluation.raters.reliability import Reliability, reliability_of
from dermagrade.evaluation.raters.repeats import rater_repeats
from dermagrade.evaluation.statistics.bland_altman import BlandAltman
from dermagrade.evaluation.statistics.bootstrap import Draws, Estimate
from dermagrade.tables.readings import Reading, Ungraded

#: Photos that two raters graded, below which a note says that the figures are those of a beginning.
FEW_PHOTOS = 20


@dataclass(frozen=True)
class RaterStudy:
    """Agreement, rater model and human ceiling of one table; a study that has barely begun has undefined figures.

    Attributes:
        extent: what the table holds and lacks.
        reliability: intraclass correlations, alpha, mean kappa, raters needed.
        agreement: as :func:`~dermagrade.evaluation.raters.pairs.rater_agreement` gives it.
        model: bias and spread of each rater, consensus of each photo.
        estimates: rater to ``bias`` and ``spread`` with intervals.
        repeats: rater to the spread around that rater's own mean, for those with a second round.
        within: rater to all that the second round says, as
            :func:`~dermagrade.evaluation.raters.repeats.rater_repeats` gives it.
        ceiling: distance of each rater to the consensus.
        differences: rater to the comparison with the mean of the others.
        golden: rater to the course against the golden set; empty without one.
        drift: rater to the course against the mean of the others; empty where no order is known.
        persons_known: whether the intervals are over persons that were named, not photos.
    """

    extent: Extent
    reliability: Reliability
    agreement: Mapping[str, Mapping[str, Mapping[str, Estimate]]]
    model: RaterModel
    estimates: Mapping[str, Mapping[str, Estimate]]
    repeats: Mapping[str, Estimate]
    within: Mapping[str, Mapping[str, Estimate]]
    ceiling: RaterCeiling
    differences: Mapping[str, BlandAltman]
    golden: Mapping[str, Course]
    drift: Mapping[str, Course]
    persons_known: bool

    @property
    def slope_without_habit(self) -> float:
        """The slope of a Bland-Altman comparison of a rater with the mean of the others that chance alone makes.

        Half of what the variance of one reading is above that of a mean, over the variance of their middle; NaN where
        it cannot be told.
        """
        truth, rest = (self.reliability.variances[name].value for name in ("photos", "rest"))
        others = self.reliability.per_photo - 1
        middle = truth + rest * (1 + 1 / others) / 4 if others > 0 else math.nan
        return rest * (1 - 1 / others) / 2 / middle if middle > 0 else math.nan

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of the figures, a sentence each."""
        said = [*self.model.notes, *self.extent.notes]
        if self.extent.raters == 1:
            said.append("One rater alone: how raters agree cannot be told.")
        elif 0 < self.extent.by_two < FEW_PHOTOS:
            said.append(
                f"Only {self.extent.by_two} photos were graded by two raters or more: the figures are those of a "
                "beginning, and their intervals are too narrow."
            )
        courses = (self.golden or self.drift).values()
        if courses and not any(math.isfinite(course.drift.value) for course in courses):
            said.append(
                "Drift cannot be told: it needs the order of the ratings (position or rated_at) and, of a rater, "
                f"{MIN_READINGS} readings of {MIN_PERSONS} persons."
            )
        if not self.persons_known and self.extent.photos:
            said.append(
                "No persons were named, so the intervals are over photos; photos of one person make them too narrow."
            )
        return tuple(said)

    def record(self) -> dict[str, Any]:
        """As it stands in JSON; the single photos stay out."""
        plain = {part: {who: _figures(found) for who, found in table.items()} for part, table in self.agreement.items()}
        raters = {}
        for name, found in self.estimates.items():
            own = dict(found)
            if name in self.repeats:
                own["repeat_spread"] = self.repeats[name]
            raters[name] = _figures(own)
        return plain | {
            "table": self.extent.record(),
            "reliability": self.reliability.record(),
            "rater_model": {"raters": raters, "truth": self.model.record()},
            "human_ceiling": self.ceiling.record(),
            "bland_altman": {name: one.record() for name, one in self.differences.items()},
            "within_raters": {name: _figures(found) for name, found in self.within.items()},
            "against_golden": {name: course.record() for name, course in self.golden.items()},
            "drift_against_the_others": {name: course.record() for name, course in self.drift.items()},
            "notes": list(self.notes),
        }


def study_raters(
    readings: Sequence[Reading],
    *,
    persons: Mapping[str, str] | None = None,
    draws: Draws | None = None,
    golden: Mapping[str, float] | None = None,
    ungraded: Sequence[Ungraded] = (),
) -> RaterStudy:
    """Measures all of it. A study that goes on may have few readings, or none: its notes say what cannot be told yet.

    Args:
        readings: of any number of raters and rounds; no training rounds and nothing that was graded knowing others'
            grades.
        persons: photo to person; a photo that it lacks is a person of its own.
        draws: for the intervals.
        golden: photo to the grade that is held to be right, for the photos that have one.
        ungraded: what raters said cannot be graded.
    """
    draws = draws or Draws()
    drawn: dict[str, Any] = {"persons": persons, "rounds": draws.rounds, "seed": draws.seed}
    same: dict[str, Any] = {"persons": persons, "draws": draws}
    extent = extent_of(readings, ungraded, persons=persons)
    return RaterStudy(
        extent=extent,
        reliability=reliability_of(readings, **same),
        agreement=rater_agreement(readings, **drawn),
        model=fit_raters(readings) if extent.readings else _nothing_read(),
        estimates=rater_estimates(readings, **drawn) if extent.readings else {},
        repeats=repeat_estimates(readings, **drawn),
        within=rater_repeats(readings, **same),
        ceiling=rater_ceiling(readings, **same),
        differences=rater_differences(readings, **same),
        golden=against_golden(readings, golden, **same) if golden else {},
        drift=against_others(readings, **same),
        persons_known=bool(persons),
    )


def _nothing_read() -> RaterModel:
    note = "There is no first-round reading yet: nothing can be told of the raters."
    return RaterModel({}, {}, math.nan, math.nan, False, (note,))


def _figures(found: Mapping[str, Estimate]) -> dict[str, Any]:
    return {name: e.record() for name, e in found.items()}
