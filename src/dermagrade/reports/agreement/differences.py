"""Each rater minus the mean of the others."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from dermagrade.evaluation.raters.report import RaterStudy
from dermagrade.evaluation.statistics.bland_altman import BlandAltman
from dermagrade.reports.agreement.farthest import farthest
from dermagrade.reports.display import Display, Figure, Table, display
from dermagrade.reports.drawing import Plot, axis_for
from dermagrade.reports.estimate_text import shown


def differences(study: RaterStudy) -> Display:
    """Bland and Altman, rater by rater."""
    return display("Each rater minus the others", [differences_table(study)], difference_figures(study))


def differences_table(study: RaterStudy) -> Table:
    """Bland and Altman, a row for each rater."""
    rows = []
    for name, one in study.differences.items():
        figures = (shown(e, signed=True) for e in (one.bias, one.low_limit, one.high_limit, one.slope))
        rows.append((name, *figures, str(one.bias.photos), str(one.bias.persons)))
    note = (
        "Rater minus the mean of the others, in grades, over the photos that the rater and another one graded. 95 % of "
        "the differences lie between the limits if they scatter evenly (Bland and Altman 1986). A slope away from 0 "
        "says that the bias changes with the severity"
    )
    plain = study.slope_without_habit
    if math.isfinite(plain):
        note += f"; about {plain:+.2f} here is what chance alone makes, since one rater scatters more than a mean"
    note += "."
    columns = ("", "bias", "lower limit", "upper limit", "slope", "photos", "persons")
    return Table("Each rater minus the others", columns, tuple(rows), note)


def difference_figures(study: RaterStudy) -> list[Figure]:
    """Bland and Altman for each rater; of many raters, those with the largest bias."""
    names = farthest({name: one.bias.value for name, one in study.differences.items()})
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
