"""Steadiness: the moves are those of the score itself, and a score that is lost never counts as steady."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from dermagrade.cli.main import main
from dermagrade.conditions import CONDITIONS
from dermagrade.errors import UsageError
from dermagrade.evaluation.measures import steadiness
from dermagrade.evaluation.measures.grader import Grader
from dermagrade.evaluation.measures.photo_sample import Subject, folder_photos
from dermagrade.evaluation.measures.steadiness import Move, moves_of, summarise
from dermagrade.evaluation.measures.variants import CHANGES, FURTHER, RETAKES
from dermagrade.photo.read import read_photo, read_photo_bytes
from dermagrade.weights.model import load_model
from red_dots import grey_photo, paint, write_network
from still_face import write_zone_network

MIRROR, HALF = "mirror", "half the size"
EVERY = {**CHANGES, **FURTHER}


def move(photo, change, after, *, before=2.0, person="p", group="g"):
    return Move(photo, group, person, change, before, after)


@pytest.fixture
def grader(tmp_path):
    zones = load_model(write_zone_network(tmp_path))
    return Grader(CONDITIONS["acne"], load_model(write_network(tmp_path)), zones)


@pytest.fixture
def spotted(tmp_path):
    """A photo with more red on the viewer's right than on the left."""
    photo = grey_photo()
    for x in (190, 210, 230, 250):
        paint(photo, x, 170)
    paint(photo, 100, 170)
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.fromarray(photo.pixels).save(folder / "spots.png")
    return folder


@pytest.mark.parametrize("name", EVERY)
def test_every_change_gives_a_file_that_can_be_read_and_shows_something_else(name):
    rng = np.random.default_rng(0)
    pixels = rng.integers(60, 200, (48, 64, 3)).astype(np.uint8)
    again = read_photo_bytes(EVERY[name](pixels), name="x").pixels
    assert again.shape != pixels.shape or not np.array_equal(again, pixels)


def test_light_and_colour_change_linear_light_by_what_their_names_say():
    def linear(value):
        share = np.asarray(value, float) / 255
        return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)

    pixels = np.full((16, 16, 3), 140, np.uint8)
    for name, gains in {
        "light -15 %": (0.85, 0.85, 0.85),
        "warmer, red +10 % blue -10 %": (1.1, 1.0, 0.9),
        "exposure +0.3 stops": (1.231, 1.231, 1.231),
    }.items():
        got = linear(read_photo_bytes(EVERY[name](pixels), name="x").pixels[0, 0])
        assert got == pytest.approx(linear(140) * np.array(gains), rel=0.02)


def test_a_crop_by_5_percent_keeps_95_percent_of_each_side():
    pixels = np.zeros((200, 400, 3), np.uint8)
    assert read_photo_bytes(CHANGES["crop by 5 %"](pixels), name="x").pixels.shape == (190, 380, 3)
    assert read_photo_bytes(EVERY["crop by 3 % at each side"](pixels), name="x").pixels.shape == (188, 376, 3)


def test_a_turn_by_3_degrees_moves_what_is_far_from_the_middle_and_leaves_no_empty_corner():
    pixels = np.full((101, 101, 3), 200, np.uint8)
    pixels[48:53, 88:93] = 0
    turned = read_photo_bytes(EVERY["turned by 3 degrees"](pixels), name="x").pixels[..., 0].astype(float)
    ys, xs = np.nonzero(turned < 100)
    # Forty pixels right of the middle, a turn against the clock lifts by 40 sin 3 degrees.
    assert (xs.mean(), ys.mean()) == pytest.approx(
        (50 + 40 * np.cos(np.radians(3)), 50 - 40 * np.sin(np.radians(3))), abs=0.3
    )
    assert min(turned[0, 0], turned[0, -1], turned[-1, 0], turned[-1, -1]) > 190


def test_a_network_that_counts_red_does_not_mind_the_mirror_and_minds_lost_red(spotted, grader):
    subject = Subject(spotted / "spots.png", "drawn", "nobody")
    by_change = {m.change: m for m in moves_of(read_photo(subject.path), subject, grader)}
    assert set(by_change) == set(EVERY)
    assert by_change[MIRROR].before > 1.5
    assert by_change[MIRROR].size == pytest.approx(0, abs=0.01)
    assert by_change["warmer, red +10 % blue -10 %"].size != by_change[MIRROR].size


