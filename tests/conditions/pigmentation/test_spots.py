"""Spots are what hangs together by sides or corners, whatever its shape."""

import numpy as np
import pytest

from dermagrade.conditions.pigmentation.spots import label_spots


def by_flooding(mask):
    """The same by walking from cell to cell."""
    labels = np.zeros(mask.shape, int)
    count = 0
    for start in np.argwhere(mask):
        if labels[tuple(start)]:
            continue
        count += 1
        heap = [tuple(start)]
        labels[heap[0]] = count
        while heap:
            y, x = heap.pop()
            for ny in range(max(0, y - 1), min(mask.shape[0], y + 2)):
                for nx in range(max(0, x - 1), min(mask.shape[1], x + 2)):
                    if mask[ny, nx] and not labels[ny, nx]:
                        labels[ny, nx] = count
                        heap.append((ny, nx))
    return labels


@pytest.mark.parametrize("share", [0.02, 0.2, 0.4, 0.6, 1.0])
@pytest.mark.parametrize("shape", [(1, 1), (1, 17), (17, 1), (40, 31)])
def test_it_agrees_with_walking_from_cell_to_cell(share, shape):
    mask = np.random.default_rng(int(100 * share) + shape[0]).random(shape) < share
    assert np.array_equal(label_spots(mask), by_flooding(mask))


def test_a_spiral_is_one_spot():
    mask = np.zeros((41, 41), bool)
    y, x, step, direction = 0, 0, 40, 0
    mask[0, 0] = True
    while step > 1:
        for _ in range(2 if direction else 1):
            dy, dx = ((0, 1), (1, 0), (0, -1), (-1, 0))[direction % 4]
            for _ in range(step):
                y, x = y + dy, x + dx
                mask[y, x] = True
            direction += 1
        step -= 2
    assert label_spots(mask).max() == by_flooding(mask).max() == 1


def test_cells_that_touch_by_a_corner_are_one_spot_and_others_are_not():
    assert label_spots(np.eye(5, dtype=bool)).max() == 1
    apart = np.zeros((5, 5), bool)
    apart[::2, ::2] = True
    assert label_spots(apart).max() == 9


def test_nothing_has_no_spots():
    assert not label_spots(np.zeros((4, 6), bool)).any()
