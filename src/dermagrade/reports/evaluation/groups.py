"""Figures by group of photos."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from dermagrade.evaluation.measure import Evaluation
from dermagrade.evaluation.statistics.bootstrap import Estimate
from dermagrade.evaluation.subgroups import TONE, Subgroup
from dermagrade.reports.display import Display, Figure, Table, display
from dermagrade.reports.dots import DotRow, dots
from dermagrade.reports.estimate_text import shown


def groups(evaluation: Evaluation) -> Display:
    """Every way to tell photos apart."""
    return display(
        "By group",
        subgroup_tables(evaluation.subgroups, {TONE.title: TONE.note}),
        [forest_figure(evaluation.subgroups, evaluation.metrics["value"]["network"]["mae"])],
        note="Groups differ in severity too, so the mean published grade stands beside each figure. A group of fewer "
        "than 20 photos is too few to be read.",
    )


_FEW = "too few"


def subgroup_tables(groups: Sequence[Subgroup], notes: Mapping[str, str]) -> Iterable[Table]:
    """A table for each way to tell photos apart."""
    for by in dict.fromkeys(group.by for group in groups):
        rows = tuple(
            (
                group.name,
                f"{group.mae.photos} of {group.photos}{f', {_FEW}' if group.few else ''}",
                str(group.mae.persons),
                *(shown(e) for e in (group.mean_truth, group.quadratic_kappa, group.mae)),
                shown(group.bias, signed=True),
            )
            for group in groups
            if group.by == by
        )
        figures = ("mean published grade", "quadratic kappa", "mean absolute error", "bias")
        yield Table(f"By {by}", ("", "photos graded", "persons", *figures), rows, notes.get(by, ""))


def forest_figure(groups: Sequence[Subgroup], everyone: Estimate) -> Figure | None:
    """Mean absolute error by group; the dashed line is that of all photos."""
    rows: list[DotRow] = []
    by = ""
    for group in groups:
        if not math.isfinite(group.mae.value):  # nothing was graded in it
            continue
        if group.by != by:
            by = group.by
            rows.append(DotRow(f"by {by}"))
        rows.append(DotRow(group.name, group.mae, faint=group.few))
    line = everyone.value if math.isfinite(everyone.value) else None
    note = "The dashed line is the error over all photos; pale rows have fewer than 20 photos, too few to be read."
    return dots("Mean absolute error by group", "mean absolute error, grades", rows, line_at=line, note=note)
