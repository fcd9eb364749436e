"""Parts of the face: every lesion belongs to exactly one."""

from __future__ import annotations

import numpy as np
import pytest

from dermagrade.face.parts import PARTS, count_parts, nearest_zone, part_of, parts_of
from dermagrade.types import ZONES


def _shares(**cells: tuple[slice, slice]) -> np.ndarray:
    shares = np.zeros((len(ZONES), 20, 20), np.float32)
    for zone, at in cells.items():
        shares[ZONES.index(zone)][at] = 1
    return shares


def test_every_zone_has_its_parts_and_only_cheeks_are_whole() -> None:
    assert {zone for zone, _ in PARTS.values()} == set(ZONES)
    assert [len(parts_of(zone)) for zone in ZONES] == [2, 2, 1, 1, 2]
    assert part_of("chin", left=False) == "chin_right"
    assert part_of("left_cheek", left=False) == part_of("left_cheek", left=True) == "left_cheek"


def test_a_cell_outside_belongs_to_the_nearest_zone_and_one_inside_to_its_own() -> None:
    nearest = nearest_zone(_shares(forehead=np.s_[2:5, 4:16], chin=np.s_[15:18, 4:16]))
    forehead, chin = ZONES.index("forehead"), ZONES.index("chin")
    assert (nearest[:9] == forehead).all()
    assert (nearest[12:] == chin).all()
    assert (nearest[2:5, 4:16] == forehead).all()


def test_distance_is_the_same_in_all_eight_directions() -> None:
    for dy, dx in ((0, 6), (6, 0), (5, 5), (5, -5), (-6, 0), (0, -6), (-5, -5), (-5, 5)):
        shares = _shares(nose=np.s_[10:11, 10:11])
        shares[ZONES.index("chin"), 10 + dy, 10 + dx] = 1
        nearest = nearest_zone(shares)
        assert nearest[10 + dy // 3, 10 + int(dx / 3)] == ZONES.index("nose")


def test_without_any_zone_no_cell_has_one() -> None:
    assert (nearest_zone(_shares()) == -1).all()
    counts = count_parts(np.ones((20, 20), np.float32), _shares(), np.ones((20, 20), np.float32))
    assert sum(count.total for count in counts.values()) == 0


def test_the_parts_hold_every_lesion_once() -> None:
    random = np.random.default_rng(3)
    density = random.random((20, 20)).astype(np.float32)
    left = np.repeat((np.arange(20) >= 10).astype(np.float32)[None], 20, axis=0)
    shares = _shares(forehead=np.s_[2:5, 4:16], left_cheek=np.s_[8:12, 12:18], chin=np.s_[15:18, 4:16])
    shares[ZONES.index("forehead"), 5] = 0.4  # cells that the zone covers in part
    counts = count_parts(density, shares, left)
    assert sum(count.total for count in counts.values()) == pytest.approx(float(density.sum()), rel=1e-5)
    inside = counts["forehead_left"].inside + counts["forehead_right"].inside
    assert inside == pytest.approx(float((density * shares[0]).sum()), rel=1e-5)
    assert counts["left_cheek"].inside == pytest.approx(float(density[8:12, 12:18].sum()), rel=1e-5)
    assert counts["right_cheek"].total == 0
