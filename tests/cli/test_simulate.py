"""``simulate`` paints lesions, a condition at a grade, or a study, and refuses what does not go together."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from PIL import Image

from command_line import Run
from dermagrade.conditions import CONDITIONS
from dermagrade.scales import SCALES
from dermagrade.simulate.truth_map import read_truth

PAINTED = [name for name, condition in CONDITIONS.items() if condition.paint is not None]
UNPAINTED = [name for name in CONDITIONS if name not in PAINTED]


def test_without_a_grade_lesions_are_painted(run: Run, portrait: Path, tmp_path: Path) -> None:
    done = run("simulate", portrait, "--out", tmp_path / "out", "--lesions", "7")
    assert done.returncode == 0, done.stderr
    assert "7 simulated lesions painted" in done.stdout
    with (tmp_path / "out" / "grace_hopper_lesions.csv").open(newline="") as opened:
        assert len(list(csv.DictReader(opened))) == 7


@pytest.mark.parametrize("name", PAINTED)
def test_a_grade_is_painted_with_its_truth(run: Run, portrait: Path, tmp_path: Path, name: str) -> None:
    scale = SCALES[CONDITIONS[name].scale]
    wished = scale.low + 0.6 * (scale.high - scale.low)
    done = run("simulate", portrait, "--out", tmp_path, "--condition", name, "--grade", str(wished))
    assert done.returncode == 0, done.stderr
    assert "Simulated" in done.stdout
    record = json.loads((tmp_path / "grace_hopper_truth.json").read_text())
    assert record["simulated"] is True
    assert record["grade"] == pytest.approx(wished, abs=0.5)
    assert record["zones"]
    with Image.open(tmp_path / "grace_hopper_painted.png") as picture:
        size = picture.size
    truth = tmp_path / "grace_hopper_truth.png"
    if truth.exists():
        assert read_truth(truth).shape == size[::-1]


@pytest.mark.parametrize("name", PAINTED)
def test_a_series_has_a_picture_of_every_grade_with_words(run: Run, portrait: Path, tmp_path: Path, name: str) -> None:
    done = run("simulate", portrait, "--condition", name, "--series", "--out", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    levels = [level for level in SCALES[CONDITIONS[name].scale].levels if level.words]
    grades = sorted(float(path.stem) for path in (tmp_path / "out").glob("*.png"))
    assert grades == [level.value for level in levels]
    pixels = {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.png")}
    assert len(set(pixels.values())) == len(levels)
    assert "Simulated" in (tmp_path / "out" / "about.txt").read_text()
    with Image.open(portrait) as whole, Image.open(tmp_path / "out" / f"{grades[0]:g}.png") as cut:
        assert cut.width < whole.width


@pytest.mark.parametrize("name", PAINTED)
def test_a_study_is_painted_onto_folders_of_photos(run: Run, photos: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    done = run("simulate", "--study", "3", "--condition", name, "--images", photos, "--out", out, "--seed", "4")
    assert done.returncode == 1, done.stderr  # one file of the folder is no picture
    assert "b.jpg" in done.stderr
    assert "no rater" in done.stdout
    with (out / "labels.csv").open(newline="") as opened:
        table = list(csv.DictReader(opened))
    assert [row["subject"] for row in table] == ["a.jpg", "c.jpg", "c.jpg"]
    assert all(row["simulated"] == "1" for row in table)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        *((["x.jpg", "--condition", name, "--grade", "3"], "cannot be painted at a grade") for name in UNPAINTED),
        (["x.jpg", "--study", "3", "--images", "."], "draws the grades itself"),
        (["--study", "3"], "takes its photos by --images"),
        (["x.jpg", "--series", "--grade", "3"], "--series paints every grade"),
        (["--series"], "Name one photo"),
        (["--study", "3", "--images", ".", "--lesions", "4"], "number of acne lesions"),
        (["x.jpg", "--images", "."], "Name one photo"),
        ([], "Name one photo"),
        (["x.jpg", "--method", "glaze"], "go with --grade, --series or --study"),
        (["x.jpg", "--lesions", "-1"], "must be 0 or more"),
        *((["x.jpg", "--condition", name], "Name the grade to paint") for name in PAINTED if name != "acne"),
        *((["x.jpg", "--condition", name, "--grade", "99"], "--grade must be on") for name in PAINTED),
        *(
            (["x.jpg", "--condition", name, "--grade", "1", "--method", "oil"], "painting method 'oil'")
            for name in PAINTED
        ),
    ],
)
def test_options_that_do_not_go_together_are_refused(run: Run, tmp_path: Path, arguments: list[str], told: str) -> None:
    done = run("simulate", "--out", tmp_path / "out", *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()
