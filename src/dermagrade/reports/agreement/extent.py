"""What was rated and what is missing."""

from __future__ import annotations

from dermagrade.evaluation.raters.report import RaterStudy
from dermagrade.reports.display import Display, Table, display


def extent(study: RaterStudy) -> Display:
    """The readings behind the report."""
    return display("What was rated", [extent_table(study)])


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
