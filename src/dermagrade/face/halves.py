"""The halves of a face: which points lie on the person's own left."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dermagrade.types import FaceMap


def left_half(face: FaceMap, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points lie on the left half of the face, left being the person's own (the viewer's right).

    The halves meet in a line that runs from between the eyes over the tip of the nose and the middle of the mouth to
    the chin, as far as these are seen, and goes straight on above and below, along the axis of the face.

    Args:
        face: any face; the halves mean most on a frontal one.
        x: in pixels of ``Photo.pixels``.
        y: likewise, of a shape that broadcasts with ``x``.
    """
    middle = _middle_points(face)
    if len(middle) > 1:
        down = middle[-1] - middle[0]
        down = down / np.hypot(*down)
    else:  # roll is clockwise as the viewer sees it, and y points down
        roll = np.radians(face.roll_deg)
        down = np.array([-np.sin(roll), np.cos(roll)])
        middle = middle or [np.array([(face.box[0] + face.box[2]) / 2, (face.box[1] + face.box[3]) / 2])]
    leftwards = np.array([down[1], -down[0]])
    knots = np.array(middle)
    along, across = knots @ down, knots @ leftwards
    order = np.argsort(along)
    line = np.interp(x * down[0] + y * down[1], along[order], across[order])
    return np.asarray(x * leftwards[0] + y * leftwards[1] > line)


def _middle_points(face: FaceMap) -> list[NDArray[np.float64]]:
    """The points in the middle of the face that are seen, from the eyes to the chin."""
    groups = (("right_eye", "left_eye"), ("nose_tip",), ("mouth_right", "mouth_left"), ("chin",))
    return [
        np.mean([face.points[name] for name in names], axis=0)
        for names in groups
        if all(name in face.points for name in names)
    ]
