"""The report on how well a condition is graded: what it says in short, figures and tables; no photo and no face."""

from __future__ import annotations

from dermagrade import __version__
from dermagrade.evaluation.measure import Evaluation
from dermagrade.reports.display import Display, Table
from dermagrade.reports.evaluation.coverage import coverage
from dermagrade.reports.evaluation.differences import differences
from dermagrade.reports.evaluation.grades import grades, score
from dermagrade.reports.evaluation.groups import groups
from dermagrade.reports.evaluation.headlines import headlines
from dermagrade.reports.evaluation.leakage import naive_split
from dermagrade.reports.evaluation.lesions import lesions
from dermagrade.reports.evaluation.pairs import other_network
from dermagrade.reports.evaluation.photos import photos
from dermagrade.reports.evaluation.readers import readers
from dermagrade.reports.evaluation.reliability import reliability
from dermagrade.reports.page_templates import TEMPLATES

#: The results, in the order of the report.
_RESULTS = (
    photos,
    grades,
    readers,
    reliability,
    differences,
    lesions,
    score,
    coverage,
    groups,
    other_network,
    naive_split,
)


def displays(evaluation: Evaluation) -> list[Display]:
    """Every part of the report that has something to say."""
    return [part for result in _RESULTS if (part := result(evaluation)).tables]


def tables(evaluation: Evaluation) -> list[Table]:
    """Every table of the report, the same for the page and for the terminal; empty ones are left out."""
    return [table for part in displays(evaluation) for table in part.tables]


def render_evaluation(evaluation: Evaluation) -> str:
    """One self-contained HTML page: it loads nothing, runs no script and shows no photo.

    Args:
        evaluation: what was measured.
    """
    return TEMPLATES.get_template("evaluation.html").render(
        title=f"How well {evaluation.condition.title.lower()} is graded",
        models=evaluation.models,
        notes=evaluation.notes,
        headlines=headlines(evaluation),
        sections=displays(evaluation),
        scale=evaluation.scale,
        version=__version__,
    )
