"""A backbone of a few hundred random weights in a folder, as the hub would bring it."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from transformers import ResNetConfig, ResNetModel
from transformers.utils import logging

#: Side of the pictures that it takes, and number of its features.
SIZE, WIDTH = 32, 16


def write_backbone(folder: Path, *, seed: int = 0, prepared: bool = True) -> Path:
    """Writes a small ResNet, with its ``preprocessor_config.json`` where ``prepared``; returns the folder."""
    torch.manual_seed(seed)
    config = ResNetConfig(embedding_size=8, hidden_sizes=[8, WIDTH], depths=[1, 1], layer_type="basic")
    logging.disable_progress_bar()
    ResNetModel(config).save_pretrained(folder)
    logging.enable_progress_bar()
    if prepared:
        prepare = {"size": {"shortest_edge": SIZE}, "image_mean": [0.5, 0.4, 0.3], "image_std": [0.2, 0.2, 0.2]}
        (folder / "preprocessor_config.json").write_text(json.dumps(prepare))
    return folder
