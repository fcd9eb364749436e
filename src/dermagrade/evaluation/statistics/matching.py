"""Lesions that a network points at, against lesions that somebody marked."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

#: Two places are the same lesion within this many pixels of a photo whose longer side is :data:`REACH_OF_PX`.
REACH_PX = 10.0
REACH_OF_PX = 512.0


def reach_px(width: int, height: int) -> float:
    """How far apart two places in a photo of this size may be to count as one lesion: 10 px of 512."""
    return REACH_PX * max(width, height) / REACH_OF_PX


def matched(truth: NDArray[np.float64], found: NDArray[np.float64], *, reach: float) -> int:
    """The largest number of pairs, each lesion in at most one, whose places are no farther apart than ``reach``.

    A maximum matching of a bipartite graph by augmenting paths (Berge C. Two theorems in graph theory. PNAS
    1957;43:842-844), so the order of the lesions does not matter.

    Args:
        truth: ``(n, 2)`` x, y.
        found: ``(m, 2)`` x, y in the same pixels.
        reach: in these pixels.
    """
    if not len(truth) or not len(found):
        return 0
    distances = np.hypot(*(truth[:, None, :] - found[None, :, :]).transpose(2, 0, 1))
    near = [np.flatnonzero(row <= reach).tolist() for row in distances]
    owner: dict[int, int] = {}
    return sum(_augment(start, near, owner) for start in range(len(near)))


def _augment(start: int, near: list[list[int]], owner: dict[int, int]) -> bool:
    """Finds a partner for ``start``, moving others to another partner where needed; True if there is one."""
    came_from: dict[int, int] = {}
    queue = deque([start])
    while queue:
        i = queue.popleft()
        for j in near[i]:
            if j in came_from:
                continue
            came_from[j] = i
            if j in owner:
                queue.append(owner[j])
                continue
            partner_of = {i: j for j, i in owner.items()}
            free: int | None = j
            while free is not None:  # give each on the path the partner through which it was reached
                holder = came_from[free]
                owner[free], free = holder, partner_of.get(holder)
            return True
    return False


def precision(truth: NDArray[np.float64], found: NDArray[np.float64], pairs: NDArray[np.float64]) -> float:
    """Share of the lesions pointed at that are marked, over all photos; arguments are numbers by photo."""
    return _share(pairs.sum(), found.sum())


def recall(truth: NDArray[np.float64], found: NDArray[np.float64], pairs: NDArray[np.float64]) -> float:
    """Share of the marked lesions that are pointed at, over all photos; arguments are numbers by photo."""
    return _share(pairs.sum(), truth.sum())


def f1(truth: NDArray[np.float64], found: NDArray[np.float64], pairs: NDArray[np.float64]) -> float:
    """Harmonic mean of precision and recall (van Rijsbergen 1979); arguments are numbers by photo."""
    return _share(2 * pairs.sum(), truth.sum() + found.sum())


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")
