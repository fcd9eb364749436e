"""Results by skin tone, by how much of the face is seen, by pose, by sharpness and by size.

A difference between groups need not come from what names them: the groups differ in severity too, so the mean
published grade stands beside every figure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from dermagrade.evaluation.answers import PhotoResult
from dermagrade.evaluation.cases import Case
from dermagrade.evaluation.labelled import Labelled
from dermagrade.evaluation.statistics.agreement import mae, quadratic_kappa
from dermagrade.evaluation.statistics.bootstrap import Draws, Estimate
from dermagrade.face.colour import TONES, tone_of
from dermagrade.scales import Scale

#: A group of fewer photos is shown, but is too small to be read.
FEW = 20

NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Breakdown:
    """One way to tell photos apart.

    Attributes:
        title: what by.
        groups: names, in order.
        of: the group of a photo; None where it was not measured.
        note: what a reader must know of it.
    """

    title: str
    groups: tuple[str, ...]
    of: Callable[[PhotoResult], str | None]
    note: str = ""


@dataclass(frozen=True)
class Subgroup:
    """The photos of one group.

    Attributes:
        by: title of the grouping.
        name: of the group.
        photos: how many belong to it, answered or not.
        answered: share of these that were answered.
        mean_truth: mean published grade of those answered.
        quadratic_kappa: of the level against the published grade.
        mae: mean absolute error of the value: the score, or on a scale of classes the expected grade.
        bias: mean of the value minus the published grade.
    """

    by: str
    name: str
    photos: int
    answered: Estimate
    mean_truth: Estimate
    quadratic_kappa: Estimate
    mae: Estimate
    bias: Estimate

    @property
    def few(self) -> bool:
        """True where fewer than 20 photos were answered: too few to be read."""
        return self.mae.photos < FEW

    def record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        figures = ("answered", "mean_truth", "quadratic_kappa", "mae", "bias")
        return {"photos": self.photos, "too_few": self.few} | {name: getattr(self, name).record() for name in figures}


def tone_group(result: PhotoResult) -> str | None:
    """Group of skin tone by the typology angle."""
    return None if result.ita_deg is None else tone_of(result.ita_deg)


def zones_group(result: PhotoResult) -> str | None:
    """Number of zones found; none where no face was."""
    if not result.visible:
        return None
    return f"{len(result.zones)} zone{'' if len(result.zones) == 1 else 's'}"


TONE = Breakdown(
    "skin tone",
    tuple(name for name, _ in TONES),
    tone_group,
    "By the individual typology angle of the visible skin (Chardon 1991, groups by Del Bino 2013). Of a photo without "
    "a colour chart it depends on the light and the camera: it orders photos and does not measure people.",
)
ZONES_FOUND = Breakdown("zones found", tuple(f"{n} zone{'' if n == 1 else 's'}" for n in range(6)), zones_group)


def breakdowns(results: Sequence[PhotoResult]) -> tuple[Breakdown, ...]:
    """All ways to tell these photos apart; sharpness and size by the thirds of what was measured in them."""
    return (
        TONE,
        ZONES_FOUND,
        _banded(
            "mean visible share of the zones", (0.4, 0.6, 0.8), lambda r: _mean_or_none(list(r.visible.values())), "{}"
        ),
        _banded("turn of the head", (20, 45), lambda r: None if r.yaw_deg is None else abs(r.yaw_deg), "{}°"),
        _thirds("sharpness", results, lambda r: r.sharpness, 3, "{}"),
        _thirds("longer side of the face", results, lambda r: r.face_px, 0, "{} px"),
    )


def subgroups(
    labels: Sequence[Labelled], results: Sequence[PhotoResult], scale: Scale, draws: Draws
) -> tuple[Subgroup, ...]:
    """Results of every group that holds a photo, in order; what was not measured is a group of its own.

    Args:
        labels: the photos.
        results: one for each label, in order.
        scale: of the labels.
        draws: for the intervals.

    Returns:
        Empty where nothing was measured in any photo, as in answers of earlier versions.
    """
    both = list(zip(labels, results, strict=True))
    found = []
    for grouping in breakdowns(results):
        of = {result.photo: grouping.of(result) or NOT_MEASURED for result in results}
        if set(of.values()) <= {NOT_MEASURED}:
            continue
        for name in (*grouping.groups, NOT_MEASURED):
            members = [(label, result) for label, result in both if of[result.photo] == name]
            if members:
                found.append(_subgroup(grouping.title, name, members, scale, draws))
    return tuple(found)


def _subgroup(
    by: str, name: str, members: Sequence[tuple[Labelled, PhotoResult]], scale: Scale, draws: Draws
) -> Subgroup:
    cases = [Case(label, result, scale) for label, result in members if result.answered]
    values = draws.estimates(
        {
            "mean_truth": lambda truth, value: float(truth.mean()),
            "mae": mae,
            "bias": lambda truth, value: float((value - truth).mean()),
        },
        [(c.person, c.truth, c.value) for c in cases],
    )
    return Subgroup(
        by,
        name,
        len(members),
        answered=draws.estimate(
            lambda answered: float(answered.mean()), [(label.subject, result.answered) for label, result in members]
        ),
        quadratic_kappa=draws.estimate(quadratic_kappa, [(c.person, c.truth_level, c.level) for c in cases]),
        **values,
    )


def _banded(
    title: str, edges: Sequence[float], value_of: Callable[[PhotoResult], float | None], form: str
) -> Breakdown:
    """Groups between fixed edges; an edge belongs to the higher group."""
    said = [form.format(f"{edge:g}") for edge in edges]
    between = (f"{a} to {b}" for a, b in pairwise(said))
    names = (f"below {said[0]}", *between, f"from {said[-1]}") if edges else ("all",)

    def of(result: PhotoResult) -> str | None:
        value = value_of(result)
        return None if value is None else names[int(np.searchsorted(edges, value, side="right"))]

    return Breakdown(title, names, of)


def _thirds(
    title: str,
    results: Sequence[PhotoResult],
    value_of: Callable[[PhotoResult], float | None],
    digits: int,
    form: str,
) -> Breakdown:
    known = [value for result in results if (value := value_of(result)) is not None]
    edges = np.unique(np.round(np.quantile(known, (1 / 3, 2 / 3)), digits)).tolist() if known else []
    return _banded(title, edges, value_of, form)


def _mean_or_none(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
