"""The parts of the face that photos of one visit are chosen for: each cheek, and each half of the other zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dermagrade.types import ZONES

FloatGrid = NDArray[np.float32]

#: Every part to its zone and its half. A zone that the middle of the face runs through has two parts.
PARTS: Mapping[str, tuple[str, str]] = {
    "forehead_left": ("forehead", "left"),
    "forehead_right": ("forehead", "right"),
    "nose_left": ("nose", "left"),
    "nose_right": ("nose", "right"),
    "left_cheek": ("left_cheek", "left"),
    "right_cheek": ("right_cheek", "right"),
    "chin_left": ("chin", "left"),
    "chin_right": ("chin", "right"),
}


@dataclass(frozen=True)
class PartCount:
    """Lesions of one part of the face: within its zone, and outside every zone but nearest to it."""

    inside: float
    beside: float

    @property
    def total(self) -> float:
        """Both together; over all parts that is the whole photo's count."""
        return self.inside + self.beside


def parts_of(zone: str) -> tuple[str, ...]:
    """The parts of a zone: one of a cheek, two of any other, left first."""
    return tuple(part for part, (of, _) in PARTS.items() if of == zone)


def part_of(zone: str, *, left: bool) -> str:
    """The part that a place in or near a zone belongs to; a cheek is one part, wherever the middle runs.

    Args:
        zone: one of :data:`~dermagrade.types.ZONES`.
        left: whether the place is on the person's left half.
    """
    parts = parts_of(zone)
    return parts[0] if left else parts[-1]


def nearest_zone(zone_shares: FloatGrid) -> NDArray[np.int8]:
    """The zone that each cell of a grid shows most of, or else the one nearest to it.

    The zones grow a cell at a time, by turns to 4 and to 8 neighbours, so that distances are those of an octagon. Where
    two meet, the later in :data:`~dermagrade.types.ZONES` has the cell.

    Args:
        zone_shares: ``(5, h, w)``, share of each cell that each zone covers, in the order of ``ZONES``.

    Returns:
        ``(h, w)`` index into ``ZONES``; -1 everywhere if there is no zone in the grid.
    """
    seen = zone_shares.max(axis=0) > 0
    owner = np.pad(np.where(seen, zone_shares.argmax(axis=0), -1).astype(np.int8), 1, constant_values=-1)
    inner = owner[1:-1, 1:-1]
    corners = False
    while seen.any() and (inner < 0).any():
        grown = np.maximum.reduce([owner[:-2, 1:-1], owner[2:, 1:-1], owner[1:-1, :-2], owner[1:-1, 2:]])
        if corners:
            diagonal = np.maximum.reduce([owner[:-2, :-2], owner[:-2, 2:], owner[2:, :-2], owner[2:, 2:]])
            grown = np.maximum(grown, diagonal)
        inner[...] = np.where(inner < 0, grown, inner)
        corners = not corners
    return inner


def count_parts(density: FloatGrid, zone_shares: FloatGrid, left: FloatGrid) -> dict[str, PartCount]:
    """Lesions of every part; what lies outside all zones goes with the nearest one, so no lesion is left out.

    Args:
        density: ``(h, w)`` lesions per cell, 0 or more.
        zone_shares: as for :func:`nearest_zone`.
        left: ``(h, w)`` share of each cell on the person's left half.
    """
    nearest = nearest_zone(zone_shares)
    rest = density * np.clip(1 - zone_shares.sum(axis=0), 0, 1)
    counts = {}
    for part, (zone, half) in PARTS.items():
        number = ZONES.index(zone)
        side = left if half == "left" else 1 - left
        share = np.ones_like(left) if len(parts_of(zone)) == 1 else side
        inside = float((density * zone_shares[number] * share).sum())
        counts[part] = PartCount(inside, float((rest * (nearest == number) * share).sum()))
    return counts
