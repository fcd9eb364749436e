"""Fits the head that grades what a whole face shows, while the rest of the network stays as it is."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from dermagrade.training.lesions.data import LesionSampler, LesionSamples
from dermagrade.training.lesions.net import GRADES, HIDDEN, STRIDE, LesionNet

#: Heads that are fitted from different starts; the network gives their mean.
HEADS = 5


def fit_head(
    net: LesionNet,
    samples: LesionSamples,
    labelled: NDArray[np.int64],
    clear: NDArray[np.int64],
    *,
    side: int,
    views: int,
    epochs: int,
    seed: int,
) -> None:
    """Fit the grade's head anew, in place, on what the network pools from whole views of these rows.

    Rare grades count for more (frequency to the power -0.4), which trades a little accuracy for balanced accuracy.
    All views are of photos as they are: with painted ones among them, the answers for plain ones became worse.
    """
    net.eval()
    sampler = LesionSampler(samples, seed * 1000 + 999, side)
    few = sampler.rng.choice(clear, min(len(clear), len(labelled) // 3), replace=False) if len(clear) else clear
    rows = np.concatenate([labelled, few])
    vectors, grades, weights = [], [], []
    cells = side // STRIDE
    with torch.no_grad():
        for view in range(views):
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
    x, weight = torch.stack(vectors), torch.stack(weights)
    y = toward_published(
        torch.stack(grades), samples.published[np.tile(rows, views)] if len(samples.published) else None
    )
    frequency = (y * weight[:, None]).sum(0) / weight.sum()
    weight = weight * (y / frequency.clamp(min=0.02) ** 0.4).sum(1)
    weight = weight / weight.mean()
    mean, std = x.mean(0), x.std(0).clamp(min=1e-3) if len(x) > 1 else torch.ones(x.shape[1])
    heads = [_head((x - mean) / std, y, weight, epochs, seed + 1000 * k) for k in range(HEADS)]
    with torch.no_grad():
        # The heads become one wide head that gives their mean, and the standardisation moves into its first layer, so
        # the network needs nothing beside itself.
        inner = torch.cat([first.weight / std for first, _ in heads])
        shift = torch.cat([first.bias - (first.weight * (mean / std)).sum(1) for first, _ in heads])
        outer = torch.cat([last.weight for _, last in heads], 1) / HEADS
        constant = sum((last.bias for _, last in heads), torch.zeros(GRADES)) / HEADS
        first, last = nn.Linear(inner.shape[1], inner.shape[0]), nn.Linear(outer.shape[1], outer.shape[0])
        for parameter, value in zip(
            (*first.parameters(), *last.parameters()), (inner, shift, outer, constant), strict=True
        ):
            parameter.copy_(value)
    net.grade = nn.Sequential(first, nn.ReLU(inplace=True), nn.Dropout(0.2), last)
    net.eval()


def toward_published(grades: Tensor, published: NDArray[np.int64] | None) -> Tensor:
    """Half the distribution of all readings, half the published grade, where there is one.

    The published grade is already half of the readings' distribution; taken alone, that distribution gives the smaller
    error to the mean of the clinicians, and misses the published grade of severe acne more often.
    """
    if published is None:
        return grades
    at = torch.from_numpy(published)
    one = F.one_hot(at.clamp(min=0), grades.shape[1]).to(grades.dtype)
    return torch.where((at >= 0)[:, None], 0.5 * grades + 0.5 * one, grades)


def _head(x: Tensor, y: Tensor, weight: Tensor, epochs: int, seed: int) -> tuple[nn.Linear, nn.Linear]:
    """Both layers of one head, fitted on standardised vectors."""
    torch.manual_seed(seed)
    first, last = nn.Linear(x.shape[1], HIDDEN), nn.Linear(HIDDEN, y.shape[1])
    head = nn.Sequential(nn.Dropout(0.3), first, nn.ReLU(), nn.Dropout(0.3), last)
    optimiser = torch.optim.AdamW(head.parameters(), lr=2e-3, weight_decay=0.1)
    size = 128
    steps = epochs * math.ceil(len(x) / size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=2e-3, total_steps=steps)
    levels = torch.arange(y.shape[1], dtype=torch.float32)
    for _ in range(epochs):
        for chosen in torch.split(torch.randperm(len(x)), size):
            logits = head(x[chosen])
            cross = -(y[chosen] * F.log_softmax(logits, 1)).sum(1)
            expected = (logits.softmax(1) * levels).sum(1) - (y[chosen] * levels).sum(1)
            loss = ((cross + 0.5 * expected**2) * weight[chosen]).mean()
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
    return first, last
