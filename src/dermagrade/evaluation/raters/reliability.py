"""The reliability of a table of ratings: intraclass correlations, alpha, mean kappa, and what they take."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dermagrade.errors import LabelsError
from dermagrade.evaluation.planning.raters_needed import WISHED, RatersNeeded, raters_needed
from dermagrade.evaluation.raters.fit import grade_table
from dermagrade.evaluation.raters.pairs import mean_kappa
from dermagrade.evaluation.statistics.bootstrap import Draws, Estimate
from dermagrade.evaluation.statistics.intraclass_forms import FORMS, components, f_intervals
from dermagrade.evaluation.statistics.krippendorff_alpha import weighted_alpha
from dermagrade.evaluation.statistics.person_draws import Floats, PersonDraws
from dermagrade.tables.readings import Reading

_NONE = Estimate(math.nan, math.nan, math.nan, 0, 0)

#: The overall figures, each in words.
OVERALL: Mapping[str, str] = {
    "krippendorff_ordinal": "Krippendorff's alpha, ordinal",
    "krippendorff_interval": "Krippendorff's alpha, interval",
    "mean_kappa": "mean quadratic kappa of the pairs (Light)",
}


@dataclass(frozen=True)
class Reliability:
    """How far readings tell photos apart, whoever reads.

    Attributes:
        forms: form of the intraclass correlation (:data:`~dermagrade.evaluation.statistics.intraclass_forms.FORMS`) to
            the figure over the photos that two raters or more graded, with the interval over persons.
        per_photo: harmonic mean of the readings of such a photo: the k of the forms of a mean.
        variances: ``photos``, ``raters``, ``rest``: variance components, in squared grades.
        complete: the same forms over the photos that every rater graded; empty where there are fewer than two.
        f_intervals: form to the interval by the F distribution, over these photos.
        overall: see :data:`OVERALL`.
        needed: form ``1,1`` or ``2,1`` to the raters that wished reliabilities take.
    """

    forms: Mapping[str, Estimate]
    per_photo: float
    variances: Mapping[str, Estimate]
    complete: Mapping[str, Estimate] = field(default_factory=dict)
    f_intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    overall: Mapping[str, Estimate] = field(default_factory=dict)
    needed: Mapping[str, tuple[RatersNeeded, ...]] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        complete = {}
        for form, e in self.complete.items():
            low, high = (None if not math.isfinite(v) else round(v, 4) for v in self.f_intervals[form])
            complete[form] = e.record() | {"f_low": low, "f_high": high}
        return {
            "icc": {form: e.record() for form, e in self.forms.items()},
            "icc_complete": complete,
            "readings_per_photo": round(self.per_photo, 4) if math.isfinite(self.per_photo) else None,
            "variances": {name: e.record() for name, e in self.variances.items()},
            "overall": {name: e.record() for name, e in self.overall.items()},
            "raters_needed": {form: [n.record() for n in needed] for form, needed in self.needed.items()},
        }


def reliability_of(
    readings: Sequence[Reading], *, persons: Mapping[str, str] | None = None, draws: Draws | None = None
) -> Reliability:
    """Measures it on the first rounds; whatever is undefined is NaN.

    Args:
        readings: of any number of raters and photos; cells may be missing.
        persons: photo to person; a photo that it lacks is a person of its own.
        draws: for the intervals.
    """
    draws = draws or Draws()
    try:
        _, photos, table = grade_table(readings)
    except LabelsError:  # no first-round reading
        photos, table = [], np.full((0, 0), np.nan)
    times = np.isfinite(table).sum(1)
    two, every = times > 1, (times == table.shape[1]) & (times > 1)
    drawn = PersonDraws(photos, persons, draws)

    def figures(weights: Floats, grades: Floats) -> dict[str, Floats]:
        found = components(weights, grades)
        spread = {"photos": found.photos, "raters": found.raters, "rest": found.rest, "per_photo": found.per_photo}
        return found.correlations() | spread

    def overall(weights: Floats) -> dict[str, Floats]:
        return {f"krippendorff_{m}": weighted_alpha(weights, table[two], m) for m in ("ordinal", "interval")}

    names = (*FORMS, "photos", "raters", "rest", "per_photo")
    shared = [p for p, kept in zip(photos, two, strict=True) if kept]
    by_all = [p for p, kept in zip(photos, every, strict=True) if kept]
    found = dict.fromkeys(names, _NONE)
    alphas = dict.fromkeys(("krippendorff_ordinal", "krippendorff_interval"), _NONE)
    if shared:
        found = drawn.estimates(shared, lambda weights: figures(weights, table[two]))
        alphas = drawn.estimates(shared, overall)
    complete: dict[str, Estimate] = {}
    ends: dict[str, tuple[float, float]] = {}
    if len(by_all) > 1:
        whole = drawn.estimates(by_all, lambda weights: figures(weights, table[every]))
        complete, ends = {form: whole[form] for form in FORMS}, f_intervals(table[every])
    kappa = mean_kappa(readings, persons=persons, rounds=draws.rounds, seed=draws.seed) if shared else _NONE
    return Reliability(
        forms={form: found[form] for form in FORMS},
        per_photo=found["per_photo"].value,
        variances={name: found[name] for name in ("photos", "raters", "rest")},
        complete=complete,
        f_intervals=ends,
        overall=alphas | {"mean_kappa": kappa},
        needed={form: tuple(raters_needed(found[form], wished) for wished in WISHED) for form in ("1,1", "2,1")},
    )
