"""The scales that studies can be graded on."""

from __future__ import annotations

from dermagrade.conditions import CONDITIONS
from dermagrade.scales import SCALES, Scale


def study_scales() -> list[tuple[str, Scale]]:
    """Every scale that studies can be graded on, with the titles of its conditions, in the table's order."""
    titles: dict[str, list[str]] = {}
    for condition in CONDITIONS.values():
        for name in condition.label_scales:
            titles.setdefault(name, []).append(condition.title)
    return [(", ".join(of), SCALES[name]) for name, of in titles.items()]
