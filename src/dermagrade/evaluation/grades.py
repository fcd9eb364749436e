"""Grades and scores against the published grade and the readers: how far, for whom, over how many photos."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dermagrade.evaluation.answers import PhotoResult
from dermagrade.evaluation.cases import Case, fine
from dermagrade.evaluation.grade_figures import OF_FINE_VALUES, OF_LEVELS, OF_VALUES
from dermagrade.evaluation.labelled import Labelled
from dermagrade.evaluation.raters.pairs import Grades, mean_of_others
from dermagrade.evaluation.statistics.agreement import accuracy, rmse
from dermagrade.evaluation.statistics.bootstrap import Draws, Estimate
from dermagrade.evaluation.statistics.intraclass import icc_2_1

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
    """The value (score or expected grade) against the published grade, as a number and cut at the edges.

    On a scale of fine steps also bias, intraclass correlation, shares within half a grade and a whole one, and how
    often the band is right.
    """
    rows = [(c.person, c.truth, c.value) for c in cases]
    found = draws.estimates(OF_VALUES, rows)
    if cases and fine(cases[0].scale):
        found |= draws.estimates(OF_FINE_VALUES, rows)
        found["band_accuracy"] = draws.estimate(accuracy, [(c.person, c.truth_band, c.edge_band) for c in cases])
    return {"network": found | draws.estimates(OF_LEVELS, [(c.person, c.truth_level, c.edge_level) for c in cases])}


def intraclass_figures(
    cases: Sequence[Case], raters: Mapping[str, Grades], draws: Draws
) -> dict[str, dict[str, Estimate]]:
    """ICC(2,1) of the readers, of them and the network, and of each with the published grade.

    Over the photos that the network answered and every reader graded; empty without readers, and on scales without
    fine steps, where kappa says the same.
    """
    read = [c for c in cases if all(c.photo in grades for grades in raters.values())]
    if not raters or not read or not fine(read[0].scale):
        return {}
    columns = {name: [grades[c.photo] for c in read] for name, grades in raters.items()}
    network, published = [c.value for c in read], [c.truth for c in read]
    sets = {f"{name} and the published grade": [own, published] for name, own in columns.items()}
    sets["network and the published grade"] = [network, published]
    if len(columns) > 1:
        sets["the readers"] = [*columns.values()]
    sets["the readers and the network"] = [*columns.values(), network]

    def icc(*ratings: Any) -> float:
        return icc_2_1(np.column_stack(ratings))

    persons = [c.person for c in read]
    return {
        name: {"icc_2_1": draws.estimate(icc, list(zip(persons, *values, strict=True)))}
        for name, values in sets.items()
    }


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
