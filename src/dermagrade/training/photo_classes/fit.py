"""Fits a network on whole faces with an exponential cyclical learning rate; a run that is ended goes on.

What differs between the published models stands in a :class:`Method`; the passes over the photos are the same for all.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from dermagrade.grading.recipe import Prepare
from dermagrade.training.photo_classes.backbone import PhotoBackbone
from dermagrade.training.photo_classes.pictures import Pictures, batches, in_batches
from dermagrade.training.photo_classes.settings import PRESETS, PhotoSettings
from dermagrade.training.run.folder import load_state, save_state

#: Training photos, at most, whose answers stand in the log after each epoch.
_LOGGED = 200
_ANSWER_BATCH = 64


@dataclass(frozen=True, eq=False)
class Faces:
    """Pictures with their classes.

    Attributes:
        pictures: of all photos.
        classes: ``(photos,)`` int64, the class of each.
        prepare: what a network sees of a picture.
        number: of classes.
    """

    pictures: Pictures
    classes: NDArray[np.int64]
    prepare: Prepare
    number: int


class Method(Protocol):
    """What one of the published models does in its own way."""

    @property
    def kind(self) -> str:
        """What its manifest gives as ``kind``."""
        ...

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of what :meth:`answerer` gives; ``probabilities`` is the first."""
        ...

    def network(self, backbone: PhotoBackbone, classes: int, settings: PhotoSettings) -> nn.Module:
        """The network that is fitted."""
        ...

    def loss(self, network: nn.Module, image: Tensor, of_class: Tensor) -> Tensor:
        """The loss of one batch of prepared pictures and their classes."""
        ...

    def answerer(
        self, network: nn.Module, faces: Faces, rows: NDArray[np.int64], settings: PhotoSettings, seed: int
    ) -> nn.Module:
        """What is exported: prepared pictures ``(n, 3, size, size)`` to :attr:`outputs`; ``rows`` trained it."""
        ...

    def further(self, network: nn.Module, faces: Faces, rows: NDArray[np.int64]) -> dict[str, Any]:
        """Figures of these photos that only this method has."""
        ...


