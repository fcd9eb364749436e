"""The colour of visible skin: the individual typology angle, and the group of skin tone that it gives.

The angle of a photo depends on its light and on the camera's white balance. Without a colour chart in the picture it
orders photos by how light their skin looks; it is no measurement of the person, and no Fitzpatrick type.
"""

from __future__ import annotations

import numpy as np

from dermagrade.light import lab
from dermagrade.types import ZONES, FaceMap, Photo

#: Fewer pixels of visible skin say nothing about its colour.
LEAST_PIXELS = 400

#: More pixels than this make the median no better.
MOST_PIXELS = 50_000

#: Groups of skin tone by the angle in degrees above which each begins, from light to dark.
#: Source: Del Bino S, Bernerd F. Variations in skin colour and the biological consequences of ultraviolet radiation
#: exposure. Br J Dermatol 2013;169(s3):33-40.
TONES: tuple[tuple[str, float], ...] = (
    ("very light", 55.0),
    ("light", 41.0),
    ("intermediate", 28.0),
    ("tan", 10.0),
    ("brown", -30.0),
    ("dark", -90.0),
)


def typology_angle(lightness: float, b: float) -> float | None:
    """Individual typology angle: ``atan((L* - 50) / b*)`` in degrees, -90 to 90, higher on lighter skin.

    Source: Chardon A, Cretois I, Hourseau C. Skin colour typology and suntanning pathways. Int J Cosmet Sci
    1991;13(4):191-208.

    Args:
        lightness: L*, 0 to 100.
        b: b*, yellow above 0.

    Returns:
        The angle; None where b* is not above 0. Skin is yellowish in any white light, so such a colour is that of a
        lamp or of a filter.
    """
    return None if b <= 0 else float(np.degrees(np.arctan2(lightness - 50.0, b)))


def skin_angle(photo: Photo, face: FaceMap) -> float | None:
    """The typology angle of a photo's visible skin.

    L* and b* are medians over the zones that were found, without pixels burnt out to white or drowned in black, so
    lesions, shine and stray hair matter little.

    Args:
        photo: the photo.
        face: its zones.

    Returns:
        Degrees; None where fewer than 400 pixels of skin are left or the light is too blue.
    """
    numbers = [ZONES.index(zone) + 1 for zone in face.found]
    skin = photo.pixels[np.isin(face.label_map, numbers)]
    skin = skin[:: -(-len(skin) // MOST_PIXELS) or 1]
    burnt = ((skin >= 254).sum(axis=1) >= 2) | (skin <= 2).all(axis=1)
    skin = skin[~burnt]
    if len(skin) < LEAST_PIXELS:
        return None
    lightness, _, b = np.median(lab(skin), axis=0)
    return typology_angle(float(lightness), float(b))


def tone_of(angle_deg: float) -> str:
    """The group of skin tone that an angle belongs to, one of :data:`TONES`; an edge belongs to the darker group."""
    return next((name for name, above in TONES if angle_deg > above), TONES[-1][0])
