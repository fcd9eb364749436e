"""Paints confounders of pigment onto a face: redness, shadowed eyes, light from one side, shine, a shaven beard.

None of them changes how much brown pigment the skin holds, so no grade of it may follow them. A network learns that
from pictures which differ in them and share a grade, and is measured on others. Pictures are changed in linear light as
in :mod:`~dermagrade.simulate.lesions`, ``out = in * exp(-density)``, along the directions of
:mod:`~dermagrade.face.chromophores`; shine is light added.

What comes out is simulated, and has to be called so wherever it is shown or measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from dermagrade.face.chromophores import HAEMOGLOBIN, MELANIN
from dermagrade.simulate.coarse import Coarse, CoarseFace
from dermagrade.simulate.relight import darken, lighten
from dermagrade.types import Box

Confounder = Literal["erythema", "socket_shadow", "uneven_light", "shine", "stubble"]

#: Everything that :func:`disturb` can paint.
CONFOUNDERS: tuple[Confounder, ...] = get_args(Confounder)

Points = Mapping[str, tuple[float, float]]
#: Amount at each pixel, and the density in red, green and blue of one unit of it.
Layer = tuple[Coarse, NDArray[np.float64]]

# Cells of the coarse grid across a face: what is painted here is smooth, but for stubble.
_CELLS = 56
# Dots of stubble across a face.
_DOTS = 420
# Depth of a dot by chance: none at most places.
_HAIR = np.clip(np.arange(256, dtype=np.float32) - 220, 0, None) / np.float32(36)
# Where the eyes are in a frontal face's box, as shares of its sides, and how far apart, as a share of its width.
_EYES: Mapping[str, tuple[float, float]] = MappingProxyType({"right_eye": (0.31, 0.36), "left_eye": (0.69, 0.36)})
_EYES_APART = 0.40


def disturb(
    pixels: NDArray[np.uint8],
    label_map: NDArray[np.uint8],
    *,
    box: Box,
    kind: Confounder,
    strength: float,
    seed: int,
    points: Points | None = None,
) -> NDArray[np.uint8]:
    """Paint one thing that is no pigment.

    Args:
        pixels: ``(h, w, 3)`` uint8, sRGB; not changed.
        label_map: ``(h, w)`` uint8, 0 for no zone, else 1 + index into :data:`~dermagrade.types.ZONES`.
        box: x0, y0, x1, y1 of the face in pixels.
        kind: ``erythema``, blood that flushes cheeks and nose, patchy; ``socket_shadow``, the dark of deep-set eyes;
            ``uneven_light``, from one side and slightly coloured; ``shine``, light that forehead, nose and cheeks
            mirror; ``stubble``, dark dots and a blue-grey cast on chin and upper lip.
        strength: 0 to 1; 1 is as strong as it is met with in ordinary photos, 0 gives the same bytes back.
        seed: of the random numbers.
        points: the face's key points; for ``socket_shadow`` the eyes are guessed from the box where None. An eye that
            is absent from them gets no shadow.

    Returns:
        ``(h, w, 3)`` uint8.

    Raises:
        ValueError: if shapes disagree, the kind is unknown, or a number is out of range.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8:
        raise ValueError(f"pixels must be (h, w, 3) uint8, not {pixels.shape} {pixels.dtype}")
    if label_map.shape != pixels.shape[:2]:
        raise ValueError(f"label_map must be {pixels.shape[:2]}, not {label_map.shape}")
    if kind not in CONFOUNDERS:
        raise ValueError(f"no such kind: {kind}; there are {', '.join(CONFOUNDERS)}")
    if not 0.0 <= strength <= 1.0 or box[2] <= box[0] or box[3] <= box[1]:
        raise ValueError(f"strength must be 0 to 1 and the box not empty, not {strength} and {box}")
    if strength == 0.0:
        return pixels.copy()
    rng = np.random.default_rng([seed, CONFOUNDERS.index(kind)])
    face = CoarseFace.of(pixels, label_map, face_width_px=box[2] - box[0], cells=_CELLS)
    power = np.float32(strength)
    if kind == "shine":
        return lighten(pixels, np.maximum(face.grown(_shine(face, box, rng) * power), 0))
    return darken(pixels, [(amount * power, tint) for amount, tint in _KINDS[kind](face, box, points, rng)])


