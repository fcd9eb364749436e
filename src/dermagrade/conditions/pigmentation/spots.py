"""Single spots in a mask: cells that hang together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def label_spots(mask: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Numbers the parts of a mask whose cells touch by a side or a corner.

    Every cell starts as a part of its own. Then, again and again, each part joins the lowest part that it touches,
    until nothing changes; whole arrays at a time, so its duration hardly depends on the shapes. Parts are numbered in
    the order of their first cells.

    Source: Shiloach Y, Vishkin U. An O(log n) parallel connectivity algorithm. J Algorithms 1982;3(1):57-67.

    Args:
        mask: ``(h, w)``.

    Returns:
        ``(h, w)``: 0 outside the mask, else the number of the part, from 1.
    """
    labels = np.zeros(mask.shape, np.int32)
    if not mask.any():
        return labels
    cell = np.full(mask.shape, -1)
    cell[mask] = np.arange(np.count_nonzero(mask))
    first, second = _touching(cell)
    parent = np.arange(np.count_nonzero(mask))
    while True:
        one, other = parent[first], parent[second]
        apart = one != other
        if not apart.any():
            break
        np.minimum.at(parent, np.maximum(one, other)[apart], np.minimum(one, other)[apart])
        while (parent[parent] != parent).any():
            parent = parent[parent]
    labels[mask] = np.unique(parent, return_inverse=True)[1] + 1
    return labels


def _touching(cell: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The numbers of all pairs of cells that touch; -1 stands where there is no cell."""
    pairs = (
        (cell[:, :-1], cell[:, 1:]),
        (cell[:-1], cell[1:]),
        (cell[:-1, :-1], cell[1:, 1:]),
        (cell[:-1, 1:], cell[1:, :-1]),
    )
    both = [(a >= 0) & (b >= 0) for a, b in pairs]
    firsts = [a[there] for (a, _), there in zip(pairs, both, strict=True)]
    seconds = [b[there] for (_, b), there in zip(pairs, both, strict=True)]
    return np.concatenate(firsts), np.concatenate(seconds)
