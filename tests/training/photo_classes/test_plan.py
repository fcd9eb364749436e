"""The published models end to end on drawn faces: nobody stands on both sides, and what was measured is exported.

The zone network of these tests always sees the same face, and the networks that learn are random and tiny.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("transformers", reason="transformers comes with the train extra")

from dermagrade.conditions import Condition
from dermagrade.errors import DermagradeError, LabelsError, UsageError, WeightsError
from dermagrade.face.zones import find_face
from dermagrade.grading.photo_classes import grade_by_class, signed_picture
from dermagrade.grading.recipe import About, Grouping, Recipe
from dermagrade.photo.read import read_photo
from dermagrade.scales import PIGMENT_9
from dermagrade.training.engines import ENGINES
from dermagrade.training.photo_classes.pictures import load_pictures, make_pictures
from dermagrade.training.run.job import Job
from dermagrade.types import Assessment
from dermagrade.weights.model import load_model
from drawn_face import picture
from still_face import write_zone_network

PHOTOS, FOLDS = 16, 2
GROUPS = Grouping(("few", "some", "many"), (3.0, 5.0), (2.0, 4.0, 6.0), "made up")
ABOUT = About("x", ("y",), "z")


def no_grade(*_: object, **__: object) -> Assessment:
    raise AssertionError("a training grades nothing by the condition")


def recipe(engine: str) -> Recipe:
    return Recipe(engine, engine, ABOUT, {"backbone": "smoke"}, signed_picture, GROUPS)


#: A condition that the package does not know: the engines need none of its own.
SPOTS = Condition(
    name="spots",
    title="Spots",
    scale="pigment-9",
    weights="spots",
    grade=no_grade,
    label_scales=("pigment-9",),
    recipes={"classes": recipe("photo-classes"), "siamese": recipe("siamese")},
)


@dataclass(frozen=True)
class Run:
    """A finished run and what it was made from."""

    root: Path
    name: str

    def job(self, out: Path, **more: object) -> Job:
        job = Job(
            condition=SPOTS,
            recipe=SPOTS.recipes[self.name],
            recipe_name=self.name,
            out=out,
            tell=lambda _: None,
            command="dermagrade train spots",
            labels=self.root / "labels.csv",
            images=self.root / "photos",
            folds=FOLDS,
            seed=3,
            at_once=1,
        )
        return replace(job, **more)  # type: ignore[arg-type]

    @property
    def out(self) -> Path:
        return self.root / "run"

    @property
    def answers(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in (self.out / "by_photo.jsonl").read_text().splitlines()]


def train(job: Job) -> Path:
    return ENGINES[job.recipe.engine](job)


@pytest.fixture(scope="module", params=["classes", "siamese"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    root = tmp_path_factory.mktemp(request.param)
    (root / "photos").mkdir()
    lines = ["photo,subject,grade"]
    for i in range(PHOTOS):
        grade = (1, 4, 6.5, 3.5)[i // 2 % 4]
        pixels = picture(180, spots=round(8 * grade), seed=i) if i else np.zeros((180, 180, 3), np.uint8)
        Image.fromarray(pixels).save(root / f"photos/{i}.png")
        lines.append(f"{i}.png,p{i // 2},{grade}")
    (root / "labels.csv").write_text("\n".join(lines) + "\n")
    write_zone_network(root / "weights")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DERMAGRADE_WEIGHTS", str(root / "weights"))
        made = Run(root, request.param)
        assert train(made.job(made.out)) == made.out / "spots.onnx"
        yield made


def test_it_leaves_a_network_with_manifest_and_card_for_everybody_and_for_each_fold(run: Run) -> None:
    for folder in (run.out, *(run.out / f"fold{k}" for k in range(FOLDS))):
        model = load_model(folder / "spots.onnx")
        kind = {"classes": "photo-classes", "siamese": "siamese"}[run.name]
        assert (model.manifest.kind, model.manifest.scale) == (kind, "pigment-9")
        said = model.run(image=np.zeros((3, 3, 32, 32), np.float32))
        assert said["probabilities"].shape == (3, 3)
        assert np.abs(said["probabilities"].sum(axis=1) - 1).max() < 1e-4
        assert ("similarity" in said) == (run.name == "siamese")
        assert "from scratch" in (folder / "spots.md").read_text()


def test_a_photo_without_a_face_is_left_out_and_counted(run: Run) -> None:
    figures = json.loads((run.out / "figures.json").read_text())
    assert (figures["photos"], figures["without_face"]) == (PHOTOS, 1)
    assert sorted(str(row["photo"]) for row in run.answers) == sorted(f"{i}.png" for i in range(1, PHOTOS))


def test_what_was_measured_is_what_the_network_of_the_fold_says_of_a_photo_it_never_saw(run: Run) -> None:
    for row in run.answers[::4]:
        photo = read_photo(run.root / "photos" / str(row["photo"]))
        face = find_face(photo)
        assert face is not None
        model = load_model(run.out / f"fold{row['fold']}/spots.onnx")
        answer = grade_by_class(photo, face, model, condition="spots", scale=PIGMENT_9, recipe=SPOTS.recipes[run.name])
        assert answer.score == pytest.approx(row["score"], abs=0.02)
        assert answer.level == PIGMENT_9.level_of(answer.score or 0).value
        assert answer.model == model.id


def test_the_figures_are_those_of_the_answers(run: Run) -> None:
    figures = json.loads((run.out / "figures.json").read_text())
    tables, shares = np.zeros((3, 3), int), []
    for fold in figures["folds"]:
        own = [row for row in run.answers if row["fold"] == fold["fold"]]
        truth, chosen = (np.array([row[key] for row in own]) for key in ("class", "chosen"))
        values = np.array(GROUPS.values)
        assert fold["test"]["accuracy"] == pytest.approx((truth == chosen).mean())
        assert fold["test"]["rmse_values"] == pytest.approx(np.sqrt(((values[truth] - values[chosen]) ** 2).mean()))
        assert fold["test"]["rmse_classes"] == pytest.approx(np.sqrt(((truth - chosen) ** 2).mean()))
        np.add.at(tables, (truth, chosen), 1)
        shares.append(fold["test"]["accuracy"])
        assert ("pairs" in fold["test"]) == (run.name == "siamese")
    assert figures["confusion"] == tables.tolist()
    assert figures["mean"]["test"]["accuracy"]["mean"] == pytest.approx(np.mean(shares), abs=1e-4)
    assert figures["mean"]["test"]["accuracy"]["sd"] == pytest.approx(np.std(shares, ddof=1), abs=1e-4)


def test_nobody_stands_on_two_sides(run: Run) -> None:
    figures = json.loads((run.out / "figures.json").read_text())
    folds: dict[str, set[object]] = {}
    for row in run.answers:
        folds.setdefault(str(row["subject"]), set()).add(row["fold"])
    assert {len(own) for own in folds.values()} == {1}
    for fold in figures["folds"]:
        assert sum(fold[side]["photos"] for side in ("training", "validation", "test")) == PHOTOS - 1


def test_a_run_that_was_ended_goes_on_and_ends_the_same(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "run"
    shutil.copytree(run.out, out)
    for name in ("fold1.pt", "fold1.json", "final.pt", "spots.onnx", "by_photo.jsonl", "figures.json"):
        (out / name).unlink()
    found = (out / "pictures.jsonl").read_text()
    (out / "pictures.jsonl").write_text(found[:-20])  # as a machine that lost its power leaves it
    kept = (out / "fold0.pt").stat().st_mtime_ns
    train(run.job(out, resume=True))
    assert (out / "pictures.jsonl").read_text() == found
    assert (out / "fold0.pt").stat().st_mtime_ns == kept
    for name in ("spots.onnx", "fold1/spots.onnx", "by_photo.jsonl", "figures.json"):
        assert (out / name).read_bytes() == (run.out / name).read_bytes(), name


def test_a_network_is_not_read_by_the_groups_of_another_recipe(run: Run) -> None:
    photo = read_photo(run.root / "photos/3.png")
    face = find_face(photo)
    assert face is not None
    other = replace(SPOTS.recipes[run.name], grouping=replace(GROUPS, values=(1.0, 4.0, 6.0)))
    with pytest.raises(WeightsError, match="other groups"):
        grade_by_class(
            photo, face, load_model(run.out / "spots.onnx"), condition="spots", scale=PIGMENT_9, recipe=other
        )


@pytest.mark.parametrize(
    ("more", "error", "says"),
    [
        ({"scale": "acne-5"}, UsageError, "grades on pigment-9, not on acne-5"),
        ({"labels": None}, UsageError, "needs --labels"),
        ({"lesions": (Path("x.csv"),)}, UsageError, "leave out --lesions"),
        ({"folds": 9}, LabelsError, "8 subjects cannot be split into 9 folds"),
        ({"recipe": replace(recipe("photo-classes"), grouping=None)}, UsageError, "names no groups"),
        ({"backbone": "/nowhere"}, WeightsError, "--backbone small"),
    ],
)
def test_a_wrong_job_is_one_sentence(
    run: Run, tmp_path: Path, more: dict[str, object], error: type[DermagradeError], says: str
) -> None:
    with pytest.raises(error, match=says) as raised:
        train(run.job(tmp_path / "out", **more))
    assert "\n" not in str(raised.value)


def test_pictures_that_stand_on_the_disk_are_not_made_again(run: Run, tmp_path: Path) -> None:
    photos = [run.root / f"photos/{i}.png" for i in range(4)]
    told: list[str] = []
    assert make_pictures(photos, tmp_path, 32, told.append) == [False, True, True, True]
    before = load_pictures(tmp_path).copy()
    told.clear()
    make_pictures(photos, tmp_path, 32, told.append)
    assert told == []
    assert (load_pictures(tmp_path) == before).all()
