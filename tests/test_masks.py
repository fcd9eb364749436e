"""Parts of a mask, what grows and shrinks, hulls and outlines: what the plain and slow ways say too."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dermagrade.masks import (
    convex_hull,
    grown,
    label_parts,
    largest_part,
    opened,
    parts_with,
    smoothed,
    trace,
)

SMALL_MASKS = arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.booleans())


def area(polygon: np.ndarray) -> float:
    """Signed area by the shoelace formula."""
    x, y = polygon.T
    return 0.5 * float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())


def test_of_two_parts_the_larger_is_kept() -> None:
    mask = np.zeros((8, 8), bool)
    mask[0:2, 0:2] = True
    mask[4:8, 4:7] = True
    assert largest_part(mask).sum() == 12
    assert not largest_part(mask)[0, 0]


def test_parts_that_touch_at_a_corner_only_are_two() -> None:
    mask = np.eye(3, dtype=bool)
    assert largest_part(mask).sum() == 1


def test_the_outline_of_a_rectangle_runs_along_its_edges() -> None:
    mask = np.zeros((10, 12), bool)
    mask[2:6, 3:9] = True
    outline = trace(mask)
    assert outline[:, 0].min() == 3
    assert outline[:, 0].max() == 9
    assert outline[:, 1].min() == 2
    assert outline[:, 1].max() == 6
    # The corners are cut by half a cell each way: four triangles of 1/8.
    assert abs(area(outline) - (24 - 0.5)) < 1e-9


def test_nothing_has_no_outline() -> None:
    assert trace(np.zeros((5, 5), bool)).shape == (0, 2)


@settings(deadline=None)
@given(arrays(bool, (9, 9), elements=st.booleans()))
def test_any_part_has_an_outline_that_ends_and_holds_about_its_area(mask: np.ndarray) -> None:
    part = largest_part(mask)
    outline = trace(part)
    if not part.any():
        assert len(outline) == 0
        return
    assert outline.min() >= 0
    assert outline.max() <= 9
    # Cut corners lose or win an eighth each; holes count as filled.
    assert area(outline) >= 0.45 * part.sum()
    assert area(outline) <= 81


def test_a_smoothed_outline_is_rounder_and_nearly_as_large() -> None:
    ys, xs = np.mgrid[0:40, 0:40]
    disc = (ys - 20) ** 2 + (xs - 20) ** 2 < 15**2
    outline = smoothed(trace(disc))
    assert len(outline) == 64
    radii = np.hypot(*(outline - outline.mean(0)).T)
    assert radii.std() < 0.3
    assert abs(area(outline) - disc.sum()) < 0.05 * disc.sum()


def by_flooding(mask, corners=True):
    """The numbers of a mask's parts by walking from cell to cell."""
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
                    if mask[ny, nx] and not labels[ny, nx] and (corners or ny == y or nx == x):
                        labels[ny, nx] = count
                        heap.append((ny, nx))
    return labels


@pytest.mark.parametrize("share", [0.02, 0.2, 0.4, 0.6, 1.0])
@pytest.mark.parametrize("shape", [(1, 1), (1, 17), (17, 1), (40, 31)])
def test_it_agrees_with_walking_from_cell_to_cell(share, shape):
    mask = np.random.default_rng(int(100 * share) + shape[0]).random(shape) < share
    assert np.array_equal(label_parts(mask), by_flooding(mask))


def test_a_spiral_is_one_part():
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
    assert label_parts(mask).max() == by_flooding(mask).max() == 1


def test_cells_that_touch_by_a_corner_are_one_part_and_others_are_not():
    assert label_parts(np.eye(5, dtype=bool)).max() == 1
    apart = np.zeros((5, 5), bool)
    apart[::2, ::2] = True
    assert label_parts(apart).max() == 9


def test_nothing_has_no_parts():
    assert not label_parts(np.zeros((4, 6), bool)).any()


@given(SMALL_MASKS, st.booleans())
def test_parts_of_any_mask_agree_with_walking(mask, corners):
    assert np.array_equal(label_parts(mask, corners=corners), by_flooding(mask, corners))


@given(SMALL_MASKS)
def test_the_largest_part_is_the_first_of_the_largest(mask):
    labels = by_flooding(mask, corners=False)
    sizes = [int((labels == number).sum()) for number in range(1, labels.max() + 1)]
    wanted = labels == 1 + sizes.index(max(sizes)) if sizes else mask
    assert np.array_equal(largest_part(mask), wanted)


@given(arrays(bool, (2, 7, 8), elements=st.booleans()))
def test_the_parts_with_a_seed_are_what_grows_from_it(seed_and_mask):
    seed, mask = seed_and_mask
    reached = seed & mask
    while (more := grown(reached, 1) & mask).sum() > reached.sum():
        reached = more
    assert np.array_equal(parts_with(seed, mask), reached)


@given(SMALL_MASKS, st.integers(0, 3))
def test_a_grown_mask_is_all_within_so_many_steps(mask, steps):
    wanted = np.zeros_like(mask)
    for y, x in np.argwhere(mask):
        wanted[max(0, y - steps) : y + steps + 1, max(0, x - steps) : x + steps + 1] = True
    assert np.array_equal(grown(mask, steps), wanted)


@given(SMALL_MASKS, st.integers(0, 2))
def test_opening_takes_away_and_does_so_once(mask, steps):
    once = opened(mask, steps)
    assert not (once & ~mask).any()
    assert np.array_equal(opened(once, steps), once)


def test_opening_takes_a_line_and_leaves_a_square():
    mask = np.zeros((12, 12), bool)
    mask[2:7, 2:7] = mask[9, :] = True
    assert np.array_equal(opened(mask, 1), mask & (np.arange(12)[:, None] < 8))


@given(SMALL_MASKS)
def test_a_hull_holds_its_mask_and_the_middle_between_any_two_of_its_cells(mask):
    hull = convex_hull(mask)
    assert not (mask & ~hull).any()
    cells = np.argwhere(mask)
    for first in cells:
        for second in cells:
            if not ((first + second) % 2).any():
                assert hull[tuple((first + second) // 2)]
    assert hull.any() == mask.any()
