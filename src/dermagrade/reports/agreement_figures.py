"""The figures of the raters' report, drawn from the same object as its tables."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from dermagrade.evaluation.planning.raters_needed import of_mean
from dermagrade.evaluation.raters.drift import Course
from dermagrade.evaluation.raters.report import RaterStudy
from dermagrade.evaluation.statistics.bland_altman import BlandAltman
from dermagrade.reports.drawing import Plot, axis_for
from dermagrade.reports.figures import DotRow, Figure, dots

#: Of more raters than this, those farthest off have a drawing of their own.
MOST_DRAWN = 12
#: Raters of the curve.
MOST_RATERS = 10
_ROW = 34.0


def reliability_figure(study: RaterStudy) -> Figure | None:
    """The coefficients of single readings beside each other."""
    found = study.reliability
    rows = [DotRow(f"ICC({form})", found.forms[form]) for form in ("1,1", "2,1", "3,1")]
    rows += [
        DotRow("alpha, ordinal", found.overall["krippendorff_ordinal"], colour="--second"),
        DotRow("alpha, interval", found.overall["krippendorff_interval"], colour="--second"),
        DotRow("mean kappa", found.overall["mean_kappa"], colour="--second"),
    ]
    told = [row for row in rows if row.estimate is not None and math.isfinite(row.estimate.value)]
    return dots("Agreement of single readings", "1 is perfect, 0 is chance", told, line_at=1.0)


def raters_curve(study: RaterStudy) -> Figure | None:
    """Reliability of the mean by the number of raters, with its interval."""
    single = study.reliability.forms["2,1"]
    if not 0 < single.value <= 1:
        return None
    counts = list(range(1, MOST_RATERS + 1))
    plot = Plot(axis_for("raters", [0.0, *map(float, counts)]), axis_for("reliability of the mean", [0.0, 1.0]))
    plot.grid()
    for wished in (0.8, 0.9):
        plot.line((plot.x.low, wished), (plot.x.high, wished), dash="4 3", wide=1)
    places = [plot.at(k, of_mean(single.value, k)) for k in counts]
    for k, (x, _) in zip(counts, places, strict=True):
        if math.isfinite(single.low):
            ends = (plot.at(k, of_mean(v, k))[1] for v in (max(single.low, 0.0), min(single.high, 1.0)))
            low, high = ends
            plot.rule(x, low, x, high, "var(--blue)", wide=5)
    for a, b in pairwise(places):
        plot.rule(*a, *b, "var(--blue)", wide=1.5)
    for place in places:
        plot.dot(place, radius=3)
    title = "Reliability by the number of raters"
    return Figure(title, plot.svg(title), "From ICC(2,1), with its interval; dashed: 0.8 and 0.9.")


def rmse_figure(study: RaterStudy) -> Figure | None:
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


def difference_figures(study: RaterStudy) -> list[Figure]:
    """Bland and Altman for each rater; of many raters, those with the largest bias."""
    names = _farthest({name: one.bias.value for name, one in study.differences.items()})
    every = [one for name, one in study.differences.items() if name in names]
    reach = [v for one in every for v in (*one.differences.tolist(), one.low_limit.value, one.high_limit.value)]
    return [_difference_figure(name, study.differences[name], reach) for name in names]


def _difference_figure(name: str, one: BlandAltman, reach: Sequence[float]) -> Figure:
    plot = Plot(axis_for("mean of both, grades", one.means.tolist()), axis_for("difference, grades", reach), left=54)
    plot.grid()
    for estimate in (one.high_limit, one.bias, one.low_limit):
        if math.isfinite(estimate.low):
            plot.band(estimate.low, estimate.high)
    # Grades fall on few values: one dot for all photos of a place, its area by their number.
    places = Counter(zip(one.means.round(6).tolist(), one.differences.round(6).tolist(), strict=True))
    most = max(places.values())
    for place, count in places.items():
        plot.dot(plot.at(*place), radius=1.5 + 7 * math.sqrt(count / most), share=0.45)
    for estimate, dash in ((one.high_limit, "4 3"), (one.bias, ""), (one.low_limit, "4 3")):
        if math.isfinite(estimate.value):
            plot.line((plot.x.low, estimate.value), (plot.x.high, estimate.value), dash=dash)
    title = f"{name} minus the mean of the others"
    return Figure(title, plot.svg(title), "Line: bias; dashed: limits of agreement; bands: intervals; dots: photos.")


def drift_figures(courses: Mapping[str, Course]) -> list[Figure]:
    """Difference to the reference by the place in the rater's order; raters without an order have none."""
    known = {name: course for name, course in courses.items() if len(course.order)}
    names = _farthest(
        {name: c.drift.value if math.isfinite(c.drift.value) else c.bias.value for name, c in known.items()}
    )
    reach = [v for name in names for v in known[name].differences.tolist()]
    return [_drift_figure(name, known[name], [0.0, *reach]) for name in names]


def _drift_figure(name: str, course: Course, reach: Sequence[float]) -> Figure:
    order, off = course.order.tolist(), course.differences.tolist()
    plot = Plot(axis_for("place in the rater's order", [0.0, *order]), axis_for("grade minus reference", reach))
    plot.grid()
    plot.line((plot.x.low, 0.0), (plot.x.high, 0.0), dash="4 3")
    for place in zip(order, off, strict=True):
        plot.dot(plot.at(*place), radius=3, share=0.45)
    note = "A dot for each reading; dashed: no bias."
    if math.isfinite(course.drift.value):
        middle = sum(order) / len(order)
        ends = [(at, course.bias.value + course.drift.value * (at - middle) / 100) for at in (order[0], order[-1])]
        plot.rule(*plot.at(*ends[0]), *plot.at(*ends[1]), "var(--second)", wide=2)
        note = "A dot for each reading; dashed: no bias; line: the drift."
    return Figure(name, plot.svg(f"Drift of {name}"), note)


def _farthest(sizes: Mapping[str, float]) -> list[str]:
    """All names, or of many the :data:`MOST_DRAWN` with the largest size, in their order."""
    chosen = sorted(sizes, key=lambda name: -abs(sizes[name]))[:MOST_DRAWN]
    return [name for name in sizes if name in chosen]
