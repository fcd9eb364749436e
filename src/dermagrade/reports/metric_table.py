"""Tables of several figures for each of several raters or networks."""

from __future__ import annotations

from collections.abc import Mapping

from dermagrade.evaluation.statistics.bootstrap import Estimate
from dermagrade.reports.display import Table
from dermagrade.reports.estimate_text import named, shown


def metric_table(title: str, figures: Mapping[str, Mapping[str, Estimate]], note: str = "") -> Table:
    """A row for each rater or network, a column for each figure."""
    names = list(next(iter(figures.values()), {}))
    rows = []
    for who, found in figures.items():
        size = found[names[0]]
        rows.append((who, *(shown(found[name]) for name in names), str(size.photos), str(size.persons)))
    return Table(title, ("", *(named(n) for n in names), "photos", "persons"), tuple(rows), note)
