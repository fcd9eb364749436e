"""Left and right: the person's own sides, and the mirror that must swap them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from dermagrade.cli.main import main
from dermagrade.evaluation.measures.left_right import CheekScores, sides_of, summarise
from dermagrade.evaluation.statistics.bootstrap import Draws
from dermagrade.photo.read import read_photo
from dermagrade.weights.model import load_model
from plain_condition import darkness_grader
from red_dots import write_network
from still_face import write_zone_network

SIDE = 300


@pytest.fixture
def shaded(tmp_path):
    """A drawn face, darker on the viewer's right, which is the person's left."""
    pixels = np.full((SIDE, SIDE, 3), 200, np.uint8)
    pixels[:, SIDE // 2 :] = 170
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.fromarray(pixels).save(folder / "shaded.png")
    return folder


@pytest.fixture
def zones(tmp_path):
    return load_model(write_zone_network(tmp_path))


def test_the_left_cheek_is_the_persons_own_and_the_mirror_leaves_a_fair_score(shaded, zones):
    found = sides_of(read_photo(shaded / "shaded.png"), "a", darkness_grader(zones))
    assert found is not None
    assert found.left == pytest.approx(9 * (1 - 170 / 255), abs=0.05)
    assert found.right == pytest.approx(9 * (1 - 200 / 255), abs=0.05)
    assert found.mirrored == pytest.approx(found.score, abs=0.1)


def test_a_photo_without_a_frontal_face_has_no_sides(tmp_path, zones):
    Image.new("RGB", (64, 64)).save(tmp_path / "black.png")
    grader = darkness_grader(zones)
    assert sides_of(read_photo(tmp_path / "black.png"), "a", grader) is None
    turned = load_model(write_zone_network(tmp_path / "turned", visible=0.5))
    Image.new("RGB", (64, 64), (180, 150, 140)).save(tmp_path / "skin.png")
    assert sides_of(read_photo(tmp_path / "skin.png"), "a", darkness_grader(turned)) is None


def test_a_grader_that_leans_to_one_side_is_told_from_one_that_does_not():
    draws = Draws(rounds=200)
    values = np.linspace(0, 6, 20)
    fair = summarise([CheekScores(str(i), v, v, v, v) for i, v in enumerate(values)], unit="x", draws=draws)
    leaning = summarise(
        [CheekScores(str(i), v + 1, v, v, v - 0.5) for i, v in enumerate(values)], unit="x", draws=draws
    )
    assert fair["icc_2_1"]["value"] == pytest.approx(1)
    assert fair["mirror"]["share_below"]["value"] == 1
    assert leaning["icc_2_1"]["value"] < fair["icc_2_1"]["value"]
    assert leaning["difference"]["bias"]["value"] == pytest.approx(1)
    assert leaning["mirror"]["mean"]["value"] == pytest.approx(-0.5)
    assert leaning["mirror"]["share_below"]["value"] == 0


def test_the_command_measures_a_folder_for_a_condition_of_the_table(shaded, tmp_path, capsys):
    call = [
        "measure",
        "left-right",
        "--condition",
        "acne",
        "--images",
        str(shaded),
        "--model",
        str(write_network(tmp_path)),
    ]
    call += ["--zones", str(write_zone_network(tmp_path))]
    assert main([*call, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["asked"], record["photos"], record["scale"]) == (1, 1, "acne-5")
    assert main(call) == 0
    assert "ICC(2,1)" in capsys.readouterr().out
