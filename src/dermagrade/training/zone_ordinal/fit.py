"""Fits the ordinal network of zones."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from dermagrade.grading.face_frame import network_input, zone_shares
from dermagrade.training.run.folder import load_state, save_state
from dermagrade.training.zone_ordinal.data import Samples
from dermagrade.training.zone_ordinal.net import Curve, ZoneOrdinalNet

#: Strength from which a place is affected beyond doubt.
VISIBLE = 0.1
# Parts of a batch that are learnt from side by side, each on a thread of its own. Two cores of one thread each do more
# than two threads on one part; and as their number is fixed, the weights are the same on any number of cores.
_LANES = 2
#: The scale's step, whose middles are the thresholds of the ordinal loss.
STEP = 0.5


@dataclass(frozen=True)
class FitSettings:
    """Numbers of a fit.

    Attributes:
        size: height of a frame in pixels.
        widths: channels at each level of the network.
        epochs: how often every photo is seen.
        batch: photos at once, an even number.
        rate: learning rate at its highest; it falls along a cosine.
        decay: weight decay.
        map_share: weight of the map's error in the loss.
        place_share: weight of taking plain skin for affected, or affected for plain.
        keep_every: steps from one checkpoint to the next.
    """

    size: int = 192
    widths: tuple[int, ...] = (32, 48, 64, 96)
    epochs: int = 8
    batch: int = 12
    rate: float = 3e-3
    decay: float = 1e-3
    map_share: float = 100.0
    place_share: float = 4.0
    keep_every: int = 200


@dataclass(frozen=True, eq=False)
class Batch:
    """Some photos.

    Attributes:
        image: ``(n, 7, h, w)``.
        zones: ``(n, 5, h / 2, w / 2)``, how much of each cell belongs to each zone.
        truth: ``(n, h / 2, w / 2)``; NaN where unknown.
        load: ``(n, 5)``; NaN where unknown.
        there: ``(n, 5)`` bool: which zones each photo shows.
    """

    image: Tensor
    zones: Tensor
    truth: Tensor
    load: Tensor
    there: Tensor


def make_batch(
    samples: Samples, index: NDArray[np.int64], settings: FitSettings, rng: np.random.Generator | None
) -> Batch:
    """The network's input for some photos; with ``rng`` half of the photos are mirrored."""
    pixels, labels, truth = (samples.take(name, index) for name in ("pixels", "labels", "truth"))
    if rng is not None:
        for k in np.flatnonzero(rng.random(len(index)) < 0.5).tolist():
            pixels[k], labels[k], truth[k] = pixels[k, :, ::-1], labels[k, :, ::-1], truth[k, :, ::-1]
    zones = zone_shares(labels)
    return Batch(
        torch.from_numpy(network_input(pixels, labels)).contiguous(memory_format=torch.channels_last),
        torch.from_numpy(zones),
        torch.from_numpy(truth.astype(np.float32)),
        torch.from_numpy(samples.take("load", index)),
        torch.from_numpy(zones.any(axis=(2, 3))),
    )


def face_grades(grades: Tensor, there: Tensor, curve: Curve, zone_weights: Tensor) -> Tensor:
    """Grade of each face from its zones' grades: that of the weighted mean of their loads.

    Args:
        grades: ``(n, 5)``.
        there: ``(n, 5)`` bool, which of them count.
        curve: the condition's.
        zone_weights: ``(5,)``.
    """
    weight = zone_weights * there
    return curve.grade((curve.load(grades) * weight).sum(1) / weight.sum(1))


def losses(net: ZoneOrdinalNet, batch: Batch, truths: Tensor, curve: Curve, zone_weights: Tensor) -> dict[str, Tensor]:
    """What the network gets wrong: in its map, in each zone's grade twice over, and in the face's grade.

    Args:
        net: the network.
        batch: the photos.
        truths: ``(n,)`` grades of the faces.
        curve: the condition's.
        zone_weights: ``(5,)``.
    """
    strength, grade, steepness, affected = net(batch.image, batch.zones)
    faces = face_grades(grade, batch.there, curve, zone_weights)
    parts = {"face": F.smooth_l1_loss(faces, truths, beta=0.3)}
    known = ~torch.isnan(batch.truth).any(2).any(1)
    if known.any():
        mask, truth = batch.zones[known].sum(1), batch.truth[known]
        # Squared where it is small: the median of sparse spots is no spot, their mean is not.
        off = F.smooth_l1_loss(strength[known], truth, beta=0.1, reduction="none") * mask
        area = mask.sum((1, 2)).clamp_min(1)
        parts["map"] = (off.sum((1, 2)) / area).mean()
        there = (truth.abs() / VISIBLE).clamp(0, 1)
        wrong = F.binary_cross_entropy_with_logits(affected[known], there, reduction="none") * mask
        parts["place"] = (wrong.sum((1, 2)) / area).mean()
    own = batch.there & ~torch.isnan(batch.load)
    if own.any():
        target = curve.grade(batch.load[own]).clamp(0, curve.high)
        parts["zone"] = F.smooth_l1_loss(grade[own], target, beta=0.5)
        parts["ordinal"] = _ordinal(grade[own], steepness[own], target, curve.high)
    else:
        # Grades of whole faces alone: the zones' steepness is learnt from the face's grade.
        target = truths[:, None].expand_as(grade)[batch.there]
        parts["ordinal"] = _ordinal(grade[batch.there], steepness[batch.there], target, curve.high)
    return parts


def _ordinal(grade: Tensor, steepness: Tensor, target: Tensor, high: float) -> Tensor:
    """Cross-entropy of the cumulative probabilities; a grade between two steps counts partly above the threshold."""
    thresholds = torch.arange(0, high, STEP) + STEP / 2
    share = ((target[:, None] - (thresholds - STEP / 2)) / STEP).clamp(0, 1)
    logits = steepness[:, None] * (grade[:, None] - thresholds)
    return F.binary_cross_entropy_with_logits(logits, share, reduction="none").sum(1).mean()


