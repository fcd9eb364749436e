"""Targets say what can be seen of a face."""

import numpy as np
import pytest

from dermagrade.types import KEY_POINTS
from drawn_face import mesh, picture

pytest.importorskip("torch", reason="torch comes with the train extra")
from dermagrade.training.zones.data import MIRRORED_LABELS, MIRRORED_POINTS
from dermagrade.training.zones.targets import ZoneTopology, draw_target, face_box, learn_topology


@pytest.fixture(scope="module")
def topology() -> ZoneTopology:
    return learn_topology(np.stack([mesh(yaw_deg=a) for a in (-4, 0, 4, 8)]))


def shown(labels: np.ndarray, zone: int) -> int:
    return int((labels == zone).sum())


def test_every_zone_of_a_frontal_face_is_drawn_and_left_is_the_persons_own(topology: ZoneTopology) -> None:
    labels = draw_target(mesh(), picture(), topology).labels
    assert all(shown(labels, zone) > 50 for zone in range(1, 6))
    assert np.nonzero(labels == 3)[1].mean() > 64 > np.nonzero(labels == 4)[1].mean()


def test_the_mirrored_label_map_swaps_left_and_right_cheek(topology: ZoneTopology) -> None:
    labels = draw_target(mesh(yaw_deg=30), picture(), topology).labels
    mirrored = MIRRORED_LABELS.numpy()[labels]
    assert np.array_equal(mirrored == 3, labels == 4)
    assert np.array_equal(mirrored == 4, labels == 3)
    assert all(np.array_equal(mirrored == z, labels == z) for z in (0, 1, 2, 5, 6, 7))


def test_mirrored_points_swap_sides() -> None:
    swapped = [KEY_POINTS[i] for i in MIRRORED_POINTS]
    assert swapped == [n.replace("left", "L").replace("right", "left").replace("L", "right") for n in KEY_POINTS]


def test_the_far_cheek_of_a_turned_face_is_seen_less(topology: ZoneTopology) -> None:
    frontal = draw_target(mesh(), picture(), topology).labels
    turned = draw_target(mesh(yaw_deg=50), picture(), topology)
    assert turned.pose[0] == pytest.approx(50, abs=3)
    assert shown(turned.labels, 3) < 0.4 * shown(frontal, 3)
    assert shown(turned.labels, 4) > 0.6 * shown(frontal, 4)


def test_the_seen_surface_of_a_frontal_face_is_its_whole_surface(topology: ZoneTopology) -> None:
    target = draw_target(mesh(512), picture(512), topology)
    for zone in (1, 3, 4):
        seen = target.weights[target.labels == zone].sum(dtype=float)
        assert seen / target.totals[zone - 1] == pytest.approx(1, abs=0.15)


def test_dark_pixels_on_the_forehead_are_covered(topology: ZoneTopology) -> None:
    pixels = picture()
    pixels[:45] = 5
    labels = draw_target(mesh(), pixels, topology).labels
    assert shown(labels, 7) > 50
    assert shown(labels, 1) < shown(draw_target(mesh(), picture(), topology).labels, 1)


def test_the_face_box_goes_round_the_oval() -> None:
    assert face_box(mesh(100)) == pytest.approx([20, 9.5, 80, 90.5], abs=0.6)
