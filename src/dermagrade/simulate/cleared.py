"""Takes brown mottling out of a face, so that what is painted afterwards is all that is there.

Real skin is never even: freckles, marks and shadows with a tint are in every photo, and no grade of them exists. The
amount of melanin (:mod:`dermagrade.face.chromophores`) is brought to its own broad mean; shade, redness, pores and
grain stay. The face looks retouched. It is simulated, and has to be called so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dermagrade.face.chromophores import MELANIN, MELANIN_LUMINANCE, UNMIX, from_density, luminance_density, to_density
from dermagrade.simulate.texture import Grid, blurred, resized

# As shares of the face's width: mottling is what is finer than the first and coarser than the second.
_BROAD, _FINE = 0.03, 0.004
# The mean is taken on a grid of this many pixels at most, in each direction.
_MOST_PX = 256
# Units of melanin; what differs more from the skin around it is a hair, a nostril or a deep fold.
_MOST = 0.35 / MELANIN_LUMINANCE


def clear_pigment(
    pixels: NDArray[np.uint8], label_map: NDArray[np.uint8], *, face_width_px: float, share: float = 1.0
) -> NDArray[np.uint8]:
    """Evens out the melanin of a face's zones.

    Args:
        pixels: ``(h, w, 3)`` uint8, sRGB; not changed.
        label_map: ``(h, w)`` uint8, 0 for no zone.
        face_width_px: width of the face in pixels, cheek to cheek.
        share: how much of the mottling is taken out, 0 to 1.

    Returns:
        ``(h, w, 3)`` uint8.

    Raises:
        ValueError: if shapes disagree or a number is out of range.
    """
    if label_map.shape != pixels.shape[:2] or not 0 <= share <= 1 or face_width_px <= 0:
        raise ValueError("label_map must fit pixels, share be 0 to 1 and face_width_px above 0")
    skin = label_map > 0
    rows, columns = np.flatnonzero(skin.any(axis=1)), np.flatnonzero(skin.any(axis=0))
    if share == 0 or not len(rows):
        return pixels.copy()
    margin = round(0.05 * face_width_px)
    window = (
        slice(max(0, int(rows[0]) - margin), int(rows[-1]) + 1 + margin),
        slice(max(0, int(columns[0]) - margin), int(columns[-1]) + 1 + margin),
    )
    part, inside = pixels[window], skin[window].astype(np.float32)
    density = to_density(part)
    melanin = density @ UNMIX[0]
    # What is no skin must not be smeared over the edge: means are of skin alone.
    over = _standing_out(melanin, inside, face_width_px)
    darker = _standing_out(luminance_density(density), inside, face_width_px) / MELANIN_LUMINANCE
    limit = np.clip(darker, -_MOST, _MOST)
    over = np.clip(over, np.minimum(limit, 0), np.maximum(limit, 0))
    fade = np.clip(2 * blurred(inside, 0.01 * face_width_px) - 0.5, 0, 1) * inside
    taken = np.float32(share) * fade * over
    cleared = pixels.copy()
    cleared[window] = from_density(density - taken[..., None] * MELANIN.astype(np.float32))
    cleared[window][taken == 0] = part[taken == 0]
    return cleared


def _standing_out(values: Grid, inside: Grid, face_width_px: float) -> Grid:
    """What is coarser than grain and finer than the face's own shape."""
    own = _mean(values, inside, _FINE * face_width_px)
    return np.asarray(own - _broad_mean(own, inside, face_width_px), np.float32)


def _mean(values: Grid, weight: Grid, sigma_px: float) -> Grid:
    return np.asarray(blurred(values * weight, sigma_px) / np.maximum(blurred(weight, sigma_px), 1e-3), np.float32)


def _broad_mean(values: Grid, inside: Grid, face_width_px: float) -> Grid:
    """The broad mean of the skin between the spots: what stands out is left out and the mean taken again."""
    step = max(1, int(np.ceil(max(values.shape) / _MOST_PX)))
    small, weight = np.ascontiguousarray(values[::step, ::step]), np.ascontiguousarray(inside[::step, ::step])
    sigma = _BROAD * face_width_px / step
    for _ in range(2):
        broad = _mean(small, weight, sigma)
        off = small - broad
        spread = float(np.sqrt((weight * off**2).sum() / max(float(weight.sum()), 1.0)))
        weight = weight * (np.abs(off) < 1.5 * max(spread, 1e-4))
    return resized(_mean(small, np.maximum(weight, 1e-4), sigma), (values.shape[0], values.shape[1]))
