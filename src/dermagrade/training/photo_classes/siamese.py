"""The engine ``siamese``: a network learns which faces are of one group of grades, and sorts a face by likeness.

Source: the third model of a study of mottled hyperpigmentation, 2020 (slides): one network for both pictures, an
embedding of 224 numbers, their Euclidean distance, a sigmoid; a face belongs to the group whose photos it is most like
on average. The idea: Koch G, Zemel R, Salakhutdinov R. Siamese neural networks for one-shot image recognition. ICML
deep learning workshop 2015.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from dermagrade.grading.photo_classes import SIAMESE
from dermagrade.training.photo_classes.backbone import PhotoBackbone
from dermagrade.training.photo_classes.fit import Faces, outputs_of
from dermagrade.training.photo_classes.plan import train_photos
from dermagrade.training.photo_classes.settings import PhotoSettings
from dermagrade.training.run.job import Job


class SiameseNetwork(nn.Module):
    """Prepared pictures ``(n, 3, size, size)`` to embeddings ``(n, embedding)``, and how alike two of these are."""

    def __init__(self, backbone: PhotoBackbone, embedding: int) -> None:
        super().__init__()
        self.backbone = backbone
        self.embed = nn.Linear(backbone.width, embedding)
        self.alike = nn.Linear(1, 1)
        with torch.no_grad():  # from the start, what is further apart is less alike
            self.alike.weight.fill_(-1.0)
            self.alike.bias.fill_(1.0)

    def forward(self, image: Tensor) -> Tensor:
        """The embeddings."""
        embeddings: Tensor = self.embed(self.backbone(image).mean((2, 3)))
        return embeddings

    def logits(self, one: Tensor, other: Tensor) -> Tensor:
        """Logit of the similarity of each row of ``one`` to each of ``other``: ``(n, m)``, by Euclidean distance."""
        # The small number keeps the slope finite where both are the same picture.
        distance = ((one[:, None] - other[None]).square().sum(2) + 1e-8).sqrt()
        found: Tensor = self.alike(distance[..., None])[..., 0]
        return found


class SiameseAnswer(nn.Module):
    """A siamese network with the training photos that it compares with, as it is exported."""

    references: Tensor
    membership: Tensor

    def __init__(self, network: SiameseNetwork, references: Tensor, classes: Tensor, number: int) -> None:
        """Keeps the references.

        Args:
            network: the network.
            references: ``(m, embedding)``.
            classes: ``(m,)`` class of each.
            number: of classes; one without a reference is never answered.
        """
        super().__init__()
        self.network = network
        of_class = F.one_hot(classes, number).to(references)
        self.register_buffer("references", references)
        self.register_buffer("membership", of_class / of_class.sum(0).clamp(min=1))

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """Mean similarity to each class, brought to a sum of 1; and as it is. Both ``(n, classes)``."""
        alike = self.network.logits(self.network(image), self.references).sigmoid()
        similarity = alike @ self.membership
        return similarity / similarity.sum(1, keepdim=True).clamp(min=1e-9), similarity


@dataclass(frozen=True)
class BySimilarity:
    """Sorts faces by likeness; see :class:`~dermagrade.training.photo_classes.fit.Method`."""

    kind: str = SIAMESE
    outputs: tuple[str, ...] = ("probabilities", "similarity")

    def network(self, backbone: PhotoBackbone, classes: int, settings: PhotoSettings) -> nn.Module:
        """Backbone, pooling and embedding."""
        return SiameseNetwork(backbone, settings.embedding)

    def loss(self, network: nn.Module, image: Tensor, of_class: Tensor) -> Tensor:
        """Binary cross-entropy over all pairs of the batch; those of one class and the others weigh half each."""
        net = cast(SiameseNetwork, network)
        embeddings = net(image)
        same, pairs = pairs_of(of_class)
        losses = F.binary_cross_entropy_with_logits(net.logits(embeddings, embeddings), same.float(), reduction="none")
        sides = [losses[pairs & side].mean() for side in (same, ~same) if bool((pairs & side).any())]
        return torch.stack(sides).mean() if sides else losses.sum() * 0.0

    def answerer(
        self, network: nn.Module, faces: Faces, rows: NDArray[np.int64], settings: PhotoSettings, seed: int
    ) -> nn.Module:
        """The network with some training photos of each class, chosen by chance but the same in every epoch."""
        chosen = reference_rows(faces.classes, rows, settings.references, seed)
        net = cast(SiameseNetwork, network)
        device = net.embed.weight.device
        embeddings = torch.from_numpy(outputs_of(net, faces, chosen)[0]).float().to(device)
        return SiameseAnswer(net, embeddings, torch.from_numpy(faces.classes[chosen]).to(device), faces.number).eval()

    def further(self, network: nn.Module, faces: Faces, rows: NDArray[np.int64]) -> dict[str, Any]:
        """How well pairs of these photos are told apart, which is what the network is trained for."""
        net = cast(SiameseNetwork, network)
        embeddings = torch.from_numpy(outputs_of(net, faces, rows)[0]).float().to(net.embed.weight.device)
        with torch.no_grad():
            alike = torch.cat([net.logits(part, embeddings) for part in torch.split(embeddings, 64)]).sigmoid()
        return {"pairs": pair_figures(alike.cpu().double().numpy(), faces.classes[rows])}


def pairs_of(of_class: Tensor) -> tuple[Tensor, Tensor]:
    """Which two of a batch are of one class, and which make a pair at all: each two once, none with itself."""
    same = of_class[:, None] == of_class[None]
    return same, torch.ones_like(same).triu(1)


def reference_rows(classes: NDArray[np.int64], rows: NDArray[np.int64], most: int, seed: int) -> NDArray[np.int64]:
    """At most so many of the rows of each class, by chance; the same arguments give the same rows."""
    order = np.random.default_rng([seed, 1]).permutation(rows)
    return np.sort(np.concatenate([order[classes[order] == k][:most] for k in np.unique(classes[rows])]))


def pair_figures(alike: NDArray[np.float64], classes: NDArray[np.int64]) -> dict[str, float | None]:
    """Accuracy, and root mean squared error of the similarity, over all pairs; pairs of one class weigh half.

    Args:
        alike: ``(n, n)`` similarity from 0 to 1.
        classes: ``(n,)``.

    Returns:
        Both; None where there is no pair of one of the two kinds.
    """
    same = classes[:, None] == classes[None]
    pairs = np.triu(np.ones_like(same), 1)
    right, error = [], []
    for side in (same, ~same):
        own = alike[pairs & side]
        if not len(own):
            return {"accuracy": None, "rmse": None}
        truth = 1.0 if side is same else 0.0
        right.append(float(((own >= 0.5) == bool(truth)).mean()))
        error.append(float(((own - truth) ** 2).mean()))
    return {"accuracy": float(np.mean(right)), "rmse": float(np.sqrt(np.mean(error)))}


def train_siamese(job: Job) -> Path:
    """Carries a job out; see :class:`dermagrade.training.engines.Engine`.

    Settings of the recipe and errors: as for :func:`dermagrade.training.photo_classes.engine.train_photo_classes`.
    """
    return train_photos(job, BySimilarity())
