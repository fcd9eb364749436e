"""How red the skin is: mean CIE a* of each zone. A tiny condition without weights, to show how one is added.

The grades are declared and not learnt: nobody's readings stand behind them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dermagrade.conditions.condition import Condition
from dermagrade.conditions.details import Details, Marks, Note
from dermagrade.light import lab
from dermagrade.scales import PIGMENT_9
from dermagrade.types import ZONES, Assessment, FaceMap, HeatMap, Photo, Screening, ZoneScore

#: a* of skin that is graded 0, and of skin that is graded 9.
PALE, RED = 8.0, 30.0


@dataclass(frozen=True)
class ErythemaDetails(Details):
    """The mean a* of all zones, and where the skin is reddest."""

    columns = ("index", "reddest")

    index: float
    reddest: str
    heat: HeatMap = field(compare=False)

    def record(self) -> dict[str, Any]:
        """Both as they stand in JSON; the CSV takes its columns from there."""
        return {"index": round(self.index, 1), "reddest": self.reddest}

    def amount(self) -> str:
        """The mean, for people."""
        return f"redness index {self.index:.1f}"

    def sentences(self) -> tuple[str, ...]:
        """What the page says."""
        return (f"The redness index is {self.index:.1f}; the {self.reddest.replace('_', ' ')} is reddest.",)

    def marks(self) -> Marks:
        """A map of a*, and the mean in the panel."""
        return Marks(heat=self.heat, notes=(Note(self.amount().capitalize()),), words=(self.amount(),))

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """What the service's document says of the two keys."""
        return {"index": {"type": "number", "description": "mean a*"}, "reddest": {"enum": list(ZONES)}}


def grade_erythema(photo: Photo, face: FaceMap | None, screening: Screening, **unused: object) -> Assessment:
    """Grades the redness of the zones that are found, and of the face by their mean."""
    if face is None or not face.found:
        return Assessment("erythema", PIGMENT_9.id, abstained="No skin zone of a face is visible enough to grade.")
    redness = lab(photo.pixels)[..., 1]
    of_zone = {zone: float(redness[face.label_map == ZONES.index(zone) + 1].mean()) for zone in face.found}
    index = float(np.mean(list(of_zone.values())))
    score = grade_of(index)
    level = PIGMENT_9.level_of(score)
    seen = np.where(face.label_map > 0, redness, 0).astype(np.float32)
    return Assessment(
        "erythema",
        PIGMENT_9.id,
        score=score,
        level=level.value,
        label=level.label,
        zones={zone: ZoneScore(grade_of(value)) for zone, value in of_zone.items()},
        details=ErythemaDetails(
            index, max(of_zone, key=of_zone.__getitem__), HeatMap(seen, (0.0, 0.0), photo.scale, RED, "Redness", "a*")
        ),
    )


def grade_of(redness: float) -> float:
    """The grade of a mean a*."""
    return float(np.interp(redness, (PALE, RED), (PIGMENT_9.low, PIGMENT_9.high)))


CONDITION = Condition(
    name="erythema",
    title="Erythema",
    scale=PIGMENT_9.id,
    grade=grade_erythema,
    details=ErythemaDetails,
    own_signs=("erythema",),
    label_scales=(PIGMENT_9.id,),
)
