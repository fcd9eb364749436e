"""Fits the acne network on one split, in two stages; a run that is killed goes on from its last checkpoint.

First the whole network learns on small patches, at the scale at which single lesions are seen: at the same cost per
step as whole faces, many more lesions pass by, and the density map begins to find them within minutes (on whole faces
at 256 px it had not after 900 steps). Then only the grade's small head is fitted anew, on what whole faces show.
"""

from __future__ import annotations

import copy
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from dermagrade.training.acne_data import AcneBatch, AcneSampler, AcneSamples
from dermagrade.training.acne_net import STRIDE, AcneNet
from dermagrade.training.run_folder import load_state, save_state


@dataclass(frozen=True)
class AcneRecipe:
    """Settings of an acne training; saved beside the weights.

    Attributes:
        side: pixels that the face and its margin measure, in training and in grading.
        patch: side of the patches of the first stage.
        steps: optimiser steps of the first stage.
        batch: patches a step.
        rate: peak learning rate of AdamW with one cycle.
        clear_share: share of a batch that shows clear faces.
        sharp_share: share of the steps, from the start, in which nothing is blurred.
        average: decay of the running average of the weights, which is what is kept.
        views: whole views of each photo from which the grade's head learns.
        head_epochs: passes over those views.
        keep_every: steps between checkpoints.
    """

    side: int = 448
    patch: int = 160
    steps: int = 750
    batch: int = 32
    rate: float = 3e-3
    clear_share: float = 0.2
    sharp_share: float = 0.3
    average: float = 0.99
    views: int = 3
    head_epochs: int = 40
    keep_every: int = 100


RECIPES: dict[str, AcneRecipe] = {
    "lesions": AcneRecipe(),
    "smoke": AcneRecipe(side=128, patch=64, steps=4, batch=4, views=1, head_epochs=2, keep_every=2),
}


def acne_loss(net: AcneNet, batch: AcneBatch) -> Tensor:
    """Poisson loss of the density at two grains, and a little of the photo's grade, which a patch only hints at."""
    density, features = net.features(batch.image)
    loss = torch.zeros(())
    known = batch.mapped.float() * batch.weight[:, None]
    for grain, share in ((1, 1.0), (4, 0.5)):
        got = F.avg_pool2d(density, grain) * grain**2 if grain > 1 else density
        want = F.avg_pool2d(batch.density, grain) * grain**2 if grain > 1 else batch.density
        poisson = got - want * torch.log(got + 1e-6)
        loss = loss + share * (poisson.sum((2, 3)) * known).sum() / (known.sum() * 4.0).clamp(min=1)
    logits, _ = net.gather(density, features, torch.ones_like(density[:, :1]))
    cross = -(batch.grade * F.log_softmax(logits, 1)).sum(1)
    return loss + 0.3 * (cross * batch.weight).mean()


