"""How well a network of skin patches grades people it never saw, by skin tone and over the scale."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade.evaluation.conformal import fit_calibration
from dermagrade.evaluation.statistics.bootstrap import Draws
from dermagrade.face.colour import TONES
from dermagrade.scales import Scale

#: Fewer photos of a group give no figure.
LEAST_PHOTOS = 20


@dataclass(frozen=True)
class UnseenAnswer:
    """What a network says of one photo of somebody it never saw.

    Attributes:
        photo: name.
        subject: whose photo it is.
        truth: grade of the face; exact where the truth was painted, else the label's.
        score: the network's.
        zones: zone name to the network's grade.
        zone_truths: zone name to the truth; empty where it is not known.
        tone: group of skin tone; empty where it was not measured.
    """

    photo: str
    subject: str
    truth: float
    score: float
    zones: Mapping[str, float]
    zone_truths: Mapping[str, float]
    tone: str


def answer_figures(answers: Sequence[UnseenAnswer], scale: Scale, *, simulated: bool) -> dict[str, Any]:
    """Figures for manifest and card, with intervals over people.

    Args:
        answers: for people never seen.
        scale: that the grades are on.
        simulated: True where the truth was painted.
    """
    truth = np.array([a.truth for a in answers])
    score = np.array([a.score for a in answers])
    people = [a.subject for a in answers]
    error = score - truth
    draws = Draws(500, 0)
    figures: dict[str, Any] = {
        "photos": len(answers), "people": len(set(people)),
        "RMSE": _rmse_with_interval(error, people, draws),
        "mean error": round(float(error.mean()), 3),
        "within 0.5": round(float((np.abs(error) <= 0.5).mean()), 3),
        "correlation": round(float(np.corrcoef(truth, score)[0, 1]), 3) if len(answers) > 2 else None,
    }  # fmt: skip
    zones = [a.zones[z] - t for a in answers for z, t in a.zone_truths.items() if z in a.zones]
    if zones:
        figures["RMSE of single zones"] = _rmse(np.array(zones))
    title = "People never seen" + (", simulated truth" if simulated else "")
    found: dict[str, Any] = {title: figures}
    by_tone = {name: error[[a.tone == name for a in answers]] for name, _ in TONES}
    found[f"{title}, RMSE by skin tone"] = {
        f"{name} ({len(own)} photos)": _rmse(own) for name, own in by_tone.items() if len(own) >= LEAST_PHOTOS
    }
    edges = np.linspace(scale.low, scale.high, 7)
    by_grade = {
        f"{a:g} to {b:g}": error[(truth >= a) & ((truth < b) | (b == scale.high))]
        for a, b in itertools.pairwise(edges.tolist())
    }
    found[f"{title}, RMSE by grade"] = {
        f"{name} ({len(own)} photos)": _rmse(own) for name, own in by_grade.items() if len(own) >= LEAST_PHOTOS
    }
    covered = _coverage(score, truth, people, scale)
    if covered:
        found[f"{title}, intervals at 90 %"] = covered
    return {group: rows for group, rows in found.items() if rows}


def _rmse(error: NDArray[np.floating]) -> float:
    return round(float(np.sqrt((error**2).mean())), 3)


def _rmse_with_interval(error: NDArray[np.floating], people: Sequence[str], draws: Draws) -> dict[str, Any]:
    rows = list(zip(people, error.tolist(), strict=True))
    found = draws.estimate(lambda values: float(np.sqrt((values**2).mean())), rows)
    return {"model": round(found.value, 3), "interval": [round(found.low, 3), round(found.high, 3)]}


def _coverage(
    score: NDArray[np.floating], truth: NDArray[np.floating], people: Sequence[str], scale: Scale
) -> dict[str, float]:
    """Coverage and width of intervals that were fitted on the other half of the people, both ways."""
    names = sorted(set(people))
    if len(names) < 60:
        return {}
    half = set(np.random.default_rng(3).permutation(names)[: len(names) // 2].tolist())
    first = np.array([person in half for person in people])
    held, width = [], []
    for own in (first, ~first):
        calibration = fit_calibration(
            score[own], truth[own], np.ones((int(own.sum()), 1)), np.zeros(int(own.sum())),
            [p for p, chosen in zip(people, own, strict=True) if chosen], widest=scale.high,
        )  # fmt: skip
        for s, t in zip(score[~own].tolist(), truth[~own].tolist(), strict=True):
            low, high = calibration.interval(s, low=scale.low, high=scale.high)
            held.append(low - 1e-9 <= t <= high + 1e-9)
            width.append(high - low)
    return {"coverage": round(float(np.mean(held)), 3), "mean width": round(float(np.mean(width)), 3)}
