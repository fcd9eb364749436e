"""Grades and scores against the published grade."""

from __future__ import annotations

from typing import Any

from dermagrade.evaluation.cases import fine, value_name
from dermagrade.evaluation.measure import Evaluation
from dermagrade.reports.display import Display, Table, display
from dermagrade.reports.estimate_text import named, shown
from dermagrade.reports.metric_table import metric_table


def grades(evaluation: Evaluation) -> Display:
    """Network and readers against the published grade, with the confusion of levels."""
    return display(
        "Grades against the published grade",
        [metric_table("Grades", evaluation.metrics["grade"]), value_table(evaluation)],
        note="Each human reader's first reading stands beside the network on the photos that the reader graded.",
        confusions=confusions(evaluation),
    )


def score(evaluation: Evaluation) -> Display:
    """How the score spreads within each published grade."""
    return display("The score", [spread_table(evaluation)])


def value_table(evaluation: Evaluation) -> Table:
    """The expected grade (or score) against the published grade, one figure a row."""
    figures = evaluation.metrics["value"]["network"]
    said = value_name(evaluation.scale)
    rows = [(named(name), shown(figure)) for name, figure in figures.items()]
    note = "Kappa and accuracies are of the level that it falls in by the scale's edges; the rest of the number itself."
    return Table(f"The {said} against the published grade", ("", "network"), tuple(rows), note)


def spread_table(evaluation: Evaluation) -> Table:
    """Percentiles of the score by published grade."""
    spreads = [(g, spread) for g, spread in evaluation.metrics["score_by_grade"].items() if spread["photos"]]
    columns = tuple(spreads[0][1]) if spreads else ()
    rows = tuple((grade, *(f"{spread[c]:g}" for c in columns)) for grade, spread in spreads)
    return Table(f"Score on {evaluation.condition.scale} by published grade", ("grade", *columns), rows)


def confusions(evaluation: Evaluation) -> tuple[tuple[str, list[dict[str, Any]]], ...]:
    """The matrices of published (rows) and answered level (columns); each cell with its share of the row."""
    scale = evaluation.scale
    several = fine(scale)

    def rows(matrix: Any) -> list[dict[str, Any]]:
        found = []
        for level, counts in zip(scale.bands, matrix.tolist(), strict=True):
            total = sum(counts)
            cells = [{"count": n, "share": n / total if total else 0.0} for n in counts]
            label = f"{level.label}, from {level.start:g}" if several else f"{level.value:g} {level.label}"
            found.append({"label": label, "cells": cells, "total": total})
        return found

    if not scale.classes:
        return (("Published level and the level of the network's score", rows(evaluation.confusion)),)
    return (
        ("Published grade and the network's grade", rows(evaluation.confusion)),
        ("Published grade and the expected grade, cut at the edges", rows(evaluation.confusion_at_edges)),
    )
