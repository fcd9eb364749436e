"""Fits how the count of a photo is read, on people whom the network never saw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from dermagrade.conditions.acne.grade import calibrated_share
from dermagrade.training.acne_data import AcneSampler, AcneSamples
from dermagrade.training.acne_net import AcneNet


@torch.no_grad()
def held_out_counts(samples: AcneSamples, nets: dict[int, AcneNet], folds: Sequence[int], side: int) -> list[float]:
    """Lesions by the density map of each labelled photo, from the network of its fold; 0 where it has no fold."""
    counts = []
    for i, fold in enumerate(folds):
        if fold not in nets:
            counts.append(0.0)
            continue
        batch = AcneSampler(samples, i, side).batch([i], patch=None, spread=0.0)
        density, _ = nets[fold].eval().features(batch.image)
        counts.append(float(density[0, 0].sum()))
    return counts


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
