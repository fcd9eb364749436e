"""Each rater against their own first reading."""

from __future__ import annotations

from dermagrade.evaluation.raters.report import RaterStudy
from dermagrade.reports.display import Display, Table, display
from dermagrade.reports.estimate_text import shown


def repeats(study: RaterStudy) -> Display:
    """What second rounds say."""
    return display("Each rater's second round against the first", [repeats_table(study)])


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
