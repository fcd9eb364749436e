"""The numbers for dermatologists are those of what was put onto drawn zones."""

import numpy as np
import pytest

from dermagrade.conditions.pigmentation.measures import (
    AFFECTED_FROM,
    MEASURES,
    ZoneExcess,
    area_grade,
    measure_zones,
    mmasi_draft,
)
from dermagrade.light import lab
from dermagrade.types import ZONES

LIGHT, DARK = (225, 180, 155), (95, 60, 45)


def darkened(colour, excess):
    """Skin of this colour under so much brown, as sRGB bytes."""
    share = np.asarray(colour, float) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    linear = linear * np.exp(-np.asarray(excess)[..., None])
    return np.rint(255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)).astype(
        np.uint8
    )


def zone(excess, *, skin=None, colour=LIGHT, cell_px=1.0):
    excess = np.asarray(excess, np.float32)
    skin = np.ones(excess.shape, bool) if skin is None else skin
    return ZoneExcess(excess, skin, darkened(colour, excess), cell_px)


def patches(*places, size=40, excess=0.3):
    """A map with squares of 5 by 5 cells at these places."""
    found = np.zeros((size, size))
    for y, x in places:
        found[y : y + 5, x : x + 5] = excess
    return found


def values(zones, **more):
    return {m.name: m.value for m in measure_zones(zones, **more)}


def test_area_excess_and_spots_are_those_that_were_drawn():
    found = values({"nose": zone(patches((2, 2), (20, 20), (20, 30)))})
    assert found["area_share"] == pytest.approx(100 * 75 / 1600)
    assert found["mean_excess"] == pytest.approx(0.3)
    assert found["spots"] == 3
    assert found["pale_share"] == 0


def test_pale_skin_is_told_apart_from_brown_skin():
    found = values({"nose": zone(patches((2, 2)) - patches((20, 20), (30, 2)))})
    assert found["area_share"] == pytest.approx(100 * 25 / 1600)
    assert found["pale_share"] == pytest.approx(100 * 50 / 1600)
    assert found["spots"] == 1


def test_what_is_off_the_skin_counts_nowhere():
    skin = np.zeros((40, 40), bool)
    skin[:, :20] = True
    alone = values({"chin": zone(patches((2, 2))[:, :20])})
    assert values({"chin": zone(patches((2, 2), (20, 30)), skin=skin)}) == pytest.approx(alone)


@pytest.mark.parametrize("colour", [LIGHT, DARK])
def test_contrast_is_the_difference_of_colour_to_the_skin_around(colour):
    excess = patches((10, 10), (25, 25), excess=0.4)
    found = values({"left_cheek": zone(excess, colour=colour)})
    plain, brown = lab(darkened(colour, np.zeros(1)))[0], lab(darkened(colour, np.full(1, 0.4)))[0]
    assert found["contrast_l"] == pytest.approx(plain[0] - brown[0])
    angles = [np.degrees(np.arctan2(v[0] - 50, v[2])) for v in (plain, brown)]
    assert found["contrast_ita"] == pytest.approx(angles[0] - angles[1])
    assert found["contrast_l"] > 0
    assert found["contrast_ita"] > 0


def test_contrast_is_to_skin_nearby_and_not_to_the_far_end_of_the_zone():
    excess = patches((2, 2), size=100, excess=0.4)
    one = zone(excess)
    shaded = one.pixels.copy()
    shaded[:, 50:] = (40, 30, 25)  # the far half lies in the dark
    assert values({"chin": ZoneExcess(one.excess, one.skin, shaded)}) == pytest.approx(values({"chin": one}))


def test_contrast_is_left_out_where_nothing_is_affected_or_nothing_is_left_to_compare_with():
    clear, covered = values({"nose": zone(np.zeros((40, 40)))}), values({"nose": zone(np.full((40, 40), 0.3))})
    assert set(clear) == {"area_share", "pale_share", "spots"}
    assert set(clear.values()) == {0}
    assert "contrast_l" not in covered
    assert covered["area_share"] == 100


def test_a_burnt_place_has_no_colour():
    excess = patches((10, 10), excess=0.4)
    one = zone(excess)
    burnt = one.pixels.copy()
    burnt[excess > 0] = 255
    assert "contrast_l" not in values({"nose": ZoneExcess(one.excess, one.skin, burnt)})


