"""Whether intervals and sets of grades hold the truth as often as they are meant to.

Where the labels are classes that stand for numbers, the truth of a score is the declared score of the labelled count
(:data:`~dermagrade.scales.COUNT_SCORES`). The label counts the whole photo. On a frontal photo the network grades the
worse half, whose count is not labelled, so frontal photos stand apart. On any other scale the truth is the label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dermagrade.evaluation.cases import Case
from dermagrade.evaluation.statistics.bootstrap import Draws, Estimate
from dermagrade.evaluation.subgroups import FEW, NOT_MEASURED, TONE, ZONES_FOUND
from dermagrade.scales import COUNT_SCORES


@dataclass(frozen=True)
class Coverage:
    """How often the truth was held in one group of photos.

    Attributes:
        by: what the group is told apart by; ``all`` for everything.
        name: of the group.
        held: share of photos whose truth is held.
        size: mean width of the interval in levels, or mean number of grades in the set.
    """

    by: str
    name: str
    held: Estimate
    size: Estimate

    @property
    def few(self) -> bool:
        """True where fewer than 20 photos stand behind it."""
        return self.held.photos < FEW

    def record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        figures = {"held": self.held.record(), "size": self.size.record()}
        return {"by": self.by, "group": self.name, "too_few": self.few} | figures


def interval_coverage(cases: Sequence[Case], draws: Draws) -> dict[str, tuple[Coverage, ...]]:
    """Coverage of the score's intervals and of the sets of grades, over all, by zones found and by skin tone.

    Args:
        cases: the answered photos.
        draws: for the intervals of the shares.

    Returns:
        ``interval`` and ``hayashi_set``, each only where the answers carry one.
    """
    found = {}
    bounded = [(c, c.result.interval, t) for c in cases if c.result.interval and (t := score_truth(c)) is not None]
    if bounded:
        # An end that was rounded away from the truth by the file of answers is no miss.
        rows = [(c, i[0] - 1e-9 <= t <= i[1] + 1e-9, i[1] - i[0]) for c, i, t in bounded]
        found["interval"] = _by_group(rows, draws)
    graded = [c for c in cases if c.result.hayashi_set and c.scale.classes]
    if graded:
        rows = [(c, c.truth_level in c.result.hayashi_set, float(len(c.result.hayashi_set))) for c in graded]
        found["hayashi_set"] = _by_group(rows, draws)
    return found


def score_truth(case: Case) -> float | None:
    """What the score is held against: the label on its scale; for a class of numbers the score of the labelled one."""
    if not case.scale.classes:
        return case.truth
    score = COUNT_SCORES.get(case.scale.id)
    return None if score is None or case.label.count is None else score.of_count(case.label.count)


def _by_group(rows: Sequence[tuple[Case, bool, float]], draws: Draws) -> tuple[Coverage, ...]:
    def coverage(by: str, name: str, chosen: Sequence[tuple[Case, bool, float]]) -> Coverage:
        figures = draws.estimates(
            {"held": lambda held, size: float(np.mean(held)), "size": lambda held, size: float(np.mean(size))},
            [(case.person, held, size) for case, held, size in chosen],
        )
        return Coverage(by, name, **figures)

    found = [coverage("all", "all photos", rows)]
    for name, frontal in (("one side or close-up", False), ("frontal", True)):
        chosen = [row for row in rows if row[0].result.frontal == frontal]
        if chosen:
            found.append(coverage("view", name, chosen))
    for grouping in (ZONES_FOUND, TONE):
        for name in (*grouping.groups, NOT_MEASURED):
            chosen = [row for row in rows if (grouping.of(row[0].result) or NOT_MEASURED) == name]
            if chosen:
                found.append(coverage(grouping.title, name, chosen))
    return tuple(found)
