"""How far something moved a score: the same photo graded before and after, and the figures over many photos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade.evaluation.statistics.bootstrap import estimates_by_person


@dataclass(frozen=True)
class Shift:
    """One photo's score before and after.

    Attributes:
        person: on the photo; the photo itself where the person is not known.
        before: score of the photo as it is.
        after: score after; None where there was none any more.
    """

    person: str
    before: float
    after: float | None

    @property
    def change(self) -> float:
        """After less before; NaN where the score was lost."""
        return float("nan") if self.after is None else self.after - self.before


def shift_figures(shifts: Sequence[Shift], *, below: float, rounds: int = 1000, seed: int = 0) -> dict[str, Any]:
    """What many shifts say, with 95 % intervals over persons.

    Args:
        shifts: one for each photo.
        below: a shift smaller than this is counted in ``share_below``.
        rounds: of the intervals.
        seed: of the intervals.

    Returns:
        ``photos``, ``lost`` (scores that were taken away), and figures of ``mean``, ``mean_abs`` and ``p90`` of the
        size, over the scores that were kept, and of ``share_below``, for which a lost score is not below.
    """
    persons = [s.person for s in shifts]
    found = estimates_by_person(
        [s.change for s in shifts],
        groups=persons,
        statistics={
            "mean": lambda v: _over_kept(v, np.mean),
            "mean_abs": lambda v: _over_kept(np.abs(v), np.mean),
            "p90": lambda v: _over_kept(np.abs(v), lambda kept: np.percentile(kept, 90)),
            # A comparison with NaN is False, so a lost score is not below.
            "share_below": lambda v: float((np.abs(v) < below).mean()) if len(v) else float("nan"),
        },
        rounds=rounds,
        seed=seed,
    )
    counted = {"photos": len(shifts), "lost": sum(s.after is None for s in shifts)}
    return counted | {name: estimate.record() for name, estimate in found.items()}


def figure(record: Mapping[str, Any], style: str) -> str:
    """A figure of a record and its interval, such as ``0.12 (0.08 to 0.15)``; a dash where it is undefined."""
    if record["value"] is None:
        return "-"
    ends = "" if record["low"] is None else f" ({record['low']:{style}} to {record['high']:{style}})"
    return f"{record['value']:{style}}{ends}"


def _over_kept(values: NDArray[np.float64], statistic: Any) -> float:
    kept = values[np.isfinite(values)]
    return float(statistic(kept)) if len(kept) else float("nan")