def test_the_threshold_is_the_declared_one():
    excess = np.zeros((40, 40), np.float32)
    excess[:10], excess[10:20] = AFFECTED_FROM * 1.001, AFFECTED_FROM * 0.999
    assert values({"nose": zone(excess)})["area_share"] == pytest.approx(25)


def test_a_zone_counts_by_its_area_in_the_photo_whatever_its_grid():
    coarse, clear = zone(np.full((10, 10), 0.2), cell_px=4.0), zone(np.zeros((40, 40)))
    found = values({"left_cheek": coarse, "right_cheek": clear})
    assert found["area_share"] == pytest.approx(50)


def test_specks_smaller_than_a_spot_are_not_counted():
    excess = patches((10, 10))
    excess[30, 30] = excess[35, 5] = 0.3
    found = values({"nose": zone(excess)})
    assert found["spots"] == 1
    large = np.zeros((400, 400))
    large[:3, :3] = large[50:55, 50:55] = 0.3  # a spot of this map has 16 cells or more
    assert values({"nose": zone(large)})["spots"] == 1


def test_spots_are_given_per_area_only_where_the_size_is_known():
    zones = {"nose": zone(patches((2, 2), (20, 20)), cell_px=2.0)}
    assert "spots_per_cm2" not in values(zones)
    # 80 photo pixels a side at 4 a millimetre are 2 cm, so 4 cm^2.
    assert values(zones, px_per_mm=4.0)["spots_per_cm2"] == pytest.approx(2 / 4)


def test_without_skin_there_are_no_numbers():
    nothing = zone(patches((2, 2)), skin=np.zeros((40, 40), bool))
    assert measure_zones({}) == measure_zones({"nose": nothing}) == ()


def test_every_number_is_named_in_the_table_and_keeps_its_order():
    every = {name: zone(patches((10, 10), (25, 25))) for name in ZONES}
    found = measure_zones(every, px_per_mm=1.0)
    assert tuple(m.name for m in found) == MEASURES
    assert all(m.title and np.isfinite(m.value) for m in found)


@pytest.mark.parametrize(
    ("share", "grade"),
    [(0, 0), (0.001, 1), (0.099, 1), (0.1, 2), (0.29, 2), (0.3, 3), (0.5, 4), (0.7, 5), (0.89, 5), (0.9, 6), (1, 6)],
)
def test_area_grades_are_those_of_the_index(share, grade):
    assert area_grade(share) == grade


def test_the_draft_index_goes_from_0_to_24_and_the_nose_has_no_part_in_it():
    full = {name: zone(np.full((10, 10), 2.0)) for name in ZONES}
    clear = {name: zone(np.zeros((10, 10))) for name in ZONES}
    assert mmasi_draft(full) == pytest.approx(24)
    assert mmasi_draft(clear) == 0
    assert mmasi_draft(clear | {"nose": full["nose"]}) == 0
    # 6 x 4 in one region, by the region's weight.
    weights = {name: mmasi_draft(clear | {name: full[name]}) / 24 for name in ZONES}
    assert weights == pytest.approx({"forehead": 0.3, "nose": 0, "left_cheek": 0.3, "right_cheek": 0.3, "chin": 0.1})


def test_the_draft_index_needs_all_its_regions():
    some = {name: zone(np.full((10, 10), 0.3)) for name in ZONES}
    hidden = zone(np.full((10, 10), 0.3), skin=np.zeros((10, 10), bool))
    assert mmasi_draft({name: one for name, one in some.items() if name != "chin"}) is None
    assert mmasi_draft(some | {"forehead": hidden}) is None
    assert mmasi_draft({name: one for name, one in some.items() if name != "nose"}) is not None


def test_more_brown_never_gives_less_of_the_draft():
    drafts = []
    for excess in (0.05, 0.07, 0.1, 0.2, 0.4, 0.8):
        drafts.append(mmasi_draft({name: zone(np.full((10, 10), excess)) for name in ZONES}))
    assert drafts == sorted(drafts)
    assert drafts[0] == 0 < drafts[1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"skin": np.ones((3, 4), bool)},
        {"skin": np.ones((4, 4), np.uint8)},
        {"pixels": np.zeros((4, 4), np.uint8)},
        {"cell_px": 0.0},
    ],
)
def test_maps_that_do_not_fit_are_refused(wrong):
    fits = {
        "excess": np.zeros((4, 4), np.float32),
        "skin": np.ones((4, 4), bool),
        "pixels": np.zeros((4, 4, 3), np.uint8),
    }
    with pytest.raises(ValueError, match="must be"):
        ZoneExcess(**(fits | wrong))
