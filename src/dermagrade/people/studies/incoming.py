"""Turns a file that came in into a study's photo: upright sRGB at full size, without anything else of the file.

It is kept as JPEG of quality 95 with full colour resolution. A PNG would keep every pixel as it is, at three to four
times the bytes on the disk and on the way to every rater's tablet; on the demo's portrait, itself a JPEG, the JPEG
changes a pixel by 0.5 of 255 levels on average. One form for all photos also means that nothing about a file tells
where it came from.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from dermagrade.errors import UsageError
from dermagrade.photo.read import MAX_FILE_BYTES, read_photo_bytes

#: Of the JPEG that is kept.
QUALITY = 95


@dataclass(frozen=True)
class Incoming:
    """A photo that comes into a study.

    Attributes:
        name: of its file.
        person: pseudonym of who is on it; None where the team gave none.
        data: clean PNG or JPEG: upright, sRGB, no metadata.
        width: in pixels.
        height: in pixels.
        digest: SHA-256 of the pixels, in hexadecimal digits.
        kind: ``ordinary``, ``golden`` or ``calibration``.
        reference: the grade held to be right; golden and calibration photos alone, and they need one.
    """

    name: str
    person: str | None
    data: bytes
    width: int
    height: int
    digest: str
    kind: str = "ordinary"
    reference: float | None = None


def read_file(path: Path, name: str) -> bytes:
    """The bytes of a file of this machine.

    Args:
        path: where it is.
        name: what to call it in a message.

    Raises:
        UsageError: if it is too large or cannot be read.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UsageError(f"{name}: the file is larger than {MAX_FILE_BYTES / 1e6:.0f} MB.")
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{name}: the file cannot be read ({error.strerror}).") from error


def prepare_photo(
    data: bytes,
    *,
    name: str,
    person: str | None = None,
    max_pixels: int,
    kind: str = "ordinary",
    reference: float | None = None,
    full_size: bool = True,
) -> Incoming:
    """Reads a file and makes the photo that a study keeps of it.

    Args:
        data: bytes of the file.
        name: of the photo, unique in its study.
        person: pseudonym of whose photo it is, if known.
        max_pixels: width times height above which it is refused.
        kind: ``ordinary``, ``golden`` or ``calibration``.
        reference: the grade that is held to be right, for the latter two.
        full_size: keep every pixel; else a large picture is reduced, as for grading.

    Raises:
        PhotoError: if it cannot be read; one sentence.
    """
    pixels = read_photo_bytes(data, name=name, max_pixels=max_pixels, full_size=full_size).pixels
    height, width = pixels.shape[:2]
    return Incoming(
        name=name,
        person=person,
        data=_jpeg(Image.fromarray(pixels)),
        width=width,
        height=height,
        digest=hashlib.sha256(f"{width} {height} ".encode() + np.ascontiguousarray(pixels).tobytes()).hexdigest(),
        kind=kind,
        reference=reference,
    )


def thumbnail(data: bytes, side_px: int = 240) -> bytes:
    """A small JPEG of a stored photo, for the team's list."""
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
        image.draft("RGB", (side_px, side_px))
        small = image.convert("RGB")
    small.thumbnail((side_px, side_px))
    return _jpeg(small, quality=80)


def _jpeg(image: Image.Image, quality: int = QUALITY) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, subsampling=0)
    return out.getvalue()
