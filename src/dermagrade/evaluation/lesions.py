"""Numbers and places of lesions: the network's against each annotation, and the annotations' against each other."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dermagrade.evaluation.cases import Case
from dermagrade.evaluation.statistics.agreement import mae, pearson
from dermagrade.evaluation.statistics.bootstrap import Draws, Estimate
from dermagrade.evaluation.statistics.matching import f1, matched, precision, reach_px, recall
from dermagrade.tables.lesions import Marks, marks_of

_ANNOTATIONS = ("annotation 1", "annotation 2")
_OF_PLACES = {"precision": precision, "recall": recall, "f1": f1}


def log_correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Correlation of log(1 + count), in which a lesion weighs less where there are many."""
    return pearson(np.log1p(a), np.log1p(b))


_OF_COUNTS = {
    "mean_absolute_error": mae,
    "log_correlation": log_correlation,
    "mean_marked": lambda marked, counted: float(np.mean(marked)),
    "mean_counted": lambda marked, counted: float(np.mean(counted)),
}


def count_figures(cases: Sequence[Case], draws: Draws) -> dict[str, dict[str, Estimate]]:
    """Distance and likeness of the numbers of lesions, by who is compared with whom."""
    rows: dict[str, list[tuple[str, float, float]]] = {}
    for case in cases:
        first, second, counted = case.label.count, case.label.count_second, case.result.count
        pairs = {
            "network, annotation 1": (first, None if math.isnan(counted) else counted),
            "network, annotation 2": (second, None if math.isnan(counted) else counted),
            "annotation 2, annotation 1": (first, second),
        }
        for name, (marked, found) in pairs.items():
            if marked is not None and found is not None:
                rows.setdefault(name, []).append((case.person, marked, found))
    order = ("network, annotation 1", "network, annotation 2", "annotation 2, annotation 1")
    return {name: draws.estimates(_OF_COUNTS, rows[name]) for name in order if name in rows}


def place_figures(cases: Sequence[Case], annotations: Sequence[Marks], draws: Draws) -> dict[str, dict[str, Estimate]]:
    """Precision, recall and F1 of places, by who is compared with whom; doubtful places are left out."""
    rows: dict[str, list[tuple[str, float, float, float]]] = {}
    for case in cases:
        label, result = case.label, case.result
        if not label.located:
            continue
        counts = label.count, label.count_second
        marked = {
            name: places[:, :2]
            for name, marks, count in zip(_ANNOTATIONS, annotations, counts, strict=False)
            if (places := marks_of(marks, label.photo, count)) is not None
        }
        compared = [(f"network, {name}", truth, result.places) for name, truth in marked.items()]
        if len(marked) == len(_ANNOTATIONS):
            first, second = _ANNOTATIONS
            compared.append((f"{second}, {first}", marked[first], marked[second]))
        for name, truth, found in compared:
            pairs = matched(truth, found, reach=reach_px(result.width, result.height))
            rows.setdefault(name, []).append((case.person, len(truth), len(found), pairs))
    return {name: draws.estimates(_OF_PLACES, found) for name, found in rows.items()}
