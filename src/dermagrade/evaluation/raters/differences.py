"""Each rater against the mean of the others, photo by photo: bias, limits of agreement, and whether bias is the same
for mild and for severe.

Source: Bland JM, Altman DG. Measuring agreement in method comparison studies. Statistical Methods in Medical Research
1999;8:135-160 (a bias that changes with the size).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from dermagrade.evaluation.raters.pairs import Grades, by_rater
from dermagrade.evaluation.statistics import weighted
from dermagrade.evaluation.statistics.bland_altman import BlandAltman
from dermagrade.evaluation.statistics.bootstrap import Draws
from dermagrade.evaluation.statistics.person_draws import Floats, PersonDraws
from dermagrade.tables.readings import Reading


def rater_differences(
    readings: Sequence[Reading], *, persons: Mapping[str, str] | None = None, draws: Draws | None = None
) -> dict[str, BlandAltman]:
    """Rater to the comparison with the mean of the others, over the photos that the rater and another one graded.

    The mean of several scatters less than one rater, which alone makes the slope rise a little: a rater without any
    habit has a slope above 0.

    Args:
        readings: first rounds count.
        persons: photo to person; a photo that it lacks is a person of its own.
        draws: for the intervals.

    Returns:
        Those with at least two such photos.
    """
    table = by_rater(readings)
    drawn = PersonDraws(sorted({p for grades in table.values() for p in grades}), persons, draws or Draws())
    found = {}
    for name, own in table.items():
        others = others_of(table, name)
        photos = sorted(set(own) & set(others))
        if len(photos) < 2:
            continue
        reference, answer = (np.array([grades[p] for p in photos], np.float64) for grades in (others, own))
        middle, apart = (reference + answer) / 2, answer - reference

        def figures(weights: Floats, middle: Floats = middle, apart: Floats = apart) -> dict[str, Floats]:
            bias, reach = weighted.mean(weights, apart), 1.96 * weighted.deviation(weights, apart)
            slope = weighted.slope(weights, middle, apart)
            return {"bias": bias, "low_limit": bias - reach, "high_limit": bias + reach, "slope": slope}

        title = f"{name} against the mean of the others"
        found[name] = BlandAltman(title, "grades", middle, apart, **drawn.estimates(photos, figures))
    return found


def others_of(table: Mapping[str, Grades], left_out: str) -> dict[str, float]:
    """Photo to the mean grade of the raters but one, over whoever of them graded it."""
    graded: dict[str, list[float]] = {}
    for name, grades in table.items():
        if name != left_out:
            for photo, grade in grades.items():
                graded.setdefault(photo, []).append(grade)
    return {photo: float(np.mean(values)) for photo, values in graded.items()}
