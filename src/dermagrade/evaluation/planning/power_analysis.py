"""The power analysis of a study: the plan for the effect that was asked for, and for other effects and photos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from dermagrade.evaluation.planning.grader_noise import Noise
from dermagrade.evaluation.planning.power import DESIGNS_IN_WORDS, SampleSize, Trial, curve, plan

#: Photos a visit that the curve compares.
PHOTOS: tuple[int, ...] = (1, 2, 3)
#: Effects of the curve, as multiples of the one that was asked for.
TIMES: tuple[float, ...] = (0.5, 0.6, 0.7, 0.8, 1.0, 1.25, 1.5, 2.0)


@dataclass(frozen=True)
class PowerAnalysis:
    """How many people a study needs, and what other effects and photos would take.

    Attributes:
        condition: name of what is graded.
        scale: id of its scale; all sizes are grades of it.
        model: whose noise it is; None where it was given by hand.
        plan: for the effect that was asked for.
        others: plans for other effects and photos a visit, in that order.
        detectable: photos a visit to the smallest change of one person that is more than chance.
        notes: what a reader must know, a sentence each.
    """

    condition: str
    scale: str
    model: str | None
    plan: SampleSize
    others: tuple[SampleSize, ...]
    detectable: Mapping[int, float]
    notes: tuple[str, ...]

    def enrolled(self, effect: float, photos: int) -> int | None:
        """Who must be enrolled for another effect and number of photos; None where too many would be needed."""
        found = (p for p in self.others if p.trial.effect == effect and p.trial.photos == photos)
        return next((p.enrolled for p in found), None)

    @property
    def effects(self) -> tuple[float, ...]:
        """Effects of the curve, from the smallest in size."""
        return tuple(sorted({p.trial.effect for p in self.others}, key=abs))

    def record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        trial = self.plan.trial
        return {
            "condition": self.condition,
            "scale": self.scale,
            "model": self.model,
            "noise": self.plan.noise.record() | {"slope": round(self.plan.noise.slope, 4)},
            "design": trial.design,
            "sd_change": trial.sd_change,
            "sd_baseline": trial.sd_baseline if trial.design == "ancova" else None,
            "target_power": trial.power,
            "alpha": trial.alpha,
            "dropout": trial.dropout,
            "plan": self.plan.record(),
            "detectable_change": {str(photos): round(size, 4) for photos, size in self.detectable.items()},
            "curve": [p.record() for p in self.others],
            "notes": list(self.notes),
        }


def plan_study(
    trial: Trial, noise: Noise, *, condition: str, scale: str, model: str | None = None, times: Sequence[float] = TIMES
) -> PowerAnalysis:
    """Plans a study and what is to be compared with it.

    Args:
        trial: what is to be found.
        noise: of the grader.
        condition: name of what is graded.
        scale: id of its scale.
        model: whose noise it is, if it is a model's.
        times: effects of the curve, as multiples of the trial's.

    Raises:
        UsageError: as for :func:`~dermagrade.evaluation.planning.power.plan`.
    """
    wanted = plan(trial, noise)
    photos = sorted({*PHOTOS, trial.photos})
    effects = [round(trial.effect * t, 6) for t in times]
    return PowerAnalysis(
        condition,
        scale,
        model,
        wanted,
        curve(trial, noise, effects=effects, photos=photos),
        MappingProxyType({n: noise.detectable_change(n) for n in photos}),
        _notes(trial, noise),
    )


def _notes(trial: Trial, noise: Noise) -> tuple[str, ...]:
    said = [f"Design: {DESIGNS_IN_WORDS[trial.design]}; t test, two-sided."]
    said.append(
        "The grader's error with a person is taken to be the same at every visit, so that it cancels in a change; "
        "another camera, light or make-up at the second visit breaks that."
    )
    if noise.correlation < 1:
        said.append(
            f"A true change of 1 is taken to show as {noise.slope:.2f} on the score: the squared correlation with the "
            "truth, since answers fitted by least squares are drawn toward the middle."
        )
    else:
        said.append("No correlation with the truth is given, so the effect is taken to show in full.")
    if trial.design == "ancova" and noise.rmse is None:
        said.append("No RMSE is given, so the grader is taken to have no error that comes again at every visit.")
    return tuple(said)
