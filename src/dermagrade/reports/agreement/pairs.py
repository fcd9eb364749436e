"""Raters against each other."""

from __future__ import annotations

from dermagrade.evaluation.raters.report import RaterStudy
from dermagrade.reports.display import Display, display
from dermagrade.reports.metric_table import metric_table


def pairs(study: RaterStudy) -> Display:
    """Every pair of raters, and each rater against the mean of the others."""
    agreement = study.agreement
    others = metric_table(
        "Each rater against the mean of the others",
        {name: found for name, found in agreement["against_the_others"].items() if found["rmse"].photos},
        "Over the photos that every rater graded.",
    )
    return display(
        "Raters against each other",
        [metric_table("Pairs of raters", agreement["pairs"], "Over the photos that both graded."), others],
    )
