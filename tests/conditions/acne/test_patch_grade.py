"""A network that scores patches: a photo has the mean of its patches, on the scale that the manifest names.

The network of these tests says how red a patch is, from 0 (grey) to 10 (red), so every answer is known.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="makes a network; onnx comes with the train extra")
import onnx
from onnx import TensorProto, helper, numpy_helper

from dermagrade.conditions.acne.answer import acne_details
from dermagrade.conditions.acne.grade import grade_acne
from dermagrade.errors import WeightsError
from dermagrade.grading.zone_patches import KIND, PATCH_ZONES, patch_input, photo_score
from dermagrade.scales import ACNE_5, acne_5_from_hayashi
from dermagrade.types import Assessment, Photo, Screening
from dermagrade.weights.model import Model, load_model
from dermagrade.weights.store import find_weights
from red_dots import GREY, grey_photo, square_face

SIZE = 16
#: Red less green of a colour that the network scores with 1, in steps of 255.
ONE = 25.5


def write_patch_network(folder: Path, scale: str) -> Model:
    """Ten times the mean of red less green."""
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["image", "redness"], ["map"]),
            helper.make_node("ReduceMean", ["map"], ["score"], axes=[1, 2, 3], keepdims=0),
        ],
        "redness",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, SIZE, SIZE])],
        [helper.make_tensor_value_info("score", TensorProto.FLOAT, ["n"])],
        [numpy_helper.from_array(np.array([10, -10, 0], np.float32).reshape(1, 3, 1, 1), "redness")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "acne.onnx").write_bytes(model.SerializeToString())
    manifest = {
        "version": "acne-redness",
        "sha256": hashlib.sha256((folder / "acne.onnx").read_bytes()).hexdigest(),
        "inputs": {"size": SIZE},
        "normalisation": "RGB, 0 to 1",
        "training_data": ["none: it measures redness"],
        "licence": "Apache-2.0",
        "metrics": {},
        "created": "2026-11-21",
        "kind": KIND,
        "scale": scale,
    }
    (folder / "acne.json").write_text(json.dumps(manifest))
    return load_model(folder)


def photo_with(**redness: float) -> Photo:
    """A grey photo whose zones are as red as the network's score for them is to be."""
    photo = grey_photo()
    labels = square_face(photo).label_map
    names = ("forehead", "nose", "left_cheek", "right_cheek", "chin")
    for zone, score in redness.items():
        # Half a step to both sides of grey, so that neither channel leaves its range.
        photo.pixels[labels == names.index(zone) + 1] = (GREY + score * ONE / 2, GREY - score * ONE / 2, GREY)
    return photo


def grade(model: Model, photo: Photo, **hidden: object) -> Assessment:
    return grade_acne(photo, square_face(photo, **hidden), Screening(), model=model)


def test_the_score_is_the_mean_of_the_patches_and_their_largest_is_among_the_zones(tmp_path: Path) -> None:
    answer = grade(write_patch_network(tmp_path, "acne-5"), photo_with(forehead=2, left_cheek=4, right_cheek=3, chin=2))
    scores = {name: zone.score for name, zone in answer.zones.items()}
    assert set(scores) == set(PATCH_ZONES)
    assert answer.score == pytest.approx(np.mean(list(scores.values())))
    assert max(scores, key=scores.__getitem__) == "left_cheek"
    assert 1 < scores["forehead"] < scores["right_cheek"] < scores["left_cheek"]
    own = acne_details(answer.details)
    assert (answer.scale, own.count, own.lesions, own.hayashi) == ("acne-5", None, (), None)
    assert answer.level == ACNE_5.level_of(answer.score).value
    assert answer.model == find_weights(tmp_path).id


def test_the_nose_has_no_part_in_the_score(tmp_path: Path) -> None:
    model = write_patch_network(tmp_path, "acne-5")
    photo = photo_with(forehead=3, chin=3)
    beside = photo_with(forehead=3, chin=3)
    # Only what no other zone's rectangle and margin reaches.
    beside.pixels[110:115, 150:170] = (255, 0, 0)
    assert grade(model, photo).score == grade(model, beside).score


def test_grades_on_hayashi_s_scale_are_mapped_as_declared(tmp_path: Path) -> None:
    photo = photo_with(forehead=2, left_cheek=2, right_cheek=1, chin=0)
    plain = grade(write_patch_network(tmp_path / "five", "acne-5"), photo)
    answer = grade(write_patch_network(tmp_path / "hayashi", "acne-hayashi"), photo)
    model = load_model(tmp_path / "hayashi")
    assert answer.scale == "acne-5"
    assert answer.zones["left_cheek"].score == pytest.approx(
        acne_5_from_hayashi(plain.zones["left_cheek"].score), abs=1e-4
    )
    whole = grade(model, photo_with())
    assert whole.score == acne_5_from_hayashi(0)


def test_a_patch_beyond_the_scale_is_held_at_its_end() -> None:
    assert photo_score({"chin": 7.0, "forehead": -2.0}, ACNE_5) == (3.0, {"chin": 5.0, "forehead": 1.0})


def test_where_only_the_nose_is_seen_it_abstains(tmp_path: Path) -> None:
    answer = grade(write_patch_network(tmp_path, "acne-5"), photo_with(), hidden=PATCH_ZONES)
    assert answer.score is None
    assert answer.abstained is not None
    assert "forehead" in answer.abstained


def test_a_scale_that_acne_is_not_graded_on_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="pigment-9"):
        grade(write_patch_network(tmp_path, "pigment-9"), photo_with())


def test_a_patch_of_any_shape_is_squeezed_into_the_square() -> None:
    pixels = np.full((30, 90, 3), (200, 100, 50), np.uint8)
    got = patch_input(pixels, SIZE)
    assert got.shape == (3, SIZE, SIZE)
    assert np.allclose(got, np.array([200, 100, 50])[:, None, None] / 255, atol=1e-3)
