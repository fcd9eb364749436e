"""Paints acne lesions at known places onto real skin.

A lesion is painted by changing the optical density of the skin, so pores, wrinkles and grain stay visible through it:
``out = in * exp(-change of density)`` in linear light. Redness runs along a haemoglobin direction and brownness along a
melanin direction, the model of skin colour as two pigment layers that Tsumura, Haneishi and Miyake (J. Opt. Soc. Am. A
16:2169, 1999) and Tsumura et al. (ACM Trans. Graph. 22:770, 2003) estimate from photos by independent component
analysis. The two directions used here are rounded choices of ours in keeping with that model, not figures from those
papers. Relief is light and shade along the direction that the face itself is lit from.

What comes out is simulated, and has to be called so wherever it is shown or measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dermagrade.errors import DermagradeError
from dermagrade.face.chromophores import HAEMOGLOBIN, MELANIN
from dermagrade.light import LUMINANCE, to_bytes, to_linear
from dermagrade.types import ZONES, Lesion

Kind = Literal["papule", "pustule", "comedone"]

# Radii as shares of the face's width, and how often each kind is drawn.
_RADII: dict[Kind, tuple[float, float]] = {
    "papule": (0.012, 0.021),
    "pustule": (0.014, 0.022),
    "comedone": (0.008, 0.011),
}
_MIX: tuple[tuple[Kind, float], ...] = (("papule", 0.55), ("pustule", 0.25), ("comedone", 0.20))
# Centres of any two lesions are at least this share of the face's width apart (twice the largest radius and a rim).
_SPACING = 0.05
# Light is taken to be at least this, so that densities stay finite.
_BLACK = 1e-4
# Redness fades to nothing within this many radii.
_REACH = 3.0


class NoRoomError(DermagradeError):
    """There is not enough visible skin for the lesions asked for; ``room`` is how many would have fitted."""

    def __init__(self, room: int, count: int) -> None:
        super().__init__(
            f"the visible skin has room for {room} lesions, not {count}; ask for fewer, or take a photo that shows "
            "more of the face"
        )
        self.room = room


@dataclass(frozen=True, eq=False)
class PaintedPhoto:
    """A photo with simulated lesions, and the truth about them.

    Attributes:
        pixels: ``(h, w, 3)`` uint8, sRGB, of the input's size.
        lesions: one :class:`~dermagrade.types.Lesion` for each painted, in pixels of the input.
        mask: ``(h, w)`` bool, True inside the outline of a lesion (the faint redness around it not included).
        kinds: ``papule``, ``pustule`` or ``comedone``, aligned with ``lesions``.
    """

    pixels: NDArray[np.uint8]
    lesions: tuple[Lesion, ...]
    mask: NDArray[np.bool_]
    kinds: tuple[Kind, ...]


def paint_lesions(
    pixels: NDArray[np.uint8],
    label_map: NDArray[np.uint8],
    *,
    count: int,
    seed: int,
    zones: Sequence[str] | None = None,
    face_width_px: float,
) -> PaintedPhoto:
    """Paint inflamed papules, pustules and comedones onto the skin of a face.

    Lesions fall on plain skin of the zones only, away from the zones' edges, never two closer than a twentieth of the
    face's width, in loose clusters; their radius is 0.8 to 2.2 % of that width. The same arguments give the same
    picture.

    Args:
        pixels: ``(h, w, 3)`` uint8, sRGB; not changed.
        label_map: ``(h, w)`` uint8, 0 for no zone, else 1 + index into :data:`~dermagrade.types.ZONES`.
        count: number of lesions, 0 or more; 0 gives the picture back unchanged.
        seed: of the random numbers.
        zones: names of the zones to paint on; all where None.
        face_width_px: width of the face in pixels, cheek to cheek.

    Returns:
        The painted picture with the place, size, zone and outline of every lesion.

    Raises:
        NoRoomError: if the zones have no room for so many lesions.
        ValueError: if shapes disagree, a zone is unknown, or a number is out of range.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8:
        raise ValueError(f"pixels must be (h, w, 3) uint8, not {pixels.shape} {pixels.dtype}")
    if label_map.shape != pixels.shape[:2]:
        raise ValueError(f"label_map must be {pixels.shape[:2]}, not {label_map.shape}")
    if count < 0 or face_width_px <= 0:
        raise ValueError("count must be 0 or more and face_width_px above 0")
    wanted = ZONES if zones is None else tuple(zones)
    if unknown := set(wanted) - set(ZONES):
        raise ValueError(f"no such zone: {', '.join(sorted(unknown))}; there are {', '.join(ZONES)}")
    mask = np.zeros(label_map.shape, bool)
    if count == 0:
        return PaintedPhoto(pixels.copy(), (), mask, ())

    rng = np.random.default_rng(seed)
    linear = np.maximum(to_linear(pixels), _BLACK)
    luminance = linear @ LUMINANCE
    rim = max(1, round(_RADII["pustule"][1] * face_width_px))
    room = _plain_skin(label_map, luminance, wanted, rim)
    centres = _places(room, count, _SPACING * face_width_px, rng)
    light = _light_direction(luminance, label_map > 0)

    log_gain = np.zeros(linear.shape)
    lesions: list[Lesion] = []
    kinds: list[Kind] = []
    names, shares = zip(*_MIX, strict=True)
    for x, y in centres:
        kind: Kind = names[int(rng.choice(len(names), p=shares))]
        low, high = _RADII[kind]
        radius = float(rng.uniform(low, high) * face_width_px)
        _paint_one(log_gain, mask, kind, x, y, radius, light, rng)
        lesions.append(Lesion(x, y, radius, 1.0, ZONES[int(label_map[int(y), int(x)]) - 1]))
        kinds.append(kind)
    painted = to_bytes(linear * np.exp(log_gain))
    # Where nothing was painted the bytes stay exactly as they were.
    untouched = np.abs(log_gain).max(axis=2) < 1e-3
    painted[untouched] = pixels[untouched]
    return PaintedPhoto(painted, tuple(lesions), mask, tuple(kinds))


