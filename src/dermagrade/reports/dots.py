"""Figures in rows: a dot with its interval for each value."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dermagrade.evaluation.statistics.bootstrap import Estimate
from dermagrade.reports.display import Figure
from dermagrade.reports.drawing import Plot, axis_for

_ROW = 22.0


@dataclass(frozen=True)
class DotRow:
    """One row of a figure of dots: a figure with its interval, or a heading without one."""

    label: str
    estimate: Estimate | None = None
    colour: str = "--blue"
    faint: bool = False


def dots(
    title: str, label: str, rows: Sequence[DotRow], *, line_at: float | None = None, note: str = ""
) -> Figure | None:
    """A row for each figure, with its interval; None where no row has a figure.

    Args:
        title: of the figure.
        label: of the axis.
        rows: from the top.
        line_at: where a dashed line marks the value to compare with.
        note: what has to be known.
    """
    found = [row.estimate for row in rows if row.estimate is not None and math.isfinite(row.estimate.value)]
    if not found:
        return None
    ends = [v for e in found for v in (e.value, e.low, e.high)] + ([] if line_at is None else [line_at])
    longest = max((len(row.label) for row in rows if row.estimate is not None), default=0)
    plot = Plot(
        axis_for(label, ends), None, height=_ROW * len(rows) + 54, left=min(max(60.0, 7.0 * longest + 10), 200.0)
    )
    plot.grid()
    if line_at is not None:
        x = plot.across(line_at)
        plot.rule(x, plot.top, x, plot.height - plot.bottom, "var(--soft)", dash="4 3", wide=1.5)
    for i, row in enumerate(rows):
        y = plot.top + _ROW * (i + 0.5)
        if row.estimate is None:
            plot.text(2, y + 4, row.label, soft=True)
            continue
        plot.text(plot.left - 8, y + 4, row.label, "end", soft=row.faint)
        share = 0.4 if row.faint else 1
        if math.isfinite(row.estimate.low):
            ends_at = plot.across(row.estimate.low), plot.across(row.estimate.high)
            plot.rule(ends_at[0], y, ends_at[1], y, "var(--rule)" if row.faint else f"var({row.colour})", wide=2)
        if math.isfinite(row.estimate.value):
            plot.dot((plot.across(row.estimate.value), y), radius=4.5, colour=row.colour, share=share)
    return Figure(title, plot.svg(title), note)