def fit(
    samples: AcneSamples,
    labelled: NDArray[np.int64],
    clear: NDArray[np.int64],
    *,
    recipe: AcneRecipe,
    seed: int,
    out: Path,
    title: str,
) -> AcneNet:
    """Train on these rows; returns the network. Goes on from ``out/title.ckpt`` where one stands."""
    torch.manual_seed(seed)
    net = AcneNet().train()
    optimiser = torch.optim.AdamW(net.parameters(), lr=recipe.rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=recipe.rate, total_steps=recipe.steps, pct_start=0.2
    )
    averaged = copy.deepcopy(net)
    checkpoint = out / f"{title}.ckpt"
    first = 0
    if checkpoint.exists():
        state = load_state(checkpoint)
        net.load_state_dict(state["net"])
        averaged.load_state_dict(state["averaged"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        first = int(state["step"])
    of_clear = int(recipe.clear_share * recipe.batch) if len(clear) else 0
    started, running = time.monotonic(), math.nan
    for step in range(first, recipe.steps):
        if step == first or step % recipe.keep_every == 0:
            # Seeded by block, so that a run that was killed and goes on sees the same pictures.
            sampler = AcneSampler(samples, seed * 1000 + step // recipe.keep_every, recipe.side)
        rows = [*sampler.rng.choice(labelled, recipe.batch - of_clear), *sampler.rng.choice(clear, of_clear)]
        softness = 0.0 if step < recipe.sharp_share * recipe.steps else 0.35
        batch = sampler.batch([int(i) for i in rows], patch=recipe.patch, softness=softness)
        loss = acne_loss(net, batch)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        _average(averaged, net, min(recipe.average, (1 + step) / (10 + step)))
        value = float(loss.detach())
        running = value if math.isnan(running) else 0.95 * running + 0.05 * value
        if (step + 1) % recipe.keep_every == 0 or step + 1 == recipe.steps:
            state = {
                "net": net.state_dict(),
                "averaged": averaged.state_dict(),
                "optimiser": optimiser.state_dict(),
                "schedule": schedule.state_dict(),
                "step": step + 1,
            }
            save_state(checkpoint, state)
            row = {
                "stage": title,
                "step": step + 1,
                "of": recipe.steps,
                "loss": round(running, 4),
                "seconds": round(time.monotonic() - started, 1),
            }
            with (out / "log.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps(row) + "\n")
    fit_head(averaged, samples, labelled, clear, recipe=recipe, seed=seed)
    return averaged


@torch.no_grad()
def _average(averaged: AcneNet, net: AcneNet, decay: float) -> None:
    for kept, new in zip(averaged.state_dict().values(), net.state_dict().values(), strict=True):
        if kept.dtype.is_floating_point:
            kept.lerp_(new, 1 - decay)
        else:
            kept.copy_(new)


def fit_head(
    net: AcneNet,
    samples: AcneSamples,
    labelled: NDArray[np.int64],
    clear: NDArray[np.int64],
    *,
    recipe: AcneRecipe,
    seed: int,
) -> None:
    """Fit the grade's head anew, in place, on what the network pools from whole views of these rows.

    Rare grades count for more (frequency to the power -0.4), which trades a little accuracy for balanced accuracy.
    """
    net.eval()
    sampler = AcneSampler(samples, seed * 1000 + 999, recipe.side)
    few = sampler.rng.choice(clear, min(len(clear), len(labelled) // 3), replace=False) if len(clear) else clear
    rows = np.concatenate([labelled, few])
    vectors, grades, weights = [], [], []
    cells = recipe.side // STRIDE
    with torch.no_grad():
        for view in range(recipe.views):
            for i in rows:
                batch = sampler.batch([int(i)], patch=None, spread=0.0 if view == 0 else 0.5)
                region = torch.ones(1, 1, cells, cells)
                if samples.clear[i] and view % 2:
                    # Half of a clear face is clear too: the head learns to answer for a half.
                    region[:, :, :, : cells // 2] = 0.0
                vector, _ = net.pool(*net.features(batch.image), region)
                vectors.append(vector[0])
                grades.append(batch.grade[0])
                weights.append(batch.weight[0])
    x, y, weight = torch.stack(vectors), torch.stack(grades), torch.stack(weights)
    frequency = (y * weight[:, None]).sum(0) / weight.sum()
    weight = weight * (y / frequency.clamp(min=0.02) ** 0.4).sum(1)
    weight = weight / weight.mean()
    mean, std = x.mean(0), x.std(0).clamp(min=1e-3) if len(x) > 1 else torch.ones(x.shape[1])
    x = (x - mean) / std
    torch.manual_seed(seed)
    first, _, _, last = net.grade
    assert isinstance(first, nn.Linear)
    assert isinstance(last, nn.Linear)
    head = nn.Sequential(
        nn.Dropout(0.3), nn.Linear(first.in_features, first.out_features), nn.ReLU(), nn.Dropout(0.3),
        nn.Linear(last.in_features, last.out_features),
    )  # fmt: skip
    optimiser = torch.optim.AdamW(head.parameters(), lr=2e-3, weight_decay=0.1)
    size = 128
    steps = recipe.head_epochs * math.ceil(len(x) / size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=2e-3, total_steps=steps)
    levels = torch.arange(y.shape[1], dtype=torch.float32)
    for _ in range(recipe.head_epochs):
        for chosen in torch.split(torch.randperm(len(x)), size):
            logits = head(x[chosen])
            cross = -(y[chosen] * F.log_softmax(logits, 1)).sum(1)
            expected = (logits.softmax(1) * levels).sum(1) - (y[chosen] * levels).sum(1)
            loss = ((cross + 0.5 * expected**2) * weight[chosen]).mean()
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
    inner, outer = head[1], head[4]
    assert isinstance(inner, nn.Linear)
    assert isinstance(outer, nn.Linear)
    with torch.no_grad():
        # The standardisation moves into the first layer, so the network needs nothing beside itself.
        first.weight.copy_(inner.weight / std)
        first.bias.copy_(inner.bias - (inner.weight * (mean / std)).sum(1))
        last.weight.copy_(outer.weight)
        last.bias.copy_(outer.bias)
