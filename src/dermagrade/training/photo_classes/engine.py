"""The engine ``photo-classes``: a network sorts whole faces into groups of grades.

Source: the baseline and the binary-threshold model of a study of mottled hyperpigmentation, 2020 (slides): ResNet-50
with its first 160 layers frozen, dropout of 0.5 on the feature map, global average pooling, a dense layer with softmax.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from dermagrade.grading.photo_classes import PHOTO_CLASSES
from dermagrade.training.photo_classes.backbone import PhotoBackbone
from dermagrade.training.photo_classes.fit import Faces
from dermagrade.training.photo_classes.plan import train_photos
from dermagrade.training.photo_classes.settings import PhotoSettings
from dermagrade.training.run.job import Job


class ClassNetwork(nn.Module):
    """Prepared pictures ``(n, 3, size, size)`` to a logit for each class, ``(n, classes)``."""

    def __init__(self, backbone: PhotoBackbone, classes: int, dropout: float) -> None:
        super().__init__()
        self.backbone = backbone
        self.dropout = nn.Dropout(dropout)
        self.dense = nn.Linear(backbone.width, classes)

    def forward(self, image: Tensor) -> Tensor:
        """The logits."""
        logits: Tensor = self.dense(self.dropout(self.backbone(image)).mean((2, 3)))
        return logits


class ClassAnswer(nn.Module):
    """The same with probabilities, as it is exported."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> Tensor:
        """Probability of each class, ``(n, classes)``."""
        return F.softmax(self.network(image), dim=1)


@dataclass(frozen=True)
class ByClass:
    """Sorts faces by a softmax; see :class:`~dermagrade.training.photo_classes.fit.Method`."""

    kind: str = PHOTO_CLASSES
    outputs: tuple[str, ...] = ("probabilities",)

    def network(self, backbone: PhotoBackbone, classes: int, settings: PhotoSettings) -> nn.Module:
        """Backbone, dropout, pooling and dense layer."""
        return ClassNetwork(backbone, classes, settings.dropout)

    def loss(self, network: nn.Module, image: Tensor, of_class: Tensor) -> Tensor:
        """Sparse categorical cross-entropy."""
        return F.cross_entropy(network(image), of_class)

    def answerer(
        self, network: nn.Module, faces: Faces, rows: NDArray[np.int64], settings: PhotoSettings, seed: int
    ) -> nn.Module:
        """The network with its softmax."""
        return ClassAnswer(network).eval()

    def further(self, network: nn.Module, faces: Faces, rows: NDArray[np.int64]) -> dict[str, Any]:
        """None."""
        return {}


def train_photo_classes(job: Job) -> Path:
    """Carries a job out; see :class:`dermagrade.training.engines.Engine`.

    Settings of the recipe: those of :class:`~dermagrade.training.photo_classes.settings.PhotoSettings`.

    Raises:
        UsageError: if the job lacks labels or photos, or brings what this engine does not learn from.
        LabelsError: if a table is malformed, or too few people are left to train on.
        PhotoError: if a photo cannot be read.
        WeightsError: if the backbone cannot be had.
        OutputError: if the run's folder cannot be written, or a process was ended.
    """
    return train_photos(job, ByClass())
