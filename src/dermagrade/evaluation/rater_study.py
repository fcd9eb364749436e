"""All that a table of ratings says of its raters, gathered for the command and its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dermagrade.evaluation.agreement import Draws, Estimate
from dermagrade.evaluation.rater_ceiling import RaterCeiling, rater_ceiling
from dermagrade.evaluation.rater_intervals import rater_estimates, repeat_estimates
from dermagrade.evaluation.rater_model import RaterModel, fit_raters
from dermagrade.evaluation.raters import Reading, rater_agreement


@dataclass(frozen=True)
class RaterStudy:
    """Agreement, rater model and human ceiling of one table.

    Attributes:
        agreement: as :func:`~dermagrade.evaluation.raters.rater_agreement` gives it.
        model: bias and spread of each rater, consensus of each photo.
        estimates: rater to ``bias`` and ``spread`` with intervals.
        repeats: rater to the spread around that rater's own mean, for those with a second round.
        ceiling: distance of each rater to the consensus.
        persons_known: whether the intervals are over persons that were named, not photos.
    """

    agreement: Mapping[str, Mapping[str, Mapping[str, Estimate]]]
    model: RaterModel
    estimates: Mapping[str, Mapping[str, Estimate]]
    repeats: Mapping[str, Estimate]
    ceiling: RaterCeiling
    persons_known: bool

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of the figures, a sentence each."""
        unknown = "No persons were named, so the intervals are over photos; photos of one person make them too narrow."
        return self.model.notes if self.persons_known else (*self.model.notes, unknown)

    def record(self) -> dict[str, Any]:
        """As it stands in JSON; the single photos stay out."""
        plain = {
            part: {who: {name: e.record() for name, e in found.items()} for who, found in table.items()}
            for part, table in self.agreement.items()
        }
        raters = {}
        for name, found in self.estimates.items():
            own = dict(found)
            if name in self.repeats:
                own["repeat_spread"] = self.repeats[name]
            raters[name] = {key: e.record() for key, e in own.items()}
        return plain | {
            "rater_model": {"raters": raters, "truth": self.model.record()},
            "human_ceiling": self.ceiling.record(),
            "notes": list(self.notes),
        }


def study_raters(
    readings: Sequence[Reading], *, persons: Mapping[str, str] | None = None, draws: Draws | None = None
) -> RaterStudy:
    """Measures all of it.

    Args:
        readings: of any number of raters and rounds.
        persons: photo to person; a photo that it lacks is a person of its own.
        draws: for the intervals.

    Raises:
        LabelsError: if there is no first-round reading.
    """
    draws = draws or Draws()
    drawn: dict[str, Any] = {"persons": persons, "rounds": draws.rounds, "seed": draws.seed}
    return RaterStudy(
        agreement=rater_agreement(readings, **drawn),
        model=fit_raters(readings),
        estimates=rater_estimates(readings, **drawn),
        repeats=repeat_estimates(readings, **drawn),
        ceiling=rater_ceiling(readings, persons=persons, draws=draws),
        persons_known=bool(persons),
    )
