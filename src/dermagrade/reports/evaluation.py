"""The report on how well a condition is graded: tables and a confusion matrix, no photo and no face in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dermagrade import __version__
from dermagrade.evaluation.acne import AcneEvaluation
from dermagrade.evaluation.agreement import Estimate
from dermagrade.scales import ACNE_5, ACNE_HAYASHI

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

_WORDS = {
    "quadratic_kappa": "quadratic kappa",
    "balanced_accuracy": "balanced accuracy",
    "rmse": "RMSE",
    "mean_absolute_error": "mean absolute error",
    "log_correlation": "correlation of log(1 + count)",
    "mean_marked": "mean, second named",
    "mean_counted": "mean, first named",
    "f1": "F1",
}


@dataclass(frozen=True)
class Table:
    """One table of a report: the first column names what the row is about, the rest holds figures.

    Attributes:
        title: what it shows.
        columns: their headings.
        rows: cells as text.
        note: what a reader must know of it.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def tables(evaluation: AcneEvaluation) -> list[Table]:
    """Every table of the report, the same for the page and for the terminal; empty ones are left out."""
    metrics = evaluation.metrics
    coverage = metrics["coverage"]
    covered = [("photos", str(coverage["photos"])), ("graded", f"{coverage['answered']}, {_share(coverage['share'])}")]
    covered.append(("at least two zones found", f"{coverage['at_least_two_zones']:.1%}"))
    covered += [(f"not graded: {reason}", str(n)) for reason, n in coverage["unanswered"].items()]
    made = [Table("Photos", ("", ""), tuple(covered), "All that follows is over the photos that were graded.")]
    made.append(
        _table(
            "Grades against the published grade",
            metrics["grade"],
            "Each human reader's first reading stands beside the network on the photos that the reader graded.",
        )
    )
    made.append(
        _table(
            "Grades against the mean of the readers",
            metrics["mean_of_raters"],
            "The network's expected grade against the mean of all readers; each reader against that of the others.",
        )
    )
    made.append(
        _table("Number of lesions", metrics["count"], "The first named against the second, in the whole photo.")
    )
    made.append(
        _table(
            "Single lesions",
            metrics["lesions"],
            "The first named against the second. Two places are one lesion within 10 pixels of a photo whose longer "
            "side is 512; each is paired at most once.",
        )
    )
    spreads = [(grade, spread) for grade, spread in metrics["score_by_grade"].items() if spread["photos"]]
    if spreads:
        columns = tuple(spreads[0][1])
        rows = tuple((grade, *(f"{spread[c]:g}" for c in columns)) for grade, spread in spreads)
        made.append(Table(f"Score on {ACNE_5.id} by published grade", ("grade", *columns), rows))
    return [table for table in made if table.rows]


def render_evaluation(evaluation: AcneEvaluation) -> str:
    """One self-contained HTML page: it loads nothing, runs no script and shows no photo.

    Args:
        evaluation: what was measured.
    """
    return _TEMPLATES.get_template("evaluation.html").render(
        title="How well acne is graded",
        models=evaluation.models,
        notes=evaluation.notes,
        tables=tables(evaluation),
        confusion=_confusion(evaluation),
        scale=ACNE_HAYASHI,
        version=__version__,
    )


def _table(title: str, figures: Mapping[str, Mapping[str, Estimate]], note: str) -> Table:
    if not figures:
        return Table(title, (), ())
    names = list(next(iter(figures.values())))
    rows = []
    for who, found in figures.items():
        size = found[names[0]]
        rows.append((who, *(_shown(found[name]) for name in names), str(size.photos), str(size.persons)))
    return Table(title, ("", *(_WORDS.get(n, n) for n in names), "photos", "persons"), tuple(rows), note)


def _shown(figure: Estimate) -> str:
    """A figure and its interval, such as ``0.81 (0.78 to 0.84)``."""
    if not np.isfinite(figure.value):
        return "undefined"
    digits = 1 if abs(figure.value) >= 10 else 2
    ends = f" ({figure.low:.{digits}f} to {figure.high:.{digits}f})" if np.isfinite(figure.low) else ""
    return f"{figure.value:.{digits}f}{ends}"


def _share(figure: Estimate) -> str:
    ends = f" ({figure.low:.1%} to {figure.high:.1%})" if np.isfinite(figure.low) else ""
    return f"{figure.value:.1%}{ends}"


def _confusion(evaluation: AcneEvaluation) -> list[dict[str, Any]]:
    """Rows of the matrix; each cell with its share of the row, by which it is shaded."""
    rows = []
    for level, counts in zip(ACNE_HAYASHI.levels, evaluation.confusion.tolist(), strict=True):
        total = sum(counts)
        cells = [{"count": n, "share": n / total if total else 0.0} for n in counts]
        rows.append({"label": f"{level.value:g} {level.label}", "cells": cells, "total": total})
    return rows
