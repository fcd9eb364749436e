"""The raters one by one: bias, spread, and distance to the consensus."""

from __future__ import annotations

import math

from dermagrade.evaluation.raters.ceiling import REFERENCES
from dermagrade.evaluation.raters.report import RaterStudy
from dermagrade.evaluation.statistics.bootstrap import Estimate
from dermagrade.reports.display import Display, Figure, Table, display
from dermagrade.reports.dots import DotRow, dots
from dermagrade.reports.drawing import Plot, axis_for
from dermagrade.reports.estimate_text import shown


def raters(study: RaterStudy) -> Display:
    """The model of raters, and each rater's RMSE."""
    return display(
        "The raters",
        [model_table(study), consensus_table(study)],
        [consensus_figure(study), *model_figures(study)],
    )


def model_table(study: RaterStudy) -> Table:
    """Bias and spread by the model of raters."""
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


def model_figures(study: RaterStudy) -> list[Figure | None]:
    """Bias and spread, a dot for each rater."""
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


def consensus_table(study: RaterStudy) -> Table:
    """RMSE of each rater to the consensus."""
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


_ROW = 34.0


def consensus_figure(study: RaterStudy) -> Figure | None:
    """A pair of bars for each rater, and the worst rater of each kind as a line."""
    found = study.ceiling
    shown = {name: row for name, row in found.raters.items() if math.isfinite(row["mean_of_all"].value)}
    if not shown:
        return None
    kinds = (("mean_of_all", "--soft"), ("mean_of_others", "--blue"))
    ends = [v for row in shown.values() for key, _ in kinds for v in (row[key].value, row[key].high)]
    longest = max(len(name) for name in shown)
    plot = Plot(
        axis_for("RMSE to the mean, grades", [0.0, *ends]),
        None,
        height=_ROW * len(shown) + 54,
        left=min(max(60.0, 7.0 * longest + 10), 200.0),
    )
    plot.grid()
    for i, (name, row) in enumerate(shown.items()):
        middle = plot.top + _ROW * (i + 0.5)
        plot.text(plot.left - 8, middle + 4, name, "end")
        for (key, colour), y in zip(kinds, (middle - 6.5, middle + 6.5), strict=True):
            plot.rule(plot.left, y, plot.across(row[key].value), y, f"var({colour})", wide=11)
            if math.isfinite(row[key].low):
                plot.rule(plot.across(row[key].low), y, plot.across(row[key].high), y, "var(--ink)", wide=1.5)
    for key, colour in kinds:
        x = plot.across(shown[found.bars[key]][key].value)
        plot.rule(x, plot.top, x, plot.height - plot.bottom, f"var({colour})", dash="4 3", wide=1.5)
    note = (
        "Upper bar, grey: to the mean of all raters, the rater included. Lower bar, blue: to the mean of the others. "
        "Dashed: the worst rater of each, the bar that a network is held to (grey as published, blue the fair one)."
    )
    title = "Distance to the consensus"
    return Figure(title, plot.svg(title), note)
