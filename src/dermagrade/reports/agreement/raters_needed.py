"""How many raters and how many photos a further study takes."""

from __future__ import annotations

from dermagrade.evaluation.planning.raters_needed import (
    MOST_RATERS,
    WIDTHS,
    RatersNeeded,
    photos_for_icc,
    photos_for_kappa,
)
from dermagrade.evaluation.raters.report import RaterStudy
from dermagrade.reports.display import Display, Table, display


def raters_needed(study: RaterStudy) -> Display:
    """Raters and photos for a wished reliability."""
    return display("How many raters, how many photos", [needed_table(study), sample_size_table(study)])


_BEYOND = f"over {MOST_RATERS}"


def needed_table(study: RaterStudy) -> Table:
    """Raters for a wished reliability of their mean."""
    found = study.reliability.needed
    rows = [
        (f"{one.wished:g}", _needed(one), _needed(two))
        for one, two in zip(found["1,1"], found["2,1"], strict=True)
        if one.raters is not None or two.raters is not None
    ]
    note = (
        "Spearman and Brown 1910. In brackets: by the ends of the interval. By ICC(1,1), photos are shared out among "
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


def _needed(found: RatersNeeded) -> str:
    if found.raters is None:
        return _BEYOND
    if found.fewest is None and found.most is None:
        return str(found.raters)
    return f"{found.raters} ({_count(found.fewest)} to {_count(found.most)})"


def _count(raters: int | None) -> str:
    return _BEYOND if raters is None else str(raters)
