"""Pretrained networks that turn a picture into features, from the hub of ``transformers`` or from a folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from dermagrade.errors import MissingExtraError, WeightsError

#: Short names of backbones on the hub.
PRESETS: Mapping[str, str] = {"resnet-50": "microsoft/resnet-50", "resnet-152": "microsoft/resnet-152"}

#: Where a backbone says nothing about its pictures: side in pixels, mean and deviation of RGB from 0 to 1 (ImageNet).
DEFAULT_SIZE = 224
DEFAULT_MEAN = (0.485, 0.456, 0.406)
DEFAULT_STD = (0.229, 0.224, 0.225)


class Backbone(nn.Module):
    """Pictures in, features of the last pooling out; it brings the pictures to its own mean and deviation itself.

    Attributes:
        name: as it was asked for.
        size: side of the square pictures that it takes, in pixels.
        width: number of features.
        pools: False where the network's own pooling lacks weights, so that the mean takes its place.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, net: nn.Module, *, name: str, prepare: Preparation, pools: bool) -> None:
        super().__init__()
        self.net = net
        self.name = name
        self.size = prepare.size
        self.pools = pools
        self.register_buffer("mean", torch.tensor(prepare.mean).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(prepare.std).view(1, 3, 1, 1))
        self.eval().requires_grad_(False)
        with torch.no_grad():
            self.width = int(self(torch.zeros(1, 3, self.size, self.size)).shape[1])

    def forward(self, image: Tensor) -> Tensor:
        """Features ``(n, width)`` of pictures ``(n, 3, size, size)``, RGB from 0 to 1.

        They are the network's own last pooling; where it has none, the mean of its last layer over all places.
        """
        out = self.net(pixel_values=(image - self.mean) / self.std)
        pooled: Tensor | None = getattr(out, "pooler_output", None) if self.pools else None
        if pooled is not None:
            return pooled.flatten(1)
        last: Tensor = out.last_hidden_state
        return last.mean(dim=1 if last.ndim == 3 else (2, 3))

    def digest(self) -> str:
        """SHA-256 over all weights and the preparation, so that a run knows its backbone again."""
        found = hashlib.sha256()
        for key, value in sorted(self.state_dict().items()):
            found.update(key.encode())
            found.update(value.contiguous().reshape(-1).view(torch.uint8).numpy())
        return found.hexdigest()


@dataclass(frozen=True)
class Preparation:
    """How a backbone wants its pictures.

    Attributes:
        size: side of the square, in pixels.
        mean: of red, green and blue, from 0 to 1.
        std: likewise.
    """

    size: int = DEFAULT_SIZE
    mean: tuple[float, ...] = DEFAULT_MEAN
    std: tuple[float, ...] = DEFAULT_STD

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Preparation:
        """Reads what ``preprocessor_config.json`` names; the rest keeps its default.

        A patch is squeezed into the square, as it was published: of a side to be reached before a crop, and of the
        crop, only the side counts.
        """
        named = config.get("crop_size") if config.get("do_center_crop") else config.get("size")
        if isinstance(named, Mapping):
            named = named.get("height", named.get("shortest_edge"))
        size = int(named) if named else DEFAULT_SIZE
        if config.get("do_normalize", True):
            return cls(
                size, tuple(config.get("image_mean") or DEFAULT_MEAN), tuple(config.get("image_std") or DEFAULT_STD)
            )
        return cls(size, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


def load_backbone(name: str) -> Backbone:
    """A pretrained backbone, ready to run.

    Args:
        name: a key of :data:`PRESETS`, an id on the hub such as ``facebook/convnextv2-tiny-1k-224``, or a folder with
            ``config.json``, the weights and, where there is one, ``preprocessor_config.json``. Nothing of a folder is
            ever looked for on the hub, and no code that comes with weights is run.

    Raises:
        WeightsError: if it cannot be had, or lacks weights, so that its features would be random.
        MissingExtraError: if ``transformers`` is not installed.
    """
    folder = Path(name).is_dir()
    wanted = name if folder else PRESETS.get(name, name)
    with _transformers() as transformers:
        try:
            net, found = transformers.AutoModel.from_pretrained(
                wanted, output_loading_info=True, local_files_only=folder, trust_remote_code=False
            )
            path = transformers.utils.cached_file(
                wanted, "preprocessor_config.json", local_files_only=folder,
                _raise_exceptions_for_missing_entries=False,
            )  # fmt: skip
            config = json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
        except (OSError, ValueError) as error:
            raise WeightsError(_not_had(name, wanted, folder, error)) from error
    lacking = sorted(found["missing_keys"])
    # Classifiers are often kept without the learnt pooling that their family may have; that part would be random.
    pools = not any(key.startswith("pooler.") for key in lacking)
    lacking = [key for key in lacking if not key.startswith("pooler.")]
    if lacking or found["mismatched_keys"]:
        raise WeightsError(f"The backbone {name} lacks weights ({len(lacking)} missing): its features would be random.")
    try:
        return Backbone(net, name=name, prepare=Preparation.from_config(config), pools=pools)
    except (TypeError, ValueError, RuntimeError, AttributeError) as error:
        raise WeightsError(
            f"The backbone {name} does not turn a picture into features ({' '.join(str(error).split())[:100]}); "
            "name one that was made for pictures."
        ) from error


def _not_had(name: str, wanted: str, folder: bool, error: Exception) -> str:
    if folder:
        reason = " ".join(str(error).split())[:150]
        return f"The folder {name} holds no backbone that transformers can load ({reason})."
    return (
        f"The backbone {name} cannot be had from the hub; download config.json, preprocessor_config.json and "
        f"model.safetensors of https://huggingface.co/{wanted} where there is a network, put them into a folder, and "
        "name that with --backbone FOLDER."
    )


@contextmanager
def _transformers() -> Iterator[Any]:
    """The package, imported where it is needed, and silent meanwhile: what matters is raised."""
    try:
        import transformers
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"A backbone needs {error.name}, which is not installed; run: pip install 'dermagrade[train]'"
        ) from error
    logging: Any = transformers.utils.logging
    level, bar = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity(logging.CRITICAL)
    logging.disable_progress_bar()
    try:
        yield transformers
    finally:
        logging.set_verbosity(level)
        if bar:
            logging.enable_progress_bar()
