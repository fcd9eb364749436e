"""The tables of an evaluation: the same for the page and for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dermagrade.evaluation.cases import value_name
from dermagrade.evaluation.comparison import Pair
from dermagrade.evaluation.human_ceiling import Ceiling
from dermagrade.evaluation.interval_coverage import Coverage
from dermagrade.evaluation.leakage import Leakage
from dermagrade.evaluation.measure import Evaluation
from dermagrade.evaluation.reliability_diagram import ReliabilityDiagram
from dermagrade.evaluation.statistics.bootstrap import Estimate
from dermagrade.evaluation.subgroups import Subgroup
from dermagrade.reports.words import named, share, shown, titled

_FEW = "too few"


@dataclass(frozen=True)
class Table:
    """One table of a report: the first column names what the row is about, the rest holds figures.

    Attributes:
        title: what it shows.
        columns: their headings.
        rows: cells as text.
        note: what a reader must know of it.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def photos_table(evaluation: Evaluation) -> Table:
    """How many photos were graded, and why the rest was not."""
    coverage = evaluation.metrics["coverage"]
    rows = [("photos", str(coverage["photos"])), ("graded", f"{coverage['answered']}, {share(coverage['share'])}")]
    rows.append(("at least two zones found", f"{coverage['at_least_two_zones']:.1%}"))
    rows += [(f"not graded: {reason}", str(n)) for reason, n in coverage["unanswered"].items()]
    return Table("Photos", ("", ""), tuple(rows), "All that follows is over the photos that were graded.")


def metric_table(title: str, figures: Mapping[str, Mapping[str, Estimate]], note: str = "") -> Table:
    """A row for each who or what, a column for each figure."""
    names = list(next(iter(figures.values()), {}))
    rows = []
    for who, found in figures.items():
        size = found[names[0]]
        rows.append((who, *(shown(found[name]) for name in names), str(size.photos), str(size.persons)))
    return Table(title, ("", *(named(n) for n in names), "photos", "persons"), tuple(rows), note)


def value_table(evaluation: Evaluation) -> Table:
    """The expected grade (or score) against the published grade, one figure a row."""
    figures = evaluation.metrics["value"]["network"]
    said = value_name(evaluation.scale)
    rows = [(named(name), shown(figure)) for name, figure in figures.items()]
    note = "Kappa and accuracies are of the level that it falls in by the scale's edges; the rest of the number itself."
    return Table(f"The {said} against the published grade", ("", "network"), tuple(rows), note)


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


def bland_altman_table(evaluation: Evaluation) -> Table:
    """Bias and limits of agreement, a column for each comparison."""
    found = evaluation.bland_altman
    figures = {
        "bias": [one.bias for one in found],
        "lower limit of agreement": [one.low_limit for one in found],
        "upper limit of agreement": [one.high_limit for one in found],
        "slope": [one.slope for one in found],
    }
    rows = [(name, *(shown(e, signed=True) for e in estimates)) for name, estimates in figures.items()]
    rows.append(("photos, persons", *(f"{one.bias.photos}, {one.bias.persons}" for one in found)))
    note = (
        "First minus second. Bland and Altman 1986: 95 % of the differences lie between the limits if they scatter "
        "evenly. A slope away from 0 says that the bias changes with the severity."
    )
    columns = ("", *(f"{one.title}, {one.unit}" for one in found))
    return Table("Differences", columns, tuple(rows) if found else (), note)


def spread_table(evaluation: Evaluation) -> Table:
    """Percentiles of the score by published grade."""
    spreads = [(g, spread) for g, spread in evaluation.metrics["score_by_grade"].items() if spread["photos"]]
    columns = tuple(spreads[0][1]) if spreads else ()
    rows = tuple((grade, *(f"{spread[c]:g}" for c in columns)) for grade, spread in spreads)
    return Table(f"Score on {evaluation.condition.scale} by published grade", ("grade", *columns), rows)


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


def coverage_table(title: str, size: str, rows: Sequence[Coverage], note: str) -> Table:
    """How often the truth was held, by group."""
    cells = tuple(
        (
            row.name if row.by == "all" else f"{row.by}: {row.name}",
            share(row.held),
            f"{row.size.value:.2f}",
            str(row.held.photos),
            str(row.held.persons),
            _FEW if row.few else "",
        )
        for row in rows
    )
    return Table(title, ("", "held", size, "photos", "persons", ""), cells, note)


def pairs_table(title: str, first: str, second: str, pairs: Mapping[str, Pair], note: str = "") -> Table:
    """Two sets of answers and their difference."""
    rows = tuple(
        (
            named(name),
            shown(pair.first),
            shown(pair.second),
            shown(pair.difference, signed=True),
            pair.words,
            str(pair.first.photos),
            str(pair.first.persons),
        )
        for name, pair in pairs.items()
    )
    columns = ("", first, second, f"{first} minus {second}", f"{first} is", "photos", "persons")
    return Table(title, columns, rows, note)


def leaked_table(leakage: Leakage) -> Table:
    """How many photos have their person, or a copy, in the training part of the network that answered."""
    kinds = dict.fromkeys(kind for found in leakage.leaked.values() for kind in found)
    splits = list(leakage.leaked)
    rows = [("folds", *(str(leakage.folds[split]) for split in splits))]
    rows += [
        (kind, *(f"{(n := leakage.leaked[split].get(kind, 0))}, {n / leakage.photos:.1%}" for split in splits))
        for kind in kinds
    ]
    return Table(
        f"Photos, of {leakage.photos}, whose person or copy was trained on",
        ("in the training part", *splits),
        tuple(rows),
        f"Of the pairs of copies given, the naive split separates {len(leakage.twins)}.",
    )
