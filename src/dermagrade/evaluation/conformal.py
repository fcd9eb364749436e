"""Fits intervals that hold, on answers for people whom the network never saw.

Every person counts once, however many photos there are of them: a photo's weight is one over the number of the
person's photos. So the promise is about the next person, not about the next photo of somebody who was photographed
often.

Source: Barber RF et al. Conformal prediction beyond exchangeability. Ann Statist 2023;51(2):816-845 (weighted
quantiles).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dermagrade.grading.interval import Calibration, neighbouring

#: Scores between which errors are compared; fewer knots where there are few photos.
KNOTS = 6
#: Photos around a knot from which its error is taken, as a share of all.
NEIGHBOURHOOD = 0.35
#: No interval is narrower than this to either side, in levels: graders do not tell less apart.
LEAST = 0.05


def person_weights(persons: Sequence[str]) -> NDArray[np.float64]:
    """One over the number of photos of each photo's person."""
    photos = Counter(persons)
    return np.array([1.0 / photos[person] for person in persons])


def upper_quantile(values: ArrayLike, weights: ArrayLike, share: float) -> float:
    """The smallest value that, with what is below it, holds this share of the weight of all and of one more person.

    Args:
        values: ``(n,)``.
        weights: ``(n,)``; a person's photos sum to 1.
        share: from 0 to 1.

    Returns:
        Infinite where there are too few people for this share.
    """
    values, weights = np.asarray(values, float), np.asarray(weights, float)
    order = np.argsort(values, kind="stable")
    gathered = np.cumsum(weights[order]) / (weights.sum() + 1.0)
    at = int(np.searchsorted(gathered, share - 1e-12))
    return float(values[order][at]) if at < len(values) else float("inf")


def fit_calibration(
    scores: ArrayLike,
    truths: ArrayLike,
    probabilities: ArrayLike,
    grades: ArrayLike,
    persons: Sequence[str],
    *,
    chosen: ArrayLike | None = None,
    coverage: float = 0.9,
    widest: float = 4.0,
) -> Calibration:
    """Fits intervals of scores and sets of grades.

    How far the truth lies below and above the score is first taken from the photos of similar score, as the quantile
    that leaves half of the misses on each side; then one factor stretches all of them until the share holds by
    person.

    Args:
        scores: ``(n,)`` the network's score of photos of people it never saw.
        truths: ``(n,)`` the score by the annotators; NaN where there is none.
        probabilities: ``(n, levels)`` of the grades.
        grades: ``(n,)`` published grade.
        persons: of each photo.
        chosen: ``(n,)`` grade that the network chose; the likeliest where None.
        coverage: share of photos to hold.
        widest: see :class:`~dermagrade.grading.interval.Calibration`.

    Raises:
        ValueError: if there are fewer than 20 persons with a truth.
    """
    score, truth = np.asarray(scores, float), np.asarray(truths, float)
    p, grade = np.asarray(probabilities, float), np.asarray(grades, int)
    weight = person_weights(persons)
    known = ~np.isnan(truth)
    if len({person for person, k in zip(persons, known, strict=True) if k}) < 20:
        raise ValueError("an interval needs photos of at least 20 people")
    known_weight = person_weights([person for person, k in zip(persons, known, strict=True) if k])
    s, error = score[known], truth[known] - score[known]
    knots = np.unique(np.quantile(s, np.linspace(0.02, 0.98, KNOTS)))
    near = max(20, round(NEIGHBOURHOOD * len(s)))
    tail = (1 + coverage) / 2
    below: list[float] = []
    above: list[float] = []
    for knot in knots:
        around = np.argsort(np.abs(s - knot), kind="stable")[:near]
        for side, sign in ((below, -1.0), (above, 1.0)):
            far = upper_quantile(sign * error[around], known_weight[around], tail)
            side.append(max(LEAST, far if np.isfinite(far) else float((sign * error[around]).max())))
    reach = np.where(error < 0, np.interp(s, knots, below), np.interp(s, knots, above))
    stretch = upper_quantile(np.abs(error) / reach, known_weight, coverage)
    needed = []
    starts = p.argmax(1) if chosen is None else np.asarray(chosen, int)
    for row, true, start in zip(p, grade, starts, strict=True):
        order, gathered = neighbouring(row, int(start))
        at = order.index(int(true))
        # The set takes one grade more once the mass is above what it has gathered.
        needed.append(gathered[at - 1] if at else 0.0)
    mass = upper_quantile(needed, weight, coverage)
    return Calibration(
        coverage=coverage,
        scores=tuple(round(float(x), 4) for x in knots),
        below=tuple(round(x * stretch, 4) for x in below),
        above=tuple(round(x * stretch, 4) for x in above),
        mass=round(min(mass + 1e-6, 1.0), 6),
        widest=widest,
        photos=int(known.sum()),
        persons=len(set(persons)),
    )
