"""The truth of a painting as a picture: 16-bit greyscale PNG, 32,768 for 0 and 8,192 steps for 1."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from dermagrade.errors import PhotoError

_ZERO, _STEPS = 32768, 8192


def truth_png(truth: NDArray[np.float32]) -> bytes:
    """A map as PNG; ``(h, w)`` float32, held within -4 and 4."""
    levels = np.clip(np.rint(truth * _STEPS) + _ZERO, 0, 65535).astype(np.uint16)
    buffer = io.BytesIO()
    Image.fromarray(levels).save(buffer, "PNG")
    return buffer.getvalue()


def read_truth(path: Path) -> NDArray[np.float32]:
    """The map that such a PNG holds, to 1/8192.

    Raises:
        PhotoError: if the file is missing or no such picture.
    """
    try:
        with Image.open(path) as image:
            if not image.mode.startswith("I"):
                raise PhotoError(f"{path} is no map of the truth: it must be a 16-bit greyscale PNG.")
            levels = np.asarray(image, np.int32)
    except (OSError, UnidentifiedImageError) as error:
        raise PhotoError(f"{path} cannot be read as a map of the truth.") from error
    return ((levels - _ZERO) / _STEPS).astype(np.float32)
