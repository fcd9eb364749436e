"""Two sets of answers to the same photos side by side, with paired differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dermagrade.evaluation.cases import Case
from dermagrade.evaluation.grade_figures import METRICS, Metric, in_words
from dermagrade.evaluation.lesions import log_correlation
from dermagrade.evaluation.raters.pairs import Grades
from dermagrade.evaluation.statistics.agreement import mae
from dermagrade.evaluation.statistics.bootstrap import Draws, Estimate


@dataclass(frozen=True)
class Pair:
    """One figure of both sets, over the photos that both answered.

    Attributes:
        first: the figure of the first set.
        second: that of the second.
        difference: first minus second, persons drawn together.
        words: of the first: ``better``, ``worse`` or ``no difference shown`` (the interval holds 0).
    """

    first: Estimate
    second: Estimate
    difference: Estimate
    words: str

    def record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        figures = {name: getattr(self, name).record() for name in ("first", "second", "difference")}
        return figures | {"first_is": self.words}


_COUNTS = {
    "count_mean_absolute_error": Metric(mae, "value", "lower"),
    "count_log_correlation": Metric(log_correlation, "value", "higher"),
}


def compare_answers(
    first: Sequence[Case], second: Sequence[Case], draws: Draws, *, consensus: Grades | None = None
) -> dict[str, Pair]:
    """Every measure of two sets of answers, paired.

    Args:
        first: answers of one network.
        second: answers of another, to the same labels.
        draws: for the intervals.
        consensus: photo to the mean of all readers, if there are readers.

    Returns:
        Metric to its pair: those of :data:`~dermagrade.evaluation.grade_figures.METRICS` against the published grade,
        ``rmse_to_readers`` against the consensus, and the count against annotation 1, as far as there are photos.
    """
    other = {case.photo: case for case in second}
    both = [(case, other[case.photo]) for case in first if case.photo in other]
    found: dict[str, Pair] = {}
    for name, measure in METRICS.items():
        if measure.of == "level":
            rows = [(a.person, a.truth_level, a.level, b.level) for a, b in both]
        else:
            rows = [(a.person, a.truth, a.value, b.value) for a, b in both]
        found[name] = paired(measure, rows, draws)
    means: Mapping[str, float] = consensus or {}
    read = [(a.person, means[a.photo], a.value, b.value) for a, b in both if a.photo in means]
    if read:
        found["rmse_to_readers"] = paired(METRICS["rmse"], read, draws)
    counted = [(a.person, a.label.count, a.result.count, b.result.count) for a, b in both if a.label.count is not None]
    counted = [row for row in counted if row[2] == row[2] and row[3] == row[3]]  # a NaN differs from itself
    if counted:
        found |= {name: paired(measure, counted, draws) for name, measure in _COUNTS.items()}
    return found


def paired(measure: Metric, rows: Sequence[tuple[Any, ...]], draws: Draws) -> Pair:
    """One figure of two answers and their difference; rows are a person, the truth, and the two answers."""
    statistic = measure.statistic
    figures = draws.estimates(
        {
            "first": lambda truth, a, b: statistic(truth, a),
            "second": lambda truth, a, b: statistic(truth, b),
            "difference": lambda truth, a, b: statistic(truth, a) - statistic(truth, b),
        },
        rows,
    )
    return Pair(**figures, words=in_words(measure, figures["difference"]))
