"""How far a network is from the human readers who graded the same photos.

A reader is held against the published grade and against the mean of the readers. That mean holds the reader's own
grade, which flatters, so the network and the reader are compared on the mean of the *other* readers: the same
reference for both, on the same photos, drawn together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dermagrade.evaluation.cases import Case
from dermagrade.evaluation.grade_figures import METRICS, Metric, in_words
from dermagrade.evaluation.raters.pairs import Grades, mean_of_others
from dermagrade.evaluation.statistics.bootstrap import Draws, Estimate

#: Measured against the published grade.
AGAINST_PUBLISHED = ("quadratic_kappa", "accuracy", "balanced_accuracy")


@dataclass(frozen=True)
class Beside:
    """One reader and the network on the same photos against the same reference.

    Attributes:
        rater: the reader's figure.
        network: the network's.
        difference: network minus reader, paired.
        words: whether the network is ``better``, ``worse`` or ``no difference shown`` (the interval holds 0).
        with_rater: the reader's figure where the reference holds the reader too; None where that does not apply.
    """

    rater: Estimate
    network: Estimate
    difference: Estimate
    words: str
    with_rater: Estimate | None = None


@dataclass(frozen=True)
class Ceiling:
    """The network among the readers by one measure.

    Attributes:
        measure: key in :data:`~dermagrade.evaluation.grade_figures.METRICS`.
        against: the reference in words.
        readers: name to the comparison.
        verdict: ``below the worst``, ``between``, ``above the median`` or ``above the best``, of the figures
            themselves; :attr:`Beside.words` says which differences are shown.
    """

    measure: str
    against: str
    readers: Mapping[str, Beside]
    verdict: str

    def record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        rows = {}
        for name, beside in self.readers.items():
            rows[name] = {
                "reader": beside.rater.record(),
                "network": beside.network.record(),
                "difference": beside.difference.record(),
                "network_is": beside.words,
            }
            if beside.with_rater is not None:
                rows[name]["reader_with_own_grade_in_the_mean"] = beside.with_rater.record()
        return {"against": self.against, "verdict": self.verdict, "readers": rows}


def human_ceiling(cases: Sequence[Case], raters: Mapping[str, Grades], draws: Draws) -> tuple[Ceiling, ...]:
    """The network among its readers, by kappa, accuracy and balanced accuracy against the published grade and by RMSE
    against the mean of the other readers.

    All is over the photos that the network answered and every reader graded.

    Args:
        cases: the answered photos.
        raters: name to photo to grade, on the scale of the cases.
        draws: for the intervals.

    Returns:
        One for each measure; none without readers or without a photo that all of them graded. The one against the
        other readers needs two readers.
    """
    chosen = [case for case in cases if all(case.photo in grades for grades in raters.values())]
    if not raters or not chosen:
        return ()
    found = []
    for name in AGAINST_PUBLISHED:
        readers = {}
        for rater, grades in raters.items():
            level = chosen[0].scale.level_of
            rows = [(c.person, c.truth_level, level(grades[c.photo]).value, c.level) for c in chosen]
            readers[rater] = _beside(METRICS[name], rows, draws)
        found.append(Ceiling(name, "published grade", readers, verdict(METRICS[name], readers)))
    if len(raters) > 1:
        found.append(_against_the_others(chosen, raters, draws))
    return tuple(found)


def _against_the_others(cases: Sequence[Case], raters: Mapping[str, Grades], draws: Draws) -> Ceiling:
    measure, everyone, readers = METRICS["rmse"], mean_of_others(raters), {}
    for rater, grades in raters.items():
        others = mean_of_others(raters, rater)
        rows = [(c.person, others[c.photo], grades[c.photo], c.value) for c in cases]
        with_rater = draws.estimate(measure.statistic, [(c.person, everyone[c.photo], grades[c.photo]) for c in cases])
        readers[rater] = _beside(measure, rows, draws, with_rater)
    return Ceiling("rmse", "mean of the other readers", readers, verdict(measure, readers))


def _beside(
    measure: Metric, rows: Sequence[tuple[Any, ...]], draws: Draws, with_rater: Estimate | None = None
) -> Beside:
    """Rows are a person, the reference, the reader's grade and the network's answer."""
    statistic = measure.statistic
    figures = draws.estimates(
        {
            "rater": lambda truth, rater, network: statistic(truth, rater),
            "network": lambda truth, rater, network: statistic(truth, network),
            "difference": lambda truth, rater, network: statistic(truth, network) - statistic(truth, rater),
        },
        rows,
    )
    return Beside(**figures, words=in_words(measure, figures["difference"]), with_rater=with_rater)


def verdict(measure: Metric, readers: Mapping[str, Beside]) -> str:
    """Where the network stands among the readers, each compared on one reference; a tie is no win.

    Returns:
        ``below the worst`` where every reader's figure is better, ``above the best`` where every one is worse, ``above
        the median`` where more than half are worse, else ``between``; ``undefined`` where a figure is.
    """
    gains = np.array([measure.gain(beside.difference.value) for beside in readers.values()])
    if not len(gains) or not np.isfinite(gains).all():
        return "undefined"
    if (gains < 0).all():
        return "below the worst"
    if (gains > 0).all():
        return "above the best"
    return "above the median" if 2 * (gains > 0).sum() > len(gains) else "between"
