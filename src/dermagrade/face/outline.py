"""Outlines of parts of a mask: the largest connected part, the polygon around it, and that polygon without stairs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: The cells (row, column from a corner) ahead on the left and right hand, by the direction of the walk.
_AHEAD = {
    (1, 0): ((-1, 0), (0, 0)),
    (0, 1): ((0, 0), (0, -1)),
    (-1, 0): ((0, -1), (-1, -1)),
    (0, -1): ((-1, -1), (-1, 0)),
}


def largest_part(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest part of ``(h, w)`` mask whose cells hang together by their sides; all False stays so."""
    height, width = mask.shape
    left = mask.copy()
    best: list[tuple[int, int]] = []
    for y, x in np.argwhere(mask):
        if not left[y, x]:
            continue
        left[y, x] = False
        part = [(int(y), int(x))]
        for cy, cx in part:  # the list grows while it is walked
            for ny, nx in ((cy - 1, cx), (cy + 1, cx), (cy, cx - 1), (cy, cx + 1)):
                if 0 <= ny < height and 0 <= nx < width and left[ny, nx]:
                    left[ny, nx] = False
                    part.append((ny, nx))
        if len(part) > len(best):
            best = part
    out = np.zeros_like(mask)
    for y, x in best:
        out[y, x] = True
    return out


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
