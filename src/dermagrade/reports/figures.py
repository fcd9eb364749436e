"""The figures of an evaluation, drawn from the same object as its tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dermagrade.evaluation.human_ceiling import Ceiling
from dermagrade.evaluation.leakage import Leakage
from dermagrade.evaluation.measure import Evaluation
from dermagrade.evaluation.reliability_diagram import ReliabilityDiagram
from dermagrade.evaluation.statistics.bland_altman import BlandAltman
from dermagrade.evaluation.statistics.bootstrap import Estimate
from dermagrade.evaluation.subgroups import Subgroup
from dermagrade.reports.drawing import Axis, Plot, axis_for
from dermagrade.reports.words import named, titled

_ROW = 22.0


@dataclass(frozen=True)
class Figure:
    """One drawing, an SVG element whose words are escaped, with what has to be known to read it."""

    title: str
    svg: str
    note: str = ""


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


def ceiling_figure(ceiling: Ceiling) -> Figure | None:
    """The readers and the network; where the reference differs by reader, the network once for each."""
    rows: list[DotRow] = []
    networks = {beside.network for beside in ceiling.readers.values()}
    for name, beside in ceiling.readers.items():
        rows.append(DotRow(name, beside.rater, colour="--second"))
        if len(networks) > 1:
            rows.append(DotRow("network", beside.network))
    if len(networks) == 1:
        rows.append(DotRow("network", next(iter(networks))))
    title = f"{titled(ceiling.measure)} against the {ceiling.against}"
    return dots(title, named(ceiling.measure), rows)


def reliability_figure(diagram: ReliabilityDiagram, scale_ends: tuple[float, float]) -> Figure:
    """Prediction and what was observed, a dot for each bin; on the dashed line they are equal."""
    low, high = (0.0, 1.0) if scale_ends == (0.0, 1.0) else scale_ends
    ticks = tuple(low + (high - low) * i / 4 for i in range(5)) if high - low <= 1 else _whole(low, high)
    observed = "share that came true" if high - low <= 1 else "mean published grade"
    plot = Plot(Axis("predicted", low, high, ticks), Axis(observed, low, high, ticks), left=60)
    plot.grid()
    plot.line((low, low), (high, high), dash="4 3")
    most = max(b.answers for b in diagram.bins)
    for b in diagram.bins:
        if math.isfinite(b.observed.low):
            x, y0 = plot.at(b.predicted, b.observed.low)
            plot.rule(x, y0, x, plot.at(b.predicted, b.observed.high)[1], "var(--blue)", wide=2)
        plot.dot(plot.at(b.predicted, b.observed.value), radius=3 + 5 * math.sqrt(b.answers / most))
    return Figure(diagram.title, plot.svg(diagram.title), "The size of a dot shows how many answers stand behind it.")


def bland_altman_figure(one: BlandAltman) -> Figure:
    """Difference by mean, a dot for each photo; the bias and the limits of agreement with their intervals."""
    lines = (one.high_limit, one.bias, one.low_limit)
    y = axis_for(f"difference, {one.unit}", [*one.differences.tolist(), one.low_limit.value, one.high_limit.value])
    plot = Plot(axis_for(f"mean of both, {one.unit}", one.means.tolist()), y, left=54)
    plot.grid()
    for estimate in lines:
        if math.isfinite(estimate.low):
            plot.band(estimate.low, estimate.high)
    for mean, difference in zip(one.means.tolist(), one.differences.tolist(), strict=True):
        plot.dot(plot.at(mean, difference), radius=2.2, share=0.35)
    for estimate, dash in zip(lines, ("4 3", "", "4 3"), strict=True):
        if math.isfinite(estimate.value):
            plot.line((plot.x.low, estimate.value), (plot.x.high, estimate.value), dash=dash)
    note = "Line: bias; dashed: limits of agreement; bands: their intervals."
    return Figure(f"Bland-Altman: {one.title}", plot.svg(one.title), note)


def scatter_figure(evaluation: Evaluation) -> Figure | None:
    """The network's value by the mean of the readers, a dot for each photo; None without readers."""
    points = [(evaluation.consensus[c.photo], c.value) for c in evaluation.cases if c.photo in evaluation.consensus]
    if not points:
        return None
    scale = evaluation.scale
    ticks = _whole(scale.low, scale.high)
    title = "Network and readers' mean"
    plot = Plot(
        Axis("mean of the readers", scale.low, scale.high, ticks), Axis("network", scale.low, scale.high, ticks)
    )
    plot.grid()
    plot.line((scale.low, scale.low), (scale.high, scale.high), dash="4 3")
    for x, y in points:
        plot.dot(plot.at(x, y), radius=2.2, share=0.3)
    return Figure(title, plot.svg(title), "On the dashed line both are equal.")


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


def leakage_figure(leakage: Leakage, measure: str) -> Figure | None:
    """One figure of both splits, by group of photos."""
    rows: list[DotRow] = []
    for group, pairs in leakage.figures.items():
        if measure in pairs:
            rows.append(DotRow(group))
            rows.append(DotRow("naive split", pairs[measure].first, colour="--second"))
            rows.append(DotRow("split by person", pairs[measure].second))
    title = f"{titled(measure)}, both splits"
    return dots(title, named(measure), rows)


def _whole(low: float, high: float) -> tuple[float, ...]:
    return tuple(float(v) for v in range(math.ceil(low), math.floor(high) + 1))
