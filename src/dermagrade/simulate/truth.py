"""Which painted lesions were found again."""

from __future__ import annotations

from collections.abc import Sequence

from dermagrade.types import Lesion


def match_lesions(painted: Sequence[Lesion], found: Sequence[Lesion], *, reach_px: float) -> tuple[int | None, ...]:
    """Pair each painted lesion with at most one found lesion, nearest pairs first.

    Args:
        painted: the truth.
        found: what a network points at, in the same pixels.
        reach_px: centres no farther apart than this, or than twice the painted radius if that is more, may pair.

    Returns:
        For each painted lesion, the index of its partner in ``found``, or None where it was missed.
    """
    pairs = []
    for i, truth in enumerate(painted):
        limit = max(reach_px, 2.0 * truth.radius)
        for j, guess in enumerate(found):
            distance = ((truth.x - guess.x) ** 2 + (truth.y - guess.y) ** 2) ** 0.5
            if distance <= limit:
                pairs.append((distance, i, j))
    partners: list[int | None] = [None] * len(painted)
    taken: set[int] = set()
    for _, i, j in sorted(pairs):
        if partners[i] is None and j not in taken:
            partners[i] = j
            taken.add(j)
    return tuple(partners)
