"""The zone network: a small encoder with a feature pyramid that finds faces and reads one face's zones.

One forward pass answers two questions: where faces are (a heat map of their centres and their sizes, after
"Objects as Points", Zhou et al. 2019, arXiv:1904.07850) and, for the face that fills the picture, which pixels show
which skin zone, where the key points are, how much of each zone is seen and how the head is turned.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dermagrade.types import KEY_POINTS

#: Side of the square input in pixels; the maps that come out have a quarter of it.
INPUT_SIZE = 160
STRIDE = 4
ZONE_CHANNELS = 6  # five zones, then the whole face
POINT_CHANNELS = len(KEY_POINTS)


class Block(nn.Module):
    """Two 3x3 convolutions with a shortcut."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        """The same shape as the input."""
        return F.relu(x + self.body(x))


def down(inputs: int, outputs: int) -> nn.Sequential:
    """A 3x3 convolution that halves the sides."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class ZoneNet(nn.Module):
    """Input ``(n, 3, 160, 160)`` RGB in 0..1; about 0.7 million parameters.

    Returns a dictionary: ``zones`` logits (n, 6, 40, 40), ``centre`` logits (n, 1, 40, 40), ``size`` log of width
    and height over the input's side (n, 2, 40, 40), ``points`` logits (n, k, 40, 40), ``visible`` logits (n, 5),
    ``pose`` (n, 4): yaw / 90, pitch / 90, sine and cosine of roll.
    """

    def __init__(self) -> None:
        super().__init__()
        # One wide convolution reads 8x8 pixels at a time: at half the cost of two narrow ones at full resolution.
        self.stem = nn.Sequential(
            nn.Conv2d(3, 32, 8, stride=4, padding=2, bias=False), nn.BatchNorm2d(32), nn.ReLU(inplace=True)
        )
        self.stage4 = Block(32)
        self.stage8 = nn.Sequential(down(32, 64), Block(64))
        self.stage16 = nn.Sequential(down(64, 96), Block(96))
        self.stage32 = nn.Sequential(down(96, 128), Block(128))
        self.lateral = nn.ModuleList(nn.Conv2d(c, 32, 1) for c in (32, 64, 96, 128))
        self.smooth = nn.Sequential(nn.Conv2d(32, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(True))
        self.maps = nn.Conv2d(32, ZONE_CHANNELS + 1 + 2 + POINT_CHANNELS, 1)
        self.globals = nn.Sequential(nn.Linear(2 * 128, 96), nn.ReLU(inplace=True), nn.Linear(96, 5 + 4))
        with torch.no_grad():
            # Centres and points are rare: start from "nothing here".
            bias = self.maps.bias
            assert bias is not None
            bias.zero_()
            bias[ZONE_CHANNELS] = -4.0
            bias[ZONE_CHANNELS + 3 :] = -4.0

    def forward(self, image: Tensor) -> dict[str, Tensor]:
        """All answers by name; see the class."""
        x4 = self.stage4(self.stem((image - 0.45) / 0.25))
        x8 = self.stage8(x4)
        x16 = self.stage16(x8)
        x32 = self.stage32(x16)
        top = self.lateral[3](x32)
        for level, feature in ((2, x16), (1, x8), (0, x4)):
            top = self.lateral[level](feature) + F.interpolate(top, scale_factor=2.0, mode="nearest")
        maps = self.maps(self.smooth(top))
        pooled = torch.cat([x32.mean((2, 3)), x32.amax((2, 3))], 1)
        vector = self.globals(pooled)
        z = ZONE_CHANNELS
        return {
            "zones": maps[:, :z],
            "centre": maps[:, z : z + 1],
            "size": maps[:, z + 1 : z + 3],
            "points": maps[:, z + 3 :],
            "visible": vector[:, :5],
            "pose": vector[:, 5:],
        }
