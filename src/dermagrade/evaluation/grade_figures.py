"""The figures by which grades are measured, each with its direction and what of an answer it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from dermagrade.evaluation.statistics.agreement import (
    Floats,
    accuracy,
    balanced_accuracy,
    mae,
    pearson,
    quadratic_kappa,
    rmse,
    spearman,
)
from dermagrade.evaluation.statistics.bootstrap import Estimate
from dermagrade.evaluation.statistics.intraclass import icc_2_1


@dataclass(frozen=True)
class Metric:
    """One figure of agreement.

    Attributes:
        statistic: takes truth and answer, ``(n,)`` each, and gives a number.
        of: whether it takes the answer's ``level`` or its ``value``.
        better: whether ``higher`` or ``lower`` is better.
    """

    statistic: Callable[..., float]
    of: Literal["level", "value"]
    better: Literal["higher", "lower"]

    def gain(self, difference: float) -> float:
        """A difference, turned so that above 0 is better."""
        return difference if self.better == "higher" else -difference


#: Every measure by its key in records.
METRICS: dict[str, Metric] = {
    "quadratic_kappa": Metric(quadratic_kappa, "level", "higher"),
    "accuracy": Metric(accuracy, "level", "higher"),
    "balanced_accuracy": Metric(balanced_accuracy, "level", "higher"),
    "rmse": Metric(rmse, "value", "lower"),
    "mae": Metric(mae, "value", "lower"),
    "pearson": Metric(pearson, "value", "higher"),
    "spearman": Metric(spearman, "value", "higher"),
}

OF_LEVELS = {name: m.statistic for name, m in METRICS.items() if m.of == "level"}
OF_VALUES = {name: m.statistic for name, m in METRICS.items() if m.of == "value"}


def bias(truth: Floats, answer: Floats) -> float:
    """Mean of answer minus truth: above 0 the answers are too high."""
    return float((answer - truth).mean()) if len(truth) else float("nan")


def share_within(grades: float) -> Callable[[Floats, Floats], float]:
    """The share of answers that are off by so many grades at most; half a grade off counts within half a grade."""

    def share(truth: Floats, answer: Floats) -> float:
        # Half steps that were computed may miss by a rounding.
        return float((np.abs(answer - truth) <= grades + 1e-9).mean()) if len(truth) else float("nan")

    return share


#: What is added on scales whose steps are fine (:func:`dermagrade.evaluation.cases.fine`).
OF_FINE_VALUES: dict[str, Callable[..., float]] = {
    "bias": bias,
    "icc_2_1": lambda truth, answer: icc_2_1(np.column_stack((truth, answer))),
    "within_0.5": share_within(0.5),
    "within_1.0": share_within(1.0),
}


def in_words(measure: Metric, difference: Estimate) -> str:
    """``better`` or ``worse`` where the interval of the difference excludes 0, else that none is shown."""
    ends = sorted((measure.gain(difference.low), measure.gain(difference.high)))
    if ends[0] > 0:
        return "better"
    return "worse" if ends[1] < 0 else "no difference shown"
