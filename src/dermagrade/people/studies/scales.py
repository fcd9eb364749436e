"""The scales that studies can be graded on."""

from __future__ import annotations

from dermagrade.conditions import CONDITIONS
from dermagrade.scales import SCALES, Scale


def study_scales() -> list[tuple[str, Scale]]:
    """Every scale that labels may be given on, with the title of its condition, in the table's order."""
    return [(c.title, SCALES[name]) for c in CONDITIONS.values() for name in c.label_scales]
