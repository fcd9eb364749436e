"""The recipe ``features-mlp``: a small network of three hidden layers on the features of a frozen backbone.

Source: Zhang H. Assessing the severity of acne via cell phone selfie images using a deep learning model. Microsoft,
2018 (ResNet-152 features, scikit-learn's regressor with 1024, 512 and 256 neurons, each patch with the grade of its
photo, a photo with the mean of its patches). Added here: features are standardised, a little dropout and weight decay,
and the training stops where people who take no part in it are graded best.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from dermagrade.scales import Scale
from dermagrade.tables.labels import PhotoLabel
from dermagrade.training.patch_features.features import Copy, Patch, plain_copies, rolled_copies
from dermagrade.training.run.backbones import Backbone
from dermagrade.training.run.folds import Split, stopping_part


@dataclass(frozen=True)
class FeaturesRecipe:
    """Settings of a training; saved beside the weights.

    Attributes:
        hidden: neurons of the hidden layers.
        least_rolls: rolls of a patch of the commonest level; rarer ones are rolled more often.
        dropout: share of the neurons of each hidden layer that is left out in a step.
        weight_decay: of AdamW.
        rate: learning rate of AdamW.
        batch: patches a step.
        epochs: at most.
        patience: epochs without a better answer for the people who stop the training.
        inner_folds: one part in so many of the people outside a fold does not train, but says when to stop.
    """

    hidden: tuple[int, ...] = (1024, 512, 256)
    least_rolls: int = 2
    dropout: float = 0.2
    weight_decay: float = 0.01
    rate: float = 1e-3
    batch: int = 200
    epochs: int = 100
    patience: int = 10
    inner_folds: int = 6


RECIPES: Mapping[str, FeaturesRecipe] = {"features-mlp": FeaturesRecipe()}


class Standardise(nn.Module):
    """Brings each feature to mean 0 and deviation 1 of the training patches."""

    mean: Tensor
    std: Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("std", torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        """Features ``(n, width)``, standardised."""
        return (x - self.mean) / self.std


def make_head(width: int, recipe: FeaturesRecipe) -> nn.Sequential:
    """Features ``(n, width)`` to scores ``(n, 1)``, not yet trained."""
    layers: list[nn.Module] = [Standardise(width)]
    for before, after in pairwise((width, *recipe.hidden)):
        layers += [nn.Linear(before, after), nn.ReLU(), nn.Dropout(recipe.dropout)]
    return nn.Sequential(*layers, nn.Linear((width, *recipe.hidden)[-1], 1))


class PatchNetwork(nn.Module):
    """Backbone and head in one: patches ``(n, 3, size, size)``, RGB from 0 to 1, to a score each, ``(n,)``."""

    def __init__(self, backbone: Backbone, head: nn.Sequential) -> None:
        super().__init__()
        self.backbone = backbone
        self.head = head

    def forward(self, image: Tensor) -> Tensor:
        """The score of each patch, on the scale that the head learnt."""
        scores: Tensor = self.head(self.backbone(image))
        return scores[:, 0]


def levels_of(labels: Sequence[PhotoLabel], scale: Scale) -> list[float]:
    """The level of every label; a consensus between two levels belongs to the one it falls in."""
    return [scale.level_of(label.grade).value for label in labels]


@dataclass(frozen=True)
class Sides:
    """The copies of patches of one training: people are split first, and patches rolled afterwards.

    Attributes:
        fit: rolled and plain, balanced by level; they train.
        stop: plain, of other people; they say when to stop.
        held: plain, of the people of the fold, who take no part; none for the last network.
    """

    fit: list[Copy]
    stop: list[Copy]
    held: list[Copy]


def split_sides(
    patches: Sequence[Patch],
    labels: Sequence[PhotoLabel],
    scale: Scale,
    split: Split,
    *,
    recipe: FeaturesRecipe,
    seed: int,
) -> Sides:
    """The copies of patches by which a network is trained, stopped and measured.

    Raises:
        LabelsError: if all who are left to train on are one person.
    """
    levels = levels_of(labels, scale)
    fit, stop = stopping_part(labels, levels, split.fit, parts=recipe.inner_folds, seed=seed)
    return Sides(
        rolled_copies(patches, fit, levels, at_least=recipe.least_rolls),
        plain_copies(patches, stop),
        plain_copies(patches, split.held),
    )


def fit_head(
    features: Mapping[Copy, NDArray[np.float32]],
    patches: Sequence[Patch],
    grades: Sequence[float],
    fit: Sequence[Copy],
    stop: Sequence[Copy],
    *,
    recipe: FeaturesRecipe,
    seed: int,
) -> tuple[nn.Sequential, dict[str, float]]:
    """Trains the head until the people who stop it are graded no better.

    Args:
        features: of every copy named.
        patches: of all photos.
        grades: of all photos; each patch has the grade of its photo.
        fit: copies that train.
        stop: unrolled patches of other people. The root mean squared error of their photos' scores, the means of
            their patches, decides.
        recipe: the settings.
        seed: of weights, dropout and order.

    Returns:
        The head as it was after its best epoch, and that epoch with its error.
    """
    torch.manual_seed(seed)
    x = torch.from_numpy(np.stack([features[c] for c in fit]))
    y = torch.tensor([grades[patches[i].photo] for i, _ in fit], dtype=torch.float32)
    x_stop = torch.from_numpy(np.stack([features[c] for c in stop]))
    photos, photo_of = np.unique([patches[i].photo for i, _ in stop], return_inverse=True)
    truth = np.array([grades[i] for i in photos])
    head = make_head(x.shape[1], recipe)
    standardise, last = head[0], head[-1]
    assert isinstance(standardise, Standardise)
    assert isinstance(last, nn.Linear)
    with torch.no_grad():
        standardise.mean.copy_(x.mean(0))
        standardise.std.copy_(x.std(0, correction=0).clamp(min=1e-4))
        last.bias.fill_(float(y.mean()))
    optimiser = torch.optim.AdamW(head.parameters(), lr=recipe.rate, weight_decay=recipe.weight_decay)
    best, best_error, best_epoch = copy.deepcopy(head.state_dict()), float("inf"), 0
    for epoch in range(1, recipe.epochs + 1):
        head.train()
        for chosen in torch.split(torch.randperm(len(x)), recipe.batch):
            loss = F.mse_loss(head(x[chosen])[:, 0], y[chosen])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
        scores = predict(head, x_stop)
        means = np.bincount(photo_of, scores) / np.bincount(photo_of)
        error = float(np.sqrt(((means - truth) ** 2).mean()))
        if error < best_error:
            best, best_error, best_epoch = copy.deepcopy(head.state_dict()), error, epoch
        elif epoch - best_epoch >= recipe.patience:
            break
    head.load_state_dict(best)
    return head.eval(), {"epoch": best_epoch, "stop_rmse": round(best_error, 4)}


def predict(head: nn.Sequential, features: Tensor) -> NDArray[np.float64]:
    """The head's scores ``(n,)`` for features ``(n, width)``."""
    head.eval()
    with torch.no_grad():
        scores: NDArray[np.float64] = head(features)[:, 0].double().numpy()
    return scores
