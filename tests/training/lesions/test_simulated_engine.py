"""The clean recipe: no photo of a collection stands behind it, and its grade is a declared function of its count."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch comes with the train extra")
import torch

from dermagrade.cli.main import main
from dermagrade.scales import hayashi_from_count
from dermagrade.training.lesions import simulated_engine, simulated_pictures
from dermagrade.training.lesions.grade_rule import fit_scale, set_grade_rule
from dermagrade.training.lesions.net import LesionNet
from dermagrade.training.lesions.simulated_pictures import clean_samples
from dermagrade.weights.model import load_model

pytestmark = pytest.mark.long


def grade_of(net: LesionNet, count: float) -> int:
    """The most likely grade for a map that holds so many lesions in all, and features of any kind."""
    features = [torch.rand(1, c, 32 // s, 32 // s) for c, s in ((64, 2), (96, 4), (128, 8))]
    density = torch.full((1, 2, 32, 32), count / 32**2)
    logits, _ = net.eval().gather(density, features, torch.ones(1, 1, 32, 32))
    return int(logits.argmax())


@pytest.mark.parametrize("scale", [0.5, 1.0, 1.4])
def test_the_grade_is_hayashis_for_the_count_that_is_read(scale: float) -> None:
    net = LesionNet()
    set_grade_rule(net, count_scale=scale)
    for read in (0.0, 2.0, 5.3, 5.7, 13.0, 20.3, 20.7, 35.0, 50.3, 50.7, 200.0):
        assert grade_of(net, read / scale) == hayashi_from_count(read).value


def test_where_two_grades_meet_they_are_equally_likely() -> None:
    net = LesionNet()
    set_grade_rule(net, count_scale=1.0)
    vector = torch.zeros(1, net.grade[0].in_features)
    vector[0, -2] = np.log1p(20.5)
    p = net.eval().grade(vector).softmax(1)[0].detach()
    assert float(p[1]) == pytest.approx(float(p[2]), rel=1e-3)
    assert float(p[1]) > float(p[0])
    assert float(p[1]) > float(p[3])


def test_the_share_of_a_count_is_found_again() -> None:
    truth = [1.0, 4.0, 9.0, 30.0]
    assert fit_scale([2 * n for n in truth], truth) == 0.5


def test_clean_pictures_are_seeded_and_their_marks_lie_on_changed_skin() -> None:
    one, again = clean_samples(lesioned=3, plain=2, seed=4), clean_samples(lesioned=3, plain=2, seed=4)
    assert np.array_equal(one.pixels, again.pixels)
    assert one.clear.tolist() == [False, False, False, True, True]
    assert (one.counts[:3, 1] >= one.counts[:3, 0]).all()
    assert one.counts[:3, 0].min() >= 1
    assert not one.counts[3:].any()
    for marks, counts in zip(one.lesions, one.counts, strict=True):
        assert [len(m) for m in marks if m is not None] == counts.tolist()
    assert np.array_equal(one.grades.argmax(1), [int(hayashi_from_count(n / 2).value) for n in one.counts[:, 0]])


def test_every_picture_that_is_read_lies_inside_an_installed_package(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    real = simulated_pictures.Image.open

    def noting(path, *more, **named):  # type: ignore[no-untyped-def]
        if isinstance(path, str | Path):
            opened.append(Path(path))
        return real(path, *more, **named)

    monkeypatch.setattr(simulated_pictures.Image, "open", noting)
    for cached in (simulated_pictures._portraits, simulated_pictures._objects):
        cached.cache_clear()
        cached()
    assert len(opened) == 2 + len(simulated_pictures.OBJECTS)
    assert all({"matplotlib", "skimage"} & set(path.parts) for path in opened)
    assert not any("lfw" in path.name for path in opened)


def test_the_command_writes_a_network_with_the_usual_outputs_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    call = ["train", "acne", "--recipe", "clean-smoke", "--seed", "3", "--out", str(out)]
    assert main(call) == 0
    assert "a network for each fold" not in capsys.readouterr().out
    model = load_model(out / "acne.onnx")
    image, region = np.random.default_rng(0).random((1, 3, 128, 128), np.float32), np.ones((2, 1, 32, 32), np.float32)
    region[1, :, :, :16] = 0
    got = model.run(image=image, region=region)
    assert got["density"].shape == (2, 32, 32)
    read = model.manifest.postprocess["count_scale"] * got["count"]
    assert got["grade"].argmax(1).tolist() == [int(hayashi_from_count(float(n)).value) for n in read]
    assert model.manifest.licence == simulated_engine.LICENCE
    assert not any("ACNE04" in line or "UTK" in line for line in model.manifest.training_data)
    card = (out / "acne.md").read_text(encoding="utf-8")
    assert "simulated" in card
    assert "not for commercial use" not in card
    assert main(call) == 2
    assert main([*call, "--resume"]) == 0
    assert load_model(out / "acne.onnx").manifest.sha256 == model.manifest.sha256


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--recipe", "clean", "--images", "x"], "simulated pictures alone; leave out --images"),
        (["--recipe", "lesions", "--labels", "x"], "train acne needs --images DIR"),
    ],
)
def test_a_wrong_call_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], says: str
) -> None:
    assert main(["train", "acne", *more, "--out", str(tmp_path / "out")]) == 2
    stderr = capsys.readouterr().err
    assert says in stderr
    assert len(stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()
