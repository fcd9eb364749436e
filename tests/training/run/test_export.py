"""The exported network gives the trained network's answer."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch comes with the train extra")
import torch

from dermagrade.training.lesions.export import LesionExport, export_lesions
from dermagrade.training.lesions.net import LesionNet
from dermagrade.training.run import card
from dermagrade.training.zones.export import ZoneExport, export_zones
from dermagrade.training.zones.net import ZoneNet
from dermagrade.weights.manifest import network_digest
from dermagrade.weights.model import load_model
from plain_manifest import plain_manifest


def describe(path: Path, **metrics: object) -> Path:
    known = plain_manifest(
        version="test-1", sha256=network_digest(path), inputs={"size": 64}, training_data=["drawn by code"],
        metrics=metrics, seed=1, command="make",
    )  # fmt: skip
    return card.describe(path, known)


def test_zones_answer_as_in_torch(tmp_path: Path) -> None:
    torch.manual_seed(1)
    net, image = ZoneNet().eval(), torch.rand(1, 3, 160, 160)
    export_zones(net, tmp_path / "zones.onnx")
    describe(tmp_path / "zones.onnx")
    got = load_model(tmp_path).run(image=image.numpy())
    with torch.no_grad():
        wanted = ZoneExport(net)(image)
    for name, want in zip(("zones", "centre", "size", "points", "visible", "pose"), wanted, strict=True):
        assert np.abs(got[name] - want.numpy()).max() < 5e-3, name


def test_acne_answers_as_in_torch_at_other_sides_and_regions(tmp_path: Path) -> None:
    torch.manual_seed(2)
    nets = [LesionNet().eval(), LesionNet().eval()]
    export_lesions(nets, tmp_path / "acne.onnx", 64)
    describe(tmp_path / "acne.onnx")
    image, region = torch.rand(1, 3, 96, 128), (torch.rand(3, 1, 24, 32) > 0.5).float()
    got = load_model(tmp_path).run(image=image.numpy(), region=region.numpy())
    with torch.no_grad():
        wanted = LesionExport(nets)(image, region)
    for name, want in zip(("density", "grade", "count"), wanted, strict=True):
        assert np.allclose(got[name], want.numpy(), rtol=1e-2, atol=2e-3), name
    assert got["grade"].sum(1) == pytest.approx([1, 1, 1], abs=1e-5)


def test_a_card_shows_every_figure_with_the_human_one_beside_it(tmp_path: Path) -> None:
    (tmp_path / "acne.onnx").write_bytes(b"x")
    written = describe(
        tmp_path / "acne.onnx",
        folds={"kappa": {"model": 0.8123, "interval": [0.77, 0.84], "expert": 0.75}, "count": {"error": 4.7}},
        clear_share=0.95,
    )
    text = written.read_text()
    assert "| | model | interval | expert |" in text
    assert "| kappa | 0.8123 | 0.77 to 0.84 | 0.75 |" in text
    assert "| count, error | 4.7 |  |  |" in text
    assert "| clear share | 0.95 |" in text
    assert "Those on the labelled photos" in text


def test_a_card_without_figures_says_so() -> None:
    assert "Not measured yet." in card.card_text("x", plain_manifest())
