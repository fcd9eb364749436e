"""How raters agree with each other and with themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from dermagrade.evaluation.agreement import (
    Estimate,
    accuracy,
    bootstrap_by_person,
    pearson,
    quadratic_kappa,
    rmse,
    spearman,
)

#: Photo to grade.
Grades = Mapping[str, float]


@dataclass(frozen=True)
class Reading:
    """One rater's grade for one photo; a round above 1 is the same rater again."""

    photo: str
    rater: str
    grade: float
    round: int = 1


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
        ``pairs`` (``a and b``: kappa, accuracy), ``against_the_others`` (rater: rmse, pearson, spearman, over the
        photos that all graded), ``repeated`` (rater: kappa and accuracy of the second round against the first).
    """
    persons = persons or {}

    def estimates(a: Grades, b: Grades, **statistics: object) -> dict[str, Estimate]:
        photos = sorted(set(a) & set(b))
        values = [a[p] for p in photos], [b[p] for p in photos]
        groups = [persons.get(p, p) for p in photos]
        return {
            name: bootstrap_by_person(*values, groups=groups, statistic=statistic, rounds=rounds, seed=seed)
            for name, statistic in statistics.items()
            if callable(statistic)
        }

    first, second = by_rater(readings), by_rater(readings, round=2)
    exact = {"quadratic_kappa": quadratic_kappa, "accuracy": accuracy}
    pairs = {f"{a} and {b}": estimates(first[a], first[b], **exact) for a, b in combinations(first, 2)}
    others = {}
    for name in first if len(first) > 1 else ():
        others[name] = estimates(
            mean_of_others(first, name), first[name], rmse=rmse, pearson=pearson, spearman=spearman
        )
    repeated = {name: estimates(first[name], second[name], **exact) for name in second if name in first}
    return {"pairs": pairs, "against_the_others": others, "repeated": repeated}
