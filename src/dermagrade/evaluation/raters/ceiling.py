"""How far each rater is from the raters' consensus: the bar that a network has to pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dermagrade.evaluation.raters.model import fit_raters
from dermagrade.evaluation.raters.pairs import by_rater
from dermagrade.evaluation.statistics import weighted
from dermagrade.evaluation.statistics.bootstrap import Draws, Estimate
from dermagrade.evaluation.statistics.person_draws import Floats, PersonDraws
from dermagrade.tables.readings import Reading

#: The four references, each in words.
REFERENCES: Mapping[str, str] = {
    "mean_of_all": "mean of all raters",
    "mean_of_others": "mean of the others",
    "model_of_all": "model of all raters",
    "model_of_others": "model of the others",
}


@dataclass(frozen=True)
class RaterCeiling:
    """RMSE of every rater to the consensus.

    Attributes:
        raters: name to figure by the keys of :data:`REFERENCES`, over the photos that the rater and at least one
            other read. A mean or model of all holds the rater's own grade, which flatters the more the fewer raters
            there are.
        bars: reference to the rater farthest from it, the worst of the raters. By ``mean_of_all`` it is the bar as
            published figures use it; by ``mean_of_others`` it is one that a network can be held to fairly.
    """

    raters: Mapping[str, Mapping[str, Estimate]]
    bars: Mapping[str, str]

    def record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        rows = {name: {key: e.record() for key, e in found.items()} for name, found in self.raters.items()}
        bars = {key: {"rater": name, "rmse": rows[name][key]["value"]} for key, name in self.bars.items()}
        return {"raters": rows, "bars": bars}


def rater_ceiling(
    readings: Sequence[Reading], *, persons: Mapping[str, str] | None = None, draws: Draws | None = None
) -> RaterCeiling:
    """Holds each rater's first round against the mean and the model's consensus, with and without that rater.

    In the draws the consensus of a photo stays as it is.

    Args:
        readings: of any number of raters and photos.
        persons: photo to person; a photo that it lacks is a person of its own.
        draws: for the intervals.
    """
    first = [reading for reading in readings if reading.round == 1]
    table = by_rater(first)
    found = {}
    everyone = fit_raters(first).photos if first else {}
    drawn = PersonDraws(sorted(everyone), persons, draws or Draws())
    for name, own in table.items():
        others = [reading for reading in first if reading.rater != name]
        without = fit_raters(others).photos if others else {}
        photos = [photo for photo in own if photo in without]
        if photos:
            columns = [(everyone[p].mean, without[p].mean, everyone[p].value, without[p].value) for p in photos]
            found[name] = _distances(photos, np.array([own[p] for p in photos]), np.array(columns).T, drawn)
    bars = {key: max((e[key].value, name) for name, e in found.items())[1] for key in REFERENCES} if found else {}
    return RaterCeiling(found, bars)


def _distances(photos: Sequence[str], grades: Floats, references: Floats, drawn: PersonDraws) -> dict[str, Estimate]:
    """Of ``(n,)`` grades to each row of ``(references, n)``."""
    return drawn.estimates(
        photos,
        lambda weights: {
            key: weighted.rmse(weights, reference, grades)
            for key, reference in zip(REFERENCES, references, strict=True)
        },
    )
