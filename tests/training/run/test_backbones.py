"""A backbone comes from a folder or from the hub, brings its own preparation, and is never random unnoticed."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("transformers", reason="transformers comes with the train extra")
import torch
from transformers import ResNetModel, ViTConfig, ViTForImageClassification

from command_line import ENVIRONMENT
from dermagrade.errors import WeightsError
from dermagrade.training.run.backbones import DEFAULT_MEAN, DEFAULT_SIZE, Preparation, load_backbone
from tiny_backbone import SIZE, WIDTH, write_backbone


def test_features_are_the_network_s_own_last_pooling_of_the_normalised_picture(tmp_path: Path) -> None:
    backbone = load_backbone(str(write_backbone(tmp_path)))
    image = torch.rand(3, 3, SIZE, SIZE)
    normal = (image - torch.tensor([0.5, 0.4, 0.3]).view(3, 1, 1)) / 0.2
    with torch.no_grad():
        wanted = ResNetModel.from_pretrained(tmp_path).eval()(pixel_values=normal).pooler_output.flatten(1)
        got = backbone(image)
    assert (backbone.size, backbone.width) == (SIZE, WIDTH)
    assert got.shape == (3, WIDTH)
    assert torch.allclose(got, wanted, atol=1e-5)


def test_other_weights_have_another_digest(tmp_path: Path) -> None:
    first, again, other = (
        load_backbone(str(write_backbone(tmp_path / name, seed=seed))).digest()
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert first == again != other


def test_a_network_kept_without_its_learnt_pooling_gives_the_mean_of_its_last_layer(tmp_path: Path) -> None:
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    torch.manual_seed(0)
    ViTForImageClassification(ViTConfig(**shape, image_size=32, patch_size=8)).save_pretrained(tmp_path)
    (tmp_path / "preprocessor_config.json").write_text('{"size": 32}')
    first, second = load_backbone(str(tmp_path)), load_backbone(str(tmp_path))
    image = torch.rand(2, 3, 32, 32)
    with torch.no_grad():
        # The pooling layer is random in each, so equal features mean that it has no part in them.
        assert torch.equal(first(image), second(image))
        last = first.net(pixel_values=(image - first.mean) / first.std).last_hidden_state
        assert torch.allclose(first(image), last.mean(1))


def test_a_backbone_that_lacks_weights_is_refused(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    file = write_backbone(tmp_path) / "model.safetensors"
    weights = load_file(file)
    weights.pop(next(key for key in weights if key.endswith("convolution.weight")))
    save_file(weights, file, metadata={"format": "pt"})
    with pytest.raises(WeightsError, match="1 missing"):
        load_backbone(str(tmp_path))


def test_a_folder_without_a_backbone_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="holds no backbone") as caught:
        load_backbone(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_without_the_hub_one_sentence_says_what_to_download_and_where_to_put_it(tmp_path: Path) -> None:
    code = "from dermagrade.training.run.backbones import load_backbone\nload_backbone('resnet-50')"
    environment = {**ENVIRONMENT, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    *_, last = ended.stderr.strip().splitlines()
    assert "WeightsError: The backbone resnet-50 cannot be had from the hub" in last
    assert "https://huggingface.co/microsoft/resnet-50" in last
    assert "model.safetensors" in last
    assert "--backbone FOLDER" in last
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize(
    ("config", "size"),
    [
        ({}, DEFAULT_SIZE),
        ({"size": 288}, 288),
        ({"size": {"shortest_edge": 256}, "do_center_crop": True, "crop_size": {"height": 240, "width": 240}}, 240),
        ({"size": {"height": 384, "width": 384}}, 384),
        ({"size": {"shortest_edge": 224}, "crop_pct": 0.875}, 224),
    ],
)
def test_the_side_is_that_of_the_square_which_the_backbone_sees(config: dict[str, object], size: int) -> None:
    assert Preparation.from_config(config).size == size


def test_without_a_preparation_it_is_imagenet_s_and_with_none_wanted_there_is_none() -> None:
    assert Preparation.from_config({}).mean == DEFAULT_MEAN
    assert np.allclose(Preparation.from_config({"do_normalize": False}).std, 1)
