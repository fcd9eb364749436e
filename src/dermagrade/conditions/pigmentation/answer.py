"""What pigmentation's answer says beyond its score: where the brown is."""

from __future__ import annotations

from dataclasses import dataclass, field

from dermagrade.conditions.details import Details, Marks
from dermagrade.types import HeatMap


@dataclass(frozen=True)
class PigmentationDetails(Details):
    """Where in the photo there is brown beyond the skin's own; None where the weights do not say."""

    heat: HeatMap | None = field(default=None, compare=False)

    def marks(self) -> Marks:
        """The map of the excess as a colour."""
        return Marks(heat=self.heat)