def _box_mean(values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Mean over the square of ``2 * reach + 1`` pixels; zeros are taken beyond the border."""
    side = 2 * reach + 1
    padded = np.pad(values, ((reach + 1, reach), (reach + 1, reach)))
    total = padded.cumsum(axis=0).cumsum(axis=1)
    sums = total[side:, side:] - total[:-side, side:] - total[side:, :-side] + total[:-side, :-side]
    return np.asarray(sums / side**2, np.float64)


def _plain_skin(
    label_map: NDArray[np.uint8], luminance: NDArray[np.float64], zones: Sequence[str], rim: int
) -> NDArray[np.bool_]:
    """Pixels of the zones at least ``rim`` from the zone's edge and not on a frame, a fold, hair or deep shadow."""
    log_light = np.log(luminance)
    mean = _box_mean(log_light, rim)
    spread = np.sqrt(np.maximum(_box_mean(log_light**2, rim) - mean**2, 0.0))
    room = np.zeros(label_map.shape, bool)
    for name in zones:
        zone = label_map == ZONES.index(name) + 1
        inner = _box_mean(zone.astype(np.float64), rim) > 1.0 - 1e-6
        if inner.any():
            plain = spread <= 2.0 * np.median(spread[inner])
            lit = mean >= np.median(mean[inner]) - 0.7
            room |= inner & plain & lit
    return room


def _places(room: NDArray[np.bool_], count: int, spacing: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Centres at least ``spacing`` apart, by dart throwing that favours some parts of the face over others."""
    free = room.copy()
    height, width = room.shape
    ys, xs = np.nonzero(room)
    # Real acne gathers; a slow random field weighs the order in which places are tried (Efraimidis and Spirakis 2006).
    weight = np.exp(1.2 * _noise(xs / (6 * spacing), ys / (6 * spacing), rng))
    order = np.argsort(-(rng.random(len(xs)) ** (1.0 / weight)))
    reach = int(np.ceil(spacing)) + 1
    centres: list[tuple[float, float]] = []
    for i in order:
        if len(centres) == count:
            break
        x, y = int(xs[i]), int(ys[i])
        if free[y, x]:
            centres.append((float(x), float(y)))
            y0, y1, x0, x1 = max(0, y - reach), min(height, y + reach + 1), max(0, x - reach), min(width, x + reach + 1)
            yy, xx = np.mgrid[y0:y1, x0:x1]
            free[y0:y1, x0:x1] &= (xx - x) ** 2 + (yy - y) ** 2 >= spacing**2
    if len(centres) < count:
        raise NoRoomError(len(centres), count)
    return centres


def _light_direction(luminance: NDArray[np.float64], skin: NDArray[np.bool_]) -> tuple[float, float]:
    """Unit vector in the picture towards the light: where the face is brighter, with the usual lean to above."""
    ys, xs = np.nonzero(skin)
    values = np.log(luminance[ys, xs])
    x, y = (xs - xs.mean()) / (xs.std() + 1e-9), (ys - ys.mean()) / (ys.std() + 1e-9)
    spread = values.std() + 1e-9
    across, down = float((x * values).mean() / spread), float((y * values).mean() / spread)
    dx, dy = across, min(down, 0.0) - 0.5
    length = float(np.hypot(dx, dy))
    return dx / length, dy / length


def _noise(x: NDArray[np.float64], y: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Smooth random field of about unit spread and unit wavelength: a sum of waves in random directions."""
    total = np.zeros(np.shape(x))
    for _ in range(6):
        angle, phase = rng.uniform(0, 2 * np.pi, 2)
        frequency = rng.uniform(0.6, 1.6) * 2 * np.pi
        total += np.cos(frequency * (x * np.cos(angle) + y * np.sin(angle)) + phase)
    return np.asarray(total / np.sqrt(3.0), np.float64)


def _fade(t: NDArray[np.float64], start: float, end: float) -> NDArray[np.float64]:
    """1 up to ``start``, 0 from ``end`` on, smooth between."""
    u = np.clip((end - t) / (end - start), 0.0, 1.0)
    return np.asarray(u * u * (3.0 - 2.0 * u), np.float64)


def _paint_one(
    log_gain: NDArray[np.float64],
    mask: NDArray[np.bool_],
    kind: Kind,
    x: float,
    y: float,
    radius: float,
    light: tuple[float, float],
    rng: np.random.Generator,
) -> None:
    """Add one lesion's change to ``log_gain`` and its outline to ``mask``, both in place."""
    height, width = mask.shape
    reach = int(np.ceil(_REACH * radius)) + 1
    x0, x1 = max(0, int(x) - reach), min(width, int(x) + reach + 1)
    y0, y1 = max(0, int(y) - reach), min(height, int(y) + reach + 1)
    # Lesions of one or two pixels need finer steps than the picture's, else their edges step.
    fine = 4 if radius < 8 else 1
    offsets = (np.arange(fine) + 0.5) / fine - 0.5
    xs = (np.arange(x0, x1)[:, None] + offsets).ravel() - x
    ys = (np.arange(y0, y1)[:, None] + offsets).ravel() - y
    u, v = np.meshgrid(xs / radius, ys / radius)

    # An uneven outline: a slightly stretched disc whose radius wavers with the angle and from place to place.
    tilt, stretch = rng.uniform(0, np.pi), rng.uniform(1.0, 1.3)
    along, across = u * np.cos(tilt) + v * np.sin(tilt), v * np.cos(tilt) - u * np.sin(tilt)
    angle = np.arctan2(across, along)
    edge = np.ones_like(u)
    for k in range(2, 6):
        edge += rng.normal(0, 0.14 / k) * np.cos(k * angle + rng.uniform(0, 2 * np.pi))
    far = np.hypot(along / np.sqrt(stretch), across * np.sqrt(stretch)) / edge
    mottled = 1.0 + 0.18 * _noise(u * 0.8, v * 0.8, rng)

    body = _fade(far, 0.35, 1.15)
    halo = np.exp(-((far / rng.uniform(1.2, 1.6)) ** 2)) * _fade(far, 1.5, _REACH * 0.85)
    strength = rng.uniform(0.75, 1.25)
    blood, brown, gloss = np.zeros_like(u), np.zeros_like(u), np.zeros_like(u)
    pale = np.zeros((*u.shape, 3))
    lift = 0.0
    toward = u * light[0] + v * light[1]
    if kind == "papule":
        blood = strength * mottled * (0.62 * body + 0.36 * halo)
        brown = 0.12 * strength * mottled * body
        lift = 0.22
        gloss = 0.16 * np.exp(-(((u - 0.38 * light[0]) ** 2 + (v - 0.38 * light[1]) ** 2) / 0.09))
    elif kind == "pustule":
        head = _fade(far, 0.22, rng.uniform(0.48, 0.62))
        blood = strength * mottled * (0.64 * body + 0.40 * halo) * (1.0 - 0.9 * head)
        brown = 0.08 * strength * body * (1.0 - head)
        pale = head[..., None] * np.array([0.06, 0.16, 0.00])
        lift = 0.24
        gloss = 0.12 * np.exp(-(((u - 0.25 * light[0]) ** 2 + (v - 0.25 * light[1]) ** 2) / 0.05))
    elif rng.random() < 0.5:  # an open comedone: a dark plug in a faint red rim
        brown = 0.85 * strength * _fade(far, 0.15, 0.75)
        blood = 0.14 * strength * halo + 0.12 * body
        lift = 0.10
    else:  # a closed comedone: a small pale bump
        pale = body[..., None] * np.array([0.06, 0.08, 0.05])
        blood = 0.20 * strength * halo
        lift = 0.24
        gloss = 0.15 * np.exp(-(((u - 0.3 * light[0]) ** 2 + (v - 0.3 * light[1]) ** 2) / 0.08))
    # A dome is brighter on the flank that faces the light and darker on the other, most at about two thirds out.
    relief = lift * toward * np.exp(-((far / 0.85) ** 4))
    change = pale - blood[..., None] * HAEMOGLOBIN - brown[..., None] * MELANIN + (relief + gloss)[..., None]

    rows, columns = y1 - y0, x1 - x0
    log_gain[y0:y1, x0:x1] += change.reshape(rows, fine, columns, fine, 3).mean(axis=(1, 3))
    mask[y0:y1, x0:x1] |= (far <= 1.0).reshape(rows, fine, columns, fine).mean(axis=(1, 3)) >= 0.5
