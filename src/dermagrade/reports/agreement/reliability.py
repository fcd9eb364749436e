"""How reliable readings are: correlations, alpha and kappa, and the mean of several raters."""

from __future__ import annotations

import math
from itertools import pairwise

from dermagrade.evaluation.planning.raters_needed import (
    of_mean,
)
from dermagrade.evaluation.raters.reliability import OVERALL
from dermagrade.evaluation.raters.report import RaterStudy
from dermagrade.evaluation.statistics.intraclass_forms import FORMS
from dermagrade.reports.display import Display, Figure, Table, display
from dermagrade.reports.dots import DotRow, dots
from dermagrade.reports.drawing import Plot, axis_for
from dermagrade.reports.estimate_text import shown


def reliability(study: RaterStudy) -> Display:
    """Every coefficient of agreement."""
    return display(
        "Reliability",
        [intraclass_table(study), overall_table(study)],
        [coefficients_figure(study), raters_curve(study)],
    )


def intraclass_table(study: RaterStudy) -> Table:
    """The six forms, over all photos that two graded, and over those that all graded."""
    found = study.reliability
    rows = []
    for form, words in FORMS.items():
        cells = [f"ICC({form}): {words}", shown(found.forms[form])]
        if found.complete:
            low, high = found.f_intervals[form]
            ends = f"{low:.2f} to {high:.2f}" if math.isfinite(low) else "undefined"
            cells += [f"{found.complete[form].value:.2f}" if math.isfinite(found.complete[form].value) else "-", ends]
        rows.append(tuple(cells))
    size, k = found.forms["2,1"], found.per_photo
    columns = ["", f"{size.photos} photos that two or more graded"]
    note = (
        f"Shrout and Fleiss 1979. The first column is over {size.photos} photos of {size.persons} persons with "
        f"{k:.2f} readings each (harmonic mean, the k of a mean): variance components by Henderson's method III, which "
        "takes missing cells as they are and is the analysis of variance where there are none. Its intervals draw "
        "persons anew and keep these raters."
    )
    if found.complete:
        photos = found.complete["2,1"].photos
        columns += [f"{photos} photos that all graded", "by the F distribution"]
        note += (
            f" Beside it, analysis of variance on the {photos} photos that every rater graded, with the interval of "
            "McGraw and Wong 1996, which takes photos as independent; that of ICC(2,1) holds the chance of which "
            "raters came."
        )
    told = any(math.isfinite(e.value) for e in found.forms.values())
    return Table("Intraclass correlations", tuple(columns), tuple(rows) if told else (), note)


def overall_table(study: RaterStudy) -> Table:
    """Alpha and mean kappa."""
    found = study.reliability.overall
    rows = [
        (words, shown(found[key]), str(found[key].photos), str(found[key].persons))
        for key, words in OVERALL.items()
        if math.isfinite(found[key].value)
    ]
    note = (
        "Agreement beyond chance of all raters. Alpha (Krippendorff 2011) takes every pair of readings of a photo, "
        "whichever cells are missing: ordinal counts the readings between two grades, interval their squared distance. "
        "The mean kappa is over the pairs of raters, each on the photos that both graded."
    )
    return Table("Agreement of all raters", ("", "", "photos", "persons"), tuple(rows), note)


def coefficients_figure(study: RaterStudy) -> Figure | None:
    """The coefficients of single readings beside each other."""
    found = study.reliability
    rows = [DotRow(f"ICC({form})", found.forms[form]) for form in ("1,1", "2,1", "3,1")]
    rows += [
        DotRow("alpha, ordinal", found.overall["krippendorff_ordinal"], colour="--second"),
        DotRow("alpha, interval", found.overall["krippendorff_interval"], colour="--second"),
        DotRow("mean kappa", found.overall["mean_kappa"], colour="--second"),
    ]
    defined = [row for row in rows if row.estimate is not None and math.isfinite(row.estimate.value)]
    return dots("Agreement of single readings", "1 is perfect, 0 is chance", defined, line_at=1.0)


#: Raters of the curve.
CURVE_RATERS = 10


def raters_curve(study: RaterStudy) -> Figure | None:
    """Reliability of the mean by the number of raters, with its interval."""
    single = study.reliability.forms["2,1"]
    if not 0 < single.value <= 1:
        return None
    counts = list(range(1, CURVE_RATERS + 1))
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
