"""Intervals of the raters' bias and spread, from drawing persons anew."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from dermagrade.evaluation.raters.fit import Floats, first_guess, grade_table, least_variance, settle
from dermagrade.evaluation.raters.model import fit_raters
from dermagrade.evaluation.raters.pairs import by_rater
from dermagrade.evaluation.statistics.agreement import rmse
from dermagrade.evaluation.statistics.bootstrap import Draws, Estimate
from dermagrade.tables.readings import Reading


def rater_estimates(
    readings: Sequence[Reading],
    *,
    persons: Mapping[str, str] | None = None,
    step: float | None = None,
    rounds: int = 1000,
    seed: int = 0,
) -> dict[str, dict[str, Estimate]]:
    """Rater to ``bias`` and ``spread`` with 95 % intervals; the model is fitted anew each time persons are drawn.

    Args:
        readings: as for :func:`fit_raters`.
        persons: photo to person; a photo that it lacks is a person of its own.
        step: as for :func:`fit_raters`.
        rounds: how many times persons are drawn.
        seed: of the draws.

    Raises:
        LabelsError: if there is no first-round reading.
    """
    model = fit_raters(readings, step=step)
    raters, photos, grades = grade_table(readings)
    numbers: dict[str, int] = {}
    owner = np.array([numbers.setdefault((persons or {}).get(p, p), len(numbers)) for p in photos])
    # Photos that were read alike count as one with a weight, which makes a draw cheap.
    patterns, kind = np.unique(np.where(np.isfinite(grades), grades, -np.inf), axis=0, return_inverse=True)
    patterns = np.where(np.isfinite(patterns), patterns, np.nan)
    drawn: list[tuple[Floats, Floats]] = []
    chance = np.random.default_rng(seed)
    if model.told and len(numbers) > 1:
        floor = least_variance(grades, step)
        best = settle(patterns, np.bincount(kind.ravel()).astype(np.float64), first_guess(grades), floor)
        for _ in range(rounds):
            times = np.bincount(chance.integers(len(numbers), size=len(numbers)), minlength=len(numbers))
            weights = np.zeros(len(patterns))
            np.add.at(weights, kind.ravel(), times[owner])
            state = settle(patterns, weights, best, floor, tolerance=1e-4)
            seen = (weights[:, None] * np.isfinite(patterns)).sum(0) > 0
            drawn.append((np.where(seen, state.bias, np.nan), np.where(seen, np.sqrt(state.variance), np.nan)))
    found = {}
    for i, name in enumerate(raters):
        rater = model.raters[name]
        sizes = rater.readings, len(set(owner[np.isfinite(grades[:, i])].tolist()))
        found[name] = {
            "bias": Estimate(rater.bias, *_ends([bias[i] for bias, _ in drawn]), *sizes),
            "spread": Estimate(rater.spread, *_ends([spread[i] for _, spread in drawn]), *sizes),
        }
    return found


def repeat_estimates(
    readings: Sequence[Reading], *, persons: Mapping[str, str] | None = None, rounds: int = 1000, seed: int = 0
) -> dict[str, Estimate]:
    """Rater to the standard deviation of one reading around that rater's own mean, by the photos read twice.

    It is the root of half the mean squared difference (Dahlberg's error, 1940); a shift between the rounds counts too.
    The rater's spread around the consensus holds this and what the rater sees otherwise than the others each time.

    Args:
        readings: first and second rounds; raters without a second one are left out.
        persons: as for :func:`rater_estimates`.
        rounds: how many times persons are drawn.
        seed: of the draws.
    """
    first, second = by_rater(readings), by_rater(readings, round=2)
    found = {}
    for name in (name for name in second if name in first):
        photos = sorted(set(first[name]) & set(second[name]))
        rows = [((persons or {}).get(p, p), first[name][p], second[name][p]) for p in photos]
        found[name] = Draws(rounds, seed).estimate(lambda a, b: rmse(a, b) / math.sqrt(2), rows)
    return found


def _ends(values: Sequence[float]) -> tuple[float, float]:
    kept = np.array(values, np.float64)
    kept = kept[np.isfinite(kept)]
    if not len(kept) or 2 * len(kept) <= len(values):
        return math.nan, math.nan
    low, high = np.percentile(kept, (2.5, 97.5))
    return float(low), float(high)
