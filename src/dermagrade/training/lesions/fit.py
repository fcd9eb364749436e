"""Fits the lesion network on one split, stage by stage; a run that is killed goes on from its last checkpoint.

First the whole network learns on small patches, at the scale at which single lesions are seen: at the same cost per
step as whole faces, many more lesions pass by, and the density map begins to find them within minutes (on whole faces
at 256 px it had not after 900 steps). Then it learns on whole faces, a few at a time, what a patch cannot tell: how
many lesions a face has, how a grader sees them and, on faces of which some bear another condition, what is no lesion.
Last, the grade's small head alone is fitted anew.
"""

from __future__ import annotations

import copy
import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from dermagrade.training.lesions.data import LesionBatch, LesionSampler, LesionSamples
from dermagrade.training.lesions.fit_grade import fit_head
from dermagrade.training.lesions.net import LesionNet
from dermagrade.training.run.folder import load_state, save_state


@dataclass(frozen=True)
class LesionRecipe:
    """Settings of a training; saved beside the weights.

    Attributes:
        side: pixels that the face and its margin measure, in training and in grading.
        patch: side of the patches of the first stage.
        steps: optimiser steps of the first stage.
        batch: patches a step.
        rate: peak learning rate of AdamW with one cycle.
        clear_share: share of a batch that shows clear faces.
        sharp_share: share of the steps, from the start, in which nothing is blurred.
        average: decay of the running average of the weights, which is what is kept.
        whole_steps: steps of the second stage, on whole faces; 0 for none.
        whole_batch: faces a step of it, one of them clear.
        whole_rate: its peak learning rate.
        whole_average: decay of its running average.
        others: share of its graded faces that bear another condition, painted.
        clear_others: the same share of its clear faces: on them alone it is known that nothing is a lesion.
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
    whole_steps: int = 0
    whole_batch: int = 4
    whole_rate: float = 1e-3
    whole_average: float = 0.995
    others: float = 0.0
    clear_others: float = 0.0
    views: int = 3
    head_epochs: int = 20
    keep_every: int = 100


RECIPES: dict[str, LesionRecipe] = {
    "lesions": LesionRecipe(whole_steps=1200, others=0.2, clear_others=0.8),
    "smoke": LesionRecipe(
        side=128,
        patch=64,
        steps=4,
        batch=4,
        whole_steps=2,
        whole_batch=2,
        others=0.5,
        clear_others=0.5,
        views=1,
        head_epochs=2,
        keep_every=2,
    ),
}


def density_loss(density: Tensor, batch: LesionBatch) -> Tensor:
    """Poisson loss of both density maps at two grains, over the photos whose lesions are known."""
    loss = torch.zeros(())
    known = batch.mapped.float() * batch.weight[:, None]
    for grain, share in ((1, 1.0), (4, 0.5)):
        got = F.avg_pool2d(density, grain) * grain**2 if grain > 1 else density
        want = F.avg_pool2d(batch.density, grain) * grain**2 if grain > 1 else batch.density
        poisson = got - want * torch.log(got + 1e-6)
        loss = loss + share * (poisson.sum((2, 3)) * known).sum() / (known.sum() * 4.0).clamp(min=1)
    return loss


def patch_loss(net: LesionNet, batch: LesionBatch) -> Tensor:
    """Loss of the density, and a little of the photo's grade, which a patch only hints at."""
    density, features = net.features(batch.image)
    logits, _ = net.gather(density, features, torch.ones_like(density[:, :1]))
    cross = -(batch.grade * F.log_softmax(logits, 1)).sum(1)
    return density_loss(density, batch) + 0.3 * (cross * batch.weight).mean()


def whole_loss(net: LesionNet, batch: LesionBatch) -> Tensor:
    """Loss of the grade, of the number of lesions and of the density on whole faces.

    The grade is learnt as a distribution and as its mean; the number on a logarithmic scale, as the scales read it.
    """
    density, features = net.features(batch.image.contiguous(memory_format=torch.channels_last))
    logits, counts = net.gather(density, features, torch.ones_like(density[:, :1]))
    known = batch.mapped.float() * batch.weight[:, None]
    wanted = torch.log1p(batch.density.sum((2, 3)))
    number = F.smooth_l1_loss(torch.log1p(counts), wanted, reduction="none", beta=0.3)
    number = (number * known).sum() / known.sum().clamp(min=1)
    cross = -(batch.grade * F.log_softmax(logits, 1)).sum(1)
    levels = torch.arange(batch.grade.shape[1], dtype=torch.float32)
    missed = (logits.softmax(1) * levels).sum(1) - (batch.grade * levels).sum(1)
    graded = ((cross + 0.5 * missed**2) * batch.weight).mean()
    # A whole face holds many times the lesions of a patch, so its density weighs less.
    return 0.125 * density_loss(density, batch) + 0.5 * number + graded


@dataclass(frozen=True)
class Stage:
    """One stage of the training of the whole network.

    Attributes:
        title: names its checkpoint and its lines in the log.
        steps: optimiser steps.
        batch: pictures a step.
        of_clear: how many of them show clear faces.
        rate: peak learning rate of AdamW with one cycle.
        rising: share of the steps in which the rate rises.
        average: decay of the running average of the weights.
        keep_every: steps between checkpoints.
        seed: of the start; block b of ``keep_every`` steps takes its pictures by ``block_seed`` + b.
        block_seed: see ``seed``.
        chances: ``(labelled,)`` chance of each labelled row, or None for the same chance for all.
        frozen: True where the batch normalisation keeps the statistics that it has: a few whole faces are too few.
        others: share of the graded pictures that bear another condition.
        clear_others: the same of the clear ones.
    """

    title: str
    steps: int
    batch: int
    of_clear: int
    rate: float
    rising: float
    average: float
    keep_every: int
    seed: int
    block_seed: int
    chances: NDArray[np.float64] | None = None
    frozen: bool = False
    others: float = 0.0
    clear_others: float = 0.0


