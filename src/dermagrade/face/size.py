"""How large a face is in a photo, from the known distance between the person's pupils."""

from __future__ import annotations

import math

from dermagrade.errors import UsageError
from dermagrade.types import FaceMap

#: Distances between the pupils that people have, in millimetres, children and the widest of adults included.
#: Source: Dodgson NA. Variation and extrema of human interpupillary distance. Proc SPIE 2004;5291:36-46.
PUPIL_DISTANCE_MM = (40.0, 80.0)

#: Turned further than this the far eye is half hidden, and the turn is not known well enough to correct for it.
MOST_YAW_DEG = 30.0


def check_pupil_distance(pupil_distance_mm: float | None) -> None:
    """Checks that a distance is one that adults have; None passes.

    Raises:
        UsageError: if it is not between 40 and 80 mm.
    """
    low, high = PUPIL_DISTANCE_MM
    if pupil_distance_mm is not None and not low <= pupil_distance_mm <= high:
        raise UsageError(f"The distance between the pupils must be {low:g} to {high:g} mm, not {pupil_distance_mm:g}.")


def px_per_mm(face: FaceMap, pupil_distance_mm: float) -> float | None:
    """Pixels of ``Photo.pixels`` for a millimetre, at the depth of the eyes.

    The distance between the eyes in the photo, divided by the cosine of the head's turn, over the given distance. What
    lies nearer to the camera than the eyes, such as the nose, is larger, and skin that slants away is shorter.

    Args:
        face: the face.
        pupil_distance_mm: measured on the person, 40 to 80.

    Returns:
        The number; None where an eye is not seen or the head is turned by more than 30 degrees.

    Raises:
        UsageError: as for :func:`check_pupil_distance`.
    """
    check_pupil_distance(pupil_distance_mm)
    if not {"right_eye", "left_eye"} <= set(face.points) or abs(face.yaw_deg) > MOST_YAW_DEG:
        return None
    apart = math.dist(face.points["right_eye"], face.points["left_eye"])
    return apart / math.cos(math.radians(face.yaw_deg)) / pupil_distance_mm if apart > 0 else None