def _erythema(face: CoarseFace, box: Box, points: Points | None, rng: Generator) -> list[Layer]:
    """A flush that is strongest on the cheeks and the nose, patchy, with an outline that no zone has."""
    width = box[2] - box[0]
    rest = rng.uniform(0.1, 0.5)
    shares = {"left_cheek": 1.0, "right_cheek": 1.0, "nose": 1.0, "forehead": rest, "chin": rest}
    flush = face.zones(shares, 0.09 * width)
    patches = np.clip(0.55 + 0.55 * face.grain(rng, 0.30 * width, octaves=3), 0, 1.8)
    return [(face.grown(flush * patches * face.skin(0.05 * width)), HAEMOGLOBIN)]


def _socket_shadow(face: CoarseFace, box: Box, points: Points | None, rng: Generator) -> list[Layer]:
    """Shade around each eye: deepest by the root of the nose, with a hollow below the lower lid."""
    found = {name: points[name] for name in _EYES if name in points} if points is not None else _guessed(box)
    if len(found) == 2:
        (xa, ya), (xb, yb) = found.values()
        apart = max(float(np.hypot(xb - xa, yb - ya)), 0.2 * (box[2] - box[0]))
    else:
        apart = _EYES_APART * (box[2] - box[0])
    amount = np.zeros(face.labels.shape, np.float32)
    deep, hollow, wide = rng.uniform(0.45, 0.75), rng.uniform(0.2, 0.5), rng.uniform(0.34, 0.44)
    for name, (ex, ey) in found.items():
        # The person's right eye is on the left of the picture; the nose lies on the other side of it.
        inner = 1.0 if name == "right_eye" else -1.0
        u, v = (face.x - np.float32(ex)) / np.float32(apart), (face.y - np.float32(ey)) / np.float32(apart)
        socket = np.exp(-((np.abs(u - 0.05 * inner) / wide) ** 3) - (np.abs(v + 0.03) / 0.26) ** 3)
        trough = np.exp(-(((u - 0.08 * inner) / 0.27) ** 2) - ((v - 0.25 - 0.1 * u * inner) / 0.08) ** 2)
        amount = np.maximum(amount, np.asarray(deep * socket + hollow * trough, np.float32))
    # Thin skin over blood vessels is bluish, its own pigment brownish: a shadow leans to one or the other.
    lean = rng.uniform(-0.25, 0.25)
    cool = np.array([1.08, 1.02, 0.86])
    tint = np.ones(3) + (lean * (MELANIN / MELANIN[1] - 1) if lean > 0 else -2 * lean * (cool - 1))
    return [(face.grown(amount * np.clip(1 + 0.1 * face.grain(rng, 0.4 * apart), 0.6, 1.4)), tint)]


def _guessed(box: Box) -> dict[str, tuple[float, float]]:
    width, height = box[2] - box[0], box[3] - box[1]
    return {name: (box[0] + u * width, box[1] + v * height) for name, (u, v) in _EYES.items()}


def _uneven_light(face: CoarseFace, box: Box, points: Points | None, rng: Generator) -> list[Layer]:
    """Light that falls off across the face, mostly sideways, with a colour of its own in the shade."""
    width = box[2] - box[0]
    angle = rng.choice([0.0, np.pi]) + rng.normal(0, 0.5)
    across = (face.x - np.float32((box[0] + box[2]) / 2)) / np.float32(width)
    down = (face.y - np.float32((box[1] + box[3]) / 2)) / np.float32(width)
    away = across * np.float32(np.cos(angle)) + down * np.float32(np.sin(angle))
    away = away + np.float32(0.06) * face.grain(rng, 0.8 * width)
    # From even slopes to the terminator of a hard side light.
    share = 1 / (1 + np.exp(-(away - np.float32(rng.uniform(-0.1, 0.2))) * np.float32(rng.uniform(5, 14))))
    depth = rng.uniform(1.0, 1.6)
    cast = rng.normal(0, 0.05, 3)
    return [(face.grown(np.asarray(share - 0.3, np.float32)), depth * (1 + cast - cast.mean()))]