def _gather_gradients(nets: Sequence[ZoneOrdinalNet]) -> None:
    """Gives the first of some equal networks the mean of all their gradients."""
    for own, *others in zip(*(net.parameters() for net in nets), strict=True):
        if own.grad is not None:
            own.grad = torch.stack([own.grad, *(other.grad for other in others if other.grad is not None)]).mean(0)


def fit(
    samples: Samples,
    index: NDArray[np.int64],
    grades: NDArray[np.float64],
    curve: Curve,
    zone_weights: Tensor,
    settings: FitSettings,
    *,
    seed: int,
    kept: Path,
    tell: Callable[[str], None],
) -> ZoneOrdinalNet:
    """Fits a network on some photos; a stopped fit goes on from its last checkpoint, and gives the same network.

    Args:
        samples: all prepared photos.
        index: which of them are learnt from.
        grades: ``(len(samples),)`` of the faces.
        curve: the condition's.
        zone_weights: ``(5,)``.
        settings: numbers of the fit.
        seed: of the random numbers.
        kept: file of the checkpoint.
        tell: takes a line of progress.
    """
    torch.manual_seed(seed)
    net = ZoneOrdinalNet(curve, settings.widths)
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    chosen = torch.optim.AdamW(net.parameters(), lr=settings.rate, weight_decay=settings.decay)
    total = max(1, len(index) // settings.batch) * settings.epochs
    step = _restore(kept, net, chosen)
    running: dict[str, float] = {}
    net.train()
    nets = [net, *(copy.deepcopy(net) for _ in range(_LANES - 1))]

    def batches_of(at: int) -> list[tuple[Batch, NDArray[np.int64]]]:
        # Every step draws from generators of its own, so a run that was stopped draws the same.
        return [
            (make_batch(samples, rows, settings, np.random.default_rng([seed, at, lane])), rows)
            for lane, rows in enumerate(_rows_of(index, at, settings.batch, seed))
        ]

    def learn(lane: int, batch: Batch, rows: NDArray[np.int64]) -> dict[str, float]:
        return _learn(nets[lane], batch, torch.from_numpy(grades[rows]).float(), curve, zone_weights, settings)

    # The next batches are made while the networks learn from these.
    with ThreadPoolExecutor(_LANES) as lanes, ThreadPoolExecutor(1) as ahead:
        coming = ahead.submit(batches_of, step)
        while step < total:
            batches = coming.result()
            coming = ahead.submit(batches_of, step + 1)
            told = [*lanes.map(learn, range(len(batches)), *zip(*batches, strict=True))]
            _step(chosen, nets, len(batches), _rate(step, total, settings))
            step += 1
            for parts in told:
                for name, part in parts.items():
                    running[name] = 0.99 * running.get(name, part) + 0.01 * part
            if step % settings.keep_every == 0 or step == total:
                save_state(kept, {"net": net.state_dict(), "optimiser": chosen.state_dict(), "step": step})
                shown: Mapping[str, Any] = {name: round(value, 4) for name, value in running.items()}
                tell(f"{kept.stem}: step {step} of {total}, {json.dumps(shown)}")
    net.eval()
    return net


def _restore(kept: Path, net: ZoneOrdinalNet, optimiser: torch.optim.Optimizer) -> int:
    """Takes over the last checkpoint, if there is one; returns the steps that are done."""
    if not kept.exists():
        return 0
    state = load_state(kept)
    net.load_state_dict(state["net"])
    optimiser.load_state_dict(state["optimiser"])
    return int(state["step"])


def _rows_of(index: NDArray[np.int64], at: int, batch: int, seed: int) -> list[NDArray[np.int64]]:
    """The photos of a step, parted for the lanes; every epoch has an order of its own."""
    per_epoch = max(1, len(index) // batch)
    order = np.random.default_rng([seed, 77, at // per_epoch]).permutation(index)
    start = (at % per_epoch) * batch
    return [np.sort(rows) for rows in np.array_split(order[start : start + batch], _LANES) if len(rows)]


def _learn(
    net: ZoneOrdinalNet, batch: Batch, truths: Tensor, curve: Curve, zone_weights: Tensor, settings: FitSettings
) -> dict[str, float]:
    """Gives a network the gradients of a batch; returns the parts of the loss."""
    torch.set_num_threads(1)  # holds for the thread that calls it
    parts = losses(net, batch, truths, curve, zone_weights)
    shares = {"map": settings.map_share, "place": settings.place_share, "ordinal": 0.3}
    loss = sum((shares.get(name, 1.0) * part for name, part in parts.items()), torch.zeros(()))
    net.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    return {name: part.item() for name, part in parts.items()}


def _rate(step: int, total: int, settings: FitSettings) -> float:
    """The learning rate of a step: it rises over the first hundred and falls along a cosine."""
    cosine = 0.01 + 0.5 * (1 + np.cos(np.pi * step / total))
    return float(settings.rate * min(1.0, (step + 1) / 100) * cosine)


def _step(optimiser: torch.optim.Optimizer, nets: Sequence[ZoneOrdinalNet], learnt: int, rate: float) -> None:
    """One step of the first network with the gradients of those that learnt; the others become like it."""
    for group in optimiser.param_groups:
        group["lr"] = rate
    _gather_gradients(nets[:learnt])
    torch.nn.utils.clip_grad_norm_(nets[0].parameters(), 5.0)
    optimiser.step()
    with torch.no_grad():
        for other in nets[1:]:
            for copied, own in zip(other.parameters(), nets[0].parameters(), strict=True):
                copied.copy_(own)
