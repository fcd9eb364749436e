"""Backbones that turn a whole picture into a feature map, and what of them the study trained."""

from __future__ import annotations

import hashlib
from typing import Any

import torch
from torch import Tensor, nn
from transformers import ResNetConfig, ResNetModel

from dermagrade.errors import WeightsError
from dermagrade.training.photo_classes.settings import PRESETS, PhotoSettings
from dermagrade.training.run.backbones import load_backbone


class PhotoBackbone(nn.Module):
    """Prepared pictures ``(n, 3, size, size)`` to a feature map ``(n, width, h, w)``.

    Batch normalisation that does not train keeps the statistics that it has, as in Keras.

    Attributes:
        width: channels of the map.
    """

    def __init__(self, net: nn.Module, size: int) -> None:
        super().__init__()
        self.net = net
        net.eval()
        with torch.no_grad():
            seen = self(torch.zeros(1, 3, size, size))
        if seen.ndim != 4:
            raise WeightsError("The backbone gives no map of features; name a ResNet or another convolutional network.")
        self.width = int(seen.shape[1])

    def forward(self, image: Tensor) -> Tensor:
        """The last feature map, before any pooling."""
        found: Tensor = self.net(pixel_values=image).last_hidden_state
        return found

    def train(self, mode: bool = True) -> PhotoBackbone:
        """Sets the mode; frozen layers stay as they are when the network grades."""
        super().train(mode)
        for layer in self.net.modules():
            own = list(layer.parameters(recurse=False))
            if own and not any(p.requires_grad for p in own):
                layer.eval()
        return self

    def digest(self) -> str:
        """SHA-256 over all weights, so that a run knows its backbone again."""
        found = hashlib.sha256()
        for key, value in sorted(self.state_dict().items()):
            found.update(key.encode())
            found.update(value.contiguous().reshape(-1).view(torch.uint8).numpy())
        return found.hexdigest()


def make_backbone(settings: PhotoSettings, seed: int) -> PhotoBackbone:
    """The backbone of a training: a pretrained one, mostly frozen, or a small one that starts from chance.

    Args:
        settings: which one, and the side of its pictures.
        seed: of a small one's first weights.

    Raises:
        WeightsError: if it cannot be had, or gives no map of features.
    """
    preset = PRESETS.get(settings.backbone)
    if preset is not None:
        torch.manual_seed(seed)
        return PhotoBackbone(ResNetModel(ResNetConfig(**preset.layers)), settings.size)
    try:
        loaded = load_backbone(settings.backbone)
    except WeightsError as error:
        raise WeightsError(
            f"{str(error).rstrip('.')}, or take --backbone small, a small network that starts from chance."
        ) from error
    net = loaded.net.requires_grad_(True)
    freeze_as_published(net)
    return PhotoBackbone(net, settings.size)


def freeze_as_published(net: nn.Module) -> None:
    """Freezes what the study froze of a ResNet; leaves another network as it is.

    Its 160 frozen Keras layers leave two parts to train, by the arithmetic of its summary (5,534,727 trainable
    parameters): the whole last block, and the last convolution of the block before with its normalisation.

    Args:
        net: a backbone of ``transformers``.
    """
    if not isinstance(net, ResNetModel):
        return
    encoder: Any = net.encoder  # its type hints do not reach its blocks
    blocks = encoder.stages[-1].layers
    net.requires_grad_(False)
    blocks[-1].requires_grad_(True)
    if len(blocks) > 1:
        blocks[-2].layer[-1].requires_grad_(True)


def trained_parameters(net: nn.Module) -> int:
    """Number of parameters that train."""
    return sum(p.numel() for p in net.parameters() if p.requires_grad)
