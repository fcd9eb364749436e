"""Fits the acne network on one split; every epoch ends in a checkpoint, so that a killed run goes on."""

from __future__ import annotations

import copy
import json
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from dermagrade.training.acne_data import AcneBatch, AcneSampler, AcneSamples
from dermagrade.training.acne_net import AcneNet


@dataclass(frozen=True)
class AcneRecipe:
    """Settings of an acne training; saved beside the weights.

    Attributes:
        sides: input side of each epoch; small first, as most is learned there at two thirds of the cost.
        batch: photos a step.
        rate: peak learning rate of AdamW with one cycle.
        clear_share: clear faces seen in an epoch, as a share of the labelled photos.
        average: decay of the running average of the weights, which is what is kept.
    """

    sides: tuple[int, ...] = (256,) * 8 + (320,) * 5
    batch: int = 16
    rate: float = 2e-3
    clear_share: float = 0.3
    average: float = 0.99


RECIPES: dict[str, AcneRecipe] = {
    "lesions": AcneRecipe(),
    "smoke": AcneRecipe(sides=(96, 128), batch=4),
}


def acne_loss(net: AcneNet, batch: AcneBatch) -> Tensor:
    """Poisson loss of the density at three grains, log-count error, grade cross-entropy and expected-grade error."""
    density, logits, counts = net(batch.image, batch.region)
    loss = torch.zeros(())
    known = batch.mapped.float() * batch.weight[:, None]
    for grain, share in ((1, 1.0), (4, 0.5)):
        got = F.avg_pool2d(density, grain) * grain**2 if grain > 1 else density
        want = F.avg_pool2d(batch.density, grain) * grain**2 if grain > 1 else batch.density
        poisson = got - want * torch.log(got + 1e-6)
        loss = loss + share * (poisson.sum((2, 3)) * known).sum() / (known.sum() * 12.0).clamp(min=1)
    counted = ~torch.isnan(batch.count)
    if counted.any():
        error = torch.log1p(counts[counted]) - torch.log1p(batch.count[counted])
        loss = loss + 0.5 * F.smooth_l1_loss(error, torch.zeros_like(error), beta=0.3)
    cross = -(batch.grade * F.log_softmax(logits, 1)).sum(1)
    steps = torch.arange(batch.grade.shape[1], dtype=torch.float32)
    expected = (logits.softmax(1) * steps).sum(1) - (batch.grade * steps).sum(1)
    return loss + ((cross + 0.5 * expected**2) * batch.weight).mean()


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
    """Train on these rows; returns the averaged network. Goes on from ``out/title.ckpt`` where one stands."""
    torch.manual_seed(seed)
    net = AcneNet().train()
    per_epoch = len(labelled) + int(recipe.clear_share * len(labelled)) * bool(len(clear))
    steps = max(1, per_epoch // recipe.batch)
    optimiser = torch.optim.AdamW(net.parameters(), lr=recipe.rate, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=recipe.rate, total_steps=steps * len(recipe.sides), pct_start=0.15
    )
    averaged = copy.deepcopy(net)
    checkpoint = out / f"{title}.ckpt"
    first = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        net.load_state_dict(state["net"])
        averaged.load_state_dict(state["averaged"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        first = int(state["epoch"])
    for epoch in range(first, len(recipe.sides)):
        # Seeded by epoch, so that a run that was killed and goes on sees the same pictures.
        sampler = AcneSampler(samples, seed * 1000 + epoch)
        rng, started, running = sampler.rng, time.monotonic(), math.nan
        order = labelled
        if len(clear):
            order = np.concatenate([labelled, rng.choice(clear, per_epoch - len(labelled))])
        order = rng.permutation(order)
        for step in range(steps):
            batch = sampler.batch(order[step * recipe.batch : (step + 1) * recipe.batch].tolist(), recipe.sides[epoch])
            loss = acne_loss(net, batch)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimiser.step()
            schedule.step()
            _average(averaged, net, min(recipe.average, (1 + epoch * steps + step) / (10 + epoch * steps + step)))
            value = float(loss.detach())
            running = value if math.isnan(running) else 0.95 * running + 0.05 * value
        state = {"net": net.state_dict(), "averaged": averaged.state_dict(), "optimiser": optimiser.state_dict(),
                 "schedule": schedule.state_dict(), "epoch": epoch + 1}
        partial = checkpoint.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(checkpoint)
        row = {"stage": title, "epoch": epoch + 1, "of": len(recipe.sides), "loss": round(running, 4),
               "seconds": round(time.monotonic() - started, 1)}
        with (out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(row) + "\n")
    return averaged.eval()


@torch.no_grad()
def _average(averaged: AcneNet, net: AcneNet, decay: float) -> None:
    for kept, new in zip(averaged.state_dict().values(), net.state_dict().values(), strict=True):
        if kept.dtype.is_floating_point:
            kept.lerp_(new, 1 - decay)
        else:
            kept.copy_(new)


def recipe_record(recipe: AcneRecipe) -> dict[str, object]:
    """The recipe as plain values, for the manifest."""
    return asdict(recipe)
