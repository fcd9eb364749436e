"""What a split that ignores persons would have claimed."""

from __future__ import annotations

from dermagrade.evaluation.leakage import Leakage
from dermagrade.evaluation.measure import Evaluation
from dermagrade.reports.display import Display, Figure, Table, display
from dermagrade.reports.dots import DotRow, dots
from dermagrade.reports.estimate_text import named, titled
from dermagrade.reports.evaluation.pairs import pairs_table


def naive_split(evaluation: Evaluation) -> Display:
    """The audit of a naive split; empty where none was asked for."""
    audit = evaluation.leakage
    if audit is None:
        return display("Leakage", [])
    found = [leaked_table(audit)]
    found += [
        pairs_table(f"{group[0].upper()}{group[1:]}", "naive", "by person", pairs)
        for group, pairs in audit.figures.items()
    ]
    measures = [m for m in ("quadratic_kappa", "mae") if m in audit.figures["all photos"]]
    return display(
        "What a naive split would have claimed",
        found,
        [leakage_figure(audit, measure) for measure in measures],
        note="Folds drawn photo by photo put photos of one person, and copies of one photo, on both sides: the network "
        "has then seen who it is tested on. Same photos, same measures, persons drawn for both splits at once. "
        f"({' and '.join(named(m) for m in measures)} are drawn.)",
    )


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
