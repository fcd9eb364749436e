"""Whether what a network says with a probability comes true as often, and whether its expected grades are right.

Source: DeGroot MH, Fienberg SE. The comparison and evaluation of forecasters. The Statistician 1983;32:12-22 (the
diagram); Naeini MP, Cooper GF, Hauskrecht M. Obtaining well calibrated probabilities using Bayesian binning. AAAI
2015:2901-2907 (the expected calibration error).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade.evaluation.cases import Case, value_name
from dermagrade.evaluation.statistics.bootstrap import Draws, Estimate

Floats = NDArray[np.float64]

#: Bins of equal width, for probabilities.
PROBABILITY_BINS = 10
#: Bins of about equal numbers of photos, for expected grades.
VALUE_BINS = 8


@dataclass(frozen=True)
class Bin:
    """Photos with a like prediction.

    Attributes:
        low: lowest prediction that belongs to it.
        high: the bin ends below this; the last one at it.
        predicted: mean prediction.
        observed: share that came true, or mean published grade.
        answers: how many stand behind it; a photo may bring several.
    """

    low: float
    high: float
    predicted: float
    observed: Estimate
    answers: int

    def record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        ends = {"low": round(self.low, 4), "high": round(self.high, 4), "predicted": round(self.predicted, 4)}
        return ends | {"observed": self.observed.record(), "answers": self.answers}


@dataclass(frozen=True)
class ReliabilityDiagram:
    """One reliability diagram.

    Attributes:
        title: what is predicted.
        bins: those that hold photos.
        calibration_error: mean over the answers of the distance between mean prediction and what was observed in
            their bin; 0 is perfect. Chance alone keeps it above 0, in small bins most.
        bias: mean prediction minus mean of what was observed.
    """

    title: str
    bins: tuple[Bin, ...]
    calibration_error: Estimate
    bias: Estimate

    def record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        figures = {"calibration_error": self.calibration_error.record(), "bias": self.bias.record()}
        return figures | {"bins": [b.record() for b in self.bins]}


def reliability(cases: Sequence[Case], draws: Draws) -> dict[str, ReliabilityDiagram]:
    """Diagrams of the probability of the grade named, of the probabilities of all grades, and of the value.

    Where the answers hold no probabilities, or the labels are on another scale, only the last is there.

    Args:
        cases: the answered photos.
        draws: for the intervals.
    """
    found = {}
    levels = [level.value for level in cases[0].scale.levels] if cases else []
    probable = [c for c in cases if len(c.result.probabilities) == len(levels)]
    if probable and len(probable) == len(cases):
        named = [(c.person, c.result.probabilities[levels.index(c.level)], c.level == c.truth_level) for c in cases]
        edges = np.linspace(0, 1, PROBABILITY_BINS + 1)
        found["grade_named"] = _diagram("Probability of the grade named", named, edges, draws)
        every = [
            (c.person, p, level == c.truth_level)
            for c in cases
            for level, p in zip(levels, c.result.probabilities, strict=True)
        ]
        found["all_grades"] = _diagram("Probability of each grade", every, edges, draws)
    values = [(c.person, c.value, c.truth) for c in cases]
    if values:
        edges = np.unique(np.quantile([v for _, v, _ in values], np.linspace(0, 1, VALUE_BINS + 1)))
        if len(edges) > 1:
            title = value_name(cases[0].scale).capitalize()
            found["value"] = _diagram(title, values, edges, draws)
    return found


def _diagram(title: str, rows: Sequence[tuple[str, float, float]], edges: Floats, draws: Draws) -> ReliabilityDiagram:
    """Rows are a person, the prediction and what was observed."""
    place = _binned(np.array([row[1] for row in rows]), edges)
    bins = []
    for i in np.unique(place):
        inside = [row for row, at in zip(rows, place, strict=True) if at == i]
        observed = draws.estimate(_mean, [(row[0], row[2]) for row in inside])
        predicted = float(np.mean([row[1] for row in inside]))
        bins.append(Bin(float(edges[i]), float(edges[i + 1]), predicted, observed, len(inside)))
    figures = draws.estimates(
        {"error": calibration_error(edges), "bias": lambda p, o: float(p.mean() - o.mean())}, rows
    )
    return ReliabilityDiagram(title, tuple(bins), figures["error"], figures["bias"])


def calibration_error(edges: Floats) -> Callable[[Floats, Floats], float]:
    """The expected calibration error over these bins, of ``(n,)`` predictions and ``(n,)`` observations."""

    def error(predicted: Floats, observed: Floats) -> float:
        gaps = np.bincount(_binned(predicted, edges), weights=predicted - observed, minlength=len(edges) - 1)
        return float(np.abs(gaps).sum() / len(predicted)) if len(predicted) else float("nan")

    return error


def _binned(values: Floats, edges: Floats) -> NDArray[np.int64]:
    found: NDArray[np.int64] = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    return found


def _mean(values: Floats) -> float:
    return float(values.mean())
