"""Opens the pictures that networks are trained on."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageOps

from dermagrade.errors import PhotoError


def open_picture(path: Path) -> Image.Image:
    """The picture of a file, upright, in RGB; colour profiles are not applied.

    Raises:
        PhotoError: if the file is missing or no picture.
    """
    try:
        with Image.open(path) as opened:
            return ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, Image.DecompressionBombError) as error:
        raise PhotoError(f"{path} cannot be read as a picture; replace it or take it from the table.") from error
