"""The lesion network as it is written: the mean of several, for pictures of any size and any regions of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dermagrade.training.lesions.net import LesionNet
from dermagrade.training.run.export import export_graph

#: How pictures are brought to what the network takes, in the words of its manifest.
NORMALISATION = "RGB from 0 to 1; the network subtracts 0.45 and divides by 0.25 itself"


class LesionExport(nn.Module):
    """The mean of several lesion networks; one picture, any number of regions of it."""

    def __init__(self, nets: Sequence[LesionNet]) -> None:
        super().__init__()
        self.nets = nn.ModuleList(nets)

    def forward(self, image: Tensor, region: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Mean density (2, h/4, w/4), grade probabilities (regions, 4), counts of the published annotation."""
        densities, grades = [], []
        for net in self.nets:
            assert isinstance(net, LesionNet)
            density, features = net.features(image)
            logits, _ = net.gather(density, features, region)
            densities.append(density[0])
            grades.append(F.softmax(logits, 1))
        density = torch.stack(densities).mean(0)
        count = (density[:1] * region).sum((1, 2, 3))
        return density, torch.stack(grades).mean(0), count


def export_lesions(nets: Sequence[LesionNet], path: Path, side: int) -> None:
    """Writes the mean of these networks as ONNX, for any sides that are multiples of 32 and any regions."""
    module = LesionExport([net.eval() for net in nets]).eval()
    axes = {
        "image": {2: "height", 3: "width"},
        "region": {0: "regions", 2: "cells_high", 3: "cells_wide"},
        "density": {1: "cells_high", 2: "cells_wide"},
        "grade": {0: "regions"},
        "count": {0: "regions"},
    }
    example = (torch.rand(1, 3, side, side), torch.ones(2, 1, side // 4, side // 4))
    export_graph(module, example, path, ["image", "region"], ["density", "grade", "count"], axes)


def inputs_of(side: int) -> dict[str, object]:
    """What the network takes, for its manifest; ``side`` is that of the face and its margin, in pixels."""
    return {"size": side, "image": [1, 3, side, side], "region": ["regions", 1, side // 4, side // 4]}
