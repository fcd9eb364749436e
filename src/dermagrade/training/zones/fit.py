"""Fits the zone network: a base on portraits, then a tuning with the acne photos mixed in."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from dermagrade.training.zones.data import ZoneBatch, ZoneSampler, ZoneSamples
from dermagrade.training.zones.net import ZoneNet


@dataclass(frozen=True)
class ZoneRecipe:
    """Settings of a zone training; saved beside the weights.

    Attributes:
        base_steps: optimiser steps on the portraits alone.
        tune_steps: further steps on portraits and acne photos, half and half.
        polish_steps: still further ones, for the shipped network alone.
        last_steps: the last ones, with photos that the network taught itself and the pictures that it mistook most.
        fold_steps: the same for each of the five networks that are only measured, on acne photos of other people.
        batch: samples a step.
        rate: peak learning rate of AdamW with one cycle.
        empty_share: share of samples that hold no face.
        polish_empty_share: the same in the polish, whose pictures without a face hold more drawn heads and hands.
        last_empty_share: the same in the last steps.
        pairs_within: True if, before the polish, both faces of a collage come from the stage's own photos; False if
            from any photo with a target, those that are set aside or belong to a measured fold included (of a collage
            only the places and sizes of the faces are taught).
    """

    base_steps: int = 900
    tune_steps: int = 450
    polish_steps: int = 1000
    last_steps: int = 400
    fold_steps: int = 130
    batch: int = 32
    rate: float = 3e-3
    empty_share: float = 0.14
    polish_empty_share: float = 0.22
    last_empty_share: float = 0.3
    pairs_within: bool = False


RECIPES: dict[str, ZoneRecipe] = {
    "default": ZoneRecipe(),
    "smoke": ZoneRecipe(
        base_steps=3, tune_steps=2, polish_steps=2, last_steps=2, fold_steps=2, batch=4, pairs_within=True
    ),
}


def zone_loss(out: dict[str, Tensor], batch: ZoneBatch) -> Tensor:
    """Sum of the losses of all heads; zones, points, visibility and pose only where the sample shows one face."""
    single = batch.single
    centre = out["centre"].float().sigmoid().clamp(1e-5, 1 - 1e-5)
    peak = batch.centre > 0.999
    # The focal loss of CenterNet: cells near a centre are punished less for answering.
    centre_loss = -torch.where(
        peak,
        (1 - centre) ** 2 * centre.log(),
        (1 - batch.centre) ** 4 * centre**2 * (1 - centre).log(),
    ).sum() / peak.sum().clamp(min=1)
    near = ~torch.isnan(batch.size)
    size_loss = F.smooth_l1_loss(out["size"].float()[near], batch.size[near], beta=0.1) if near.any() else 0.0
    loss = centre_loss + 2.0 * size_loss
    if single.any():
        logits, target = out["zones"].float()[single], batch.zones[single]
        bce = F.binary_cross_entropy_with_logits(logits, target)
        probability = logits.sigmoid()
        overlap = 2 * (probability * target).sum((2, 3)) + 1
        dice = 1 - overlap / (probability.sum((2, 3)) + target.sum((2, 3)) + 1)
        points = F.binary_cross_entropy_with_logits(
            out["points"].float()[single], batch.points[single], reduction="none"
        )
        weight = 1 + 30 * batch.points[single]
        visible = F.binary_cross_entropy_with_logits(out["visible"].float()[single], batch.visible[single])
        pose = F.smooth_l1_loss(out["pose"].float()[single], batch.pose[single], beta=0.1)
        loss = loss + 2 * bce + dice.mean() + 10 * (points * weight).mean() + visible + 2 * pose
    return loss


def fit(
    net: ZoneNet,
    pools: Sequence[tuple[NDArray[np.int64], float]],
    sampler: ZoneSampler,
    *,
    steps: int,
    recipe: ZoneRecipe,
    rate: float,
    log: Path,
    title: str,
) -> None:
    """Train in place for some steps; ``pools`` are sample indices with the share drawn from each."""
    net.train()
    optimiser = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=rate, total_steps=steps, pct_start=0.15)
    shares = np.array([share for _, share in pools])
    shares = shares / shares.sum()
    rng, started, running = sampler.rng, time.monotonic(), math.nan
    with log.open("a", encoding="utf-8") as out:
        for step in range(steps):
            rows = []
            for _ in range(recipe.batch):
                if rng.random() < recipe.empty_share:
                    rows.append(-1)
                else:
                    pool = pools[int(rng.choice(len(pools), p=shares))][0]
                    rows.append(int(pool[int(rng.integers(len(pool)))]))
            batch = sampler.batch(rows)
            loss = zone_loss(net(batch.image), batch)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimiser.step()
            schedule.step()
            value = float(loss.detach())
            running = value if math.isnan(running) else 0.98 * running + 0.02 * value
            if step % 50 == 0 or step == steps - 1:
                row = {
                    "stage": title,
                    "step": step,
                    "of": steps,
                    "loss": round(running, 4),
                    "seconds": round(time.monotonic() - started, 1),
                }
                out.write(json.dumps(row) + "\n")
                out.flush()


def taught_rows(samples: ZoneSamples, wanted: Sequence[bool]) -> NDArray[np.int64]:
    """Indices of the samples that have a target and are wanted."""
    return np.flatnonzero(samples.taught & np.asarray(wanted, bool))
