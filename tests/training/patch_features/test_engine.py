"""The published recipe end to end on drawn faces: nobody stands on both sides, and what is exported is what was fitted.

The zone network of these tests always sees the same face, and the backbone is random and tiny.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("transformers", reason="transformers comes with the train extra")
import torch

from dermagrade.cli.main import main
from dermagrade.conditions import CONDITIONS
from dermagrade.conditions.acne.grade import grade_acne
from dermagrade.errors import LabelsError
from dermagrade.face.zones import find_face
from dermagrade.photo.read import read_photo
from dermagrade.scales import ACNE_5
from dermagrade.tables.labels import PhotoLabel
from dermagrade.training.patch_features.features import Patch, find_patches
from dermagrade.training.patch_features.mlp import RECIPES, PatchNetwork, levels_of, make_head, split_sides
from dermagrade.training.run.backbones import load_backbone
from dermagrade.training.run.folder import load_state
from dermagrade.training.run.folds import splits_of
from dermagrade.training.run.job import Job
from dermagrade.training.run.photos import GradedPhotos, learnt_scale, read_graded
from dermagrade.types import Screening
from dermagrade.weights.model import load_model
from drawn_face import picture
from still_face import write_zone_network
from tiny_backbone import SIZE, WIDTH, write_backbone

ACNE = CONDITIONS["acne"]
RECIPE = RECIPES["features-mlp"]
PHOTOS, FOLDS = 12, 2


@dataclass(frozen=True)
class Run:
    """A finished run and what it was made from."""

    root: Path

    def call(self, out: Path, *more: str) -> list[str]:
        return [
            "train", "acne", "--recipe", "features-mlp", "--backbone", str(self.root / "backbone"),
            "--labels", str(self.root / "labels.csv"), "--images", str(self.root / "photos"),
            "--folds", str(FOLDS), "--seed", "3", "--out", str(out), *more,
        ]  # fmt: skip

    @property
    def out(self) -> Path:
        return self.root / "run"

    def photos(self) -> GradedPhotos:
        return read_graded(self.job(), ACNE_5, classed=lambda grade: ACNE_5.level_of(grade).value)

    def job(self, **more: object) -> Job:
        job = Job(
            condition=ACNE,
            recipe=ACNE.recipes["features-mlp"],
            recipe_name="features-mlp",
            out=self.out,
            tell=lambda _: None,
            command="",
            labels=self.root / "labels.csv",
            images=self.root / "photos",
            folds=FOLDS,
            seed=3,
        )
        return replace(job, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    root = tmp_path_factory.mktemp("features")
    (root / "photos").mkdir()
    lines = ["photo,subject,grade,scale"]
    for i in range(PHOTOS):
        # More spots, higher grades; 2.5 and 3.6 are means of several graders. Two photos a person.
        grade = (1, 1, 1, 2.5, 3.6, 2)[i // 2]
        Image.fromarray(picture(360, spots=round(6 * grade), seed=i)).save(root / f"photos/{i}.png")
        lines.append(f"{i}.png,p{i // 2},{grade},acne-5")
    (root / "labels.csv").write_text("\n".join(lines) + "\n")
    write_backbone(root / "backbone")
    write_zone_network(root / "weights")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DERMAGRADE_WEIGHTS", str(root / "weights"))
        made = Run(root)
        assert main(made.call(made.out)) == 0
        yield made


def test_it_leaves_a_network_for_everybody_and_one_for_each_fold(run: Run) -> None:
    for path in (run.out, *(run.out / f"fold{k}" for k in range(FOLDS))):
        model = load_model(path / "acne.onnx")
        assert (model.manifest.kind, model.manifest.scale) == ("zone-patches", "acne-5")
        assert model.run(image=np.zeros((5, 3, SIZE, SIZE), np.float32))["score"].shape == (5,)
        assert "--recipe features-mlp" in model.manifest.command
    card = (run.out / "acne.md").read_text()
    assert "| RMSE |" in card
    assert "| accuracy |" in card
    assert "Maximum of the patches" in card
    assert "each of forehead, cheeks and chin is scored by itself" in card


def test_assess_grades_with_the_weights_that_were_made(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(run.root / "weights", tmp_path / "weights")
    for name in ("acne.onnx", "acne.json", "acne.md"):
        shutil.copy(run.out / name, tmp_path / "weights")
    monkeypatch.setenv("DERMAGRADE_WEIGHTS", str(tmp_path / "weights"))
    main(["assess", str(run.root / "photos/3.png"), "--json"])
    record = json.loads(capsys.readouterr().out)
    assert record["status"] == "assessed"
    assert record["model"]["acne"].startswith("acne-features-")
    acne = record["acne"]
    assert set(acne["zones"]) == {"forehead", "left_cheek", "right_cheek", "chin"}
    assert acne["score"] == pytest.approx(np.mean([zone["score"] for zone in acne["zones"].values()]), abs=0.011)
    assert "lesions" not in acne


def test_the_exported_network_answers_as_in_torch(run: Run) -> None:
    backbone = load_backbone(str(run.root / "backbone"))
    head = make_head(WIDTH, RECIPE)
    head.load_state_dict(load_state(run.out / "final.pt"))
    image = torch.rand(7, 3, SIZE, SIZE)
    with torch.no_grad():
        wanted = PatchNetwork(backbone, head).eval()(image).numpy()
    got = load_model(run.out / "acne.onnx").run(image=image.numpy())["score"]
    assert np.abs(got - wanted).max() < 0.02


def test_what_was_measured_is_what_the_network_of_the_fold_says_of_a_photo_it_never_saw(run: Run) -> None:
    rows = [json.loads(line) for line in (run.out / "by_photo.jsonl").read_text().splitlines()]
    assert sorted(row["photo"] for row in rows) == sorted(f"{i}.png" for i in range(PHOTOS))
    for row in rows[::3]:
        photo = read_photo(run.root / "photos" / row["photo"])
        model = load_model(run.out / f"fold{row['fold']}/acne.onnx")
        answer = grade_acne(photo, find_face(photo), Screening(), model=model)
        assert answer.score == pytest.approx(row["score"], abs=0.02)
        assert row["score"] == pytest.approx(np.mean(list(row["patches"].values())))
        assert row["patch_maximum"] == max(row["patches"].values())


def test_nobody_stands_on_two_sides_and_only_what_trains_is_rolled(run: Run) -> None:
    photos = run.photos()
    labels, patches = photos.labels, find_patches(photos.files, run.out, lambda _: None)
    splits = splits_of(photos.folds, [True] * PHOTOS, 3)
    assert [split.fold for split in splits] == [*range(FOLDS), None]
    for split in splits:
        sides = split_sides(patches, labels, ACNE_5, split, recipe=RECIPE, seed=3)
        people = [{labels[patches[i].photo].subject for i, _ in side} for side in (sides.fit, sides.stop, sides.held)]
        assert sum(map(len, people)) == len(set.union(*people)) == PHOTOS / 2
        assert all(offset == 0 for _, offset in sides.stop + sides.held)
        assert any(offset > 0 for _, offset in sides.fit)


def test_levels_are_balanced_by_counting_patches_where_photos_show_different_numbers_of_them() -> None:
    labels = [PhotoLabel(f"{i}", f"p{i}", 1 + i % 7 // 2 + 0.4 * (i % 2)) for i in range(40)]
    zones = ("forehead", "left_cheek", "right_cheek", "chin")
    # Severe faces are turned away more often: rows of the table would balance nothing.
    patches = [
        Patch(i, zone, (0, 0, 90, 70)) for i, x in enumerate(labels) for zone in zones[: 4 if x.grade < 2.5 else 2]
    ]
    split = splits_of([i % 5 for i in range(40)], [True] * 40, 0)[2]
    sides = split_sides(patches, labels, ACNE_5, split, recipe=RECIPE, seed=0)
    levels = levels_of(labels, ACNE_5)
    seen = Counter(levels[patches[i].photo] for i, _ in sides.fit)
    plain = Counter(levels[patches[i].photo] for i, offset in sides.fit if offset == 0)
    assert len(set(plain.values())) > 1
    assert len(set(seen.values())) == 1
    assert min(seen.values()) == 3 * max(plain.values())


def test_a_run_that_goes_on_makes_only_what_is_missing_and_ends_the_same(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "run"
    shutil.copytree(run.out, out)
    files = sorted((out / "features").glob("*.npz"))
    for path in (*files[::2], out / "fold1.pt", out / "final.pt", out / "acne.onnx", out / "by_photo.jsonl"):
        path.unlink()
    kept = {path: path.stat().st_mtime_ns for path in files[1::2]}
    found = (out / "patches.jsonl").read_text()
    (out / "patches.jsonl").write_text(found[:-20])  # as a machine that lost its power leaves it
    assert main(run.call(out, "--resume")) == 0
    assert (out / "patches.jsonl").read_text() == found
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    for name in ("acne.onnx", "fold1/acne.onnx", "by_photo.jsonl", "figures.json"):
        assert (out / name).read_bytes() == (run.out / name).read_bytes(), name


def test_a_run_with_another_backbone_is_not_gone_on_with(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = write_backbone(tmp_path / "other", seed=9)
    assert main(run.call(run.out, "--resume", "--backbone", str(other))) == 2
    assert "it differs in backbone" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--lesions", "x.csv"], "leave out --lesions"),
        (["--scale", "pigment-9"], "acne-5 or acne-hayashi, not on pigment-9"),
        (["--scale", "acne-hayashi"], "the grade is on the scale acne-5, not on acne-hayashi"),
        (["--folds", "9"], "6 subjects cannot be split into 9 folds"),
        (["--recipe", "lesions", "--scale", "acne-hayashi"], "--backbone belongs to the recipe features-mlp"),
    ],
)
def test_a_wrong_call_is_one_sentence(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], says: str
) -> None:
    assert main(run.call(tmp_path / "out", *more)) in (1, 2)
    stderr = capsys.readouterr().err
    assert says in stderr
    assert len(stderr.splitlines()) == 1


def test_the_scale_is_the_one_named_else_the_column_s_else_hayashi_s(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plain.csv").write_text("photo,grade\na.jpg,1\n")
    (tmp_path / "five.csv").write_text("photo,grade,scale\na.jpg,1.4,acne-5\n")
    assert learnt_scale(run.job(), tmp_path / "plain.csv").id == "acne-hayashi"
    assert learnt_scale(run.job(scale="acne-5"), tmp_path / "plain.csv").id == "acne-5"
    assert learnt_scale(run.job(), tmp_path / "five.csv").id == "acne-5"


def test_two_people_are_too_few_for_two_folds() -> None:
    labels = [PhotoLabel(f"{i}", f"p{i % 2}", 1.0) for i in range(4)]
    patches = [Patch(i, "chin", (0, 0, 9, 9)) for i in range(4)]
    with pytest.raises(LabelsError, match="needs two"):
        split_sides(patches, labels, ACNE_5, splits_of([0, 1, 0, 1], [True] * 4, 0)[0], recipe=RECIPE, seed=0)
