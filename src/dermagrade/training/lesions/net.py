"""The lesion network: a small U-shaped network that counts lesions on a map and grades what a region shows."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dermagrade.training.zones.net import Block, down

#: Cells of the density map are this many input pixels wide.
STRIDE = 4
GRADES = 4
#: Width of one head of the grade.
HIDDEN = 64


class LesionNet(nn.Module):
    """Input ``(n, 3, h, w)`` RGB in 0..1, sides multiples of 32, and ``(n, 1, h/4, w/4)`` region weights.

    Returns ``density`` (n, 2, h/4, w/4), lesions per cell after the published and the denser second annotation, and
    ``grade`` logits (n, 4) of the Hayashi grade of the region. The region only gathers: the same face can be asked
    for its left and right half. About 0.8 million parameters.

    ``hidden`` is the width of the head that grades; several heads side by side are one wide one.
    """

    def __init__(self, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.stem = nn.Sequential(down(3, 16), down(16, 32))
        self.stage4 = Block(32)
        self.stage8 = nn.Sequential(down(32, 64), Block(64))
        self.stage16 = nn.Sequential(down(64, 96), Block(96))
        self.stage32 = nn.Sequential(down(96, 128), Block(128))
        self.lateral = nn.ModuleList(nn.Conv2d(c, 32, 1) for c in (32, 64, 96, 128))
        self.smooth = nn.Sequential(nn.Conv2d(32, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(True))
        self.density = nn.Conv2d(32, 2, 1)
        self.grade = nn.Sequential(
            nn.Linear(64 + 2 * 96 + 128 + 2, hidden), nn.ReLU(inplace=True), nn.Dropout(0.2), nn.Linear(hidden, GRADES)
        )
        with torch.no_grad():
            # Most cells hold no lesion: about 10 lesions on 6,400 cells.
            assert self.density.bias is not None
            self.density.bias.fill_(-6.0)

    def features(self, image: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Density maps, and the features that a region gathers, finest first."""
        x4 = self.stage4(self.stem((image - 0.45) / 0.25))
        x8 = self.stage8(x4)
        x16 = self.stage16(x8)
        x32 = self.stage32(x16)
        top = self.lateral[3](x32)
        for level, feature in ((2, x16), (1, x8), (0, x4)):
            top = self.lateral[level](feature) + F.interpolate(top, scale_factor=2.0, mode="nearest")
        density = F.softplus(self.density(self.smooth(top)))
        return density, [x8, x16, x32]

    def pool(self, density: Tensor, features: list[Tensor], region: Tensor) -> tuple[Tensor, Tensor]:
        """What a region shows, as one vector (n, 386), and both counts (n, 2)."""
        counts = (density * region).sum((2, 3))
        pooled = []
        for level, feature in enumerate(features):
            weight = F.avg_pool2d(region, 2 ** (level + 1))
            total = weight.sum((2, 3)).clamp(min=1e-3)
            pooled.append((feature * weight).sum((2, 3)) / total)
            if level == 1:
                pooled.append((feature * weight).amax((2, 3)))
        return torch.cat([*pooled, torch.log1p(counts)], 1), counts

    def gather(self, density: Tensor, features: list[Tensor], region: Tensor) -> tuple[Tensor, Tensor]:
        """Grade logits (n, 4) and both counts (n, 2) of a region."""
        vector, counts = self.pool(density, features, region)
        return self.grade(vector), counts

    def forward(self, image: Tensor, region: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Density maps, grade logits and counts; see the class."""
        density, features = self.features(image)
        logits, counts = self.gather(density, features, region)
        return density, logits, counts


def restored(state: Mapping[str, Tensor]) -> LesionNet:
    """The network of a state, its head as wide as the state's."""
    net = LesionNet(state["grade.0.weight"].shape[0])
    net.load_state_dict(state)
    return net
