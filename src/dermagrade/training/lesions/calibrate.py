"""Fits how a network's output is read, on people whom the network never saw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from dermagrade.conditions.acne.grade import Postprocess, calibrated_share, find_peaks
from dermagrade.evaluation.statistics.agreement import accuracy, balanced_accuracy, quadratic_kappa
from dermagrade.evaluation.statistics.matching import matched, reach_px
from dermagrade.tables.labels import PhotoLabel
from dermagrade.training.lesions.data import STORED_SIDE, LesionSampler, LesionSamples
from dermagrade.training.lesions.net import LesionNet

#: Lesions per cell from which a peak of the density may be taken for a lesion.
THRESHOLDS: tuple[float, ...] = (0.010, 0.015, 0.020, 0.025, 0.030, 0.035, 0.040, 0.050, 0.060, 0.080)
#: How much the rarity of a grade may count in the choice of the grade: see :func:`fit_grade_weights`.
RARITIES: tuple[float, ...] = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)


@dataclass(frozen=True)
class HeldOut:
    """What a network found on one photo of a person whom it never saw.

    Attributes:
        count: lesions by the density map; 0 where the photo has no fold.
        marked: lesions after the first annotation; None where their places are not known.
        found: lesions pointed at, for each of :data:`THRESHOLDS`.
        paired: how many of them are marked.
    """

    count: float
    marked: int | None = None
    found: tuple[int, ...] = ()
    paired: tuple[int, ...] = ()


@torch.no_grad()
def held_out(samples: LesionSamples, nets: dict[int, LesionNet], folds: Sequence[int], side: int) -> list[HeldOut]:
    """What the network of its fold finds on each labelled photo.

    Args:
        samples: the photos; the first ones are those that have a fold.
        nets: the network of each fold, trained without it.
        folds: of each labelled photo; one without a network is not looked at.
        side: pixels that the face and its margin measure.
    """
    answers = []
    distance = Postprocess().min_distance_px
    for i, fold in enumerate(folds):
        if fold not in nets:
            answers.append(HeldOut(0.0))
            continue
        image, marks, scale = LesionSampler(samples, i, side).plain(i)
        density, _ = nets[fold].eval().features(image[None])
        first = density[0, 0].numpy()
        count = float(first.sum())
        if marks[0] is None:
            answers.append(HeldOut(count))
            continue
        reach = reach_px(STORED_SIDE, STORED_SIDE) / scale
        found, paired = [], []
        for threshold in THRESHOLDS:
            peaks = find_peaks(first, threshold=threshold, min_distance_px=distance)[:, :2]
            found.append(len(peaks))
            paired.append(matched(marks[0], peaks, reach=reach))
        answers.append(HeldOut(count, len(marks[0]), tuple(found), tuple(paired)))
    return answers


def fit_postprocess(answers: Sequence[HeldOut], labels: Sequence[PhotoLabel], *, without: int | None) -> Postprocess:
    """How counts are read, fitted on all folds, or on all but one where that one is to be measured.

    Args:
        answers: of the network of its fold, for each photo.
        labels: of the photos, with their folds and, where known, the number of lesions.
        without: number of the fold that has no say; None for none.
    """
    others = np.array([label.fold != without for label in labels])
    threshold = fit_threshold([answer for answer, other in zip(answers, others, strict=True) if other])
    raw = np.array([answer.count for answer in answers])
    truth = np.array([np.nan if label.count is None else label.count for label in labels])
    used = ~np.isnan(truth) & others
    if not used.any():
        return Postprocess(peak_threshold=threshold)
    scale, doubt = fit_share(raw[used], truth[used])
    return Postprocess(peak_threshold=threshold, count_scale=scale, count_doubt=doubt)


def fit_share(counts: NDArray[np.float64], truth: NDArray[np.float64]) -> tuple[float, float]:
    """Scale and doubt of :func:`~dermagrade.conditions.acne.grade.calibrated_share` by least squares of log(1 + n).

    Args:
        counts: ``(n,)`` by the density map.
        truth: ``(n,)`` by the annotation.
    """
    best = (np.inf, 1.0, 0.0)
    for scale in np.arange(0.5, 1.61, 0.05):
        for doubt in (0.0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20):
            read = [n * calibrated_share(float(n), scale=float(scale), doubt=doubt) for n in counts]
            error = float(((np.log1p(read) - np.log1p(truth)) ** 2).sum())
            best = min(best, (error, round(float(scale), 2), float(doubt)))
    return best[1], best[2]


def fit_threshold(answers: Iterable[HeldOut]) -> float:
    """The threshold of peaks with the highest F1 over all lesions; the default where no places are known."""
    known = [answer for answer in answers if answer.marked is not None]
    if not any(answer.marked for answer in known):
        return Postprocess().peak_threshold
    marked = sum(answer.marked or 0 for answer in known)
    found = np.sum([answer.found for answer in known], axis=0)
    paired = np.sum([answer.paired for answer in known], axis=0)
    return THRESHOLDS[int(np.argmax(2 * paired / (marked + found)))]


def fit_grade_weights(probabilities: ArrayLike, grades: ArrayLike) -> tuple[float, ...]:
    """What each grade's probability is multiplied by before the likeliest is chosen.

    The weight is the grade's frequency to the power of minus a number, the same for all, which is the one with the
    largest sum of accuracy, balanced accuracy and quadratic kappa. So a rare grade is not passed over because it is
    rare.

    Args:
        probabilities: ``(n, levels)`` for people whom the network never saw.
        grades: ``(n,)`` published grade, counted from 0.
    """
    p, truth = np.asarray(probabilities, float), np.asarray(grades, int)
    frequency = np.maximum(np.bincount(truth, minlength=p.shape[1]) / len(truth), 0.01)

    def sum_of_figures(rarity: float) -> float:
        answer = (p / frequency**rarity).argmax(1)
        figures = (accuracy(truth, answer), balanced_accuracy(truth, answer), quadratic_kappa(truth, answer))
        return float(np.nansum(figures))

    # The sums go up and down by chance from one number to the next; a parabola through them does not.
    sums = np.array([sum_of_figures(rarity) for rarity in RARITIES])
    smooth = np.polyval(np.polyfit(RARITIES, sums, 2), RARITIES)
    weight = frequency ** -RARITIES[int(np.argmax(smooth))]
    return tuple(np.round(weight / weight.max(), 4).tolist())