def _shine(face: CoarseFace, box: Box, rng: Generator) -> Coarse:
    """Light mirrored by oily skin, in patches where forehead, nose and cheeks stand out."""
    width, height = box[2] - box[0], box[3] - box[1]
    grease = face.grain(rng, 0.12 * width, octaves=3)
    total = np.zeros(face.labels.shape, np.float32)
    places = ((0.5, 0.14, 0.26, 0.09), (0.5, 0.50, 0.05, 0.16), (0.24, 0.54, 0.12, 0.08), (0.76, 0.54, 0.12, 0.08))
    for u, v, rx, ry in places:
        u, v, rx, ry = u + rng.normal(0, 0.03), v + rng.normal(0, 0.03), rx * rng.uniform(0.7, 1.3), ry
        far = ((face.x - np.float32(box[0] + u * width)) / np.float32(rx * width)) ** 2
        far = far + ((face.y - np.float32(box[1] + v * height)) / np.float32(ry * height)) ** 2
        total += np.float32(rng.uniform(0.2, 1.0)) * np.exp(-far)
    broken = np.clip(0.45 + 0.5 * grease, 0, 1.8) ** 2
    # What is mirrored goes with the light that falls on the face; a dark picture tells only in part how much that is.
    lit = face.colour[..., 1][face.labels > 0]
    light = np.sqrt(max(float(np.percentile(lit, 90)), 0.02)) if lit.size else 0.5
    strength = np.float32(0.6 * light) * np.clip(total, 0, 1.2)
    return np.asarray(strength * broken * face.skin(0.02 * width), np.float32)


def _stubble(face: CoarseFace, box: Box, points: Points | None, rng: Generator) -> list[Layer]:
    """A shaven beard: dots of hair, and the blue-grey of the hair below the skin."""
    width, height = box[2] - box[0], box[3] - box[1]
    # The chin's zone holds the upper lip; of the cheeks only what lies low is jaw.
    low = np.clip((face.y - np.float32(box[1] + 0.7 * height)) / np.float32(0.2 * height), 0, 1)
    jaw = face.zones({"left_cheek": 1.0, "right_cheek": 1.0}, 0.025 * width) * low
    beard = (face.zones({"chin": 1.0}, 0.025 * width) + jaw) * face.skin(0.04 * width)
    beard = beard * np.clip(0.85 + 0.25 * face.grain(rng, 0.25 * width), 0, 1.2)
    # Hairs of a beard are about a quarter of a millimetre apart; on a small picture they blur into a grain.
    pitch = max(1.0, width / _DOTS)
    shape = (max(2, round(face.size[1] / pitch)), max(2, round(face.size[0] / pitch)))
    dots = Image.fromarray(np.take(_HAIR, rng.integers(0, 256, shape, np.uint8), mode="clip"))
    if dots.size != face.size:
        dots = dots.resize(face.size, Image.Resampling.BICUBIC)
    amount = face.grown(beard)
    hair, cast = np.array([1.0, 0.96, 0.90]), np.array([0.40, 0.34, 0.22])
    return [(amount * np.asarray(dots), hair), (amount, cast)]


_KINDS: Mapping[str, Callable[[CoarseFace, Box, Points | None, Generator], list[Layer]]] = MappingProxyType(
    {
        "erythema": _erythema,
        "socket_shadow": _socket_shadow,
        "uneven_light": _uneven_light,
        "stubble": _stubble,
    }
)
