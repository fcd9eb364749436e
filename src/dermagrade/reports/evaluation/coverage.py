"""Whether intervals hold the truth."""

from __future__ import annotations

from collections.abc import Sequence

from dermagrade.evaluation.cases import fine
from dermagrade.evaluation.interval_coverage import Coverage
from dermagrade.evaluation.measure import Evaluation
from dermagrade.reports.display import Display, Table, display
from dermagrade.reports.estimate_text import share


def coverage(evaluation: Evaluation) -> Display:
    """Intervals of the score and sets of grades."""
    said = {
        "interval": (
            "The score's interval",
            "width in grades" if fine(evaluation.scale) else "width in levels",
            f"The truth is the published score on {evaluation.scale.id}."
            if not evaluation.scale.classes
            else "The truth is the declared score of the count after annotation 1, which is of the whole photo; on a "
            "frontal photo the network grades the worse half, so the two differ by what is counted.",
        ),
        "hayashi_set": ("The set of grades", "grades in the set", "The truth is the published grade."),
    }
    found = [
        coverage_table(said[name][0], said[name][1], rows, said[name][2]) for name, rows in evaluation.coverage.items()
    ]
    return display("Whether intervals hold the truth", found)


_FEW = "too few"


def coverage_table(title: str, size: str, rows: Sequence[Coverage], note: str) -> Table:
    """How often the truth was held, by group."""
    cells = tuple(
        (
            row.name if row.by == "all" else f"{row.by}: {row.name}",
            share(row.held),
            f"{row.size.value:.2f}",
            str(row.held.photos),
            str(row.held.persons),
            _FEW if row.few else "",
        )
        for row in rows
    )
    return Table(title, ("", "held", size, "photos", "persons", ""), cells, note)
