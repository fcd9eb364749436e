"""Measures of the zone network: errors over the eyes' distance, overlaps, and counts of what was missed."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from dermagrade.errors import LabelsError
from dermagrade.types import KEY_POINTS
from dermagrade.weights.model import load_model
from laboratory.zone_network import (
    MEASURED_POINTS,
    PointErrors,
    hand_key_points,
    measure_noface,
    measure_points,
    mesh_key_points,
    point_errors,
    read_points68,
    summarise_overlap,
    summarise_points,
    zone_overlap,
)
from still_face import point, write_zone_network

SIDE = 150


def hand_points(shift=0.0):
    """68 points whose key points are those of the still face, moved to the right by ``shift`` pixels."""
    points = np.zeros((68, 2))
    groups = {"right_eye": range(36, 42), "left_eye": range(42, 48), "nose_tip": [30], "chin": [8]}
    groups |= {"mouth_right": [48], "mouth_left": [54]}
    for name, numbers in groups.items():
        points[list(numbers)] = np.add(point(name, SIDE), (shift, 0))
    return points


def test_hand_made_points_are_read_in_the_300w_order():
    found = hand_key_points(hand_points())
    assert set(found) == set(KEY_POINTS)
    assert all(found[name] == pytest.approx(point(name, SIDE)) for name in KEY_POINTS)


def test_the_mesh_gives_every_key_point():
    assert set(mesh_key_points(np.zeros((468, 3)))) == set(KEY_POINTS)


def test_errors_are_shares_of_the_distance_of_the_eyes():
    truth = {"right_eye": (0.0, 0.0), "left_eye": (50.0, 0.0), "nose_tip": (25.0, 30.0)}
    assert point_errors(truth, {"nose_tip": (28.0, 34.0)}) == {"nose_tip": pytest.approx(0.1)}


def test_network_and_teacher_are_compared_where_both_answered():
    def errors(value):
        return dict.fromkeys(MEASURED_POINTS, value)

    lacking = dict.fromkeys(MEASURED_POINTS[1:], 0.1)
    rows = [
        PointErrors("p", errors(0.1), errors(0.2)),
        PointErrors("q", errors(0.3), errors(0.2)),
        PointErrors("r", errors(0.2), errors(0.1)),
        PointErrors("r", {}, errors(9.0)),
        PointErrors("r", errors(9.0), {}),
        PointErrors("r", lacking, errors(9.0)),
    ]
    found = summarise_points(rows)
    assert found["both_answered"] == 3
    assert (found["network_missed"], found["network_lacks_a_point"], found["teacher_missed"]) == (1, 1, 1)
    assert found["network"]["value"] == pytest.approx(0.2)
    assert found["teacher"]["value"] == pytest.approx(0.2)
    assert found["ratio"]["value"] == pytest.approx(1)


def write_frames(folder, shifts):
    """Video frames with hand-made points and a teacher that finds only the first."""
    (folder / "faces" / "p1").mkdir(parents=True)
    lines = ["," + ",".join(map(str, range(136)))]
    for i, shift in enumerate(shifts):
        name = f"Some_Body_{i}.png"
        Image.new("RGB", (SIDE, SIDE), (120, 120, 120)).save(folder / "faces" / "p1" / name)
        lines.append(name + "," + ",".join(f"{v:.3f}" for v in hand_points(shift).ravel()))
    (folder / "faces" / "p1_points68.csv").write_text("\n".join(lines))
    mesh = np.full((len(shifts), 468, 3), np.nan)
    mesh[0] = 10.0
    names = [f"p1/Some_Body_{i}.png" for i in range(len(shifts))]
    np.savez(folder / "faces" / "teacher_mesh.npz", photo=names, points=mesh)


def test_frames_are_measured_with_the_network_and_no_name_comes_out(tmp_path):
    write_frames(tmp_path, [0.0, 6.0])
    found = measure_points(tmp_path, load_model(write_zone_network(tmp_path)))
    assert found["photos"] == 2
    assert found["teacher_missed"] == 1
    assert found["network"]["value"] == pytest.approx(0, abs=0.01)
    assert "Some" not in str(found)


def test_a_table_of_points_with_a_short_line_is_refused(tmp_path):
    (tmp_path / "points.csv").write_text("name\na.jpg,1,2,3\n")
    with pytest.raises(LabelsError, match="line 2"):
        read_points68(tmp_path / "points.csv")


def test_overlap_is_intersection_over_union_and_ignores_what_is_no_zone():
    labels = np.array([[1, 1, 0, 0]], np.uint8)
    target = np.array([[0, 1, 1, 6]], np.uint8)
    assert zone_overlap(labels, target) == {"forehead": pytest.approx(1 / 3), "skin": pytest.approx(1 / 3)}
    assert zone_overlap(labels, labels)["forehead"] == 1
    assert zone_overlap(labels, np.full_like(labels, 2)) == {"forehead": 0, "nose": 0, "skin": 0.5}


def test_overlaps_are_averaged_by_zone_over_the_photos_that_have_it():
    found = summarise_overlap([{"nose": 0.5, "chin": 1.0, "skin": 0.8}, {"nose": 1.0, "skin": 1.0}], missed=2)
    assert found["network_missed"] == 2
    assert found["nose"] == {"photos": 2, "mean": 0.75, "median": 0.75}
    assert found["chin"]["photos"] == 1
    assert found["mean_of_zones"]["mean"] == pytest.approx((0.75 + 1.0) / 2)


def test_a_network_that_sees_faces_everywhere_takes_every_picture_for_one(tmp_path):
    found = measure_noface(load_model(write_zone_network(tmp_path)), count=4, drawn=2, size=64, acne_dir=None)
    assert found["test_pictures"] == {"pictures": 4, "taken_for_faces": 4, "share": 1.0}
    assert found["cartoons"]["pictures"] == found["hands"]["taken_for_faces"] == 2
