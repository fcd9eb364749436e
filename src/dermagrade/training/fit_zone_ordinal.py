"""Fits the ordinal network of skin patches."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from dermagrade.conditions.zone_patches import network_input
from dermagrade.training.run_folder import load_state, save_state
from dermagrade.training.zone_ordinal_data import Samples
from dermagrade.training.zone_ordinal_net import Curve, ZoneOrdinalNet

#: Strength from which a place is affected beyond doubt.
VISIBLE = 0.1
#: The scale's step, whose middles are the thresholds of the ordinal loss.
STEP = 0.5


@dataclass(frozen=True)
class Settings:
    """Numbers of a fit.

    Attributes:
        size: side of a square in pixels.
        widths: channels at each level of the network.
        epochs: how often every photo is seen.
        batch: photos at once, each with all its zones.
        rate: learning rate at its highest; it falls along a cosine.
        decay: weight decay.
        map_share: weight of the map's error in the loss.
        place_share: weight of taking plain skin for affected, or affected for plain.
        keep_every: steps from one checkpoint to the next.
    """

    size: int = 64
    widths: tuple[int, ...] = (32, 32, 64, 96)
    epochs: int = 10
    batch: int = 12
    rate: float = 3e-3
    decay: float = 1e-3
    map_share: float = 100.0
    place_share: float = 4.0
    keep_every: int = 200


@dataclass(frozen=True, eq=False)
class Batch:
    """Zones of some photos, one after the other.

    Attributes:
        image: ``(m, 7, size, size)``.
        truth: ``(m, size / 2, size / 2)``; NaN where unknown.
        load: ``(m,)``; NaN where unknown.
        there: ``(n, 5)`` bool: which zones of which photo these are.
    """

    image: Tensor
    truth: Tensor
    load: Tensor
    there: Tensor


def make_batch(
    samples: Samples, index: NDArray[np.int64], settings: Settings, rng: np.random.Generator | None
) -> Batch:
    """The network's input for some photos; with ``rng`` half of the batches are mirrored."""
    mask = samples.take("mask", index)
    there = mask.any(axis=(2, 3))
    image = network_input(samples.take("pixels", index)[there], mask[there].astype(np.float32) / np.float32(255))
    truth = samples.take("truth", index)[there].astype(np.float32)
    if rng is not None and rng.random() < 0.5:
        image, truth = image[..., ::-1], truth[..., ::-1]
    return Batch(
        torch.from_numpy(np.ascontiguousarray(image)).contiguous(memory_format=torch.channels_last),
        torch.from_numpy(np.ascontiguousarray(truth)),
        torch.from_numpy(samples.take("load", index)[there]),
        torch.from_numpy(there),
    )


def face_grades(grades: Tensor, there: Tensor, curve: Curve, zone_weights: Tensor) -> Tensor:
    """Grade of each face from its zones' grades: that of the weighted mean of their loads.

    Args:
        grades: ``(m,)`` of the zones that are there.
        there: ``(n, 5)`` bool.
        curve: the condition's.
        zone_weights: ``(5,)``.
    """
    loads = torch.zeros(there.shape).masked_scatter(there, curve.load(grades))
    weight = zone_weights * there
    return curve.grade((loads * weight).sum(1) / weight.sum(1))


