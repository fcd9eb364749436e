"""Whether a rater's eye shifts while a study goes on: the bias against a reference by the place in the rater's order.

The reference is the golden set, photos with a grade that is held to be right and hidden among the others; or, which
shows less since the others may shift as well, the mean of the other raters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade.evaluation.raters.differences import others_of
from dermagrade.evaluation.raters.pairs import Grades, by_rater
from dermagrade.evaluation.statistics import weighted
from dermagrade.evaluation.statistics.bootstrap import Draws, Estimate
from dermagrade.evaluation.statistics.person_draws import Floats, PersonDraws
from dermagrade.tables.readings import Reading

#: Fewer readings than this, or of fewer persons than :data:`MIN_PERSONS`, and nothing is said of a drift.
MIN_READINGS = 8
MIN_PERSONS = 5


@dataclass(frozen=True, eq=False)
class Course:
    """One rater against a reference, in the order in which the rater graded.

    Attributes:
        bias: mean of grade minus reference.
        rmse: to the reference.
        quadratic_kappa: with the reference.
        drift: by how much the bias rises over 100 photos of the rater's order; undefined where the order is unknown or
            there are too few readings.
        order: ``(n,)`` places in the rater's order, rising; empty where the order is unknown.
        differences: ``(n,)`` grade minus reference.
    """

    bias: Estimate
    rmse: Estimate
    quadratic_kappa: Estimate
    drift: Estimate
    order: NDArray[np.float64]
    differences: NDArray[np.float64]

    def record(self) -> dict[str, Any]:
        """As it stands in JSON, without the single photos."""
        return {name: getattr(self, name).record() for name in ("bias", "rmse", "quadratic_kappa", "drift")}


def against_golden(
    readings: Sequence[Reading],
    golden: Mapping[str, float],
    *,
    persons: Mapping[str, str] | None = None,
    draws: Draws | None = None,
) -> dict[str, Course]:
    """Rater to the course against the golden set; raters who graded none of it are left out.

    Args:
        readings: all rounds count.
        golden: photo to the grade that is held to be right.
        persons: photo to person; a photo that it lacks is a person of its own.
        draws: for the intervals.
    """
    raters = sorted({reading.rater for reading in readings})
    return _courses(readings, dict.fromkeys(raters, golden), persons, draws or Draws())


def against_others(
    readings: Sequence[Reading], *, persons: Mapping[str, str] | None = None, draws: Draws | None = None
) -> dict[str, Course]:
    """Rater to the course against the mean of the others; raters whose order is unknown are left out.

    Args:
        readings: first rounds count, and make the others' mean.
        persons: photo to person; a photo that it lacks is a person of its own.
        draws: for the intervals.
    """
    table = by_rater(readings)
    references = {name: others_of(table, name) for name in table}
    orders = order_of(readings)
    first = [r for r in readings if r.round == 1]
    ordered = [r for r in first if (r.photo, r.rater, r.round) in orders]
    return _courses(ordered, references, persons, draws or Draws(), orders)


def order_of(readings: Sequence[Reading]) -> dict[tuple[str, str, int], float]:
    """Photo, rater and round to the place in that rater's order, from 0.

    It is the position where every reading of the rater has one, else the order of the times where every one has a
    time; raters with neither are left out.
    """
    mine: dict[str, list[Reading]] = {}
    for reading in readings:
        mine.setdefault(reading.rater, []).append(reading)
    places = {}
    for own in mine.values():
        if all(r.position is not None for r in own):
            places.update({(r.photo, r.rater, r.round): float(r.position or 0) for r in own})
        elif all(r.rated_at is not None for r in own):
            inturn = sorted(own, key=lambda r: (r.rated_at, r.round, r.photo))
            places.update({(r.photo, r.rater, r.round): float(i) for i, r in enumerate(inturn)})
    return places


def _courses(
    readings: Sequence[Reading],
    references: Mapping[str, Grades],
    persons: Mapping[str, str] | None,
    draws: Draws,
    orders: Mapping[tuple[str, str, int], float] | None = None,
) -> dict[str, Course]:
    orders = order_of(readings) if orders is None else orders
    drawn = PersonDraws(sorted({r.photo for r in readings}), persons, draws)
    found = {}
    for name, reference in references.items():
        own = [r for r in readings if r.rater == name and r.photo in reference]
        if not own:
            continue
        places = [orders.get((r.photo, r.rater, r.round)) for r in own]
        known = all(place is not None for place in places)
        if known:
            own = [r for _, r in sorted(zip(places, own, strict=True), key=lambda pair: (pair[0], pair[1].photo))]
        order = np.array(sorted(p for p in places if p is not None) if known else [], np.float64)
        photos = [r.photo for r in own]
        grades, truth = np.array([r.grade for r in own], np.float64), np.array([reference[p] for p in photos])
        told = known and len(own) >= MIN_READINGS and len(set(drawn.owners(photos).tolist())) >= MIN_PERSONS

        def figures(
            weights: Floats, grades: Floats = grades, truth: Floats = truth, order: Floats = order, told: bool = told
        ) -> dict[str, Floats]:
            off = grades - truth
            return {
                "bias": weighted.mean(weights, off),
                "rmse": weighted.rmse(weights, truth, grades),
                "quadratic_kappa": weighted.quadratic_kappa(weights, truth, grades),
                "drift": 100 * weighted.slope(weights, order, off) if told else np.full(len(weights), np.nan),
            }

        found[name] = Course(**drawn.estimates(photos, figures), order=order, differences=grades - truth)
    return found
