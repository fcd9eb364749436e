"""Equal lesions: the same change of density on every tone, and figures that count every painted lesion."""

from __future__ import annotations

import numpy as np
import pytest

from dermagrade.simulate.lesions import paint_lesions
from dermagrade.types import Photo
from dermagrade.weights.model import load_model
from laboratory import tones
from laboratory.tones import Painted, paint_and_find, summarise
from red_dots import write_network
from still_face import write_zone_network

# Drawn skin from light to dark; red equals green, so that the network which counts red sees nothing before painting.
DRAWN = {"very light": (235, 235, 205), "intermediate": (160, 160, 115), "dark": (62, 62, 40)}


def face(rgb, side=320):
    return Photo(np.full((side, side, 3), rgb, np.uint8), "0" * 64, side, side, name="20_0_1_x.png")


@pytest.fixture
def networks(tmp_path):
    reading = {"peak_threshold": 0.003, "min_distance_px": 6, "face_margin": 0.0}
    return {
        "zones": load_model(write_zone_network(tmp_path)),
        "acne": load_model(write_network(tmp_path, postprocess=reading)),
    }


def row(photo="a", collection="utk", angle=30.0, *, painted=10, again=5, chance=1, false=2, before=1.0, after=2.0):
    return Painted(collection, photo, angle, painted, again, chance, false, before, after)


def density_change(rgb):
    """Mean change of natural-log linear light, by channel, where many lesions were painted on grainy skin."""

    def linear(values):
        share = values.astype(float) / 255
        return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)

    grain = np.random.default_rng(0).normal(1, 0.02, (500, 500, 1))
    pixels = np.clip(np.array(rgb) * grain, 0, 255).astype(np.uint8)
    painted = paint_lesions(pixels, np.ones((500, 500), np.uint8), count=300, seed=4, face_width_px=200)
    return (np.log(linear(painted.pixels)) - np.log(linear(pixels)))[painted.mask].mean(axis=0)


def test_lesions_change_light_and_dark_skin_by_the_same_density():
    light, dark = density_change((200, 160, 140)), density_change((90, 70, 60))
    assert light == pytest.approx(dark, abs=0.06)
    assert light[1] < light[0] - 0.1


@pytest.mark.parametrize("tone", DRAWN)
def test_painted_lesions_are_found_on_drawn_faces_of_every_tone(tone, networks):
    found = paint_and_find(face(DRAWN[tone]), "utk", lesions=10, seed=2, **networks)
    assert found is not None
    assert found.tone == tone
    assert found.painted == 10
    assert (found.false, found.by_chance) == (0, 0)
    assert found.again >= 5
    assert found.score_after > found.score_before


def test_a_photo_without_a_face_or_without_room_is_left_out(networks):
    assert paint_and_find(face((0, 0, 0)), "utk", lesions=3, seed=0, **networks) is None
    assert paint_and_find(face(DRAWN["dark"]), "utk", lesions=10_000, seed=0, **networks) is None


def test_the_same_seed_gives_the_same_figures(networks):
    one, again = (paint_and_find(face(DRAWN["dark"]), "utk", lesions=6, seed=9, **networks) for _ in range(2))
    assert one == again


def test_recall_counts_lesions_and_not_photos():
    found = summarise([row("a", painted=10, again=10), row("b", painted=30, again=0)])["all"]["all"]
    assert found["recall"]["value"] == 0.25
    assert found["false"]["value"] == 2
    assert found["rise"]["value"] == 1


def test_groups_go_by_the_measured_angle_and_by_the_race_code_of_utk_alone():
    rows = [
        row("20_0_1_x.jpg", angle=-60.0),
        row("20_0_0_x.jpg", angle=60.0),
        row("SCUT_1_1_1.jpg", "scut", angle=60.0),
        row("20_0_3_x.jpg", angle=None),
    ]
    found = summarise(rows)
    assert {name: part["photos"] for name, part in found["by tone"].items()} == {
        "very light": 2, "dark": 1, "not measured": 1
    }  # fmt: skip
    assert found["utk photos by tone"]["very light"]["photos"] == 1
    assert set(found["utk photos by race code"]) == {"White", "Black", "Indian"}


def test_the_table_names_every_group_and_says_nothing_of_photos():
    text = tones.as_text(summarise([row("20_0_1_secret.jpg", angle=a) for a in (-60.0, 0.0, 60.0)]))
    assert all(group in text for group in ("dark", "brown", "very light", "Black"))
    assert "secret" not in text


def test_a_handful_of_photos_gets_no_interval():
    few, enough = ([row(str(i), again=i) for i in range(n)] for n in (tones.FEWEST - 1, tones.FEWEST))
    assert summarise(few)["all"]["all"]["recall"]["low"] is None
    assert summarise(enough)["all"]["all"]["recall"]["low"] is not None
