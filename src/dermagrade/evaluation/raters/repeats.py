"""How well raters agree with themselves, from photos that they graded twice.

Sources: Dahlberg G. Statistical Methods for Medical and Biological Students, 1940 (the deviation within a rater, from
pairs); Bland JM, Altman DG. Measurement error. BMJ 1996;313:744 (the repeatability coefficient: two readings of one
photo differ by less than it in 95 % of the cases).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from dermagrade.evaluation.raters.pairs import by_rater
from dermagrade.evaluation.statistics import weighted
from dermagrade.evaluation.statistics.bootstrap import Draws, Estimate
from dermagrade.evaluation.statistics.intraclass_forms import components
from dermagrade.evaluation.statistics.person_draws import Floats, PersonDraws
from dermagrade.tables.readings import Reading

#: What the row of all raters together is called.
POOLED = "all raters"


def rater_repeats(
    readings: Sequence[Reading], *, persons: Mapping[str, str] | None = None, draws: Draws | None = None
) -> dict[str, dict[str, Estimate]]:
    """Rater to what the second round says of the first.

    Args:
        readings: first and second rounds; raters without a second one are left out.
        persons: photo to person; a photo that it lacks is a person of its own.
        draws: for the intervals.

    Returns:
        ``within_sd`` (standard deviation of one reading around the rater's own mean, a shift between the rounds
        included), ``repeatability`` (1.96 times the root of 2 times as much), ``shift`` (second minus first),
        ``quadratic_kappa``, ``accuracy`` and ``icc_2_1``; where several raters have a second round, :data:`POOLED`
        holds the deviations of all of them together.
    """
    first, second = by_rater(readings), by_rater(readings, round=2)
    pairs = {
        name: [(p, first[name][p], grade) for p, grade in sorted(second[name].items()) if p in first[name]]
        for name in second
        if name in first
    }
    pairs = {name: rows for name, rows in pairs.items() if rows}
    drawn = PersonDraws(sorted({p for rows in pairs.values() for p, _, _ in rows}), persons, draws or Draws())
    found = {name: _of(rows, drawn) for name, rows in pairs.items()}
    if len(pairs) > 1:
        pooled = _of([row for rows in pairs.values() for row in rows], drawn)
        found[POOLED] = {name: pooled[name] for name in ("within_sd", "repeatability", "shift", "accuracy")}
    return found


def _of(rows: Sequence[tuple[str, float, float]], drawn: PersonDraws) -> dict[str, Estimate]:
    a, b = (np.array([row[i] for row in rows], np.float64) for i in (1, 2))

    def figures(weights: Floats) -> dict[str, Floats]:
        within = weighted.rmse(weights, a, b) / math.sqrt(2)
        return {
            "within_sd": within,
            "repeatability": 1.96 * math.sqrt(2) * within,
            "shift": weighted.mean(weights, b - a),
            "quadratic_kappa": weighted.quadratic_kappa(weights, a, b),
            "accuracy": weighted.accuracy(weights, a, b),
            "icc_2_1": components(weights, np.column_stack((a, b))).correlations()["2,1"],
        }

    return drawn.estimates([row[0] for row in rows], figures)
