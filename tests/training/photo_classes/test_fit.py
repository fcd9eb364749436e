"""The fitting of networks on whole faces: the rate, what is frozen, and that both methods learn what can be seen."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("transformers", reason="transformers comes with the train extra")
import torch
from transformers import ResNetConfig, ResNetModel

from dermagrade.grading.photo_classes import signed_picture
from dermagrade.training.photo_classes.backbone import (
    PhotoBackbone,
    freeze_as_published,
    make_backbone,
    trained_parameters,
)
from dermagrade.training.photo_classes.engine import ByClass, ClassNetwork
from dermagrade.training.photo_classes.fit import Faces, Method, cyclical_rate, fit, outputs_of, settle
from dermagrade.training.photo_classes.pictures import batches, in_batches
from dermagrade.training.photo_classes.settings import PhotoSettings
from dermagrade.training.photo_classes.siamese import (
    BySimilarity,
    SiameseAnswer,
    SiameseNetwork,
    pair_figures,
    reference_rows,
)
from dermagrade.training.run.workers import one_thread

TINY = PhotoSettings(
    backbone="smoke", size=32, batch=12, epochs=6, low_rate=1e-3, high_rate=1e-2, dropout=0.1, keep_every=2
)


def faces(number: int = 90) -> Faces:
    """Three classes of pictures: dark, middling and bright ones, with grain."""
    chance = np.random.default_rng(0)
    classes = np.arange(number) % 3
    pixels = np.clip(chance.normal(60 + 60 * classes[:, None, None, None], 25, (number, 32, 32, 3)), 0, 255)
    return Faces(pixels.astype(np.uint8), classes.astype(np.int64), signed_picture, 3)


def test_the_published_resnet_50_trains_what_the_study_trained() -> None:
    """The study's 5,534,727 parameters hold 5,120 biases that Keras's convolutions have and this ResNet's have not."""
    net = ResNetModel(ResNetConfig())
    freeze_as_published(net)
    network = ClassNetwork(PhotoBackbone(net, 32), 7, 0.5)
    assert trained_parameters(network) == 5_534_727 - 5_120
    assert sum(p.numel() for p in network.dense.parameters()) == 14_343


def test_frozen_layers_do_not_move_while_the_rest_learns() -> None:
    torch.manual_seed(0)
    net = ResNetModel(ResNetConfig(embedding_size=8, hidden_sizes=[8, 16], depths=[1, 2], layer_type="bottleneck"))
    freeze_as_published(net)
    network = ClassNetwork(PhotoBackbone(net, 32), 3, 0.5)
    before = {key: value.clone() for key, value in network.state_dict().items()}
    network.train()
    optimiser = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], lr=0.01)
    ByClass().loss(network, torch.rand(4, 3, 32, 32), torch.tensor([0, 1, 2, 0])).backward()
    optimiser.step()
    moved = {key for key, value in network.state_dict().items() if not torch.equal(value, before[key])}
    last, before_last = "backbone.net.encoder.stages.1.layers.1.", "backbone.net.encoder.stages.1.layers.0.layer.2."
    assert moved
    assert all(key.startswith((last, before_last, "dense.")) for key in moved)
    assert any(key.startswith(before_last) and "running_mean" in key for key in moved)


def test_the_rate_swings_between_two_rates_and_each_cycle_less_high() -> None:
    settings = PhotoSettings(low_rate=1.0, high_rate=3.0, cycle=2, decay=0.5)
    rates = [cyclical_rate(step, 5, settings) for step in range(21)]
    assert rates[0] == rates[10] == rates[20] == 1.0
    assert rates[5] == pytest.approx(3.0)
    assert rates[15] == pytest.approx(2.0)
    assert max(rates) == rates[5]
    assert all(b > a for a, b in pairwise(rates[:6]))


def test_batches_bring_every_photo_once_and_mirrored_where_asked() -> None:
    known = faces(7)
    rows = in_batches(np.array([6, 2, 0, 4, 5]), 2)
    assert [len(own) for own in rows] == [2, 2, 1]
    flipped = np.array([True, False, False, True, False])
    seen = [(int(row), image) for own, some in batches(known.pictures, rows, signed_picture, flipped=flipped)
            for row, image in zip(own, some, strict=True)]  # fmt: skip
    assert [row for row, _ in seen] == [6, 2, 0, 4, 5]
    for (row, image), turned in zip(seen, flipped, strict=True):
        plain = torch.from_numpy(signed_picture(known.pictures[row]))
        assert torch.equal(image, plain.flip(2) if turned else plain)
        assert float(image.min()) >= -1
        assert float(image.max()) <= 1


@pytest.mark.parametrize("method", [ByClass(), BySimilarity()], ids=lambda m: m.kind)
def test_it_learns_what_can_be_seen(method: Method, tmp_path: Path) -> None:
    known = faces()
    rows = np.arange(90)
    with one_thread():
        network, ended = fit(
            method, known, rows[:60], rows[60:75], make_backbone(TINY, 1),
            settings=TINY, seed=1, out=tmp_path, title="one",
        )  # fmt: skip
        answerer = method.answerer(network, known, rows[:60], TINY, 1)
        shares = outputs_of(answerer, known, rows[75:])[0]
    assert (shares.argmax(axis=1) == known.classes[75:]).mean() > 0.8
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert max(row["validation accuracy"] for row in log) == pytest.approx(ended["accuracy"], abs=5e-4)
    assert log[ended["epoch"] - 1]["validation accuracy"] == pytest.approx(ended["accuracy"], abs=5e-4)


