"""The lesions that the network counts and points at."""

from __future__ import annotations

from dermagrade.evaluation.measure import Evaluation
from dermagrade.reports.display import Display, display
from dermagrade.reports.metric_table import metric_table


def lesions(evaluation: Evaluation) -> Display:
    """Counts and single lesions."""
    metrics = evaluation.metrics
    return display(
        "Lesions",
        [
            metric_table("Number of lesions", metrics["count"], "In the whole photo."),
            metric_table("Single lesions", metrics["lesions"]),
        ],
        note="The one named first is held against the one named second. Two places are one lesion within 10 pixels of "
        "a photo whose longer side is 512; each is paired at most once.",
    )