def fit(
    samples: LesionSamples,
    labelled: NDArray[np.int64],
    clear: NDArray[np.int64],
    *,
    recipe: LesionRecipe,
    seed: int,
    out: Path,
    title: str,
) -> LesionNet:
    """Train on these rows; returns the network. Goes on from the checkpoints ``out/title*.ckpt`` where they stand."""
    torch.manual_seed(seed)
    patches = Stage(
        title, recipe.steps, recipe.batch, int(recipe.clear_share * recipe.batch) if len(clear) else 0,
        recipe.rate, 0.2, recipe.average, recipe.keep_every, seed, seed * 1000,
    )  # fmt: skip

    def patch_batch(sampler: LesionSampler, rows: list[int], step: int) -> LesionBatch:
        softness = 0.0 if step < recipe.sharp_share * recipe.steps else 0.35
        return sampler.batch(rows, patch=recipe.patch, softness=softness)

    net = _run(LesionNet(), samples, labelled, clear, patches, recipe.side, patch_batch, patch_loss, out)
    if recipe.whole_steps:
        wholes = Stage(
            f"{title}.whole", recipe.whole_steps, recipe.whole_batch, int(bool(len(clear))), recipe.whole_rate, 0.1,
            recipe.whole_average, recipe.keep_every, seed, seed * 1000 + 500,
            chances=_chances(samples.grades[labelled]), frozen=True, others=recipe.others,
            clear_others=recipe.clear_others,
        )  # fmt: skip

        def whole_batch(sampler: LesionSampler, rows: list[int], step: int) -> LesionBatch:
            return sampler.batch(rows, patch=None, spread=0.6, softness=0.3)

        net = _run(net, samples, labelled, clear, wholes, recipe.side, whole_batch, whole_loss, out)
    fit_head(
        net, samples, labelled, clear, side=recipe.side, views=recipe.views, epochs=recipe.head_epochs, seed=seed
    )  # fmt: skip
    return net


def _chances(grades: NDArray[np.float64]) -> NDArray[np.float64]:
    """The chance of each row to be drawn: rare grades more often, by their frequency to the power -0.4."""
    frequency = np.maximum(grades.mean(0), 0.02)
    weight = (grades / frequency**0.4).sum(1)
    return np.asarray(weight / weight.sum())


def _run(
    net: LesionNet,
    samples: LesionSamples,
    labelled: NDArray[np.int64],
    clear: NDArray[np.int64],
    stage: Stage,
    side: int,
    make: Callable[[LesionSampler, list[int], int], LesionBatch],
    loss_of: Callable[[LesionNet, LesionBatch], Tensor],
    out: Path,
) -> LesionNet:
    """Runs one stage; returns the running average of the weights."""
    if stage.frozen:
        net = net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimiser = torch.optim.AdamW(net.parameters(), lr=stage.rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=stage.rate, total_steps=stage.steps, pct_start=stage.rising
    )
    averaged = copy.deepcopy(net)
    checkpoint = out / f"{stage.title}.ckpt"
    first = 0
    if checkpoint.exists():
        state = load_state(checkpoint)
        net.load_state_dict(state["net"])
        averaged.load_state_dict(state["averaged"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        first = int(state["step"])
    net.train(not stage.frozen)
    net.grade.train()
    started, running = time.monotonic(), math.nan
    for step in range(first, stage.steps):
        if step == first or step % stage.keep_every == 0:
            # Seeded by block, so that a run that was killed and goes on sees the same pictures.
            sampler = LesionSampler(
                samples, stage.block_seed + step // stage.keep_every, side, stage.others, stage.clear_others
            )
        own = sampler.rng.choice(labelled, stage.batch - stage.of_clear, p=stage.chances)
        rows = [*own, *sampler.rng.choice(clear, stage.of_clear)] if stage.of_clear else [*own]
        loss = loss_of(net, make(sampler, [int(i) for i in rows], step))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        _average(averaged, net, min(stage.average, (1 + step) / (10 + step)))
        value = float(loss.detach())
        running = value if math.isnan(running) else 0.95 * running + 0.05 * value
        if (step + 1) % stage.keep_every == 0 or step + 1 == stage.steps:
            state = {
                "net": net.state_dict(),
                "averaged": averaged.state_dict(),
                "optimiser": optimiser.state_dict(),
                "schedule": schedule.state_dict(),
                "step": step + 1,
            }
            save_state(checkpoint, state)
            row = {
                "stage": stage.title,
                "step": step + 1,
                "of": stage.steps,
                "loss": round(running, 4),
                "seconds": round(time.monotonic() - started, 1),
            }
            with (out / "log.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps(row) + "\n")
    return averaged


@torch.no_grad()
def _average(averaged: LesionNet, net: LesionNet, decay: float) -> None:
    for kept, new in zip(averaged.state_dict().values(), net.state_dict().values(), strict=True):
        if kept.dtype.is_floating_point:
            kept.lerp_(new, 1 - decay)
        else:
            kept.copy_(new)
