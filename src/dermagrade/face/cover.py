"""What hides the skin of a face: dark hair over the forehead, a mask, a bar, the frame of glasses.

Rules on the face brought upright to one small size, measured against the person's own skin, never a learnt idea of
what skin looks like: redness, shadow, marks and dark skin stay skin. A doubt is decided for skin, since skin called
covered is lost to the grade; ``docs/screening.md`` says how much each kind misses. Beards and make-up are not
looked for.

What reflects red and green alike (black hair, cloth, black plastic) lies far below skin in the ratio of the two, and
shadow does not change that ratio: the idea of Finlayson et al., "On the removal of shadows from images" (2006).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dermagrade.face.eyewear import ahead, find_glasses
from dermagrade.face.upright import Floats, Upright, upright
from dermagrade.masks import Mask, convex_hull, grown, largest_part, opened, parts_with, smoothed, trace
from dermagrade.types import ZONES, FaceMap, Photo, Zone

#: What is looked for, the surest first: a pixel belongs to the first that covers it.
KINDS: tuple[str, ...] = ("bar", "mask", "glasses", "hair")
#: A kind that hides less of a zone than this is left out; the frame of glasses is thin.
_LEAST = {"bar": 0.03, "mask": 0.03, "glasses": 0.005, "hair": 0.1}
#: A bar is looked for among this many of the face's most frequent colours, and takes this share of the face.
_MOST_COLOURS, _LEAST_BAR = 16, 0.02
#: Fewer pixels of nose and cheeks than this tell nothing about the person's skin.
_FEWEST_SKIN_PX = 60
#: Skin with less redness than this is that of a photo without colour, or nearly so.
_LEAST_REDNESS = 0.2
#: Where the zones of a face from the front lie: x0, y0, x1, y1 from the middle between the eyes, x to the viewer's
#: right and y down, in distances between the eyes. Rectangles within the zones, not their outlines.
_EXPECTED = {
    "forehead": ((-0.7, -0.95, 0.7, -0.45),),
    "nose": ((-0.2, 0.1, 0.2, 0.75),),
    "left_cheek": ((0.3, 0.4, 0.85, 1.2),),
    "right_cheek": ((-0.85, 0.4, -0.3, 1.2),),
    "chin": ((-0.45, 0.85, 0.45, 0.98), (-0.45, 1.4, 0.45, 1.75)),
}


def uncovered(photo: Photo, face: FaceMap) -> FaceMap:
    """The face without the skin that something hides.

    Args:
        photo: the photo.
        face: its face, every zone taken for skin.

    Returns:
        The face with, for every zone, what covers it and how much of it (:attr:`Zone.covered`), the rest of it that
        is visible, and no zone on covered pixels. The same object where nothing is found.
    """
    view = upright(photo, face)
    covers = find_cover(photo, face, view)
    if not covers:
        return face
    places = ahead(face, view)
    expected = {} if places is None else _expected(places)
    zones, hidden = {}, np.zeros(view.labels.shape, bool)
    for number, name in enumerate(ZONES, start=1):
        own = view.labels == number
        # Where the network left a covered part out by itself, the drawing knows that it belongs here.
        whole = own | expected[name] if name in expected else own
        whole &= view.inside
        shares = {kind: float(mask[whole].mean()) for kind, mask in covers.items() if whole.any()}
        shares = {kind: share for kind, share in shares.items() if share >= _LEAST[kind]}
        under = np.zeros_like(own)
        for kind in shares:
            under |= covers[kind]
        zones[name] = _rest(face.zones[name], own, under, shares, view) if shares else face.zones[name]
        hidden |= under & own
    if all(zones[name] is face.zones[name] for name in ZONES):
        return face
    labels = face.label_map.copy()
    height, width = labels.shape
    labels[view.in_photo(hidden, width, height)] = 0
    for number, name in enumerate(ZONES, start=1):
        if zones[name].visible == 0:
            labels[labels == number] = 0
    return replace(face, label_map=labels, zones=zones)


def _rest(zone: Zone, own: Mask, under: Mask, shares: Mapping[str, float], view: Upright) -> Zone:
    """A zone without what covers it."""
    left = own & ~under
    share = min(1.0, sum(shares.values()))
    visible = min(zone.visible * float(left.sum()) / max(int(own.sum()), 1), 1.0 - share)
    if not left.any() or visible < 0.01:
        return Zone(zone.name, 0.0, np.zeros((0, 2)), shares)
    corners = smoothed(trace(largest_part(left)))
    polygon = corners @ view.matrix[:, :2].T + view.matrix[:, 2]
    return Zone(zone.name, visible, polygon, shares)


def find_cover(photo: Photo, face: FaceMap, view: Upright) -> dict[str, Mask]:
    """Kind of cover to the pixels of the view that it hides, none twice; only kinds that were found."""
    zones = convex_hull(view.labels > 0) & view.inside
    if not zones.any():
        return {}
    luminance, redness = view.luminance, view.redness
    places = ahead(face, view)
    reach = zones
    found: dict[str, Mask | None] = {}
    if places is not None:
        reach = zones | (np.any(list(_expected(places).values()), axis=0) & view.inside)
        found["glasses"] = find_glasses(photo, face, view)
        found["mask"] = _mask(view, places, luminance, redness, reach)
    found["bar"] = _bar(view, reach)
    skin = (view.labels >= 2) & (view.labels <= 4) & view.inside
    if places is not None and skin.sum() >= _FEWEST_SKIN_PX and found.get("mask") is None:
        lit = luminance >= np.percentile(luminance[skin], 40)
        own_light, own_redness = np.percentile(luminance[skin], 60), float(np.median(redness[skin & lit]))
        if own_redness >= _LEAST_REDNESS:
            dark = (luminance < 0.3 * own_light) & (redness < 0.6 * own_redness)
            found["hair"] = _hair(dark & grown(reach, 3) & view.inside, zones, places)
    taken = np.zeros(reach.shape, bool)
    covers: dict[str, Mask] = {}
    for kind in KINDS:
        mask = found.get(kind)
        if mask is not None and (mask & ~taken).any():
            covers[kind] = mask & ~taken
            taken |= mask
    return covers


def _expected(places: Floats) -> dict[str, Mask]:
    x, y = places[..., 0], places[..., 1]
    return {
        name: np.any([(x >= x0) & (y >= y0) & (x <= x1) & (y <= y1) for x0, y0, x1, y1 in boxes], axis=0)
        for name, boxes in _EXPECTED.items()
    }


def _hair(dark: Mask, zones: Mask, places: Floats) -> Mask | None:
    """Dark pixels without the redness of skin that reach into the forehead from the face's rim.

    Only there: at the sides of the face hair, a beard and the shaded edge of dark skin cannot be told apart.
    """
    dark = opened(dark, 1)
    seed = dark & grown(~zones, 2)
    if not seed.any():
        return None
    # Brows run into hair at the temples.
    hair = parts_with(seed, dark) & (places[..., 1] < -0.4)
    return hair if hair.any() else None


def _mask(view: Upright, places: Floats, luminance: Floats, redness: Floats, reach: Mask) -> Mask | None:
    """An even cloth without the redness of skin from the lower nose to the chin."""
    x, y = places[..., 0], places[..., 1]
    above = ((view.labels == 1) | (((view.labels == 3) | (view.labels == 4)) & (y < 0.45))) & view.inside
    if above.sum() < _FEWEST_SKIN_PX:
        return None
    own = float(np.median(redness[above]))
    # Far enough below the person's own skin in one photo, as burnt-out skin is only in parts.
    cloth = (redness < 0.45 * own) & view.inside & (y > 0.2)
    mouth, nose = (np.abs(x) < 0.45) & (y > 0.85) & (y < 1.6), (np.abs(x) < 0.15) & (y > 0.62) & (y < 0.82)
    for part, least in ((mouth & view.inside, 0.85), (nose & view.inside, 0.6)):
        if own < _LEAST_REDNESS or not part.any() or cloth[part].mean() < least:
            return None
    light = np.log(luminance[mouth & view.inside] + 0.01)
    if np.subtract(*np.percentile(light, (75, 25))) > 0.7:
        return None
    return grown(parts_with(cloth & mouth, opened(cloth, 1) & reach), 1) & reach


def _bar(view: Upright, reach: Mask) -> Mask | None:
    """A rectangle of one colour with sharp edges, as drawn over a face to hide who it is."""
    values = view.pixels.astype(np.int64)
    colours, counts = np.unique((values // 8)[reach] @ np.array([1024, 32, 1]), return_counts=True)
    usual = np.median(values[reach], axis=0)
    frequent = colours[np.argsort(-counts)[:_MOST_COLOURS]]
    for number in frequent[np.sort(counts)[::-1][:_MOST_COLOURS] >= _LEAST_BAR / 4 * reach.sum()]:
        colour = np.array([number // 1024, number // 32 % 32, number % 32]) * 8 + 4
        if np.abs(colour - usual).max() < 40:
            continue
        apart = np.abs(values - colour).max(axis=2)
        same = opened((apart <= 6) & view.inside, 1)
        # A bar ends at once all around; skin, burnt-out and drowned skin too, fades.
        if (same & reach).sum() < _LEAST_BAR * reach.sum() or not _sharp(same & reach, apart, reach):
            continue
        part = largest_part(same & reach)
        # All of it counts, also beyond the face: a cap or the dark behind a face is no rectangle.
        if part.sum() >= _LEAST_BAR * reach.sum() and _fill(parts_with(part, same)) >= 0.82:
            return grown(part, 1)
    return None


def _sharp(part: Mask, apart: NDArray[np.int64], reach: Mask) -> bool:
    """Whether what surrounds a part, up to three pixels off, is of quite another colour (``apart``, 0 to 255)."""
    ring = grown(part, 3) & ~grown(part, 1) & reach
    return bool(ring.sum() >= 12 and (apart[ring] >= 40).mean() >= 0.8)


def _fill(part: Mask) -> float:
    """Share of the smallest rectangle around a part, in any turn, that the part fills."""
    ys, xs = np.nonzero(part)
    best = 0.0
    for turn in np.radians(np.arange(0, 90, 5)):
        c, s = np.cos(turn), np.sin(turn)
        along, across = xs * c + ys * s, ys * c - xs * s
        best = max(best, len(xs) / float((np.ptp(along) + 1) * (np.ptp(across) + 1)))
    return best
