"""Whether predicted probabilities and grades come true."""

from __future__ import annotations

import math

from dermagrade.evaluation.measure import Evaluation
from dermagrade.evaluation.reliability_diagram import ReliabilityDiagram
from dermagrade.reports.display import Display, Figure, Table, display
from dermagrade.reports.drawing import Axis, Plot, whole_ticks
from dermagrade.reports.estimate_text import shown


def reliability(evaluation: Evaluation) -> Display:
    """The reliability diagrams."""
    scale, diagrams = evaluation.scale, evaluation.reliability
    ends = dict.fromkeys(diagrams, (0.0, 1.0)) | {"value": (scale.low, scale.high)}
    return display(
        "Whether probabilities come true",
        [reliability_table(diagram) for diagram in diagrams.values()],
        [reliability_figure(diagram, ends[name]) for name, diagram in diagrams.items()],
        note="A prediction is reliable where its dots lie on the dashed line. The expected calibration error is never "
        "quite 0, as chance alone parts the bins.",
    )


def reliability_table(diagram: ReliabilityDiagram) -> Table:
    """The bins of a reliability diagram."""
    rows = [
        (f"{b.low:.2f} to {b.high:.2f}", f"{b.predicted:.2f}", shown(b.observed), str(b.answers)) for b in diagram.bins
    ]
    note = (
        f"Expected calibration error {shown(diagram.calibration_error)}; "
        f"mean prediction minus mean observed {shown(diagram.bias, signed=True)}."
    )
    return Table(diagram.title, ("predicted", "mean predicted", "observed", "answers"), tuple(rows), note)


def reliability_figure(diagram: ReliabilityDiagram, scale_ends: tuple[float, float]) -> Figure:
    """Prediction and what was observed, a dot for each bin; on the dashed line they are equal."""
    low, high = (0.0, 1.0) if scale_ends == (0.0, 1.0) else scale_ends
    ticks = tuple(low + (high - low) * i / 4 for i in range(5)) if high - low <= 1 else whole_ticks(low, high)
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
