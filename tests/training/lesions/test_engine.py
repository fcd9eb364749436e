"""Training acne goes on where it stopped, and never reads what is set aside."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from drawn_face import mesh, picture, spot_places

pytest.importorskip("torch", reason="torch comes with the train extra")
import torch

from dermagrade.cli.main import main
from dermagrade.conditions import CONDITIONS
from dermagrade.scales import ACNE_HAYASHI
from dermagrade.tables.exclude import Exclusion, Exclusions, read_exclusions
from dermagrade.training.lesions.clear_faces import choose_clear
from dermagrade.training.lesions.data import load_samples
from dermagrade.training.lesions.face_boxes import face_boxes
from dermagrade.training.lesions.fit import RECIPES, fit
from dermagrade.training.lesions.kept_samples import keep_samples, kept_samples
from dermagrade.training.lesions.one_network import training_rows
from dermagrade.training.run.folds import splits_of
from dermagrade.training.run.job import Job
from dermagrade.training.run.photos import GradedPhotos, read_graded
from dermagrade.training.run.workers import one_thread
from dermagrade.weights.model import load_model

pytestmark = pytest.mark.long


@dataclass(frozen=True)
class Tables:
    """What a run is made from."""

    root: Path

    @property
    def clear(self) -> Path:
        return self.root / "faces"

    @property
    def exclude(self) -> Path:
        return self.root / "exclude.csv"

    def job(self, **more: object) -> Job:
        job = Job(
            CONDITIONS["acne"], CONDITIONS["acne"].recipes["smoke"], "smoke", self.root / "out", tell=lambda _: None,
            command="", labels=self.root / "labels.csv", images=self.root / "photos",
            mesh=(self.root / "mesh.npz",), exclude=(self.exclude,), clear=(self.clear,), folds=2, seed=20,
        )  # fmt: skip
        return replace(job, **more)  # type: ignore[arg-type]

    def photos(self, **more: object) -> GradedPhotos:
        return read_graded(self.job(**more), ACNE_HAYASHI, classed=float, others=self.clear.iterdir())


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
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
    return Tables(root)


def call(tables: Tables, out: Path, *more: str) -> list[str]:
    return [
        "train", "acne", "--recipe", "smoke", "--labels", str(tables.root / "labels.csv"),
        "--images", str(tables.root / "photos"), "--lesions", str(tables.root / "lesions.csv"),
        "--clear", str(tables.clear), "--mesh", str(tables.root / "mesh.npz"), "--exclude", str(tables.exclude),
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


def test_a_stopped_run_gives_the_same_weights_as_one_that_was_not(tables: Tables, tmp_path: Path) -> None:
    photos = tables.photos()
    clear = choose_clear([tables.clear], read_exclusions([tables.exclude]))
    files = {label.photo: path for label, path in zip(photos.labels, photos.files, strict=True)}
    boxes = face_boxes([tables.root / "mesh.npz"], [*files.items(), *clear])
    keep_samples(tmp_path / "kept", load_samples(photos.labels, files, [], clear, boxes))
    samples = kept_samples(tmp_path / "kept")
    labelled, clear_rows = training_rows(samples, splits_of(photos.folds, [True] * len(photos), 20)[0])

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


def test_clear_faces_that_train_are_none_that_is_left_out(tables: Tables) -> None:
    assert [name for name, _ in choose_clear([tables.clear], read_exclusions([tables.exclude]))] == ["faces/25_a.jpg"]


def test_a_photo_left_out_after_the_draw_changes_nothing_else_of_it(tables: Tables) -> None:
    everyone = [name for name, _ in choose_clear([tables.clear], Exclusions())]
    late = Exclusions([Exclusion(Path("x.csv"), "aside.jpg", "", after_draw=True)])
    assert [name for name, _ in choose_clear([tables.clear], late)] == [n for n in everyone if n != "faces/aside.jpg"]


def test_a_labelled_photo_that_is_left_out_does_not_train(tables: Tables, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("photo\n2.png\n")
    photos = tables.photos(exclude=(tmp_path / "more.csv",))
    assert [label.photo for label in photos.labels] == ["0.png", "1.png", "3.png", "4.png", "5.png"]


def test_the_command_writes_networks_that_run_and_goes_on(
    tables: Tables, tmp_path: Path, capsys: pytest.CaptureFixture[str]
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
    assert f"--exclude {tables.exclude}" in model.manifest.command
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
    tables: Tables, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], says: str
) -> None:
    assert main(call(tables, tmp_path / "out", *more)) in (1, 2)
    stderr = capsys.readouterr().err
    assert says in stderr
    assert len(stderr.splitlines()) == 1


@pytest.mark.usefixtures("one_core")
def test_without_marked_lesions_the_weights_say_that_they_count_nothing_and_whose_they_are(
    tables: Tables, tmp_path: Path
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
