"""A simulated study holds what was painted, says that it is simulated, and is the same when it was stopped between."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dermagrade.cli.demo import portrait
from dermagrade.conditions import CONDITIONS, Condition
from dermagrade.errors import MissingExtraError, PhotoError, UsageError
from dermagrade.evaluation.painted.simulated_study import BasePhoto, SimulatedStudy, make_study
from dermagrade.grading.painting import Simulated
from dermagrade.scales import SCALES
from dermagrade.simulate.truth_map import read_truth


def darken(photo, face, *, grade, seed, bare=True, method=""):
    """The simplest painting that has a truth: the skin darker, the higher the grade."""
    truth = np.where(face.label_map > 0, grade / 9, 0).astype(np.float32)
    pixels = (photo.pixels * np.exp(-0.4 * truth)[..., None]).astype(np.uint8)
    return Simulated(pixels, grade, dict.fromkeys(face.found, grade), truth, {"seed": float(seed), "way": "dark"})


def condition(paint=darken) -> Condition:
    return Condition(
        name="dark", title="Dark", scale="pigment-9", weights="dark", grade=CONDITIONS["acne"].grade, paint=paint
    )


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[BasePhoto]:
    """Two small copies of the portrait and between them a picture without a face."""
    try:
        face = portrait()
    except MissingExtraError:
        pytest.skip("needs matplotlib's sample portrait (the demo extra)")
    folder = tmp_path_factory.mktemp("base")
    with Image.open(face) as opened:
        small = opened.convert("RGB").resize((256, 300))
    small.save(folder / "a.png")
    Image.new("RGB", (256, 300), (90, 120, 60)).save(folder / "b.png")
    small.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(folder / "c.png")
    return [BasePhoto(folder / f"{name}.png", f"person {name}") for name in "abc"]


def made(out: Path, photos: list[BasePhoto], count: int = 5, seed: int = 1) -> tuple[int, list[str], int]:
    """Photos left out, the lines told, and how often a picture was finished."""
    told: list[str] = []
    done: list[None] = []
    left_out = make_study(
        SimulatedStudy(condition(), photos, count, seed), out, tell=told.append, finished=lambda: done.append(None)
    )
    return left_out, told, len(done)


def rows(out: Path) -> list[Mapping[str, str]]:
    with (out / "labels.csv").open(newline="", encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


def files(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory, photos: list[BasePhoto]) -> Path:
    out = tmp_path_factory.mktemp("study") / "out"
    assert made(out, photos)[0] == 1
    return out


def test_every_row_names_a_picture_a_person_and_a_grade_and_says_that_it_is_simulated(study: Path) -> None:
    table = rows(study)
    assert len(table) == 5
    for row in table:
        assert (study / "photos" / row["photo"]).is_file()
        assert row["simulated"] == "1"
        assert row["scale"] == "pigment-9"
        assert row["subject"] in {"person a", "person c"}
        assert row["painted_way"] == "dark"
    assert {row["subject"] for row in table} == {"person a", "person c"}
    assert json.loads((study / "study.json").read_text())["simulated"] is True


def test_the_grade_is_the_truth_on_the_nearest_half_step(study: Path) -> None:
    for row in rows(study):
        truth, grade = float(row["truth"]), float(row["grade"])
        assert grade * 2 == int(grade * 2)
        assert abs(grade - truth) <= 0.25 + 1e-9
        assert float(row["truth_forehead"]) == pytest.approx(truth, abs=1e-3)


def test_the_map_of_a_picture_is_its_truth(study: Path) -> None:
    for row in rows(study):
        truth = read_truth(study / "truth" / row["photo"].replace("jpg", "png"))
        with Image.open(study / "photos" / row["photo"]) as picture:
            assert truth.shape == picture.size[::-1]
        assert truth.max() == pytest.approx(float(row["truth"]) / 9, abs=1e-3)


@pytest.mark.parametrize("count", [9, 40])
def test_grades_are_spread_evenly_over_the_scale(count: int) -> None:
    study = SimulatedStudy(condition(), [BasePhoto(Path("a"), "a")], count, 3)
    shares = np.sort(np.array(study.grades) / SCALES["pigment-9"].high)
    steps = np.arange(count) / count
    assert (shares >= steps).all()
    assert (shares <= steps + 1 / count).all()
    assert study.grades != sorted(study.grades)


def test_a_photo_without_a_face_is_left_out_and_said_once(tmp_path: Path, photos: list[BasePhoto]) -> None:
    left_out, told, done = made(tmp_path / "out", photos, count=6)
    assert left_out == 1
    assert done == 6
    assert len(told) == 1
    assert "b.png" in told[0]


def test_a_study_that_was_stopped_goes_on_to_the_same_end(tmp_path: Path, photos: list[BasePhoto], study: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(study, out)
    (out / "truth" / "00001.json").unlink()
    (out / "truth" / "00004.json").unlink()
    (out / "photos" / "00004.jpg").unlink()
    (out / "labels.csv").unlink()
    before = (out / "photos" / "00000.jpg").stat().st_mtime_ns
    assert made(out, photos)[2] == 5
    assert files(out) == files(study)
    assert (out / "photos" / "00000.jpg").stat().st_mtime_ns == before


def test_an_interruption_leaves_a_table_of_what_is_finished(tmp_path: Path, photos: list[BasePhoto]) -> None:
    seen: list[None] = []

    def stop() -> None:
        seen.append(None)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_study(SimulatedStudy(condition(), photos, 5, 1), tmp_path, tell=lambda line: None, finished=stop)
    assert len(rows(tmp_path)) == 2


def test_a_folder_with_another_study_is_refused(tmp_path: Path, photos: list[BasePhoto], study: Path) -> None:
    shutil.copytree(study, tmp_path / "out")
    with pytest.raises(UsageError, match="differs in count, seed"):
        made(tmp_path / "out", photos, count=7, seed=2)


def test_photos_without_any_face_end_in_one_sentence(tmp_path: Path, photos: list[BasePhoto]) -> None:
    with pytest.raises(PhotoError, match="None of the 1 photos"):
        made(tmp_path, photos[1:2])


def test_what_cannot_be_painted_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot be painted"):
        SimulatedStudy(condition(paint=None), [BasePhoto(Path("a"), "a")], 3)
    with pytest.raises(UsageError, match="one picture or more"):
        SimulatedStudy(condition(), [], 3)
