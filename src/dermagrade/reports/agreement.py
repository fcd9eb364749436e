"""The report on how well raters agree: tables and figures, no photo and no name but the raters' own."""

from __future__ import annotations

import math

from dermagrade import __version__
from dermagrade.evaluation.agreement import Estimate
from dermagrade.evaluation.rater_ceiling import REFERENCES
from dermagrade.evaluation.rater_study import RaterStudy
from dermagrade.reports.evaluation_tables import Table, metric_table
from dermagrade.reports.figures import Figure, Row, dots
from dermagrade.reports.page import TEMPLATES
from dermagrade.reports.words import shown


def tables(study: RaterStudy) -> list[Table]:
    """Every table of the report, the same for the page and for the terminal; empty ones are left out."""
    agreement = study.agreement
    made = [
        _model_table(study),
        _ceiling_table(study),
        metric_table("Pairs of raters", agreement["pairs"], "Over the photos that both graded."),
        metric_table(
            "Each rater against the mean of the others",
            agreement["against_the_others"],
            "Over the photos that every rater graded.",
        ),
        metric_table("Each rater's second round against the first", agreement["repeated"]),
    ]
    return [table for table in made if table.rows]


def figures(study: RaterStudy) -> list[Figure]:
    """Bias, spread and distance to the others by rater; those without a figure are left out."""
    bias = [Row(name, found["bias"]) for name, found in study.estimates.items()]
    spread: list[Row] = []
    for name, found in study.estimates.items():
        spread.append(Row(name, found["spread"]))
        if name in study.repeats:
            spread.append(Row(f"{name} again", study.repeats[name], colour="--second"))
    ceiling = [Row(name, found["mean_of_others"]) for name, found in study.ceiling.raters.items()]
    drawn = [
        dots("Bias", "grades", bias, line_at=0.0, note="To the right: reads higher than the raters' common level."),
        dots("Spread", "grades", spread, note="Again: around the rater's own mean, from the second round."),
        dots("Distance to the others", "RMSE to the mean of the others, grades", ceiling),
    ]
    return [figure for figure in drawn if figure is not None]


def render_agreement(study: RaterStudy) -> str:
    """One self-contained HTML page: it loads nothing, runs no script and shows no photo.

    Args:
        study: what was measured.
    """
    return TEMPLATES.get_template("agreement.html").render(
        title="How well the raters agree",
        notes=study.notes,
        headlines=headlines(study),
        tables=tables(study),
        figures=figures(study),
        version=__version__,
    )


def headlines(study: RaterStudy) -> list[str]:
    """What the figures say in short, a sentence each."""
    said = []
    found = study.ceiling
    for key, words in (("mean_of_all", "with their own grade in it"), ("mean_of_others", "without it")):
        if key in found.bars:
            name = found.bars[key]
            value = shown(found.raters[name][key])
            said.append(f"Farthest from the mean of the raters, {words}, is {name}: RMSE {value}.")
    for name, figure in study.estimates.items():
        bias = figure["bias"]
        if math.isfinite(bias.low) and (bias.low > 0 or bias.high < 0):
            way = "higher" if bias.value > 0 else "lower"
            said.append(f"{name} reads {way} than the raters' common level: {shown(bias, signed=True)} grades.")
    return said


def _model_table(study: RaterStudy) -> Table:
    rows = []
    for name, found in study.estimates.items():
        again = study.repeats.get(name)
        figures = (shown(found["bias"], signed=True), shown(found["spread"]), "-" if again is None else shown(again))
        rows.append((name, *figures, str(found["bias"].photos), str(found["bias"].persons)))
    return Table(
        "Bias and spread of the raters",
        ("", "bias", "spread", "spread in repeats", "photos", "persons"),
        tuple(rows),
        "Estimated together with the severity of every photo; in grades. Biases are against the raters' common level "
        "and sum to zero. Spread is the standard deviation around severity and bias, rounding to grades included; in "
        "repeats, around the rater's own mean. No rater is trusted alone: spreads are held to each other, and to what "
        "rounding makes at least.",
    )


def _ceiling_table(study: RaterStudy) -> Table:
    found = study.ceiling
    rows = []
    for name, row in found.raters.items():
        size: Estimate = row["mean_of_all"]
        cells = (shown(row[key]) + (" *" if found.bars[key] == name else "") for key in REFERENCES)
        rows.append((name, *cells, str(size.photos), str(size.persons)))
    return Table(
        "RMSE of each rater to the consensus",
        ("", *REFERENCES.values(), "photos", "persons"),
        tuple(rows),
        "Over the photos that the rater and another one graded. * The worst of the raters. Published bars are the "
        "worst rater's distance to the mean of all, which holds the rater's own grade and flatters; without it, the "
        "distance is what a network can be held to.",
    )