def losses(net: ZoneOrdinalNet, batch: Batch, truths: Tensor, curve: Curve, zone_weights: Tensor) -> dict[str, Tensor]:
    """What the network gets wrong: in its map, in each zone's grade twice over, and in the face's grade.

    Args:
        net: the network.
        batch: the zones.
        truths: ``(n,)`` grades of the faces.
        curve: the condition's.
        zone_weights: ``(5,)``.
    """
    strength, grade, steepness, affected = net(batch.image)
    faces = face_grades(grade, batch.there, curve, zone_weights)
    parts = {"face": F.smooth_l1_loss(faces, truths, beta=0.3)}
    known = ~torch.isnan(batch.load)
    if known.any():
        mask = F.avg_pool2d(batch.image[known, -1:], 2)[:, 0]
        # Squared where it is small: the median of sparse spots is no spot, their mean is not.
        off = F.smooth_l1_loss(strength[known], batch.truth[known], beta=0.1, reduction="none") * mask
        area = mask.sum((1, 2)).clamp_min(1)
        parts["map"] = (off.sum((1, 2)) / area).mean()
        there = (batch.truth[known].abs() / VISIBLE).clamp(0, 1)
        wrong = F.binary_cross_entropy_with_logits(affected[known], there, reduction="none") * mask
        parts["place"] = (wrong.sum((1, 2)) / area).mean()
        target = curve.grade(batch.load[known]).clamp(0, curve.high)
        parts["zone"] = F.smooth_l1_loss(grade[known], target, beta=0.5)
        parts["ordinal"] = _ordinal(grade[known], steepness[known], target, curve.high)
    else:
        # Grades of whole faces alone: the zones' steepness is learnt from the face's grade.
        per_face = batch.there.sum(1)
        parts["ordinal"] = _ordinal(grade, steepness, truths.repeat_interleave(per_face), curve.high)
    return parts


def _ordinal(grade: Tensor, steepness: Tensor, target: Tensor, high: float) -> Tensor:
    """Cross-entropy of the cumulative probabilities; a grade between two steps counts partly above the threshold."""
    thresholds = torch.arange(0, high, STEP) + STEP / 2
    share = ((target[:, None] - (thresholds - STEP / 2)) / STEP).clamp(0, 1)
    logits = steepness[:, None] * (grade[:, None] - thresholds)
    return F.binary_cross_entropy_with_logits(logits, share, reduction="none").sum(1).mean()


def fit(
    samples: Samples,
    index: NDArray[np.int64],
    grades: NDArray[np.float64],
    curve: Curve,
    zone_weights: Tensor,
    settings: Settings,
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
    per_epoch = max(1, len(index) // settings.batch)
    total, step = per_epoch * settings.epochs, 0
    if kept.exists():
        state = load_state(kept)
        net.load_state_dict(state["net"])
        chosen.load_state_dict(state["optimiser"])
        step = int(state["step"])
    running: dict[str, float] = {}
    net.train()

    def rows_of(at: int) -> NDArray[np.int64]:
        order = np.random.default_rng([seed, 77, at // per_epoch]).permutation(index)
        start = (at % per_epoch) * settings.batch
        return np.asarray(np.sort(order[start : start + settings.batch]))

    def batch_of(at: int) -> Batch:
        # Every step draws from a generator of its own, so a run that was stopped draws the same.
        return make_batch(samples, rows_of(at), settings, np.random.default_rng([seed, at]))

    # The next batch is made while the network learns from this one.
    with ThreadPoolExecutor(1) as ahead:
        coming = ahead.submit(batch_of, step)
        while step < total:
            batch, rows = coming.result(), rows_of(step)
            coming = ahead.submit(batch_of, step + 1)
            for group in chosen.param_groups:
                cosine = 0.01 + 0.5 * (1 + np.cos(np.pi * step / total))
                group["lr"] = float(settings.rate * min(1.0, (step + 1) / 100) * cosine)
            parts = losses(net, batch, torch.from_numpy(grades[rows]).float(), curve, zone_weights)
            shares = {"map": settings.map_share, "place": settings.place_share, "ordinal": 0.3}
            loss = sum((shares.get(name, 1.0) * part for name, part in parts.items()), torch.zeros(()))
            chosen.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            chosen.step()
            step += 1
            for name, part in parts.items():
                running[name] = 0.98 * running.get(name, part.item()) + 0.02 * part.item()
            if step % settings.keep_every == 0 or step == total:
                save_state(kept, {"net": net.state_dict(), "optimiser": chosen.state_dict(), "step": step})
                shown: Mapping[str, Any] = {name: round(value, 4) for name, value in running.items()}
                tell(f"{kept.stem}: step {step} of {total}, {json.dumps(shown)}")
    net.eval()
    return net
