"""How raters agree with each other and with themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from dermagrade.evaluation.statistics import weighted
from dermagrade.evaluation.statistics.bootstrap import Draws, Estimate
from dermagrade.evaluation.statistics.person_draws import PersonDraws
from dermagrade.tables.readings import Reading

#: Photo to grade.
Grades = Mapping[str, float]


def by_rater(readings: Sequence[Reading], *, round: int = 1) -> dict[str, dict[str, float]]:
    """Rater to photo to grade in that round; raters in the order of their names."""
    table: dict[str, dict[str, float]] = {name: {} for name in sorted({r.rater for r in readings})}
    for reading in readings:
        if reading.round == round:
            table[reading.rater][reading.photo] = reading.grade
    return {name: grades for name, grades in table.items() if grades}


def mean_of_others(readings: Mapping[str, Grades], left_out: str | None = None) -> dict[str, float]:
    """Photo to the mean grade of all raters but ``left_out``; only photos that every rater graded."""
    photos = set.intersection(*(set(grades) for grades in readings.values())) if readings else set()
    others = [grades for name, grades in readings.items() if name != left_out]
    return {p: float(np.mean([grades[p] for grades in others])) for p in sorted(photos)} if others else {}


def rater_agreement(
    readings: Sequence[Reading], *, persons: Mapping[str, str] | None = None, rounds: int = 1000, seed: int = 0
) -> dict[str, dict[str, dict[str, Estimate]]]:
    """Agreement of every pair of raters, of each with the mean of the others, and of each with themselves later.

    Args:
        readings: any number of raters and rounds.
        persons: photo to person; a photo that it lacks is a person of its own.
        rounds: draws for the intervals.
        seed: of these draws.

    Returns:
        ``pairs`` (``a and b``: kappa, accuracy, over the photos that both graded), ``against_the_others`` (rater: rmse,
        pearson, spearman, over the photos that all graded), ``repeated`` (rater: kappa and accuracy of the second
        round against the first).
    """
    first, second = by_rater(readings), by_rater(readings, round=2)
    drawn = PersonDraws(sorted({p for grades in first.values() for p in grades}), persons, Draws(rounds, seed))
    others = {}
    for name in first if len(first) > 1 else ():
        found = mean_of_others(first, name)
        truth, answer = (np.array([grades[p] for p in found], np.float64) for grades in (found, first[name]))
        others[name] = _against(truth, answer, list(found), drawn)
    repeated = {name: _exact(first[name], second[name], drawn) for name in second if name in first}
    pairs = {f"{a} and {b}": _exact(first[a], first[b], drawn) for a, b in combinations(first, 2)}
    return {"pairs": pairs, "against_the_others": others, "repeated": repeated}


def mean_kappa(
    readings: Sequence[Reading], *, persons: Mapping[str, str] | None = None, rounds: int = 1000, seed: int = 0
) -> Estimate:
    """Mean over the pairs of raters of their quadratic kappa, each over the photos that both graded; NaN without one.

    Source: Light RJ. Measures of response agreement for qualitative data: some generalizations and alternatives.
    Psychological Bulletin 1971;76(5):365-377.

    Args:
        readings: first rounds count.
        persons: photo to person; a photo that it lacks is a person of its own.
        rounds: draws for the interval.
        seed: of these draws.
    """
    first = by_rater(readings)
    photos = sorted({p for grades in first.values() for p in grades})
    at = {photo: i for i, photo in enumerate(photos)}
    pairs = []
    for one, other in combinations(first.values(), 2):
        both = sorted(set(one) & set(other))
        if both:
            columns = np.array([at[p] for p in both])
            pairs.append((columns, np.array([one[p] for p in both]), np.array([other[p] for p in both])))

    def statistic(weights: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
        total, count = np.zeros(len(weights)), np.zeros(len(weights))
        for columns, one, other in pairs:
            kappa = weighted.quadratic_kappa(weights[:, columns], one, other)
            total += np.where(np.isfinite(kappa), kappa, 0.0)
            count += np.isfinite(kappa)
        return {"": np.where(count > 0, total / np.maximum(count, 1), np.nan)}

    found = PersonDraws(photos, persons, Draws(rounds, seed)).estimates(photos, statistic)[""]
    return replace(found, photos=len({i for columns, _, _ in pairs for i in columns.tolist()}))


def _exact(one: Grades, other: Grades, drawn: PersonDraws) -> dict[str, Estimate]:
    photos = sorted(set(one) & set(other))
    a, b = (np.array([grades[p] for p in photos], np.float64) for grades in (one, other))
    return drawn.estimates(
        photos,
        lambda weights: {
            "quadratic_kappa": weighted.quadratic_kappa(weights, a, b),
            "accuracy": weighted.accuracy(weights, a, b),
        },
    )


def _against(
    truth: NDArray[np.float64], answer: NDArray[np.float64], photos: Sequence[str], drawn: PersonDraws
) -> dict[str, Estimate]:
    return drawn.estimates(
        photos,
        lambda weights: {
            "rmse": weighted.rmse(weights, truth, answer),
            "pearson": weighted.pearson(weights, truth, answer),
            "spearman": weighted.spearman(weights, truth, answer),
        },
    )
