"""The ordinal network of skin patches: how strong a condition is at each place of a zone, and the zone's grade.

A small U-Net of residual blocks looks at the square around one zone (:mod:`dermagrade.conditions.zone_patches`). For
each place, at half the input's side, it says how far it is plain skin and how far affected. What would be seen of plain
skin is then the mean of the plain skin around, and the strength is how much darker the place is than that: the
photometry is arithmetic, only what is what has to be learnt. The strength, averaged over the zone's skin, is turned
to a grade by the condition's own declared curve; what it cannot say, a few pooled features correct. Grade and
steepness make the cumulative probabilities that the grade lies above each half step, which keeps them in order by
construction.

Sources: Ronneberger O, Fischer P, Brox T. U-Net. MICCAI 2015 (the shape); Cao W, Mirjalili V, Raschka S. Rank
consistent ordinal regression for neural networks. Pattern Recognit Lett 2020;140:325-331 (one score, ordered
thresholds).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dermagrade.conditions.zone_patches import CHANNELS, GAIN


@dataclass(frozen=True)
class Curve:
    """How a mean strength is turned to a grade: ``high * ln(1 + load / turn) / ln(1 + full / turn)``.

    Attributes:
        high: the highest grade.
        turn: the load at which the grade turns from the load to its logarithm.
        full: the load of the highest grade.
        pale_share: what negative strength counts, as a share of positive.
    """

    high: float
    turn: float
    full: float
    pale_share: float

    def grade(self, load: Tensor) -> Tensor:
        """Grade for a load; goes on beyond the highest."""
        return self.high * torch.log1p(load.clamp_min(0) / self.turn) / self._span

    def load(self, grade: Tensor) -> Tensor:
        """The inverse, for grades from 0 to the highest."""
        return self.turn * torch.expm1(grade.clamp(0, self.high) / self.high * self._span)

    @property
    def _span(self) -> float:
        return float(torch.log1p(torch.tensor(self.full / self.turn)))


#: Sides, in cells of the map, of the squares whose mean a cell is compared with.
_REACHES = (7, 19)


def contrasts(values: Tensor, mask: Tensor) -> list[Tensor]:
    """How each cell of skin differs from the skin around it, near and farther away; 0 beyond the skin.

    What the eye sees of a spot is not how dark it is but how much darker than its surroundings.

    Args:
        values: ``(n, c, s, s)``.
        mask: ``(n, 1, s, s)``, 0 to 1.
    """
    found = []
    for side in _REACHES:
        around = _box_mean(values * mask, side) / _box_mean(mask, side).clamp_min(0.02)
        found.append((values - around) * mask)
    return found


def surrounding(density: Tensor, plain: Tensor) -> Tensor:
    """Density of the plain skin around each cell: what would be seen if nothing lay there.

    A weighted mean over a wide window, and where that holds hardly any plain skin, over the whole zone as well.

    Args:
        density: ``(n, 1, s, s)``.
        plain: ``(n, 1, s, s)``, how far each cell is plain skin, 0 to 1.
    """
    side = 2 * (int(density.shape[-1]) // 7) + 1
    weighted, weight = plain * density, plain
    for _ in range(2):  # twice a box is nearly a bell
        weighted, weight = _box_mean(weighted, side), _box_mean(weight, side)
    far = (plain * density).mean((2, 3), keepdim=True), plain.mean((2, 3), keepdim=True)
    return (weighted + 0.03 * far[0]) / (weight + 0.03 * far[1]).clamp_min(1e-4)


def _box_mean(values: Tensor, side: int) -> Tensor:
    """Mean over the square of ``side`` cells around each, zeros beyond the border; first one way, then the other."""
    along = F.avg_pool2d(values, (1, side), 1, (0, side // 2))
    return F.avg_pool2d(along, (side, 1), 1, (side // 2, 0))


class _Block(nn.Module):
    """Two 3 x 3 convolutions with a way around them."""

    def __init__(self, inside: int, outside: int, stride: int = 1) -> None:
        super().__init__()
        self.first = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outside)
        self.second = nn.Conv2d(outside, outside, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outside)
        self.around: nn.Module = nn.Identity()
        if stride != 1 or inside != outside:
            pool = nn.AvgPool2d(stride) if stride != 1 else nn.Identity()
            self.around = nn.Sequential(pool, nn.Conv2d(inside, outside, 1, bias=False), nn.BatchNorm2d(outside))

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.norm1(self.first(x)))
        return F.relu(self.norm2(self.second(y)) + self.around(x))


class ZoneOrdinalNet(nn.Module):
    """See the module.

    Args:
        curve: the condition's.
        widths: channels at each level of the network, the finest first; more than the twelve of the contrasts there.
    """

    def __init__(self, curve: Curve, widths: tuple[int, ...] = (32, 32, 64, 96)) -> None:
        super().__init__()
        self.curve = curve
        own = widths[0] - len(_REACHES) * (CHANNELS - 1)
        self.stem = nn.Sequential(nn.Conv2d(CHANNELS, own, 3, 2, 1, bias=False), nn.BatchNorm2d(own), nn.ReLU())
        pairs = list(itertools.pairwise(widths))
        self.down = nn.ModuleList([_Block(a, b, 2) for a, b in pairs])
        self.lateral = nn.ModuleList([nn.Conv2d(b, a, 1) for a, b in pairs])
        # The finest level costs most and sees least: one convolution has to do there.
        finest = nn.Sequential(nn.Conv2d(widths[0], own, 3, 1, 1, bias=False), nn.BatchNorm2d(own), nn.ReLU())
        self.up = nn.ModuleList([finest, *(_Block(a, a) for a, _ in pairs[1:])])
        self.out = nn.Conv2d(own, 3, 1)
        # Share of each channel's density in that of luminance, on skin of middling colour; learnt from there.
        self.shares = nn.Parameter(torch.tensor([0.33, 0.62, 0.05]))
        pooled = 2 * own + widths[-1] + 3
        self.head = nn.Sequential(nn.Linear(pooled, 48), nn.ReLU(), nn.Linear(48, 2))
        # It starts by seeing nothing and correcting nothing.
        for layer in (self.out, self.head[-1]):
            for parameter in layer.parameters():
                nn.init.zeros_(parameter)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Looks at squares.

        Args:
            image: ``(n, 7, size, size)``; size a multiple of 16.

        Returns:
            Strength ``(n, size / 2, size / 2)``, grade ``(n,)`` (not yet held within the scale) and the steepness of
            its cumulative probabilities ``(n,)``.
        """
        half = F.avg_pool2d(image, 2)
        mask = half[:, -1:]
        levels = [torch.cat([self.stem(image), *contrasts(half[:, :-1], mask)], 1)]
        for block in self.down:
            levels.append(block(levels[-1]))
        deepest = x = levels[-1]
        for k in reversed(range(len(self.up))):
            grown = F.interpolate(self.lateral[k](x), scale_factor=2.0, mode="bilinear", align_corners=False)
            x = self.up[k](levels[k] + grown)
        seen = self.out(x)
        density = (half[:, :3] * self.shares[:, None, None]).sum(1, keepdim=True) / GAIN
        over = density - surrounding(density, mask * seen[:, :1].sigmoid())
        # How much darker than the skin around it, as far as it is affected; and what this cannot say.
        affected = seen[:, 1] - 1
        strength = affected.sigmoid() * over[:, 0] + 0.1 * seen[:, 2]
        weight = mask / mask.sum((2, 3), keepdim=True).clamp_min(1e-3)
        up = (strength.clamp_min(0) * weight[:, 0]).sum((1, 2))
        down = ((-strength).clamp_min(0) * weight[:, 0]).sum((1, 2))
        load = up + self.curve.pale_share * down
        mean = (x * weight).sum((2, 3))
        deviation = ((x - mean[..., None, None]) ** 2 * weight).sum((2, 3)).clamp_min(1e-6).sqrt()
        # The curve's own answer keeps the head honest: it starts from it and learns only what is missing.
        analytic = self.curve.grade(load.detach())
        coarse = F.avg_pool2d(mask, 2 ** len(self.down))
        coarse = coarse / coarse.sum((2, 3), keepdim=True).clamp_min(1e-3)
        deep = (deepest * coarse).sum((2, 3))
        pooled = torch.cat([mean, deviation, deep, analytic[:, None] / 9, 10 * up[:, None], 10 * down[:, None]], 1)
        correction, steepness = self.head(pooled).unbind(1)
        return strength, analytic + correction, 2.0 * torch.exp(steepness.clamp(-3, 3)), affected