def test_a_photo_without_a_score_gives_no_moves(tmp_path, grader):
    Image.new("RGB", (64, 64)).save(tmp_path / "black.png")
    subject = Subject(tmp_path / "black.png", "drawn", "nobody")
    assert moves_of(read_photo(subject.path), subject, grader) == []


def test_a_lost_score_is_not_steady_and_is_the_largest_move():
    moves = [move("a", MIRROR, None), move("a", HALF, 2.1), move("b", MIRROR, 2.0), move("b", HALF, 2.9)]
    found = summarise(moves)["all photos"]
    assert found["all changes"]["steady"]["value"] == 0.5
    assert found["all changes"]["lost"] == 1
    assert found["all changes"]["mean"]["value"] == pytest.approx((0.1 + 0 + 0.9) / 3, abs=1e-3)
    assert found["largest move of each photo"]["steady"]["value"] == 0
    assert found["largest move of each photo"]["lost"] == 1
    assert found["by_change"][MIRROR]["steady"]["value"] == 0.5


def test_a_move_of_exactly_the_limit_is_not_steady():
    assert summarise([move("a", MIRROR, 1.25, before=1.0)])["all photos"]["all changes"]["steady"]["value"] == 1
    limit = steadiness.STEADY_BELOW
    assert summarise([move("a", MIRROR, limit, before=0.0)])["all photos"]["all changes"]["steady"]["value"] == 0


def test_intervals_draw_persons_not_photos():
    rows = [move(f"{p}{i}", MIRROR, 2.0 + 0.5 * p, person=str(p)) for p in range(4) for i in range(5)]
    found = summarise(rows)["all photos"]["all changes"]["mean"]
    assert (found["photos"], found["persons"]) == (20, 4)
    assert found["low"] < found["value"] < found["high"]


def test_retakes_scatter_as_their_own_variance_says_and_other_changes_do_not_count():
    values = {"a": (1.0, 2.0), "b": (3.0, 3.0)}
    moves = [move(p, RETAKES[i], v, before=v) for p, (v, _) in values.items() for i in range(3)]
    moves += [move(p, RETAKES[3], w, before=v) for p, (v, w) in values.items()]
    moves += [move("b", MIRROR, 9.0), move("a", RETAKES[4], None)]
    # a: 1, 1, 1, 1, 2 with variance 0.2; b never moves.
    found = summarise(moves)["all photos"]["repeatability_sd"]
    assert found["value"] == pytest.approx(0.1**0.5, abs=1e-4)
    assert found["photos"] == 2


def test_the_published_row_is_of_the_eleven_changes_alone():
    moves = [move("a", MIRROR, 2.1), move("a", "turned by 3 degrees", 4.0)]
    found = summarise(moves)["all photos"]
    assert (found["all changes"]["moves"], found["all further changes"]["moves"]) == (1, 1)
    assert found["largest move of each photo"]["mean"]["value"] == pytest.approx(0.1)


def test_groups_are_told_apart():
    found = summarise([move("a", MIRROR, 2.0, group="x"), move("b", MIRROR, 3.0, group="y")])
    assert list(found) == ["all photos", "x", "y"]
    assert found["y"]["all changes"]["mean"]["value"] == 1


def test_a_folder_without_photos_is_one_sentence(tmp_path):
    with pytest.raises(UsageError, match="no folder with photos"):
        folder_photos([tmp_path / "nowhere"], sample=None, seed=0)


def test_the_command_measures_a_folder(spotted, tmp_path, grader, capsys):
    call = [
        "measure",
        "steadiness",
        "--images",
        str(spotted),
        "--model",
        str(grader.model.weights.path),
        "--zones",
        str(grader.zones.weights.path),
    ]
    assert main([*call, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["asked"] == 1
    assert record["figures"]["all photos"]["all changes"]["moves"] == len(CHANGES)
    assert main(call) == 0
    text = capsys.readouterr().out
    assert all(change in text for change in EVERY)
    assert "repeatability_sd" in text
