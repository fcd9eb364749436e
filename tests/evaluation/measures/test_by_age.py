"""Age: read from a table, never guessed, and figures that follow it."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from dermagrade.cli.main import main
from dermagrade.errors import LabelsError
from dermagrade.evaluation.measures.by_age import Aged, band_of, read_ages, summarise
from dermagrade.evaluation.statistics.bootstrap import Draws
from red_dots import write_network
from still_face import write_zone_network


@pytest.mark.parametrize(
    ("age", "band"), [(0, "0-17"), (17, "0-17"), (18, "18-29"), (39, "30-39"), (70, "70+"), (99, "70+")]
)
def test_bands_hold_every_age_once(age, band):
    assert band_of(age) == band


def test_scores_that_rise_with_age_correlate_and_bands_are_in_order():
    rows = [Aged(str(a), a, a / 10) for a in (75, 20, 35, 45, 55, 65, 25)]
    found = summarise(rows, Draws(rounds=100))
    assert found["spearman"]["value"] == pytest.approx(1)
    assert list(found["by_age"]) == ["18-29", "30-39", "40-49", "50-59", "60-69", "70+"]
    assert found["by_age"]["18-29"]["value"] == pytest.approx(2.25)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("photo,age\na.png,old\n", r"ages\.csv, line 2: age is 'old', which is no number"),
        ("photo,age\na.png,130\n", r"line 2: age is '130'; a table of photo and age needs years from 0 to 120"),
        ("photo\na.png\n", r"ages\.csv has no column 'age'"),
        ("photo,age\na.png\n", r"line 2: age is ''; a table of photo and age needs years"),
    ],
)
def test_a_table_without_ages_is_one_sentence(tmp_path, text, says):
    (tmp_path / "ages.csv").write_text(text)
    with pytest.raises(LabelsError, match=says):
        read_ages(tmp_path / "ages.csv")


def test_the_command_takes_ages_from_a_table(tmp_path, capsys):
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("20_0_1_a.png", "60_1_0_b.png"):
        Image.new("RGB", (128, 128), (180, 150, 140)).save(folder / name)
    call = [
        "measure",
        "by-age",
        "--condition",
        "acne",
        "--images",
        str(folder),
        "--model",
        str(write_network(tmp_path)),
    ]
    call += ["--zones", str(write_zone_network(tmp_path)), "--json"]
    (tmp_path / "ages.csv").write_text("photo,age\n20_0_1_a.png,20\n60_1_0_b.png,60\n")
    assert main([*call, "--ages", str(tmp_path / "ages.csv")]) == 0
    record = json.loads(capsys.readouterr().out)
    assert {band: row["photos"] for band, row in record["by_age"].items()} == {"18-29": 1, "60-69": 1}
    (tmp_path / "ages.csv").write_text("photo,age\n20_0_1_a.png,33\n")
    assert main([*call, "--ages", str(tmp_path / "ages.csv")]) == 1
    assert "no age for 60_1_0_b.png" in capsys.readouterr().err
