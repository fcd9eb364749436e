"""The report on how well raters agree: tables and figures, no photo and no name but the raters' own."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dermagrade import __version__
from dermagrade.evaluation.planning.raters_needed import MOST_RATERS, RatingPlan
from dermagrade.evaluation.raters.report import RaterStudy
from dermagrade.reports import agreement_figures as drawn
from dermagrade.reports import agreement_tables as made
from dermagrade.reports.evaluation import Section
from dermagrade.reports.evaluation_tables import Table, metric_table
from dermagrade.reports.figures import DotRow, Figure, dots
from dermagrade.reports.page import TEMPLATES
from dermagrade.reports.words import shown

_GOLDEN = (
    "Grade minus the grade that is held to be right, over the golden set, all rounds. Drift: by how much the bias "
    "rises over 100 photos of the rater's order. Each interval is one rater's own: of twenty raters who do not drift, "
    "one is expected to seem to."
)
_OTHERS = (
    "Grade minus the mean of the others, first rounds, by the rater's order. It shows a drift apart: one that all "
    "raters share cannot be seen so, only against a golden set."
)


def sections(study: RaterStudy) -> list[Section]:
    """Every part of the report that has something to say."""
    agreement = study.agreement
    others = metric_table(
        "Each rater against the mean of the others",
        {name: found for name, found in agreement["against_the_others"].items() if found["rmse"].photos},
        "Over the photos that every rater graded.",
    )
    pairs = metric_table("Pairs of raters", agreement["pairs"], "Over the photos that both graded.")
    parts = [
        _section("What was rated", "", [made.extent_table(study)]),
        _section(
            "Reliability",
            "",
            [made.intraclass_table(study), made.overall_table(study)],
            [drawn.reliability_figure(study), drawn.raters_curve(study)],
        ),
        _section("How many raters, how many photos", "", [made.needed_table(study), made.sample_size_table(study)]),
        _section(
            "The raters",
            "",
            [made.model_table(study), made.ceiling_table(study)],
            [drawn.rmse_figure(study), *_model_figures(study)],
        ),
        _section("Raters against each other", "", [pairs, others]),
        _section("Each rater minus the others", "", [made.differences_table(study)], drawn.difference_figures(study)),
        _section(
            "Against the golden set",
            "",
            [made.course_table("Against the golden set", study.golden, _GOLDEN)],
            drawn.drift_figures(study.golden),
        ),
        _section(
            "Drift against the others",
            "",
            [made.course_table("Drift against the others", study.drift, _OTHERS)],
            drawn.drift_figures(study.drift),
        ),
        _section("Each rater's second round against the first", "", [made.repeats_table(study)]),
    ]
    return [part for part in parts if part.tables or part.figures]


def tables(study: RaterStudy) -> list[Table]:
    """Every table of the report, the same for the page and for the terminal; empty ones are left out."""
    return [table for section in sections(study) for table in section.tables]


def figures(study: RaterStudy) -> list[Figure]:
    """Every figure of the report; those without a value are left out."""
    return [figure for section in sections(study) for figure in section.figures]


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
        sections=sections(study),
        version=__version__,
    )


def headlines(study: RaterStudy) -> list[str]:
    """What the figures say in short, a sentence each."""
    said = []
    single, alpha = study.reliability.forms["2,1"], study.reliability.overall["krippendorff_ordinal"]
    if math.isfinite(single.value):
        said.append(f"One reading, whoever reads: ICC(2,1) {shown(single)}.")
    if math.isfinite(alpha.value):
        said.append(f"Krippendorff's alpha, ordinal: {shown(alpha)}.")
    for needed in study.reliability.needed["2,1"]:
        if needed.wished == 0.9 and needed.raters is not None:
            many = "raters" if needed.raters > 1 else "rater"
            said.append(f"A mean with a reliability of 0.9 takes {needed.raters} {many}.")
    found = study.ceiling
    for key, words in (("mean_of_all", "with their own grade in it"), ("mean_of_others", "without it")):
        if key in found.bars:
            name = found.bars[key]
            value = shown(found.raters[name][key])
            said.append(f"Farthest from the mean of the raters, {words}, is {name}: RMSE {value}.")
    for name, figure in study.estimates.items():
        bias = figure["bias"]
        if bias.leaves_out_zero:
            way = "higher" if bias.value > 0 else "lower"
            said.append(f"{name} reads {way} than the raters' common level: {shown(bias, signed=True)} grades.")
    for name, course in study.golden.items():
        if course.drift.leaves_out_zero:
            size = shown(course.drift, signed=True)
            said.append(f"{name} drifts against the golden set: {size} grades in 100 photos.")
    return said


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


def _model_figures(study: RaterStudy) -> list[Figure | None]:
    bias = [DotRow(name, found["bias"]) for name, found in study.estimates.items()]
    spread: list[DotRow] = []
    for name, found in study.estimates.items():
        spread.append(DotRow(name, found["spread"]))
        if name in study.repeats:
            spread.append(DotRow(f"{name} again", study.repeats[name], colour="--second"))
    return [
        dots("Bias", "grades", bias, line_at=0.0, note="To the right: reads higher than the raters' common level."),
        dots("Spread", "grades", spread, note="Again: around the rater's own mean, from the second round."),
    ]


def _section(title: str, note: str, found: Sequence[Table], figures: Sequence[Figure | None] = ()) -> Section:
    return Section(title, note, made.kept(found), tuple(figure for figure in figures if figure is not None))
