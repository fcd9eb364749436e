"""Which photo of a visit each part of the face is taken from."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from dermagrade.grading.views import View, choose_parts, heat_of_zones, lesion_parts
from dermagrade.types import ZONES, Assessment, FaceMap, HeatMap, Lesion, Photo

pytest.importorskip("onnx", reason="the drawn head comes with a network; onnx comes with the train extra")
from drawn_visit import head

# Turned to its own right a head shows its left cheek.
LEFT, FRONT, RIGHT = (head(yaw_deg=yaw) for yaw in (-50, 0, 50))


def _chosen(*photos: tuple[Photo, FaceMap]) -> dict[str, str]:
    return {part: photos[i][0].name for part, i in choose_parts(photos).items()}


def test_cheeks_come_from_the_sides_and_the_middle_from_the_front() -> None:
    chosen = _chosen(LEFT, FRONT, RIGHT)
    assert chosen["left_cheek"] == "yaw-50.png"
    assert chosen["right_cheek"] == "yaw+50.png"
    assert {chosen[f"{zone}_{side}"] for zone in ("forehead", "nose", "chin") for side in ("left", "right")} == {
        "yaw+0.png"
    }


def test_without_a_front_each_half_of_the_middle_comes_from_its_own_side() -> None:
    chosen = _chosen(LEFT, RIGHT)
    assert {chosen[part] for part in chosen if "left" in part} == {"yaw-50.png"}
    assert {chosen[part] for part in chosen if "right" in part} == {"yaw+50.png"}


def test_a_cheek_that_no_side_shows_comes_from_the_front() -> None:
    assert _chosen(LEFT, FRONT)["right_cheek"] == "yaw+0.png"


@pytest.mark.parametrize("order", list(permutations([LEFT, FRONT, RIGHT])), ids=range(6))
def test_the_order_of_the_photos_changes_nothing(order: tuple[tuple[Photo, FaceMap], ...]) -> None:
    assert _chosen(*order) == _chosen(LEFT, FRONT, RIGHT)


def test_of_the_same_view_the_larger_face_is_taken() -> None:
    large, small = head(size=320), head(size=96)
    assert set(choose_parts([small, large]).values()) == {1}


def test_a_photo_in_which_the_zone_is_found_comes_first() -> None:
    photo, face = head(yaw_deg=-50)
    # Seen straight but nearly covered by hair.
    covered = replace(face, zones=face.zones | {"left_cheek": replace(face.zones["left_cheek"], visible=0.2)})
    assert choose_parts([(photo, covered), FRONT])["left_cheek"] == 1


def test_a_lesion_is_in_the_part_of_its_place_or_of_the_nearest_zone() -> None:
    photo, face = head()
    view = View(photo, face, Assessment("acne", "acne-5", 1.0))
    places = [Lesion(250, 170, 5, 1, "left_cheek"), Lesion(140, 290, 5, 1, "chin"), Lesion(175, 20, 5, 1, "forehead")]
    assert lesion_parts(view, places) == ["left_cheek", "chin_right", "forehead_left"]
    outside = [Lesion(20, 255, 5), Lesion(60, 105, 5), Lesion(260, 105, 5)]
    assert lesion_parts(view, outside) == ["right_cheek", "forehead_right", "forehead_left"]
    reduced = View(replace(photo, width=1280, height=1280), face, view.assessment)
    scaled = [replace(lesion, x=4 * lesion.x, y=4 * lesion.y) for lesion in places + outside]
    assert lesion_parts(reduced, scaled) == lesion_parts(view, places + outside)


def test_a_face_without_any_zone_has_no_part_for_a_lesion() -> None:
    photo, face = head()
    bare = replace(face, label_map=np.zeros_like(face.label_map))
    assert lesion_parts(View(photo, bare, Assessment("acne", "acne-5", 1.0)), [Lesion(100, 100, 5)]) == [None]


@pytest.mark.parametrize("scale", [1.0, 4.0])
def test_heat_is_kept_in_these_zones_alone(scale: float) -> None:
    photo, face = head()
    photo = replace(photo, width=int(320 * scale), height=int(320 * scale))
    # Cells of one pixel, from beyond the left edge to beyond the lower one.
    heat = HeatMap(np.full((300, 200), 0.7, np.float32), (-40 * scale, 50 * scale), scale, 1.0, "Heat")
    kept = heat_of_zones(heat, View(photo, face, Assessment("x", "pigment-9", 1.0)), {"nose", "right_cheek"})
    inside = np.isin(face.label_map, [ZONES.index("nose") + 1, ZONES.index("right_cheek") + 1])
    assert np.array_equal(kept.values[:270, 40:] > 0, inside[50:, :160])
    assert not kept.values[:, :40].any()
    assert not kept.values[270:].any()
    assert set(np.unique(kept.values)) == {np.float32(0), np.float32(0.7)}
