"""Training acne goes on where it stopped, and never reads what is set aside."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from drawn_face import mesh, picture, spot_places

pytest.importorskip("torch", reason="torch comes with the train extra")
import torch

from dermagrade.cli.main import main
from dermagrade.tables.exclude import Exclusion, Exclusions, read_exclusions
from dermagrade.training.lesions.data import load_acne
from dermagrade.training.lesions.fit import RECIPES, fit
from dermagrade.training.lesions.kept_samples import keep_samples, kept_samples
from dermagrade.training.lesions.train import AcneTables, acne_labels, choose_clear, face_boxes, training_rows
from dermagrade.training.run.workers import one_thread
from dermagrade.weights.model import load_model

pytestmark = pytest.mark.long


@pytest.fixture
def tables(tmp_path: Path) -> AcneTables:
    root = tmp_path / "data"
    labels, lesions, names = ["photo,subject,grade,count"], ["photo,x,y,radius"], []
    (root / "photos").mkdir(parents=True)
    (root / "faces").mkdir()
    for i in range(6):
        Image.fromarray(picture(128, spots=i, seed=i)).save(root / f"photos/{i}.png")
        labels.append(f"{i}.png,p{i},{min(i, 3)},{i}")
        lesions += [f"{i}.png,{x:.1f},{y:.1f},2" for x, y in spot_places(128, i, i).tolist()]
        names.append(f"{i}.png")
    for name in ("25_a.jpg", "70_b.jpg", "aside.jpg", "copy.jpg"):
        Image.fromarray(picture(128)).save(root / "faces" / name)
    (root / "exclude.csv").write_text(
        "folder,photo,after_draw\nfaces,70_b.jpg,\nfaces,aside.jpg,0\nfaces,copy.jpg,1\nelsewhere,25_a.jpg,\n"
    )
    (root / "labels.csv").write_text("\n".join(labels) + "\n")
    (root / "lesions.csv").write_text("\n".join(lesions) + "\n")
    np.savez(root / "mesh.npz", photo=np.array(names), points=np.stack([mesh()] * 6).astype(np.float32))
    return AcneTables(
        root / "labels.csv", root / "photos", (root / "lesions.csv",), None, (root / "faces",), (root / "mesh.npz",),
        (root / "exclude.csv",),
    )  # fmt: skip


def call(tables: AcneTables, out: Path, *more: str) -> list[str]:
    return [
        "train", "acne", "--recipe", "smoke", "--labels", str(tables.labels), "--images", str(tables.images),
        "--lesions", str(tables.lesions[0]), "--clear", str(tables.clear[0]), "--mesh", str(tables.meshes[0]),
        "--exclude", str(tables.exclude[0]),
        "--folds", "2", "--out", str(out), *more,
    ]  # fmt: skip


class Interrupted(list):  # type: ignore[type-arg]
    """Marks of the photos, whose reading is interrupted after so many times, as by a person at the keyboard."""

    left = 0

    def __getitem__(self, key):  # type: ignore[no-untyped-def]
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return super().__getitem__(key)


def test_a_stopped_run_gives_the_same_weights_as_one_that_was_not(tables: AcneTables, tmp_path: Path) -> None:
    labels, folds = acne_labels(tables, 2, 20)
    clear = choose_clear(tables.clear, read_exclusions(tables.exclude))
    files = {label.photo: tables.images / label.photo for label in labels}
    boxes = face_boxes(tables.meshes, [*files.items(), *clear])
    keep_samples(tmp_path / "kept", load_acne(labels, files, [], clear, boxes))
    samples = kept_samples(tmp_path / "kept")
    labelled, clear_rows = training_rows(samples, folds, 0)

    def train(out: Path) -> dict[str, torch.Tensor]:
        out.mkdir(exist_ok=True)
        with one_thread():  # as the command trains: the order of additions depends on the threads
            net = fit(samples, labelled, clear_rows, recipe=RECIPES["smoke"], seed=3, out=out, title="fold0")
        return dict(net.state_dict())

    whole = train(tmp_path / "whole")
    marks, samples.lesions = samples.lesions, Interrupted(samples.lesions)
    samples.lesions.left = 20  # two of a photo: enough for the first checkpoint, not for the end
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path / "stopped")
    assert torch.load(tmp_path / "stopped/fold0.ckpt", weights_only=True)["step"] == 2
    samples.lesions = marks
    again = train(tmp_path / "stopped")
    assert all(torch.equal(whole[key], again[key]) for key in whole)


def test_clear_faces_that_train_are_none_that_is_left_out(tables: AcneTables) -> None:
    assert [name for name, _ in choose_clear(tables.clear, read_exclusions(tables.exclude))] == ["faces/25_a.jpg"]


def test_a_photo_left_out_after_the_draw_changes_nothing_else_of_it(tables: AcneTables) -> None:
    everyone = [name for name, _ in choose_clear(tables.clear, Exclusions())]
    late = Exclusions([Exclusion(Path("x.csv"), "aside.jpg", "", after_draw=True)])
    assert [name for name, _ in choose_clear(tables.clear, late)] == [n for n in everyone if n != "faces/aside.jpg"]


def test_a_labelled_photo_that_is_left_out_does_not_train(tables: AcneTables, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("photo\n2.png\n")
    labels, _ = acne_labels(replace(tables, exclude=(tmp_path / "more.csv",)), 2, 20)
    assert [label.photo for label in labels] == ["0.png", "1.png", "3.png", "4.png", "5.png"]


def test_the_command_writes_networks_that_run_and_goes_on(
    tables: AcneTables, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(call(tables, out)) == 0
    told = capsys.readouterr().err
    assert "3 of 10 photos are left out" in told
    assert "1 of 4 rows match no photo here: elsewhere/25_a.jpg" in told
    model = load_model(out / "acne.onnx")
    got = model.run(image=np.zeros((1, 3, 64, 64), np.float32), region=np.ones((2, 1, 16, 16), np.float32))
    assert got["grade"].shape == (2, 4)
    assert model.manifest.version == "acne-2026.11"
    assert "--recipe smoke" in model.manifest.command
    assert f"--exclude {tables.exclude[0]}" in model.manifest.command
    assert (out / "acne.md").is_file()
    assert sorted(p.parent.name for p in out.glob("fold*/acne.onnx")) == ["fold0", "fold1"]
    assert main(call(tables, out)) == 2
    assert main(call(tables, out, "--resume")) == 0
    assert main(call(tables, out, "--resume", "--seed", "1")) == 2
    assert load_model(out / "acne.onnx").manifest.sha256 == model.manifest.sha256


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--scale", "acne-5"], "acne-hayashi only"),
        (["--recipe", "unet"], "no recipe unet for acne; there are: lesions, smoke"),
        (["--folds", "9"], "6 subjects cannot be split into 9 folds"),
        (["--clear", "nowhere"], "nowhere is no folder"),
    ],
)
def test_a_wrong_call_is_one_sentence(
    tables: AcneTables, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], says: str
) -> None:
    assert main(call(tables, tmp_path / "out", *more)) in (1, 2)
    stderr = capsys.readouterr().err
    assert says in stderr
    assert len(stderr.splitlines()) == 1


@pytest.mark.usefixtures("one_core")
def test_without_marked_lesions_the_weights_say_that_they_count_nothing_and_whose_they_are(
    tables: AcneTables, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    given = call(tables, out, "--people", "Drawn faces.")
    at = given.index("--lesions")
    assert main(given[:at] + given[at + 2 :]) == 0
    manifest = load_model(out / "acne.onnx").manifest
    assert manifest.postprocess["counts"] is False
    assert "yours to know" in manifest.licence
    assert "Drawn faces." in (out / "acne.md").read_text()
    assert "East Asian" not in (out / "acne.md").read_text()
