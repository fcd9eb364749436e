"""How far the network differs from the readers and from the count."""

from __future__ import annotations

import math

from dermagrade.evaluation.measure import Evaluation
from dermagrade.evaluation.statistics.bland_altman import BlandAltman
from dermagrade.reports.display import Display, Figure, Table, display
from dermagrade.reports.drawing import Plot, axis_for
from dermagrade.reports.estimate_text import shown


def differences(evaluation: Evaluation) -> Display:
    """Bias and limits of agreement."""
    return display(
        "How far the network differs from the readers and from the count",
        [bland_altman_table(evaluation)],
        [bland_altman_figure(one) for one in evaluation.bland_altman],
    )


def bland_altman_table(evaluation: Evaluation) -> Table:
    """Bias and limits of agreement, a column for each comparison."""
    found = evaluation.bland_altman
    figures = {
        "bias": [one.bias for one in found],
        "lower limit of agreement": [one.low_limit for one in found],
        "upper limit of agreement": [one.high_limit for one in found],
        "slope": [one.slope for one in found],
    }
    rows = [(name, *(shown(e, signed=True) for e in estimates)) for name, estimates in figures.items()]
    rows.append(("photos, persons", *(f"{one.bias.photos}, {one.bias.persons}" for one in found)))
    note = (
        "First minus second. Bland and Altman 1986: 95 % of the differences lie between the limits if they scatter "
        "evenly. A slope away from 0 says that the bias changes with the severity."
    )
    columns = ("", *(f"{one.title}, {one.unit}" for one in found))
    return Table("Differences", columns, tuple(rows) if found else (), note)


def bland_altman_figure(one: BlandAltman) -> Figure:
    """Difference by mean, a dot for each photo; the bias and the limits of agreement with their intervals."""
    lines = (one.high_limit, one.bias, one.low_limit)
    y = axis_for(f"difference, {one.unit}", [*one.differences.tolist(), one.low_limit.value, one.high_limit.value])
    plot = Plot(axis_for(f"mean of both, {one.unit}", one.means.tolist()), y, left=54)
    plot.grid()
    for estimate in lines:
        if math.isfinite(estimate.low):
            plot.band(estimate.low, estimate.high)
    for mean, difference in zip(one.means.tolist(), one.differences.tolist(), strict=True):
        plot.dot(plot.at(mean, difference), radius=2.2, share=0.35)
    for estimate, dash in zip(lines, ("4 3", "", "4 3"), strict=True):
        if math.isfinite(estimate.value):
            plot.line((plot.x.low, estimate.value), (plot.x.high, estimate.value), dash=dash)
    note = "Line: bias; dashed: limits of agreement; bands: their intervals."
    return Figure(f"Bland-Altman: {one.title}", plot.svg(one.title), note)
