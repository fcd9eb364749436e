"""Grades and scores against the published grade and the readers: how far, for whom, over how many photos."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dermagrade.evaluation.agreement import Draws, Estimate, rmse
from dermagrade.evaluation.answers import PhotoResult
from dermagrade.evaluation.cases import Case
from dermagrade.evaluation.labelled import Labelled
from dermagrade.evaluation.measures import OF_LEVELS, OF_VALUES
from dermagrade.evaluation.raters import Grades, mean_of_others

_PERCENTILES = (5, 25, 50, 75, 95)


def answered_share(labels: Sequence[Labelled], results: Sequence[PhotoResult], draws: Draws) -> dict[str, Any]:
    """How many photos were answered, how many showed two zones, and why the rest was not answered."""
    asked = [(label.subject, float(result.answered)) for label, result in zip(labels, results, strict=True)]
    unanswered = (result for result in results if not result.answered)
    reasons = Counter("The file could not be read." if r.unreadable else r.reason for r in unanswered)
    return {
        "photos": len(results),
        "answered": sum(result.answered for result in results),
        "share": draws.estimate(lambda answered: float(np.mean(answered)), asked),
        "at_least_two_zones": float(np.mean([len(result.zones) >= 2 for result in results])),
        "unanswered": dict(reasons.most_common()),
    }


def grade_figures(cases: Sequence[Case], raters: Mapping[str, Grades], draws: Draws) -> dict[str, dict[str, Estimate]]:
    """Levels against the published one: the network's, each rater's, and the network's on that rater's photos."""
    table = {"network": draws.estimates(OF_LEVELS, [(c.person, c.truth_level, c.level) for c in cases])}
    for who, grades in raters.items():
        read = [c for c in cases if c.photo in grades]
        rows = [(c.person, c.truth_level, c.scale.level_of(grades[c.photo]).value) for c in read]
        table[who] = draws.estimates(OF_LEVELS, rows)
        if 0 < len(read) < len(cases):
            same = [(c.person, c.truth_level, c.level) for c in read]
            table[f"network, photos of {who}"] = draws.estimates(OF_LEVELS, same)
    return table


def value_figures(cases: Sequence[Case], draws: Draws) -> dict[str, Any]:
    """The expected grade (the score on ``acne-5``) against the published one, as a number and cut at the edges."""
    as_number = draws.estimates(OF_VALUES, [(c.person, c.truth, c.value) for c in cases])
    return {"network": as_number | draws.estimates(OF_LEVELS, [(c.person, c.truth_level, c.edge_level) for c in cases])}


def mean_figures(cases: Sequence[Case], raters: Mapping[str, Grades], draws: Draws) -> dict[str, Any]:
    """Distance of the network's value to the mean of all raters, and of each rater to that of the others."""
    everyone = mean_of_others(raters)
    network = [(c.person, everyone[c.photo], c.value) for c in cases if c.photo in everyone]
    table = {"network": {"rmse": draws.estimate(rmse, network)}}
    for name, grades in raters.items():
        others = mean_of_others(raters, name)
        rows = [(c.person, others[c.photo], grades[c.photo]) for c in cases if c.photo in others]
        table[name] = {"rmse": draws.estimate(rmse, rows)}
    return table


def score_spread(scores: Sequence[float]) -> dict[str, float]:
    """Mean and percentiles of scores."""
    if not scores:
        return {"photos": 0}
    at = {f"p{p}": round(float(v), 3) for p, v in zip(_PERCENTILES, np.percentile(scores, _PERCENTILES), strict=True)}
    return {"photos": len(scores), "mean": round(float(np.mean(scores)), 3)} | at
