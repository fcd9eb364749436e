"""The zone network as it is written: probabilities instead of logits, for one picture."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from dermagrade.training.run.export import export_graph
from dermagrade.training.zones.net import INPUT_SIZE, ZoneNet


class ZoneExport(nn.Module):
    """The zone network with probabilities instead of logits, for one picture."""

    def __init__(self, net: ZoneNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """Zones, centre, size, points, visible and pose of one picture."""
        out = self.net(image)
        return (
            out["zones"][0].sigmoid(),
            out["centre"][0, 0].sigmoid(),
            out["size"][0],
            out["points"][0].sigmoid(),
            out["visible"][0].sigmoid(),
            out["pose"][0],
        )


def export_zones(net: ZoneNet, path: Path) -> None:
    """Write the zone network as ONNX."""
    module = ZoneExport(net.eval()).eval()
    names = ["zones", "centre", "size", "points", "visible", "pose"]
    export_graph(module, (torch.rand(1, 3, INPUT_SIZE, INPUT_SIZE),), path, ["image"], names, {})
