"""The network beside human readers."""

from __future__ import annotations

from dermagrade.evaluation.cases import value_name
from dermagrade.evaluation.human_ceiling import Ceiling
from dermagrade.evaluation.measure import Evaluation
from dermagrade.reports.display import Display, Figure, Table, display
from dermagrade.reports.dots import DotRow, dots
from dermagrade.reports.drawing import Axis, Plot, whole_ticks
from dermagrade.reports.estimate_text import named, shown, titled
from dermagrade.reports.metric_table import metric_table


def readers(evaluation: Evaluation) -> Display:
    """Each reader and the network on the same photos."""
    metrics = evaluation.metrics
    mean = metric_table(
        "Against the mean of the readers",
        metrics["mean_of_raters"],
        f"The network's {value_name(evaluation.scale)} against the mean of all readers; each reader "
        "against that of the others.",
    )
    intraclass = metric_table(
        "Intraclass correlation",
        metrics.get("intraclass", {}),
        "ICC(2,1), absolute agreement of single readings (Shrout and Fleiss 1979).",
    )
    return display(
        "Beside the human readers",
        [*map(ceiling_table, evaluation.ceiling), mean, intraclass],
        [*map(ceiling_figure, evaluation.ceiling), scatter_figure(evaluation)],
        note="All figures are of the photos that the network answered and every reader graded. The mean of the readers "
        "holds each reader's own grade, so reader and network are compared on the mean of the others. In every "
        "difference persons are drawn for both at once. The network learnt to give the published grade, while the "
        "readers graded without it: being nearer to it than a reader does not prove a better eye.",
    )


def ceiling_table(ceiling: Ceiling) -> Table:
    """Each reader and the network on one reference, with the paired difference."""
    has_own = any(beside.with_rater is not None for beside in ceiling.readers.values())
    rows = []
    for name, beside in ceiling.readers.items():
        cells = [name, shown(beside.rater), shown(beside.network), shown(beside.difference, signed=True), beside.words]
        if has_own:
            cells.append("" if beside.with_rater is None else shown(beside.with_rater))
        rows.append((*cells, str(beside.rater.photos), str(beside.rater.persons)))
    own = ("reader, own grade in the mean",) if has_own else ()
    columns = ("reader", "reader's", "network's", "network minus reader", "network is", *own, "photos", "persons")
    title = f"{titled(ceiling.measure)} against the {ceiling.against}"
    return Table(title, columns, tuple(rows), f"By this figure the network stands: {ceiling.verdict}.")


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


def scatter_figure(evaluation: Evaluation) -> Figure | None:
    """The network's value by the mean of the readers, a dot for each photo; None without readers."""
    points = [(evaluation.consensus[c.photo], c.value) for c in evaluation.cases if c.photo in evaluation.consensus]
    if not points:
        return None
    scale = evaluation.scale
    ticks = whole_ticks(scale.low, scale.high)
    title = "Network and readers' mean"
    plot = Plot(
        Axis("mean of the readers", scale.low, scale.high, ticks), Axis("network", scale.low, scale.high, ticks)
    )
    plot.grid()
    plot.line((scale.low, scale.low), (scale.high, scale.high), dash="4 3")
    for x, y in points:
        plot.dot(plot.at(x, y), radius=2.2, share=0.3)
    return Figure(title, plot.svg(title), "On the dashed line both are equal.")
