"""The plan of a study of raters, as sentences and as a table."""

from __future__ import annotations

from dermagrade.evaluation.planning.raters_needed import (
    MOST_RATERS,
    RatingPlan,
)
from dermagrade.reports.display import Table


def plan_table(plan: RatingPlan) -> Table:
    """Raters, photos and the reliability of their mean."""
    rows = tuple((str(k), str(n), str(k * n), f"{r:.2f}") for k, n, r in plan.curve)
    columns = ("raters of every photo", "photos", "readings", "reliability of the mean")
    return Table(f"For ICC {plan.icc:g} with a 95 % interval {plan.width:g} wide", columns, rows)


def plan_in_words(plan: RatingPlan) -> list[str]:
    """What a planned study of raters takes, a sentence each."""
    needed = f"more than {MOST_RATERS}" if plan.raters_needed is None else str(plan.raters_needed)
    return [
        f"To know an intraclass correlation of about {plan.icc:g} to within {plan.width:g} (the whole 95 % interval), "
        f"{plan.raters} raters have to grade {plan.photos} photos, {plan.photos * plan.raters} readings (Bonett 2002).",
        f"A quadratic kappa of about {plan.icc:g} of two raters takes {plan.kappa_photos} photos (as their intraclass "
        "correlation: Fleiss and Cohen 1973).",
        f"The mean of {plan.raters} raters has a reliability of {plan.mean_reliability:.2f}; {plan.reliability:g} "
        f"takes {needed} (Spearman and Brown 1910).",
        "Each photo is taken to be of another person; photos of one person count for less.",
    ]
