"""How many photos were graded, and why the rest was not."""

from __future__ import annotations

from dermagrade.evaluation.measure import Evaluation
from dermagrade.reports.display import Display, Table, display
from dermagrade.reports.estimate_text import share


def photos_table(evaluation: Evaluation) -> Table:
    """How many photos were graded, and why the rest was not."""
    coverage = evaluation.metrics["coverage"]
    rows = [("photos", str(coverage["photos"])), ("graded", f"{coverage['answered']}, {share(coverage['share'])}")]
    rows.append(("at least two zones found", f"{coverage['at_least_two_zones']:.1%}"))
    rows += [(f"not graded: {reason}", str(n)) for reason, n in coverage["unanswered"].items()]
    return Table("Photos", ("", ""), tuple(rows), "All that follows is over the photos that were graded.")


def photos(evaluation: Evaluation) -> Display:
    """The photos behind the report."""
    return display("Photos", [photos_table(evaluation)])
