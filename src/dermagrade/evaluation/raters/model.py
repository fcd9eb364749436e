"""What raters' grades say of the raters (bias, spread) and of the photos (consensus with its standard error).

A reading is taken as the photo's true severity, plus the rater's bias, plus chance: ``reading = truth + bias + e``
with ``e ~ N(0, spread²)`` of the rater's own and ``truth ~ N(mean, width²)`` over the photos. The biases sum to zero,
since a shift that all raters share cannot be told from the truth. How it is fitted, and what keeps one rater from being
believed alone: :mod:`dermagrade.evaluation.raters.fit`.

What the model leaves out: at the ends of a scale no rater can err outwards, so the chance of a reading is not quite
normal there, and a rater's bias is taken as the same for mild and severe photos.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade.errors import LabelsError
from dermagrade.evaluation.raters.fit import State, first_guess, grade_table, least_variance, linked, settle, truth_of
from dermagrade.tables.readings import Reading

Floats = NDArray[np.float64]

#: So many photos must have been read by two raters or more before anything is said of a rater.
MIN_SHARED_PHOTOS = 5
NOT_TOLD = (
    f"Fewer than {MIN_SHARED_PHOTOS} photos were read by two raters or more: bias and spread cannot be told, and the "
    "consensus is the plain mean."
)

_NAN = float("nan")


@dataclass(frozen=True)
class Rater:
    """One rater.

    Attributes:
        bias: by how much this rater reads above the raters' common level, in grades; NaN where it cannot be told.
        spread: standard deviation of the readings around truth and bias, in grades; NaN where it cannot be told.
        readings: first-round readings behind it.
    """

    bias: float
    spread: float
    readings: int


@dataclass(frozen=True)
class LatentGrade:
    """One photo.

    Attributes:
        value: best guess of the severity from its readings, biases taken off; drawn to the mean of all photos as far
            as the readings leave it open.
        error: standard error of ``value``; NaN where spreads cannot be told and the photo has one reading.
        mean: plain mean of the readings, as published consensus grades are.
        mean_error: its standard error from the readings alone; NaN for a single one, and 0 where all are equal.
        readings: the first-round readings.
    """

    value: float
    error: float
    mean: float
    mean_error: float
    readings: tuple[float, ...]


@dataclass(frozen=True)
class RaterModel:
    """Raters and photos of one table of ratings.

    Attributes:
        raters: by name.
        photos: by name.
        mean: mean severity of the photos.
        width: standard deviation of the true severity over the photos; NaN where it cannot be told.
        told: whether bias and spread could be told.
        notes: what a reader must know, a sentence each.
    """

    raters: Mapping[str, Rater]
    photos: Mapping[str, LatentGrade]
    mean: float
    width: float
    told: bool
    notes: tuple[str, ...]

    def correct(self, rater: str, grade: float) -> tuple[float, float]:
        """Severity of a photo that only this rater read, and its standard deviation.

        The bias is taken off and the rest drawn to the mean of all photos by the share of its variance that is the
        rater's chance error. Where spreads cannot be told it is the grade itself, and the deviation is NaN.

        Raises:
            LabelsError: if the rater is not in the table.
        """
        known = self.raters.get(rater)
        if known is None:
            raise LabelsError(f"The rater {rater} has no reading in the table, so nothing is known of their bias.")
        if not self.told:
            return grade, _NAN
        truth, chance = self.width**2, known.spread**2
        value = self.mean + truth / (truth + chance) * (grade - known.bias - self.mean)
        return value, math.sqrt(truth * chance / (truth + chance))

    def grade_probabilities(self, photo: str, levels: Sequence[float]) -> Floats:
        """Probability of each level given the photo's readings, to train toward instead of one label.

        A level holds what is nearer to it than to its neighbours. Where spreads cannot be told, every reading is a
        vote for the nearest level.

        Args:
            photo: one that was read.
            levels: of the scale, rising.

        Returns:
            ``(levels,)``, summing to 1.

        Raises:
            LabelsError: if the photo is not in the table.
            ValueError: if the levels do not rise.
        """
        if not levels or sorted(set(levels)) != list(levels):
            raise ValueError(f"levels must rise, not be {list(levels)}")
        if photo not in self.photos:
            raise LabelsError(f"{photo} has no reading in the table.")
        found = self.photos[photo]
        edges = [(a + b) / 2 for a, b in pairwise(levels)]
        if not self.told:
            votes = np.bincount(np.searchsorted(edges, found.readings, side="right"), minlength=len(levels))
            return np.asarray(votes / votes.sum(), np.float64)
        below = [0.5 * (1 + math.erf((edge - found.value) / (found.error * math.sqrt(2)))) for edge in edges]
        return np.diff([0.0, *below, 1.0])

    def record(self) -> dict[str, Any]:
        """Truth over the photos and notes, as they stand in JSON."""
        return {
            "told": self.told,
            "mean": round(self.mean, 4) if math.isfinite(self.mean) else None,
            "width": round(self.width, 4) if self.told else None,
            "notes": list(self.notes),
        }


def fit_raters(readings: Sequence[Reading], *, step: float | None = None) -> RaterModel:
    """Estimates raters and consensus from the first rounds; later rounds are left out.

    Args:
        readings: of any number of raters and photos; a photo may lack any of the raters. A published grade can stand
            among them as one rater more.
        step: distance of neighbouring grades on the scale; the smallest distance that the readings show where None.

    Raises:
        LabelsError: if there is no first-round reading.
    """
    raters, photos, grades = grade_table(readings)
    told = int((np.isfinite(grades).sum(1) > 1).sum()) >= MIN_SHARED_PHOTOS
    counts = np.isfinite(grades).sum(0)
    notes: list[str] = []
    values = errors = np.full(len(photos), _NAN)
    state = State(float(np.nanmean(grades)), _NAN, np.full(len(raters), _NAN), np.full(len(raters), _NAN))
    if told:
        state = settle(grades, np.ones(len(photos)), first_guess(grades), least_variance(grades, step))
        values, errors = truth_of(grades, state)
        groups = linked(np.isfinite(grades))
        if len(set(groups)) > 1:
            apart = [name for name, group in zip(raters, groups, strict=True) if group != groups[0]]
            notes.append(
                f"{', '.join(apart)} and {raters[0]} are linked by no common photo: their biases are told apart only "
                "by taking their photos to be equally severe in the mean."
            )
        if len(raters) == 2:
            notes.append(
                "With two raters their spreads are told apart only by how widely the grades of each one vary; take "
                "them together."
            )
    else:
        notes.append(NOT_TOLD)
    consensus = {}
    for row, photo in enumerate(photos):
        own = grades[row][np.isfinite(grades[row])]
        mean = float(own.mean())
        error = float(own.std(ddof=1)) / math.sqrt(len(own)) if len(own) > 1 else _NAN
        best = (float(values[row]), float(errors[row])) if told else (mean, error)
        consensus[photo] = LatentGrade(*best, mean, error, tuple(own.tolist()))
    table = {
        name: Rater(float(state.bias[i]), float(np.sqrt(state.variance[i])), int(counts[i]))
        for i, name in enumerate(raters)
    }
    return RaterModel(table, consensus, float(state.mean), math.sqrt(state.truth) if told else _NAN, told, tuple(notes))
