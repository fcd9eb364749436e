"""Paints mottled brown pigmentation onto a face, as melanin, with the truth at every pixel.

The skin of a photo is taken as layers of pigment (:mod:`dermagrade.face.chromophores`), and melanin is added to its
density, so pores, hairs and grain stay visible through the paint and no tone of skin needs a palette of its own. Where
it lies is drawn by :mod:`dermagrade.simulate.mottling`.

What comes out is simulated, and has to be called so wherever it is shown or measured.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from dermagrade.face.chromophores import (
    HAEMOGLOBIN,
    MELANIN,
    MELANIN_LUMINANCE,
    from_density,
    luminance_density,
    to_density,
)
from dermagrade.light import LUMINANCE
from dermagrade.simulate.mottling import canvas_of, draw_pattern
from dermagrade.simulate.painted_pigment import PALE_SHARE, PaintedPigment, check_painting, parts_in_load, unpainted
from dermagrade.simulate.texture import resized


def paint_pigment(
    pixels: NDArray[np.uint8],
    label_map: NDArray[np.uint8],
    *,
    face_width_px: float,
    load: float,
    seed: int,
    zone_weights: Mapping[str, float] | None = None,
) -> PaintedPigment:
    """Paints patches of brown whose load on the face is the one wished for.

    How many patches, of which kinds, how dark, how far spread and whether pale spots lie between them is chosen by
    chance among what gives that load. The same arguments give the same picture.

    Args:
        pixels: ``(h, w, 3)`` uint8, sRGB; not changed.
        label_map: ``(h, w)`` uint8, 0 for no zone, else 1 + index into :data:`~dermagrade.types.ZONES`.
        face_width_px: width of the face in pixels, cheek to cheek.
        load: mean over the zones' skin of the excess density, pale spots counted half; 0 to 0.4.
        seed: of the random numbers.
        zone_weights: zone name to its part in the load; by area where None.

    Returns:
        The painted picture and its truth. The load is met to about a hundredth of itself.

    Raises:
        ValueError: if shapes disagree, no pixel belongs to a zone, or a number is out of range.
    """
    check_painting(pixels, label_map, face_width_px=face_width_px, load=load)
    if load == 0:
        return unpainted(pixels)
    rng = np.random.default_rng([seed, 11])
    canvas = canvas_of(label_map, face_width_px, zone_weights)
    amount, red, parameters = draw_pattern(rng, canvas, load)

    window = (canvas.rows, canvas.columns)
    before = to_density(pixels[window])
    shape = before.shape[:2]
    fine = resized(amount, shape)[..., None] * _direction(rng) + resized(red, shape)[..., None] * HAEMOGLOBIN
    weight, base = parts_in_load(label_map[window], zone_weights), luminance_density(before)
    factor = 1.0
    for _ in range(3):  # what a unit of melanin does to luminance depends on the skin, so the strength is corrected
        # Dark paint cannot go below black, and pale spots not above the light that fell in.
        after = np.maximum(before + np.float32(factor) * fine, 0).astype(np.float32)
        rendered = luminance_density(after) - base
        reached = float((weight * np.where(rendered > 0, rendered, -PALE_SHARE * rendered)).sum())
        if abs(reached - load) < 0.005 * load or reached <= 0:
            break
        factor *= load / reached
    touched = np.abs(rendered) > 5e-4
    painted = pixels.copy()
    painted[window][touched] = from_density(after[touched])
    excess = np.zeros(label_map.shape, np.float32)
    excess[window] = np.where(touched, rendered, 0)
    return PaintedPigment(painted, excess, excess > 0.03, parameters | {"load": reached, "method": "melanin"})


def _direction(rng: Generator) -> NDArray[np.float32]:
    """Melanin's colour, browner, redder or greyer: deep pigment looks grey, and what was inflamed is a little red."""
    slope = MELANIN ** rng.uniform(0.6, 1.3) + rng.uniform(0, 0.25) * HAEMOGLOBIN
    slope *= MELANIN_LUMINANCE / float(LUMINANCE @ slope)
    grey = rng.uniform(0, 0.5)
    return np.asarray((1 - grey) * slope + grey * MELANIN_LUMINANCE, np.float32)
