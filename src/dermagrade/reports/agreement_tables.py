"""The tables of the raters' report: the same for the page and for the terminal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from dermagrade.evaluation.planning.raters_needed import (
    MOST_RATERS,
    WIDTHS,
    RatersNeeded,
    RatingPlan,
    photos_for_icc,
    photos_for_kappa,
)
from dermagrade.evaluation.raters.ceiling import REFERENCES
from dermagrade.evaluation.raters.drift import Course
from dermagrade.evaluation.raters.reliability import OVERALL
from dermagrade.evaluation.raters.report import RaterStudy
from dermagrade.evaluation.statistics.bootstrap import Estimate
from dermagrade.evaluation.statistics.intraclass_forms import FORMS
from dermagrade.reports.evaluation_tables import Table
from dermagrade.reports.words import shown

_BEYOND = f"over {MOST_RATERS}"


def extent_table(study: RaterStudy) -> Table:
    """What was rated and what is missing."""
    found = study.extent
    cells = found.raters * found.photos
    rows = [
        ("raters", str(found.raters)),
        ("photos", str(found.photos)),
        ("persons" if study.persons_known else "persons (a person for each photo)", str(found.persons)),
        ("photos that every rater graded", str(found.by_all)),
        ("photos that two or more graded", str(found.by_two)),
        ("missing cells of the first round", f"{cells - found.readings} of {cells}"),
        ("readings of a second round or later", str(found.repeats)),
    ]
    rows += [(f"{name} could not grade", str(n)) for name, n in found.cannot.items()]
    rows += [(f"reason: {reason}", str(n)) for reason, n in found.reasons.items()]
    return Table("What was rated", ("", ""), tuple(rows) if found.photos or found.cannot else ())


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


def needed_table(study: RaterStudy) -> Table:
    """Raters for a wished reliability of their mean."""
    found = study.reliability.needed
    rows = [
        (f"{one.wished:g}", _needed(one), _needed(two))
        for one, two in zip(found["1,1"], found["2,1"], strict=True)
        if one.raters is not None or two.raters is not None
    ]
    note = (
        "Spearman and Brown 1910. In brackets, by the ends of the interval. By ICC(1,1), photos are shared out among "
        "many raters; by ICC(2,1), the same raters read all."
    )
    columns = ("wished reliability of the mean", "raters by ICC(1,1)", "raters by ICC(2,1)")
    return Table("Smallest number of raters", columns, tuple(rows), note)


def sample_size_table(study: RaterStudy) -> Table:
    """Photos that a further study takes."""
    icc, kappa = study.reliability.forms["2,1"].value, study.reliability.overall["mean_kappa"].value
    if not (0 <= icc < 1 and 0 <= kappa < 1):
        return Table("Photos for a further study", (), ())
    counts = sorted({2, 3, 5, study.extent.raters})
    rows = [
        (f"{width:g}", *(str(photos_for_icc(icc, k, width)) for k in counts), str(photos_for_kappa(kappa, width)))
        for width in WIDTHS
    ]
    columns = ("width of the 95 % interval", *(f"ICC, {k} raters" for k in counts), "quadratic kappa of a pair")
    note = (
        f"Bonett 2002, for the ICC(2,1) of {icc:.2f} and the mean kappa of {kappa:.2f} found here; a quadratic kappa "
        "is planned as the intraclass correlation of two raters (Fleiss and Cohen 1973). Each photo of another person, "
        "read by every rater; the width is from end to end."
    )
    return Table("Photos for a further study", columns, tuple(rows), note)


def plan_table(plan: RatingPlan) -> Table:
    """Raters, photos and the reliability of their mean."""
    rows = tuple((str(k), str(n), str(k * n), f"{r:.2f}") for k, n, r in plan.curve)
    columns = ("raters of every photo", "photos", "readings", "reliability of the mean")
    return Table(f"For ICC {plan.icc:g} with a 95 % interval {plan.width:g} wide", columns, rows)


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


def ceiling_table(study: RaterStudy) -> Table:
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


def course_table(title: str, courses: Mapping[str, Course], note: str) -> Table:
    """A row for each rater against a reference."""
    rows = []
    for name, course in courses.items():
        drift = shown(course.drift, signed=True) if math.isfinite(course.drift.value) else "not told"
        figures = (shown(course.bias, signed=True), shown(course.rmse), shown(course.quadratic_kappa), drift)
        rows.append((name, *figures, str(course.bias.photos), str(course.bias.persons)))
    columns = ("", "bias", "RMSE", "quadratic kappa", "drift in 100 photos", "readings", "persons")
    return Table(title, columns, tuple(rows), note)


def repeats_table(study: RaterStudy) -> Table:
    """What second rounds say."""
    figures = ("within_sd", "repeatability", "shift", "quadratic_kappa", "accuracy", "icc_2_1")
    rows = []
    for name, found in study.within.items():
        cells = (shown(found[key], signed=key == "shift") if key in found else "-" for key in figures)
        rows.append((name, *cells, str(found["within_sd"].photos), str(found["within_sd"].persons)))
    note = (
        "SD within: of one reading around the rater's own mean. Two readings of a photo differ by less than the "
        "repeatability coefficient, 1.96 times the root of 2 times as much, in 95 % of the cases (Bland and Altman "
        "1996). Shift: second minus first."
    )
    words = ("SD within", "repeatability coefficient", "shift", "quadratic kappa", "accuracy", "ICC(2,1)")
    columns = ("", *words, "photos", "persons")
    return Table("Each rater's second round against the first", columns, tuple(rows), note)


def _needed(found: RatersNeeded) -> str:
    if found.raters is None:
        return _BEYOND
    if found.fewest is None and found.most is None:
        return str(found.raters)
    return f"{found.raters} ({_count(found.fewest)} to {_count(found.most)})"


def _count(raters: int | None) -> str:
    return _BEYOND if raters is None else str(raters)


def kept(tables: Sequence[Table]) -> tuple[Table, ...]:
    """Those with rows."""
    return tuple(table for table in tables if table.rows)