def cyclical_rate(step: int, steps_per_epoch: int, settings: PhotoSettings) -> float:
    """Exponential cyclical learning rate: a triangle between two rates whose height falls from cycle to cycle.

    Source: Smith LN. Cyclical learning rates for training neural networks. WACV 2017:464-472; as in TensorFlow Addons'
    ``ExponentialCyclicalLearningRate`` with ``scale_mode="cycle"``, but that the first triangle has its full height.

    Args:
        step: from 0.
        steps_per_epoch: of the training.
        settings: rates, length of a cycle in epochs, and decay.
    """
    half = max(1.0, settings.cycle * steps_per_epoch / 2)
    cycle = int(step // (2 * half))
    height = 1 - abs(step / half - 2 * cycle - 1)
    return settings.low_rate + (settings.high_rate - settings.low_rate) * height * settings.decay**cycle


def device_of() -> torch.device:
    """Where networks are fitted: an accelerator where torch can use one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


@torch.no_grad()
def outputs_of(module: nn.Module, faces: Faces, rows: NDArray[np.int64]) -> tuple[NDArray[np.float64], ...]:
    """What a module says of these photos, as they are: one array ``(rows, ...)`` for each of its outputs."""
    device = next(module.parameters()).device
    module.eval()
    found: list[tuple[Tensor, ...]] = []
    for _, image in batches(faces.pictures, in_batches(rows, _ANSWER_BATCH), faces.prepare):
        said = module(_laid(image, device))
        found.append(said if isinstance(said, tuple) else (said,))
    return tuple(torch.cat(column).cpu().double().numpy() for column in zip(*found, strict=True))


def fit(
    method: Method,
    faces: Faces,
    rows: NDArray[np.int64],
    stop: NDArray[np.int64],
    backbone: PhotoBackbone,
    *,
    settings: PhotoSettings,
    seed: int,
    out: Path,
    title: str,
) -> tuple[nn.Module, dict[str, Any]]:
    """Trains on these rows and keeps the epoch in which the people who choose are sorted best.

    Of two epochs with the same accuracy the one with the lower cross-entropy is kept. Each epoch has random numbers of
    its own, so that a run which goes on from ``out/title.ckpt`` ends like one that was never ended.

    Args:
        method: what is done.
        faces: all pictures.
        rows: photos that train.
        stop: photos of other people, who choose the epoch.
        backbone: with what trains of it.
        settings: the settings.
        seed: of first weights, order, mirroring and dropout.
        out: folder of the run; a line for each epoch goes to ``log.jsonl``.
        title: names the checkpoint and the lines.

    Returns:
        The network as it was after that epoch, and the epoch with its accuracy for those people.
    """
    device = device_of()
    torch.manual_seed(seed)
    network = method.network(backbone, faces.number, settings).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimiser = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], lr=settings.low_rate)
    first, best, ended = 0, copy.deepcopy(network.state_dict()), {"epoch": 0, "accuracy": -1.0, "cross": np.inf}
    checkpoint = out / f"{title}.ckpt"
    if checkpoint.exists():
        state = load_state(checkpoint)
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        first, best, ended = int(state["epochs"]), state["best"], state["ended"]
    logged = np.sort(np.random.default_rng(seed).permutation(rows)[:_LOGGED])
    for epoch in range(first, settings.epochs):
        losses = _learn_epoch(method, network, optimiser, faces, rows, epoch, settings, seed)
        if settings.backbone in PRESETS:
            settle(network, faces, logged, settings.batch)
        answerer = method.answerer(network, faces, rows, settings, seed)
        trained, chosen = (_sorted_right(answerer, faces, part) for part in (logged, stop))
        if (chosen[0], -chosen[1]) > (ended["accuracy"], -ended["cross"]):
            best = copy.deepcopy(network.state_dict())
            ended = {"epoch": epoch + 1, "accuracy": chosen[0], "cross": chosen[1]}
        row = {
            "stage": title, "epoch": epoch + 1, "of": settings.epochs, "loss": round(float(np.mean(losses)), 4),
            "training accuracy": round(trained[0], 3), "validation accuracy": round(chosen[0], 3),
        }  # fmt: skip
        if (epoch + 1) % settings.keep_every == 0 or epoch + 1 == settings.epochs:
            state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "best": best}
            save_state(checkpoint, state | {"ended": ended, "epochs": epoch + 1})
        with (out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(row) + "\n")
    network.load_state_dict(best)
    return network.eval(), ended


def _learn_epoch(
    method: Method, network: nn.Module, optimiser: torch.optim.Optimizer, faces: Faces, rows: NDArray[np.int64],
    epoch: int, settings: PhotoSettings, seed: int,
) -> list[float]:  # fmt: skip
    """One pass over the photos that train, in an order and with mirrorings of its own; the loss of each step."""
    device, steps = device_of(), len(in_batches(rows, settings.batch))
    chance = np.random.default_rng([seed, epoch])
    torch.manual_seed(seed * 1000 + epoch)
    network.train()
    order, flipped = chance.permutation(rows), chance.random(len(rows)) < 0.5
    losses = []
    fed = batches(faces.pictures, in_batches(order, settings.batch), faces.prepare, flipped=flipped)
    for number, (own, image) in enumerate(fed):
        for group in optimiser.param_groups:
            group["lr"] = cyclical_rate(epoch * steps + number, steps, settings)
        of_class = torch.from_numpy(faces.classes[own]).to(device)
        loss = method.loss(network, _laid(image, device), of_class)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        losses.append(float(loss.detach()))
    return losses


@torch.no_grad()
def settle(network: nn.Module, faces: Faces, rows: NDArray[np.int64], batch: int) -> None:
    """Takes the statistics of the batch normalisation anew from training photos.

    The running ones lag behind a network that starts from chance and has few steps an epoch: it then sorts its own
    training photos no better than chance, though its loss falls.

    Source: Wu Y, Johnson J. Rethinking "batch" in BatchNorm. arXiv 2021:2105.07576 (precise BN).

    Args:
        network: all of it trains.
        faces: all pictures.
        rows: photos from which the statistics are taken.
        batch: pictures at a time, as in training.
    """
    layers = [layer for layer in network.modules() if isinstance(layer, nn.BatchNorm2d)]
    momentum = [layer.momentum for layer in layers]
    for layer in layers:
        layer.reset_running_stats()
        layer.momentum = None  # the plain mean over all batches
    network.train()
    device = next(network.parameters()).device
    for _, image in batches(faces.pictures, in_batches(rows, batch), faces.prepare):
        network(_laid(image, device))
    for layer, before in zip(layers, momentum, strict=True):
        layer.momentum = before


def _sorted_right(answerer: nn.Module, faces: Faces, rows: NDArray[np.int64]) -> tuple[float, float]:
    """Accuracy and cross-entropy of an answerer on these photos."""
    shares = outputs_of(answerer, faces, rows)[0]
    truth = faces.classes[rows]
    own = np.clip(shares[np.arange(len(rows)), truth], 1e-6, None)
    return float((shares.argmax(axis=1) == truth).mean()), float(-np.log(own).mean())


def _laid(image: Tensor, device: torch.device) -> Tensor:
    """A batch where the network is, laid out with the channels last: half as slow again otherwise."""
    return image.to(device).contiguous(memory_format=torch.channels_last)