@pytest.mark.parametrize("method", [ByClass(), BySimilarity()], ids=lambda m: m.kind)
def test_a_training_that_goes_on_from_a_checkpoint_ends_like_one_that_was_never_ended(
    method: Method, tmp_path: Path
) -> None:
    known, rows = faces(40), np.arange(40)

    def trained(out: Path, epochs: int) -> dict[str, torch.Tensor]:
        settings = PhotoSettings(**{**vars(TINY), "epochs": epochs})
        out.mkdir(exist_ok=True)
        network, _ = fit(
            method, known, rows[:30], rows[30:], make_backbone(settings, 1),
            settings=settings, seed=1, out=out, title="one",
        )  # fmt: skip
        return network.state_dict()

    with one_thread():
        whole = trained(tmp_path / "whole", 4)
        trained(tmp_path / "parts", 2)
        parts = trained(tmp_path / "parts", 4)
    assert all(torch.equal(value, parts[key]) for key, value in whole.items())


def test_settled_statistics_are_those_of_the_training_photos() -> None:
    known, rows = faces(30), np.arange(30)
    network = SiameseNetwork(make_backbone(TINY, 0), 5)
    image = torch.from_numpy(np.stack([signed_picture(known.pictures[row]) for row in rows]))

    def lag() -> float:
        """How far the network as it grades is from the network as it learns."""
        with torch.no_grad():
            learns, grades = network.train()(image), network.eval()(image)
        return float((learns - grades).abs().max() / learns.abs().max())

    assert lag() > 0.1
    settle(network, known, rows, 30)
    assert lag() < 0.02


def test_a_face_belongs_to_the_group_that_it_is_most_like_on_average() -> None:
    torch.manual_seed(0)
    network = SiameseNetwork(make_backbone(TINY, 0), 5).eval()
    references, classes = torch.randn(9, 5), torch.tensor([0, 0, 0, 0, 1, 1, 3, 3, 3])
    image = torch.rand(4, 3, 32, 32)
    with torch.no_grad():
        shares, similarity = SiameseAnswer(network, references, classes, 4)(image)
        own = network(image).numpy().astype(np.float64)
        slope, rise = float(network.alike.weight), float(network.alike.bias)
    distance = np.linalg.norm(own[:, None] - references.numpy()[None], axis=2)
    alike = 1 / (1 + np.exp(-(slope * distance + rise)))
    wanted = np.stack([alike[:, classes.numpy() == k].mean(axis=1) for k in (0, 1, 3)], axis=1)
    assert similarity[:, [0, 1, 3]].numpy() == pytest.approx(wanted, abs=1e-4)
    assert (similarity[:, 2] == 0).all()  # nobody to be like
    assert shares.numpy() == pytest.approx((similarity / similarity.sum(1, keepdim=True)).numpy(), abs=1e-5)


def test_the_loss_of_pairs_weighs_same_and_different_alike() -> None:
    network = SiameseNetwork(make_backbone(TINY, 0), 5).eval()
    image, of_class = torch.rand(6, 3, 32, 32), torch.tensor([0, 0, 1, 1, 1, 2])
    with torch.no_grad():
        loss = float(BySimilarity().loss(network, image, of_class))
        alike = network.logits(network(image), network(image)).sigmoid().double().numpy()
    sides: dict[bool, list[float]] = {True: [], False: []}
    for i in range(6):
        for j in range(i + 1, 6):
            same = bool(of_class[i] == of_class[j])
            sides[same].append(-np.log(alike[i, j] if same else 1 - alike[i, j]))
    assert loss == pytest.approx((np.mean(sides[True]) + np.mean(sides[False])) / 2, rel=1e-4)


def test_figures_of_pairs_weigh_same_and_different_alike_and_need_both() -> None:
    alike = np.array([[1.0, 0.9, 0.4], [0.9, 1.0, 0.6], [0.4, 0.6, 1.0]])
    found = pair_figures(alike, np.array([0, 0, 1]))
    # Pairs: one of the same class at 0.9 (right), two of different classes at 0.4 (right) and 0.6 (wrong).
    assert found["accuracy"] == pytest.approx((1 + 0.5) / 2)
    assert found["rmse"] == pytest.approx(np.sqrt((0.01 + (0.16 + 0.36) / 2) / 2))
    assert pair_figures(alike, np.array([0, 1, 2])) == {"accuracy": None, "rmse": None}


def test_references_are_training_photos_so_many_of_each_class() -> None:
    classes = np.array([0] * 10 + [1] * 3 + [2] * 5)
    rows = np.arange(1, 18)
    chosen = reference_rows(classes, rows, 4, seed=2)
    assert set(chosen) <= set(rows)
    assert np.bincount(classes[chosen]).tolist() == [4, 3, 4]
    assert (chosen == reference_rows(classes, rows, 4, seed=2)).all()
