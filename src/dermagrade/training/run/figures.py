"""Puts measured figures into a model's manifest and writes its card anew, with the human figures beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from dermagrade.evaluation.cases import value_name
from dermagrade.scales import COUNT_SCORES, SCALES, Scale
from dermagrade.tables.row import read_rows
from dermagrade.training.run.card import describe
from dermagrade.weights.manifest import read_manifest

#: Names of the figures of a grade in a card, by their key in an evaluation's record.
_GRADE = {
    "quadratic_kappa": "quadratic kappa",
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
}

#: The same for a score.
_VALUE = {
    "rmse": "RMSE",
    "mae": "mean absolute error",
    "bias": "bias",
    "pearson": "Pearson correlation",
    "spearman": "Spearman correlation",
    "icc_2_1": "intraclass correlation ICC(2,1)",
    "within_0.5": "share within 0.5 grades",
    "within_1.0": "share within 1 grade",
    "band_accuracy": "accuracy of the band",
}

#: Groups that stand in a card; the report has all.
_GROUPS = ("skin tone", "zones found")


def card_figures(record: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of a card from the record of :class:`~dermagrade.evaluation.measure.Evaluation`.

    Every row holds the network's value as ``model``, its 95 % interval over persons, and each rater's value.
    """
    raters = [name for name in record["grade"] if name != "network" and not name.startswith("network,")]
    graded = {}
    for key, title in _GRADE.items():
        row = _estimate(record["grade"]["network"][key])
        graded[title] = row | {name: record["grade"][name][key]["value"] for name in raters}
    scale = SCALES[record["scale"]]
    figures: dict[str, Any] = {f"{scale.grade_name} against the published one, people never seen": graded}
    if not scale.classes:
        own = {title: record["value"]["network"].get(key) for key, title in _VALUE.items()}
        figures["Score against the published grade, people never seen"] = {
            title: _estimate(value) for title, value in own.items() if value is not None
        }
    against = record.get("mean_of_raters") or {}
    if against:
        row = _estimate(against["network"]["rmse"])
        others = {name: against[name]["rmse"]["value"] for name in raters}
        said = value_name(scale).capitalize()
        figures[f"{said} against the mean of the raters (each rater: the mean of the others)"] = {"RMSE": row | others}
    counts = {
        f"{who}: {title}": _estimate(row[key])
        for who, row in record["count"].items()
        for key, title in (("mean_absolute_error", "mean absolute error"), ("log_correlation", "correlation of logs"))
    }
    places = {f"{who}: {key}": _estimate(row[key]) for who, row in record["lesions"].items() for key in row}
    for title, found in (("Number of lesions", counts), ("Places of lesions, within 10 px of 512", places)):
        # Where the published grades stand for numbers the card says so even if nothing was counted.
        if found or scale.id in COUNT_SCORES:
            figures[title] = found
    figures |= _beside_readers(record.get("human_ceiling") or {})
    figures |= _held(record.get("interval_coverage") or {}, scale)
    for by in _GROUPS:
        groups = (record.get("subgroups") or {}).get(by, {})
        if groups:
            figures[f"By {by}, against the published grade"] = {name: _group(row) for name, row in groups.items()}
    coverage = record["coverage"]
    figures["Coverage"] = {
        "photos": coverage["photos"],
        "answered": coverage["answered"],
        "at least two zones found": coverage["at_least_two_zones"],
    }
    return figures


def _beside_readers(ceiling: Mapping[str, Any]) -> dict[str, Any]:
    """Where the network stands among the readers, and whether the difference from each is shown."""
    rows = {}
    for key, title in (_GRADE | {"rmse": "RMSE"}).items():
        if key in ceiling:
            beside = {name: row["network_is"] for name, row in ceiling[key]["readers"].items()}
            rows[title] = {"model": ceiling[key]["verdict"]} | {f"than {name}": words for name, words in beside.items()}
    return {"The network among the readers, on the same photos": rows} if rows else {}


def _held(coverage: Mapping[str, Any], scale: Scale) -> dict[str, Any]:
    """How often intervals and sets of grades hold the truth, over all and by group."""
    score = COUNT_SCORES.get(scale.id)
    rows = {}
    for key, title, size in (
        ("interval", f"{scale.id if score is None else score.scale.id} interval", "mean width"),
        ("hayashi_set", f"set of {scale.grade_name}s", "mean number"),
    ):
        for row in coverage.get(key, ()):
            name = title if row["by"] == "all" else f"{title}, {row['by']}: {row['group']}"
            rows[name] = _estimate(row["held"]) | {size: row["size"]["value"], "photos": row["held"]["photos"]}
    return {"Share of photos whose truth is held, meant to be 0.90": rows} if rows else {}


def _group(row: Mapping[str, Any]) -> dict[str, Any]:
    kappa = row["quadratic_kappa"]
    return {
        "model": None if row["too_few"] else kappa["value"],
        "interval 95 %": [kappa["low"], kappa["high"]] if not row["too_few"] else None,
        "mean absolute error": row["mae"]["value"],
        "bias": row["bias"]["value"],
        "mean grade": row["mean_truth"]["value"],
        "photos": row["photos"],
    }


def _estimate(value: Mapping[str, Any]) -> dict[str, Any]:
    return {"model": value["value"], "interval 95 %": [value["low"], value["high"]]}


def add_tried(network: Path, table: Path, note: str) -> None:
    """Puts a CSV of ideas and what each gave into the manifest, and writes the card again.

    Raises:
        LabelsError: if the table is malformed.
        WeightsError: if the manifest is missing or damaged.
        OutputError: if manifest or card cannot be written.
    """
    tried = {"note": note, "rows": read_rows(table, ())}
    describe(network, replace(read_manifest(network), tried=tried))


def add_figures(network: Path, figures: Mapping[str, Any]) -> None:
    """Merges figures into ``NAME.json`` beside ``NAME.onnx`` and writes the card again.

    Raises:
        WeightsError: if the manifest is missing or damaged.
        OutputError: if manifest or card cannot be written.
    """
    manifest = read_manifest(network)
    describe(network, replace(manifest, metrics={**manifest.metrics, **figures}))
