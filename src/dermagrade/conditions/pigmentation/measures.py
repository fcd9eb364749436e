"""Numbers that a dermatologist knows, from a map of the excess of brown on each zone.

They describe one photo. Colour differences depend on its light and on the camera's white balance, though less than
colours do, since both sides of a difference share them. Areas are those of the picture: skin that slants away from the
camera counts for less than it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dermagrade.face.colour import typology_angle
from dermagrade.light import lab
from dermagrade.masks import label_parts
from dermagrade.types import ZONES, Measure

#: Skin with at least this excess is called affected: 6 % less light than without the excess, 1.6 to 1.8 of L* on light
#: skin and about 1 on dark skin, near the least that an eye can tell. Chosen, not measured on readers.
AFFECTED_FROM = 0.06

#: Skin whose excess is nearer to 0 than this counts as unaffected, where affected skin is compared with what is near.
UNAFFECTED_WITHIN = 0.03

#: Unaffected skin is near when it lies within this share of the longer side of the zone's map.
NEAR = 0.1

#: Fewer cells than this, affected or near, say nothing about colour.
LEAST_CELLS = 12

#: A spot is at least this share of all skin that is seen, about 2 mm^2 of a whole face, and 3 cells or more.
LEAST_SPOT, LEAST_SPOT_CELLS = 0.0001, 3

#: Mean excess of a zone's affected skin, and the darkness from 0 to 4 that it stands for in the draft of the mMASI.
#: Declared, not learnt: nobody's readings stand behind it.
DARKNESS_KNOTS: tuple[tuple[float, float], ...] = ((0.0, 0.0), (0.1, 1.0), (0.2, 2.0), (0.35, 3.0), (0.6, 4.0))

#: Share of a region that is affected from which each area grade of the MASI starts, for the grades 2 to 6; grade 1 is
#: any affected skin below the first.
AREA_FROM: tuple[float, ...] = (0.1, 0.3, 0.5, 0.7, 0.9)

#: The regions of the mMASI and their weights. The malar regions are the cheeks; the nose belongs to none.
MASI_WEIGHTS: Mapping[str, float] = {"forehead": 0.3, "left_cheek": 0.3, "right_cheek": 0.3, "chin": 0.1}

#: Keys of all that :func:`measure_zones` may give, in its order.
MEASURES: tuple[str, ...] = (
    "area_share",
    "pale_share",
    "mean_excess",
    "contrast_l",
    "contrast_ita",
    "spots",
    "spots_per_cm2",
    "mmasi_draft",
)


@dataclass(frozen=True, eq=False)
class ZoneExcess:
    """The excess of brown in one zone, on a grid of cells.

    Attributes:
        excess: ``(h, w)`` float32, natural logarithm of luminance without the added brown over luminance as seen;
            above 0 darker, below 0 a pale spot.
        skin: ``(h, w)`` bool, the zone's visible skin.
        pixels: ``(h, w, 3)`` uint8, sRGB, the photo brought to the same cells.
        cell_px: side of a cell in pixels of ``Photo.pixels``; any unit will do that is the same for all zones.

    Raises:
        ValueError: if the three differ in size, or the cell has no size.
    """

    excess: NDArray[np.float32]
    skin: NDArray[np.bool_]
    pixels: NDArray[np.uint8]
    cell_px: float = 1.0

    def __post_init__(self) -> None:
        if self.excess.ndim != 2 or self.skin.shape != self.excess.shape or self.skin.dtype != np.bool_:
            raise ValueError(f"skin must be {self.excess.shape} bool, not {self.skin.shape} {self.skin.dtype}")
        if self.pixels.shape != (*self.excess.shape, 3) or self.pixels.dtype != np.uint8:
            raise ValueError(f"pixels must be {self.excess.shape} x 3 uint8, not {self.pixels.shape}")
        if not self.cell_px > 0:
            raise ValueError(f"cell_px must be above 0, not {self.cell_px}")

    @property
    def affected(self) -> NDArray[np.bool_]:
        """Skin that is darker by :data:`AFFECTED_FROM` or more."""
        return self.skin & (self.excess >= AFFECTED_FROM)

    @property
    def pale(self) -> NDArray[np.bool_]:
        """Skin that is paler by as much."""
        return self.skin & (self.excess <= -AFFECTED_FROM)

    def area(self, cells: NDArray[np.bool_]) -> float:
        """Area of these cells, in pixels of the photo."""
        return float(np.count_nonzero(cells)) * self.cell_px**2


def measure_zones(zones: Mapping[str, ZoneExcess], *, px_per_mm: float | None = None) -> tuple[Measure, ...]:
    """The numbers for one photo, over all zones given.

    - ``area_share``: share of the skin that is affected (:data:`AFFECTED_FROM`), in percent.
    - ``pale_share``: share that is paler by as much, in percent.
    - ``mean_excess``: mean excess of the affected skin, as natural logarithm of luminance.
    - ``contrast_l``: how much darker, in L*, the median of the affected skin is than that of unaffected skin near it.
    - ``contrast_ita``: the same in degrees of the individual typology angle.
    - ``spots``: parts of the affected skin that hang together and are at least :data:`LEAST_SPOT` of the skin. A spot
      that crosses from one zone into another counts in both.
    - ``spots_per_cm2``: the spots over the area of the skin, where the size of the face is known.
    - ``mmasi_draft``: see :func:`mmasi_draft`.

    What cannot be said is left out: the three in the middle where no skin is affected, the draft where a region of it
    is missing, everything where there is no skin.

    Args:
        zones: zone name to its excess; zones that were found.
        px_per_mm: in the pixels that ``ZoneExcess.cell_px`` counts (:func:`dermagrade.face.size.px_per_mm`); or None.

    Returns:
        The numbers, in the order of :data:`MEASURES`.
    """
    shown = [zones[name] for name in ZONES if name in zones and zones[name].skin.any()]
    if not shown:
        return ()
    skin = sum(zone.area(zone.skin) for zone in shown)
    affected = sum(zone.area(zone.affected) for zone in shown)
    pale = sum(zone.area(zone.pale) for zone in shown)
    found = [
        Measure("area_share", "Affected share of the skin", 100 * affected / skin, "%"),
        Measure("pale_share", "Paler share of the skin", 100 * pale / skin, "%"),
    ]
    if affected > 0:
        darkened = sum(float(zone.excess[zone.affected].sum(dtype=np.float64)) * zone.cell_px**2 for zone in shown)
        found.append(Measure("mean_excess", "Mean log excess of affected skin", darkened / affected))
    found += _contrasts(shown)
    spots = sum(_count_spots(zone, least_px2=LEAST_SPOT * skin) for zone in shown)
    found.append(Measure("spots", "Spots", float(spots)))
    if px_per_mm is not None:
        cm2 = skin / px_per_mm**2 / 100
        found.append(Measure("spots_per_cm2", "Spots per area", spots / cm2, "per cm^2", "Of the area in the picture."))
    draft = mmasi_draft(zones)
    if draft is not None:
        note = "From 0 to 24; a draft from one photo, not validated, not for treatment decisions."
        found.append(Measure("mmasi_draft", "mMASI, draft", draft, "", note))
    return tuple(found)


def mmasi_draft(zones: Mapping[str, ZoneExcess]) -> float | None:
    """A draft of the modified Melasma Area and Severity Index, 0 to 24.

    The sum over forehead, both malar regions and chin of weight (0.3, 0.3, 0.3, 0.1) x area grade x darkness. The area
    grade goes from 0 to 6: none, below 10 %, from 10, 30, 50, 70 and 90 % on. Darkness goes from 0 to 4, linear in the
    mean excess of the region's affected skin between :data:`DARKNESS_KNOTS`.

    Its limits: the index was made and validated for clinicians who see a person with melasma, and steps from 0 to 4 in
    whole numbers; here the darkness knots are ours, no reader stands behind them, and brown of any cause counts. The
    malar region is taken as the whole cheek. The nose belongs to no region.

    Source: Pandya AG, Hynan LS, Bhore R, et al. Reliability assessment and validation of the Melasma Area and Severity
    Index (MASI) and a new modified MASI scoring method. J Am Acad Dermatol 2011;64(1):78-83.

    Args:
        zones: as for :func:`measure_zones`.

    Returns:
        The index; None where one of its four regions is not there.
    """
    if any(name not in zones or not zones[name].skin.any() for name in MASI_WEIGHTS):
        return None
    return sum(
        weight * area_grade(float(zones[name].affected.sum() / zones[name].skin.sum())) * _darkness(zones[name])
        for name, weight in MASI_WEIGHTS.items()
    )


def area_grade(share: float) -> int:
    """The area grade of the MASI, 0 to 6, for the affected share of a region, 0 to 1."""
    return int(share > 0) + sum(share >= edge for edge in AREA_FROM)


def _darkness(zone: ZoneExcess) -> float:
    excess = zone.excess[zone.affected]
    knots, grades = zip(*DARKNESS_KNOTS, strict=True)
    return float(np.interp(excess.mean(dtype=np.float64), knots, grades)) if len(excess) else 0.0


def _count_spots(zone: ZoneExcess, *, least_px2: float) -> int:
    sizes = np.bincount(label_parts(zone.affected).ravel())[1:]
    return int((sizes >= max(LEAST_SPOT_CELLS, least_px2 / zone.cell_px**2)).sum())


def _contrasts(zones: list[ZoneExcess]) -> list[Measure]:
    """How affected skin differs from unaffected skin near it: the mean over the zones, by their affected area."""
    lightness: list[tuple[float, float]] = []
    angles: list[tuple[float, float]] = []
    for zone in zones:
        usable = zone.skin & ~_burnt(zone.pixels)
        dark = usable & zone.affected
        near = usable & (np.abs(zone.excess) < UNAFFECTED_WITHIN) & _around(dark)
        if min(np.count_nonzero(dark), np.count_nonzero(near)) < LEAST_CELLS:
            continue
        dark_l, _, dark_b = np.median(lab(zone.pixels[dark]), axis=0)
        near_l, _, near_b = np.median(lab(zone.pixels[near]), axis=0)
        lightness.append((float(near_l - dark_l), zone.area(dark)))
        dark_angle, near_angle = (typology_angle(float(v), float(b)) for v, b in ((dark_l, dark_b), (near_l, near_b)))
        if dark_angle is not None and near_angle is not None:
            angles.append((near_angle - dark_angle, zone.area(dark)))
    titles = (
        ("contrast_l", "Contrast to skin nearby", lightness, "L*"),
        ("contrast_ita", "Contrast to skin nearby, ITA", angles, "degrees"),
    )
    return [
        Measure(name, title, float(np.average([v for v, _ in of], weights=[w for _, w in of])), unit)
        for name, title, of, unit in titles
        if of
    ]


def _burnt(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Pixels burnt out to white or drowned in black, which have no colour of skin."""
    return np.asarray(((pixels >= 254).sum(axis=2) >= 2) | (pixels <= 2).all(axis=2))


def _around(cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What lies in a square of :data:`NEAR` around any of the cells, those themselves included."""
    reach = max(1, round(NEAR * max(cells.shape)))
    near = cells
    for axis in (0, 1):
        padded = np.pad(near, [(reach + 1, reach) if a == axis else (0, 0) for a in (0, 1)])
        so_far = np.moveaxis(np.cumsum(padded, axis=axis), axis, 0)
        near = np.moveaxis(so_far[2 * reach + 1 :] > so_far[: -2 * reach - 1], 0, axis)
    return near
