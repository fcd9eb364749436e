"""The report on how well raters agree: tables and figures, no photo and no name but the raters' own."""

from __future__ import annotations

from collections.abc import Sequence

from dermagrade import __version__
from dermagrade.evaluation.raters.report import RaterStudy
from dermagrade.reports.agreement.differences import differences
from dermagrade.reports.agreement.drift import against_golden_set, against_others
from dermagrade.reports.agreement.extent import extent
from dermagrade.reports.agreement.headlines import headlines
from dermagrade.reports.agreement.pairs import pairs
from dermagrade.reports.agreement.raters import raters
from dermagrade.reports.agreement.raters_needed import raters_needed
from dermagrade.reports.agreement.reliability import reliability
from dermagrade.reports.agreement.repeats import repeats
from dermagrade.reports.display import Display, Figure, Table
from dermagrade.reports.page_templates import TEMPLATES

#: The results, in the order of the report.
_RESULTS = (
    extent,
    reliability,
    raters_needed,
    raters,
    pairs,
    differences,
    against_golden_set,
    against_others,
    repeats,
)


def displays(study: RaterStudy) -> list[Display]:
    """Every part of the report that has something to say."""
    return [part for result in _RESULTS if (part := result(study)).says_something]


def tables(study: RaterStudy) -> list[Table]:
    """Every table of the report, the same for the page and for the terminal; empty ones are left out."""
    return [table for part in displays(study) for table in part.tables]


def figures(study: RaterStudy) -> list[Figure]:
    """Every figure of the report; those without a value are left out."""
    return [figure for part in displays(study) for figure in part.figures]


def render_agreement(study: RaterStudy, *, notes: Sequence[str] = ()) -> str:
    """One self-contained HTML page: it loads nothing, runs no script and shows no photo.

    Args:
        study: what was measured.
        notes: what else has to be known of the ratings, a sentence each.
    """
    return TEMPLATES.get_template("agreement.html").render(
        title="How well the raters agree",
        notes=(*notes, *study.notes),
        headlines=headlines(study),
        sections=displays(study),
        version=__version__,
    )
