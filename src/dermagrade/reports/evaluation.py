"""The report on how well a condition is graded: what it says in short, figures and tables; no photo and no face."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dermagrade import __version__
from dermagrade.evaluation.cases import fine, value_name
from dermagrade.evaluation.measure import Evaluation
from dermagrade.evaluation.subgroups import TONE
from dermagrade.reports import evaluation_tables as made
from dermagrade.reports import figures as drawn
from dermagrade.reports.evaluation_tables import Table
from dermagrade.reports.figures import Figure
from dermagrade.reports.headlines import headlines
from dermagrade.reports.page import TEMPLATES
from dermagrade.reports.words import named
from dermagrade.scales import ACNE_HAYASHI


@dataclass(frozen=True)
class Section:
    """One part of the report.

    Attributes:
        title: what it is about.
        note: what a reader must know first.
        tables: those with rows.
        figures: drawn from the same values.
        confusions: title and rows of matrices of published and answered levels.
    """

    title: str
    note: str
    tables: tuple[Table, ...]
    figures: tuple[Figure, ...] = ()
    confusions: tuple[tuple[str, list[dict[str, Any]]], ...] = ()


def sections(evaluation: Evaluation) -> list[Section]:
    """Every part of the report that has something to say."""
    metrics = evaluation.metrics
    parts = [
        _section("Photos", "", [made.photos_table(evaluation)]),
        _section(
            "Grades against the published grade",
            "Each human reader's first reading stands beside the network on the photos that the reader graded.",
            [made.metric_table("Grades", metrics["grade"]), made.value_table(evaluation)],
            confusions=confusions(evaluation),
        ),
        _section(
            "Beside the human readers",
            "All on the photos that the network answered and every reader graded. The mean of the readers holds each "
            "reader's own grade, so reader and network are compared on the mean of the others. In every difference "
            "persons are drawn for both at once. The network learnt to give the published grade, while the readers "
            "graded without it: to be nearer to it than a reader is no proof of a better eye.",
            [
                *(made.ceiling_table(ceiling) for ceiling in evaluation.ceiling),
                made.metric_table(
                    "Against the mean of the readers",
                    metrics["mean_of_raters"],
                    f"The network's {value_name(evaluation.scale)} against the mean of all readers; each reader "
                    "against that of the others.",
                ),
                made.metric_table(
                    "Intraclass correlation",
                    metrics.get("intraclass", {}),
                    "ICC(2,1), absolute agreement of single readings (Shrout and Fleiss 1979).",
                ),
            ],
            [*map(drawn.ceiling_figure, evaluation.ceiling), drawn.scatter_figure(evaluation)],
        ),
        _reliability(evaluation),
        _section(
            "How far the network differs from the readers and from the count",
            "",
            [made.bland_altman_table(evaluation)],
            [drawn.bland_altman_figure(one) for one in evaluation.bland_altman],
        ),
        _section(
            "Lesions",
            "The first named against the second. Two places are one lesion within 10 pixels of a photo whose longer "
            "side is 512; each is paired at most once.",
            [
                made.metric_table("Number of lesions", metrics["count"], "In the whole photo."),
                made.metric_table("Single lesions", metrics["lesions"]),
            ],
        ),
        _section("The score", "", [made.spread_table(evaluation)]),
        _coverage(evaluation),
        _section(
            "By group",
            "Groups differ in severity too, so the mean published grade stands beside each figure. A group of fewer "
            "than 20 photos is too few to be read.",
            list(made.subgroup_tables(evaluation.subgroups, {TONE.title: TONE.note})),
            [drawn.forest_figure(evaluation.subgroups, metrics["value"]["network"]["mae"])],
        ),
        _section(
            "Beside another network",
            "Over the photos that both answered, persons drawn for both at once.",
            [made.pairs_table("This network and the other", "this", "other", evaluation.against)],
        ),
        _leakage(evaluation),
    ]
    return [part for part in parts if part.tables]


def tables(evaluation: Evaluation) -> list[Table]:
    """Every table of the report, the same for the page and for the terminal; empty ones are left out."""
    return [table for section in sections(evaluation) for table in section.tables]


def confusions(evaluation: Evaluation) -> tuple[tuple[str, list[dict[str, Any]]], ...]:
    """The matrices of published (rows) and answered level (columns); each cell with its share of the row."""
    scale = evaluation.scale
    several = fine(scale)

    def rows(matrix: Any) -> list[dict[str, Any]]:
        found = []
        for level, counts in zip(scale.bands, matrix.tolist(), strict=True):
            total = sum(counts)
            cells = [{"count": n, "share": n / total if total else 0.0} for n in counts]
            label = f"{level.label}, from {level.start:g}" if several else f"{level.value:g} {level.label}"
            found.append({"label": label, "cells": cells, "total": total})
        return found

    if scale.id != ACNE_HAYASHI.id:
        return (("Published level and the level of the network's score", rows(evaluation.confusion)),)
    return (
        ("Published grade and the network's grade", rows(evaluation.confusion)),
        ("Published grade and the expected grade, cut at the edges", rows(evaluation.confusion_at_edges)),
    )


def render_evaluation(evaluation: Evaluation) -> str:
    """One self-contained HTML page: it loads nothing, runs no script and shows no photo.

    Args:
        evaluation: what was measured.
    """
    return TEMPLATES.get_template("evaluation.html").render(
        title=f"How well {evaluation.condition.title.lower()} is graded",
        models=evaluation.models,
        notes=evaluation.notes,
        headlines=headlines(evaluation),
        sections=sections(evaluation),
        scale=evaluation.scale,
        version=__version__,
    )


def _section(
    title: str,
    note: str,
    found: Sequence[Table],
    figures: Sequence[Figure | None] = (),
    confusions: tuple[tuple[str, list[dict[str, Any]]], ...] = (),
) -> Section:
    kept = tuple(table for table in found if table.rows)
    return Section(title, note, kept, tuple(f for f in figures if f is not None), confusions)


def _reliability(evaluation: Evaluation) -> Section:
    scale = evaluation.scale
    ends = dict.fromkeys(evaluation.reliability, (0.0, 1.0)) | {"value": (scale.low, scale.high)}
    diagrams: Mapping[str, Any] = evaluation.reliability
    return _section(
        "Whether probabilities come true",
        "A prediction is reliable where its dots lie on the dashed line. The expected calibration error is never quite "
        "0, as chance alone parts the bins.",
        [made.reliability_table(diagram) for diagram in diagrams.values()],
        [drawn.reliability_figure(diagram, ends[name]) for name, diagram in diagrams.items()],
    )


def _coverage(evaluation: Evaluation) -> Section:
    said = {
        "interval": (
            "The score's interval",
            "width in grades" if fine(evaluation.scale) else "width in levels",
            f"The truth is the published score on {evaluation.scale.id}."
            if evaluation.scale.id != ACNE_HAYASHI.id
            else "The truth is the declared score of the count after annotation 1, which is of the whole photo; on a "
            "frontal photo the network grades the worse half, so the two differ by what is counted.",
        ),
        "hayashi_set": ("The set of grades", "grades in the set", "The truth is the published grade."),
    }
    found = [
        made.coverage_table(said[name][0], said[name][1], rows, said[name][2])
        for name, rows in evaluation.coverage.items()
    ]
    return _section("Whether intervals hold the truth", "", found)


def _leakage(evaluation: Evaluation) -> Section:
    audit = evaluation.leakage
    if audit is None:
        return _section("Leakage", "", [])
    found = [made.leaked_table(audit)]
    found += [
        made.pairs_table(f"{group[0].upper()}{group[1:]}", "naive", "by person", pairs)
        for group, pairs in audit.figures.items()
    ]
    measures = [m for m in ("quadratic_kappa", "mae") if m in audit.figures["all photos"]]
    return _section(
        "What a naive split would have claimed",
        "Folds drawn photo by photo put photos of one person, and copies of one photo, on both sides: the network has "
        "then seen who it is tested on. Same photos, same measures, persons drawn for both splits at once. "
        f"({' and '.join(named(m) for m in measures)} are drawn.)",
        found,
        [drawn.leakage_figure(audit, measure) for measure in measures],
    )
