"""How well networks sort whole faces into groups of grades: by fold, over the folds, and as a record."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade.evaluation.statistics.agreement import accuracy, confusion_matrix, rmse
from dermagrade.evaluation.statistics.bootstrap import bootstrap_by_person
from dermagrade.grading.recipe import Grouping

#: The sides of a fold, in the order in which the study shows them.
SIDES = ("training", "validation", "test")
#: What is measured on every side, in words.
MEASURED: Mapping[str, str] = {
    "accuracy": "accuracy",
    "rmse_values": "RMSE of the chosen group's value against the true group's",
    "rmse_classes": "RMSE of the chosen group's number, 0 to the last, against the true one's",
    "rmse_score": "RMSE of the score against the grade as labelled",
}


def side_figures(
    shares: NDArray[np.float64], classes: NDArray[np.int64], grades: NDArray[np.float64], grouping: Grouping
) -> dict[str, Any]:
    """The figures of one side of a fold.

    Args:
        shares: ``(photos, classes)``, the network's answer.
        classes: ``(photos,)`` true class.
        grades: ``(photos,)`` as labelled.
        grouping: of the grades.
    """
    values = np.array(grouping.values)
    chosen = shares.argmax(axis=1)
    return {
        "photos": len(classes),
        "accuracy": accuracy(classes, chosen),
        "rmse_values": rmse(values[classes], values[chosen]),
        "rmse_classes": rmse(classes, chosen),
        "rmse_score": rmse(grades, shares @ values),
    }


def confusion(classes: NDArray[np.int64], chosen: NDArray[np.int64], grouping: Grouping) -> list[list[int]]:
    """Photos by true (rows) and chosen class (columns)."""
    table: list[list[int]] = confusion_matrix(classes, chosen, range(len(grouping.names))).tolist()
    return table


def gather_folds(out: Path) -> list[dict[str, Any]]:
    """The records of the folds that are done, in order."""
    records = [json.loads(path.read_text(encoding="utf-8")) for path in out.glob("fold*.json")]
    return sorted(records, key=lambda record: int(record["fold"]))


def run_record(about: Mapping[str, Any], folds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What stands in ``figures.json``: the run, the mean and spread over its folds, and each fold.

    Args:
        about: what the run is.
        folds: those that are done, as their files hold them.
    """
    means: dict[str, Any] = {}
    for side in SIDES:
        rows = [fold[side] for fold in folds]
        means[side] = {name: _spread([row[name] for row in rows]) for name in MEASURED}
        pairs = [row["pairs"] for row in rows if "pairs" in row]
        if pairs:
            means[side]["pairs"] = {name: _spread([pair[name] for pair in pairs]) for name in pairs[0]}
    tables = [fold["confusion"] for fold in folds]
    return {
        **about,
        "folds_done": len(folds),
        "measured": dict(MEASURED),
        "mean": means,
        "confusion": np.sum(tables, axis=0).tolist() if tables else [],
        "folds": list(folds),
    }


def _spread(values: Sequence[float | None]) -> dict[str, float | None]:
    """Mean, and sample standard deviation where there are two or more; rounded to four digits."""
    known = [value for value in values if value is not None]
    mean = round(float(np.mean(known)), 4) if known else None
    return {"mean": mean, "sd": round(float(np.std(known, ddof=1)), 4) if len(known) > 1 else None}


def photo_card_figures(record: Mapping[str, Any], answers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The figures as the tables of a card: over all people by the network of their fold, and the folds' spread.

    Args:
        record: of the run.
        answers: the lines of ``by_photo.jsonl``.
    """
    persons = [row["subject"] for row in answers]
    pairs = {
        "accuracy": ([row["class"] for row in answers], [row["chosen"] for row in answers], accuracy),
        "RMSE of the score": ([row["grade"] for row in answers], [row["score"] for row in answers], rmse),
    }
    pooled = {}
    for name, (truth, said, statistic) in pairs.items():
        found = bootstrap_by_person(truth, said, groups=persons, statistic=statistic)
        pooled[name] = {"model": round(found.value, 4), "interval 95 %": [round(found.low, 4), round(found.high, 4)]}
    spread = {
        f"{side}, {words}": {"model": found["mean"], "standard deviation": found["sd"]}
        for side in SIDES
        for name, words in MEASURED.items()
        for found in [record["mean"][side][name]]
    }
    return {
        f"Sorting into {len(record['groups'])} groups on {record['scale']}, people the network never saw": pooled,
        f"Mean of {record['folds_done']} folds": spread,
        "Coverage": {"photos": record["photos"], "without a face, so left out": record["without_face"]},
    }
