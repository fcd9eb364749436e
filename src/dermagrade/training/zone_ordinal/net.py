"""The ordinal network of zones: how strong a condition is at each place of a face, and the grade of each zone.

A small U-Net of residual blocks looks at the whole face (:mod:`dermagrade.grading.face_frame`). For each place, at
half the input's side, it says how far it is plain skin and how far affected. What would be seen of plain skin is then
the mean of the plain skin around, and the strength is how much darker or browner the place is than that: the
photometry is arithmetic, only what is what has to be learnt. The strength, averaged over a zone's skin, is turned to a
grade by the condition's own declared curve; what it cannot say, features pooled over the zone correct. Grade and
steepness make the cumulative probabilities that the grade lies above each half step, which keeps them in order by
construction.

Sources: Ronneberger O, Fischer P, Brox T. U-Net. MICCAI 2015 (the shape); Cao W, Mirjalili V, Raschka S. Rank
consistent ordinal regression for neural networks. Pattern Recognit Lett 2020;140:325-331 (one score, ordered
thresholds).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dermagrade.face.chromophores import MELANIN_LUMINANCE
from dermagrade.grading.face_frame import CHANNELS, GAIN


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


#: Reaches of the bells whose mean a cell is compared with, as shares of the frame's height.
_REACHES = (0.015, 0.04, 0.11)
#: Which channels are compared: the density of green, and the three chromophores.
_COMPARED = (1, 3, 4, 5)
#: How far around plain skin is looked for, likewise: for what is darker, which shade is too, and for what is browner.
_NEAR, _FAR = 0.055, 0.14


def contrasts(values: Tensor, mask: Tensor) -> list[Tensor]:
    """How each cell of skin differs from the skin around it, near and farther away; 0 beyond the skin.

    What the eye sees of a spot is not how dark it is but how much darker than its surroundings.

    Args:
        values: ``(n, c, h, w)``.
        mask: ``(n, 1, h, w)``, 0 to 1.
    """
    found = []
    for reach in _REACHES:
        around = _bell_mean(values * mask, reach) / _bell_mean(mask, reach).clamp_min(0.02)
        found.append((values - around) * mask)
    return found


def surrounding(density: Tensor, plain: Tensor, reach: float) -> Tensor:
    """Density of the plain skin around each cell: what would be seen if nothing lay there.

    A weighted mean over a wide window, and where that holds hardly any plain skin, over the whole face as well.

    Args:
        density: ``(n, c, h, w)``.
        plain: ``(n, 1, h, w)``, how far each cell is plain skin, 0 to 1.
        reach: of the window, as a share of ``h``.
    """
    weighted, weight = _bell_mean(plain * density, reach), _bell_mean(plain, reach)
    far = (plain * density).mean((2, 3), keepdim=True), plain.mean((2, 3), keepdim=True)
    return (weighted + 0.03 * far[0]) / (weight + 0.03 * far[1]).clamp_min(1e-4)


def _bell_mean(values: Tensor, reach: float) -> Tensor:
    """Mean of the cells around each under a bell of this standard deviation, zeros beyond the border."""
    height, width = values.shape[-2:]
    sigma = reach * int(height)
    # As products with two matrices: for windows as wide as these nothing is faster.
    down, along = (_bells(int(side), sigma).to(values) for side in (height, width))
    return down @ values @ along


def _bells(side: int, sigma: float) -> Tensor:
    """``(side, side)``, symmetric: the part that each cell of a row has in the mean around each other."""
    place = torch.arange(side, dtype=torch.float32)
    return torch.exp(-0.5 * ((place[:, None] - place[None]) / sigma) ** 2) / (sigma * math.sqrt(2 * math.pi))


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

    def __init__(self, curve: Curve, widths: tuple[int, ...] = (32, 48, 64, 96)) -> None:
        super().__init__()
        self.curve = curve
        own = widths[0] - len(_REACHES) * len(_COMPARED)
        self.stem = nn.Sequential(nn.Conv2d(CHANNELS, own, 3, 2, 1, bias=False), nn.BatchNorm2d(own), nn.ReLU())
        pairs = list(itertools.pairwise(widths))
        self.down = nn.ModuleList([_Block(a, b, 2) for a, b in pairs])
        # What the whole face is like: its light, its noise, how much of it is affected.
        self.whole = nn.Linear(widths[-1], widths[-1])
        self.lateral = nn.ModuleList([nn.Conv2d(b, a, 1) for a, b in pairs])
        # The finest level costs most and sees least: one convolution has to do there.
        finest = nn.Sequential(nn.Conv2d(widths[0], own, 3, 1, 1, bias=False), nn.BatchNorm2d(own), nn.ReLU())
        self.up = nn.ModuleList([finest, *(_Block(a, a) for a, _ in pairs[1:])])
        self.out = nn.Conv2d(own, 4, 1)
        # Share of each channel's density in that of luminance, on skin of middling colour; learnt from there.
        self.shares = nn.Parameter(torch.tensor([0.33, 0.62, 0.05]))
        pooled = 2 * own + widths[-1] + 3
        self.head = nn.Sequential(nn.Linear(pooled, 48), nn.ReLU(), nn.Linear(48, 2))
        # It starts by seeing nothing and correcting nothing.
        for layer in (self.whole, self.out, self.head[-1]):
            for parameter in layer.parameters():
                nn.init.zeros_(parameter)

    def forward(self, image: Tensor, zones: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Looks at faces.

        Args:
            image: ``(n, 7, h, w)``; sides multiples of 16.
            zones: ``(n, z, h / 2, w / 2)``, how much of each cell belongs to each zone, 0 to 1.

        Returns:
            Strength ``(n, h / 2, w / 2)``, for each zone its grade ``(n, z)`` (not yet held within the scale) and the
            steepness of its cumulative probabilities ``(n, z)``, and how far each cell is affected, as logit. What is
            said of a zone without a cell means nothing.
        """
        half = F.avg_pool2d(image, 2)
        mask = half[:, -1:]
        levels = [torch.cat([self.stem(image), *contrasts(half[:, _COMPARED], mask)], 1)]
        for block in self.down:
            levels.append(block(levels[-1]))
        deepest = levels[-1]
        x = deepest = deepest + self.whole(deepest.mean((2, 3)))[..., None, None]
        for k in reversed(range(len(self.up))):
            grown = F.interpolate(self.lateral[k](x), scale_factor=2.0, mode="bilinear", align_corners=False)
            x = self.up[k](levels[k] + grown)
        seen = self.out(x)
        plain = mask * seen[:, :1].sigmoid()
        # Darker than the skin near by, or browner than that farther off, which shade does not touch.
        luminance = (half[:, :3] * self.shares[:, None, None]).sum(1, keepdim=True) / GAIN
        melanin = half[:, 3:4] * (MELANIN_LUMINANCE / GAIN)
        darker, browner = luminance - surrounding(luminance, plain, _NEAR), melanin - surrounding(melanin, plain, _FAR)
        trust = seen[:, 3:4].sigmoid()
        affected = seen[:, 1] - 1
        # How much of that, as far as the place is affected; and what this cannot say.
        strength = affected.sigmoid() * (trust * darker + (1 - trust) * browner)[:, 0] + 0.1 * seen[:, 2]

        weight = _normalised(zones)
        up = (weight @ strength.clamp_min(0).flatten(1)[..., None])[..., 0]
        down = (weight @ (-strength).clamp_min(0).flatten(1)[..., None])[..., 0]
        load = up + self.curve.pale_share * down
        cells = x.flatten(2).transpose(1, 2)
        mean = weight @ cells
        deviation = (weight @ cells**2 - mean**2).clamp_min(1e-6).sqrt()
        deep = _normalised(F.avg_pool2d(zones, 2 ** len(self.down))) @ deepest.flatten(2).transpose(1, 2)
        # The curve's own answer keeps the head honest: it starts from it and learns only what is missing.
        analytic = self.curve.grade(load.detach())
        told = torch.stack([analytic / 9, 10 * up, 10 * down], -1)
        correction, steepness = self.head(torch.cat([mean, deviation, deep, told], -1)).unbind(-1)
        return strength, analytic + correction, 2.0 * torch.exp(steepness.clamp(-3, 3)), affected


def _normalised(zones: Tensor) -> Tensor:
    """Weights ``(n, z, cells)`` of a mean over each zone."""
    flat = zones.flatten(2)
    return flat / flat.sum(2, keepdim=True).clamp_min(1e-3)
