"""Fits the model of raters by expectation and maximisation, which takes a photo that not everybody read as it is.

Source: Dempster AP, Laird NM, Rubin DB. Maximum likelihood from incomplete data via the EM algorithm. JRSS B
1977;39(1):1-38.

Two guards keep one rater from being believed alone, to which the likelihood of such models tends (a Heywood case: one
spread runs to 0 and the consensus becomes that rater):

- each rater's variance is held to the pooled one as by :data:`PRIOR_READINGS` further readings;
- no spread falls below ``step / sqrt(12)``, the error that rounding to the scale's steps makes by itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dermagrade.errors import LabelsError
from dermagrade.evaluation.raters.pairs import by_rater
from dermagrade.tables.readings import Reading

Floats = NDArray[np.float64]

#: A rater's variance is estimated as if so many more readings had shown the pooled one.
PRIOR_READINGS = 10


@dataclass(frozen=True)
class State:
    """Where the alternation stands.

    Attributes:
        mean: mean severity of the photos.
        truth: variance of the severity over the photos.
        bias: ``(raters,)``, summing to 0.
        variance: ``(raters,)`` of a reading around truth and bias.
    """

    mean: float
    truth: float
    bias: Floats
    variance: Floats


def grade_table(readings: Sequence[Reading]) -> tuple[list[str], list[str], Floats]:
    """Raters, photos and ``(photos, raters)`` grades, NaN where a rater did not read the photo."""
    table = by_rater(readings)
    photos = sorted({photo for grades in table.values() for photo in grades})
    if not photos:
        raise LabelsError("There is no first-round reading; without one there is no consensus.")
    return list(table), photos, np.array([[own.get(photo, math.nan) for own in table.values()] for photo in photos])


def least_variance(grades: Floats, step: float | None) -> float:
    """The least variance of a reading: that of rounding to the steps of the scale."""
    if step is None:
        gaps = np.diff(np.unique(grades[np.isfinite(grades)]))
        step = float(gaps.min()) if len(gaps) else 1.0
    return max(step**2 / 12, 1e-12)


def first_guess(grades: Floats) -> State:
    """Half of the grades' variance to the photos, half to every rater, and no bias."""
    variance = max(float(np.nanvar(grades)) / 2, 1e-6)
    raters = grades.shape[1]
    return State(float(np.nanmean(grades)), variance, np.zeros(raters), np.full(raters, variance))


def truth_of(grades: Floats, state: State) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each photo's truth, given its readings."""
    present = np.isfinite(grades)
    precision = present / state.variance
    total = 1 / state.truth + precision.sum(1)
    pulled = (np.where(present, grades - state.bias, 0.0) * precision).sum(1)
    return (state.mean / state.truth + pulled) / total, 1 / np.sqrt(total)


def settle(grades: Floats, weights: Floats, state: State, floor: float, *, tolerance: float = 1e-7) -> State:
    """Alternates between the photos' truth and the raters until nothing moves by more than the tolerance."""
    present = np.isfinite(grades)
    filled = np.where(present, grades, 0.0)
    weighted = weights[:, None] * present
    read = np.maximum(weighted.sum(0), 1e-12)
    total = weights.sum()
    for _ in range(5000):
        truth, deviation = truth_of(grades, state)
        bias = (weighted * (filled - truth[:, None])).sum(0) / read
        squares = (weighted * ((filled - bias - truth[:, None]) ** 2 + deviation[:, None] ** 2)).sum(0)
        pooled = squares.sum() / read.sum()
        variance = np.maximum((PRIOR_READINGS * pooled + squares) / (PRIOR_READINGS + read), floor)
        shift = bias.mean()
        mean = float((weights * truth).sum() / total)
        width = float((weights * ((truth - mean) ** 2 + deviation**2)).sum() / total)
        new = State(mean + shift, max(width, floor), bias - shift, variance)
        moved = max(
            abs(new.mean - state.mean),
            abs(math.sqrt(new.truth) - math.sqrt(state.truth)),
            float(np.abs(new.bias - state.bias).max()),
            float(np.abs(np.sqrt(variance) - np.sqrt(state.variance)).max()),
        )
        state = new
        if moved < tolerance:
            break
    return state


def linked(present: NDArray[np.bool_]) -> list[int]:
    """The group of each rater; raters who share a photo, or are joined by others who do, are one group."""
    group = list(range(present.shape[1]))
    for row in np.unique(present, axis=0):
        own = {group[i] for i in np.flatnonzero(row)}
        group = [min(own) if g in own else g for g in group]
    return group
