"""Whether raters drift, against a golden set and against each other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from dermagrade.evaluation.raters.drift import Course
from dermagrade.evaluation.raters.report import RaterStudy
from dermagrade.reports.agreement.farthest import farthest
from dermagrade.reports.display import Display, Figure, Table, display
from dermagrade.reports.drawing import Plot, axis_for
from dermagrade.reports.estimate_text import shown

_GOLDEN = (
    "Grade minus reference grade, over the golden set, all rounds. Drift: by how much the bias "
    "rises over 100 photos of the rater's order. Each interval stands for one rater alone: of twenty "
    "raters who do not drift, one is expected to look as if they did."
)


_OTHERS = (
    "Grade minus the mean of the others, first rounds, by the rater's order. It shows raters who drift apart; a "
    "drift that all share shows only against a golden set."
)


def against_golden_set(study: RaterStudy) -> Display:
    """Each rater against the grades held to be right."""
    title = "Against the golden set"
    return display(title, [course_table(title, study.golden, _GOLDEN)], drift_figures(study.golden))


def against_others(study: RaterStudy) -> Display:
    """Each rater against the mean of the others."""
    title = "Drift against the others"
    return display(title, [course_table(title, study.drift, _OTHERS)], drift_figures(study.drift))


def course_table(title: str, courses: Mapping[str, Course], note: str) -> Table:
    """A row for each rater against a reference."""
    rows = []
    for name, course in courses.items():
        drift = shown(course.drift, signed=True) if math.isfinite(course.drift.value) else "not told"
        figures = (shown(course.bias, signed=True), shown(course.rmse), shown(course.quadratic_kappa), drift)
        rows.append((name, *figures, str(course.bias.photos), str(course.bias.persons)))
    columns = ("", "bias", "RMSE", "quadratic kappa", "drift in 100 photos", "readings", "persons")
    return Table(title, columns, tuple(rows), note)


def drift_figures(courses: Mapping[str, Course]) -> list[Figure]:
    """Difference to the reference by the place in the rater's order; raters without an order have none."""
    known = {name: course for name, course in courses.items() if len(course.order)}
    names = farthest(
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
