"""Masks: connected parts, growing and opening, convex hulls, outlines.

A mask is ``(h, w)`` bool. scipy and OpenCV do the same, and neither fits the base install.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

#: The cells (row, column from a corner) ahead on the left and right hand, by the direction of the walk.
_AHEAD = {
    (1, 0): ((-1, 0), (0, 0)),
    (0, 1): ((0, 0), (0, -1)),
    (-1, 0): ((0, -1), (-1, -1)),
    (0, -1): ((-1, -1), (-1, 0)),
}


def label_parts(mask: Mask, *, corners: bool = True) -> NDArray[np.int32]:
    """Numbers the connected parts of a mask.

    Every cell starts as a part of its own. Then, again and again, each part joins the lowest part that it touches,
    until nothing changes; whole arrays at a time, so its duration hardly depends on the shapes. Parts are numbered in
    the order of their first cells, row by row.

    Source: Shiloach Y, Vishkin U. An O(log n) parallel connectivity algorithm. J Algorithms 1982;3(1):57-67.

    Args:
        mask: ``(h, w)``.
        corners: whether cells that touch only at a corner belong to one part.

    Returns:
        ``(h, w)``: 0 outside the mask, else the number of the part, from 1.
    """
    labels = np.zeros(mask.shape, np.int32)
    if not mask.any():
        return labels
    cell = np.full(mask.shape, -1)
    cell[mask] = np.arange(np.count_nonzero(mask))
    first, second = _touching(cell, corners)
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


def _touching(cell: NDArray[np.int64], corners: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The numbers of all pairs of cells that touch; -1 stands where there is no cell."""
    pairs = [(cell[:, :-1], cell[:, 1:]), (cell[:-1], cell[1:])]
    if corners:
        pairs += [(cell[:-1, :-1], cell[1:, 1:]), (cell[:-1, 1:], cell[1:, :-1])]
    both = [(a >= 0) & (b >= 0) for a, b in pairs]
    firsts = [a[there] for (a, _), there in zip(pairs, both, strict=True)]
    seconds = [b[there] for (_, b), there in zip(pairs, both, strict=True)]
    return np.concatenate(firsts), np.concatenate(seconds)


def largest_part(mask: Mask) -> Mask:
    """The largest part whose cells touch by their sides, the first of equals; an empty mask stays so."""
    if not mask.any():
        return mask.copy()
    labels = label_parts(mask, corners=False)
    sizes = np.bincount(labels.ravel())
    return np.asarray(labels == 1 + sizes[1:].argmax())


def parts_with(seed: Mask, mask: Mask) -> Mask:
    """The parts of a mask, connected by sides or corners, that hold a pixel of the seed."""
    labels = label_parts(mask)
    return np.isin(labels, labels[seed & mask])


def grown(mask: Mask, steps: int) -> Mask:
    """A mask and all within ``steps`` pixels of it, to the sides and along the diagonals."""
    for _ in range(steps):
        wide = np.pad(mask, 1)
        mask = wide[1:-1, :-2] | wide[1:-1, 2:] | wide[1:-1, 1:-1]
        tall = np.pad(mask, 1)
        mask = tall[:-2, 1:-1] | tall[2:, 1:-1] | tall[1:-1, 1:-1]
    return mask


def opened(mask: Mask, steps: int) -> Mask:
    """A mask without what is narrower than ``2 * steps + 1`` pixels."""
    return grown(~grown(~mask, steps), steps) & mask


def convex_hull(mask: Mask) -> Mask:
    """The convex hull of a mask, by 36 straight edges; an empty mask stays so."""
    ys, xs = np.nonzero(mask)
    hull = np.ones(mask.shape, bool)
    if not len(xs):
        return mask
    rows, columns = np.mgrid[: mask.shape[0], : mask.shape[1]]
    for turn in np.radians(np.arange(0, 360, 10)):
        c, s = np.cos(turn), np.sin(turn)
        hull &= columns * c + rows * s <= (xs * c + ys * s).max() + 0.01
    return hull


def trace(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The outer outline of a mask of one part: ``(n, 2)`` x, y of corners in cells, smoothed; empty for no part.

    It walks the edges between cells with the part on its right hand, then takes the middles of the edges, which
    turns the stairs of a slanted border into a line, and drops middles on a straight line.
    """
    padded = np.pad(mask, 1)
    rows, columns = np.nonzero(padded)
    if not len(rows):
        return np.zeros((0, 2))
    # The first cell in reading order has no part above it: its upper edge is on the outline, walked to the right.
    start = (int(columns[0]), int(rows[0]))
    x, y = start
    direction = (1, 0)
    middles: list[tuple[float, float]] = []
    while True:
        dx, dy = direction
        middles.append((x + dx / 2 - 1, y + dy / 2 - 1))
        x, y = x + dx, y + dy
        if (x, y) == start:
            break
        left, right = _AHEAD[direction]
        if not padded[y + right[0], x + right[1]]:
            direction = (-dy, dx)
        elif padded[y + left[0], x + left[1]]:
            direction = (dy, -dx)
    points = np.array(middles)
    before, after = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
    into, out = points - before, after - points
    bend = into[:, 0] * out[:, 1] - into[:, 1] * out[:, 0]
    return points[np.abs(bend) > 1e-9] if (np.abs(bend) > 1e-9).sum() >= 3 else points


def smoothed(polygon: NDArray[np.float64], corners: int = 64) -> NDArray[np.float64]:
    """A closed polygon brought to this many corners at even steps along it, each averaged with its neighbours.

    It takes the stairs off an outline that was traced on a grid. A polygon of fewer than three corners stays as it is.
    """
    if len(polygon) < 3:
        return polygon
    closed = np.concatenate([polygon, polygon[:1]])
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(closed, axis=0).T))])
    at = np.linspace(0.0, along[-1], corners, endpoint=False)
    even = np.column_stack([np.interp(at, along, closed[:, axis]) for axis in (0, 1)])
    averaged: NDArray[np.float64] = (np.roll(even, 1, axis=0) + 2 * even + np.roll(even, -1, axis=0)) / 4
    return averaged
