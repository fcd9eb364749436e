"""The outline of a mask's largest part."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dermagrade.face.outline import largest_part, smoothed, trace


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
