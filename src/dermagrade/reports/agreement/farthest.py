"""Which of many raters have a drawing of their own."""

from __future__ import annotations

from collections.abc import Mapping

#: Of more raters than this, those farthest off have a drawing of their own.
MOST_DRAWN = 12


def farthest(sizes: Mapping[str, float]) -> list[str]:
    """All names, or of many the :data:`MOST_DRAWN` with the largest size, in their order."""
    chosen = sorted(sizes, key=lambda name: -abs(sizes[name]))[:MOST_DRAWN]
    return [name for name in sizes if name in chosen]
