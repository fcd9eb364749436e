"""A drawn head seen from any side, with lesions at known places of it: the same skin in several photos.

The head is an upright cylinder. A place on it is an angle in degrees, 0 at the tip of the nose and positive on the
person's left, and a height from 0 at the hairline to 1 at the chin. The network of :mod:`red_dots` counts the lesions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from dermagrade.types import ZONES, FaceMap, Photo, Zone
from red_dots import GREY, paint

#: Each zone's angles, left edge last, and heights.
_BANDS = {
    "forehead": (-50, 50, 0.0, 0.3),
    "nose": (-15, 15, 0.3, 0.7),
    "left_cheek": (15, 85, 0.4, 0.75),
    "right_cheek": (-85, -15, 0.4, 0.75),
    "chin": (-45, 45, 0.75, 1.0),
}
_POINTS = {
    "right_eye": (-25, 0.35),
    "left_eye": (25, 0.35),
    "nose_tip": (0, 0.6),
    "mouth_right": (-15, 0.8),
    "mouth_left": (15, 0.8),
    "chin": (0, 1.0),
}
#: Skin is seen up to this angle away from the camera.
_SEEN_DEG = 75.0

Place = tuple[float, float]


def head(lesions: Sequence[Place] = (), *, yaw_deg: float = 0.0, size: int = 320) -> tuple[Photo, FaceMap]:
    """A photo of the head, turned to its own left by ``yaw_deg``, and the face in it, which fills it."""

    def at(angle: float, height: float) -> tuple[float, float]:
        return size / 2 * (1 + np.sin(np.radians(angle + yaw_deg))), height * size

    pixels = np.full((size, size, 3), GREY, np.uint8)
    blank = Photo(pixels, "0" * 64, size, size)
    for angle, height in lesions:
        if abs(angle + yaw_deg) < _SEEN_DEG:
            x, y = at(angle, height)
            paint(blank, round(x), round(y))
    seen_at = np.degrees(np.arcsin((np.arange(size) + 0.5) * 2 / size - 1))
    angles = np.where(np.abs(seen_at) < _SEEN_DEG, seen_at - yaw_deg, np.nan)
    labels = np.zeros((size, size), np.uint8)
    zones = {}
    for number, name in enumerate(ZONES, 1):
        low, high, top, bottom = _BANDS[name]
        columns = np.flatnonzero((angles >= low) & (angles < high))
        rows = slice(round(top * size), round(bottom * size))
        labels[rows, columns] = number
        visible = max(0.0, min(high, _SEEN_DEG - yaw_deg) - max(low, -_SEEN_DEG - yaw_deg)) / (high - low)
        corners = [(columns[0], top * size), (columns[-1], top * size), (columns[-1], bottom * size)]
        zones[name] = Zone(name, visible, np.array(corners, np.float64)) if visible else Zone(name, 0, np.zeros((0, 2)))
    points = {name: at(*place) for name, place in _POINTS.items() if abs(place[0] + yaw_deg) < 90}
    face = FaceMap((0.0, 0.0, float(size), float(size)), points, yaw_deg, 0.0, 0.0, labels, zones, 1.0)
    digest = hashlib.sha256(pixels.tobytes() + str(yaw_deg).encode()).hexdigest()
    return Photo(pixels, digest, size, size, f"yaw{yaw_deg:+.0f}.png"), face
