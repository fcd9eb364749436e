"""Confounding: every kind is painted at every strength, and a grader that sees dark or red says so."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from dermagrade.cli.main import main
from dermagrade.evaluation.measures.shift import Shift
from dermagrade.evaluation.painted.confounding import STRENGTHS, Disturbed, disturbed, summarise
from dermagrade.simulate.confounders import CONFOUNDERS
from dermagrade.types import Photo
from dermagrade.weights.model import load_model
from plain_condition import darkness_grader
from red_dots import write_network
from still_face import write_zone_network


def skin() -> Photo:
    grain = np.random.default_rng(0).normal(1, 0.02, (300, 300, 1))
    pixels = np.clip(np.array([200, 160, 140]) * grain, 0, 255).astype(np.uint8)
    return Photo(pixels, "0" * 64, 300, 300, name="drawn.png")


@pytest.fixture
def zones(tmp_path):
    return load_model(write_zone_network(tmp_path))


def test_every_kind_moves_a_grader_of_darkness_the_way_it_changes_the_light(zones):
    found = disturbed(skin(), "a", darkness_grader(zones), seed=1)
    assert {(r.kind, r.strength) for r in found} == {(k, s) for k in CONFOUNDERS for s in STRENGTHS}
    full = {r.kind: r.shift.change for r in found if r.strength == 1.0}
    assert full["shine"] < 0
    assert full["erythema"] > 0
    assert full["stubble"] > 0
    half = {r.kind: r.shift.change for r in found if r.strength == 0.5}
    assert abs(half["erythema"]) < abs(full["erythema"])


def test_a_photo_without_a_face_is_not_measured(zones):
    black = Photo(np.zeros((64, 64, 3), np.uint8), "0" * 64, 64, 64)
    assert disturbed(black, "a", darkness_grader(zones), seed=0) == []


def test_every_kind_and_strength_has_a_record_that_says_simulated():
    rows = [Disturbed("shine", s, Shift(str(i), 1.0, 1.0 + s * i / 10)) for s in STRENGTHS for i in range(10)]
    records = summarise(rows, rounds=50)
    assert [(r["kind"], r["strength"], r["simulated"]) for r in records] == [("shine", s, True) for s in STRENGTHS]
    assert records[1]["mean"]["value"] == pytest.approx(0.45)
    assert records[1]["share_below"]["value"] == pytest.approx(0.3)


def test_the_command_prints_a_line_for_every_kind_and_strength(tmp_path, capsys):
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.fromarray(skin().pixels).save(folder / "drawn.png")
    call = [
        "measure",
        "confounding",
        "--condition",
        "acne",
        "--images",
        str(folder),
        "--model",
        str(write_network(tmp_path)),
    ]
    call += ["--zones", str(write_zone_network(tmp_path))]
    assert main([*call, "--json"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(records) == len(CONFOUNDERS) * len(STRENGTHS)
    assert all(r["simulated"] and r["photos"] == 1 for r in records)
