"""Reads a photo from a file or from bytes: upright, in sRGB, without its metadata, and within a pixel limit.

The kind of file is told from its first bytes, never from its name, and only the decoder of that kind sees the bytes.
Pillow's decoders are called by themselves rather than through ``Image.open``: its process-wide pixel limit belongs to
the application, and :func:`read_photo` brings a limit of its own that is checked on the header before anything is
decoded.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import struct
import threading
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from dermagrade.errors import PhotoError, PhotoFormatError
from dermagrade.types import Photo

#: Width times height from which a photo is refused unless the caller raises the limit: above the 108 megapixels of
#: today's phones, and a decoded picture of this size still takes no more than 360 MB.
DEFAULT_MAX_PIXELS = 120_000_000

#: A larger file is refused before it is read into memory.
MAX_FILE_BYTES = 500_000_000

#: A photo is reduced by 2, 4 or 8 as far as its longer side keeps this many pixels.
KEPT_LONG_SIDE_PX = 1600

#: Suffixes that make a file in a folder a likely picture. A file that is named itself may have any suffix.
SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".webp", ".tif", ".tiff", ".gif"}
    | {".heic", ".heif", ".hif", ".avif"}
)

_READABLE = "JPEG, PNG, WebP, TIFF, HEIC, AVIF or GIF"

# What decoders raise on hostile bytes. Pillow promises no set; this one is what its plugins and the fuzz test show.
_DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    AssertionError,
    EOFError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_EXIF_IFD, _ORIENTATION, _TAKEN, _TAKEN_OFFSET = 0x8769, 0x0112, 0x9003, 0x9011
_TIFF_PHOTOMETRIC, _TIFF_BITS = 262, 258
_MODE_OF_PROFILE = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK"}

# `warnings.catch_warnings` changes the process's filters, so no two threads may be inside it at once.
_QUIET = threading.Lock()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps Pillow's warnings about damaged metadata and large tiles from the caller, one thread at a time."""
    with _QUIET, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def walk_photos(paths: Sequence[str | os.PathLike[str]]) -> list[Path]:
    """Lists the photo files that ``paths`` stand for.

    Args:
        paths: files, taken as given whatever their name, and folders, walked with all below them in name order;
            inside folders only files with one of :data:`SUFFIXES` count, and hidden files and folders are skipped.

    Returns:
        The files in order. Paths that do not exist, folders that may not be opened and folders without a photo stay
        in the list, so that reading them gives the error that explains it.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        found += (_walk(path) or [path]) if path.is_dir() else [path]
    return found


def _walk(folder: Path) -> list[Path]:
    found: list[Path] = []

    def keep_closed_folder(error: OSError) -> None:
        found.append(Path(os.fsdecode(error.filename)))

    for here, folders, files in os.walk(folder, onerror=keep_closed_folder):
        folders[:] = [f for f in folders if not f.startswith(".")]
        found += [Path(here, f) for f in files if not f.startswith(".") and Path(f).suffix.lower() in SUFFIXES]
    return sorted(found)


def read_photo(
    path: str | os.PathLike[str],
    *,
    name: str | None = None,
    subject: str | None = None,
    max_pixels: int = DEFAULT_MAX_PIXELS,
    full_size: bool = False,
    kept_px: int = KEPT_LONG_SIDE_PX,
) -> Photo:
    """Reads one photo file.

    Args:
        path: the file.
        name: what to call the photo in results; the path as given where None.
        subject: pseudonymous person, if known.
        max_pixels: width times height above which the photo is refused.
        full_size: keep every pixel; else a photo whose longer side has at least twice ``kept_px`` is reduced (a JPEG
            while it is decoded, which saves time and memory).
        kept_px: the least that a reduced photo's longer side has.

    Returns:
        The photo; of an animation the first frame.

    Raises:
        PhotoError: if the file is missing, not a photo, damaged, too large or not permitted; the sentence says which
            and what to do.
    """
    label = os.fspath(path) if name is None else name
    return read_photo_bytes(
        _file_bytes(path, label),
        name=label,
        subject=subject,
        max_pixels=max_pixels,
        full_size=full_size,
        kept_px=kept_px,
    )


def read_photo_bytes(
    data: bytes,
    *,
    name: str,
    subject: str | None = None,
    max_pixels: int = DEFAULT_MAX_PIXELS,
    full_size: bool = False,
    kept_px: int = KEPT_LONG_SIDE_PX,
) -> Photo:
    """Reads one photo from the bytes of its file; arguments, result and errors as in :func:`read_photo`."""
    if not data:
        raise PhotoError(f"{name}: the file is empty; copy or take the photo again")
    kind = _kind(data)
    if kind not in _DECODERS:
        raise PhotoFormatError(f"{name}: this is {kind}; save it as {_READABLE} and try again")
    if (canvas := _webp_canvas(data)) is not None:
        _check_size(canvas, max_pixels, name)  # WebP's decoder takes memory for the whole canvas when it is opened
    try:
        with _quiet():
            image = _DECODERS[kind](io.BytesIO(data))
        _check_size(image.size, max_pixels, name)
        with _quiet():
            orientation, taken_at = _metadata(image)
        factor = 1 if full_size else _reduction(max(image.size), kept_px)
        width, height = image.size
        decoded = _decode(image, kind, factor)
        if kind == "TIFF":  # whose decoder has already turned the picture upright
            orientation = 1
            if full_size or factor == 1:
                width, height = decoded.size
            elif (decoded.width > decoded.height) != (width > height):
                width, height = height, width
        elif orientation >= 5:
            width, height = height, width
        upright = decoded.transpose(_TURNS[orientation]) if orientation in _TURNS else decoded
        pixels = np.array(upright, dtype=np.uint8)
    except MemoryError:
        raise PhotoError(f"{name}: not enough memory for this picture; send a smaller copy") from None
    except _DECODER_ERRORS as error:
        raise PhotoError(
            f"{name}: the {kind} file is damaged or cut off and cannot be decoded; copy or take the photo again"
        ) from error
    return Photo(
        pixels=pixels,
        sha256=hashlib.sha256(data).hexdigest(),
        width=width,
        height=height,
        name=name,
        subject=subject,
        taken_at=taken_at,
    )


def _file_bytes(path: str | os.PathLike[str], label: str) -> bytes:
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            if not os.access(path, os.R_OK | os.X_OK):
                raise PermissionError
            raise PhotoError(f"{label}: this is a folder without photos; name a {_READABLE} file, or a folder of them")
        if not stat.S_ISREG(status.st_mode):
            raise PhotoError(f"{label}: this is a device or a pipe, not a file; name a {_READABLE} file")
        if status.st_size > MAX_FILE_BYTES:
            raise PhotoError(
                f"{label}: the file has {status.st_size / 1e6:.0f} MB, over the limit of {MAX_FILE_BYTES / 1e6:.0f}; "
                "send a smaller copy"
            )
        with open(path, "rb") as file:
            return file.read(MAX_FILE_BYTES)
    except FileNotFoundError:
        raise PhotoError(f"{label}: there is no such file; check the path") from None
    except PermissionError:
        raise PhotoError(f"{label}: you may not read this; ask its owner for permission to read it") from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise PhotoError(f"{label}: the file cannot be read ({reason}); check the path and the disk") from error


def _kind(data: bytes) -> str:
    """Name of a kind in :data:`_DECODERS`, else words for what the bytes are."""
    head = data[:4096]
    for magic, kind in _MAGIC:
        if re.match(magic, head, re.DOTALL):
            return kind
    if head[4:8] == b"ftyp":
        brands = _brands(data)
        if brands & {b"avif", b"avis"}:
            return "AVIF"
        if brands & {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1"}:
            return "HEIC"
        return "a video"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml")) and b"<svg" in start:
        return "an SVG drawing, not a photo"
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page, not a photo"
    if b"\0" not in head and _is_text(head):
        return "a text file, not a photo"
    return "no photo format that is known here"


_MAGIC: tuple[tuple[bytes, str], ...] = (
    (rb"\xff\xd8\xff", "JPEG"),
    (rb"\x89PNG\r\n\x1a\n", "PNG"),
    (rb"GIF8[79]a", "GIF"),
    (rb"RIFF....WEBP", "WebP"),
    (rb"II[*+]\0|MM\0[*+]", "TIFF"),
    (rb"%PDF", "a PDF document, not a photo"),
    (rb"BM....\0\0\0\0", "a BMP picture"),
    (rb"8BPS", "a Photoshop document"),
    (rb"PK\x03\x04", "a ZIP archive, not a photo"),
    (rb"\xff\x0a|\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51", "a JPEG 2000 picture"),
)


def _brands(data: bytes) -> set[bytes]:
    """Major and compatible brands of an ISO media file's first box."""
    box = data[: min(int.from_bytes(data[:4], "big"), 512)]
    return {box[8:12], *(box[i : i + 4] for i in range(16, len(box) - 3, 4))}


def _is_text(head: bytes) -> bool:
    try:
        head[:-3].decode("utf-8")  # the last character may be cut
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 6
    return True


def _webp_canvas(data: bytes) -> tuple[int, int] | None:
    """Width and height that a WebP header declares; None for another kind or an unknown header."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:
        return None
    if data[12:16] == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if data[12:16] == b"VP8 ":
        return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    if data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None


def _heif(file: io.BytesIO) -> ImageFile.ImageFile:
    # Imported here because the library behind it loads slower than most photos, of which few are HEIC. Its opener
    # need not be registered with Pillow, which would change the whole process.
    from pi_heif import HeifImageFile

    image: ImageFile.ImageFile = HeifImageFile(file)
    return image


_DECODERS: dict[str, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    "JPEG": JpegImagePlugin.JpegImageFile,  # an MPO is a JPEG with more pictures after the first
    "PNG": PngImagePlugin.PngImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "WebP": WebPImagePlugin.WebPImageFile,
    "TIFF": TiffImagePlugin.TiffImageFile,
    "AVIF": AvifImagePlugin.AvifImageFile,
    "HEIC": _heif,
}

# The decoders that warn of nothing, so that threads may decode side by side.
_SILENT = frozenset({"JPEG", "WebP", "AVIF", "HEIC"})


def _check_size(size: tuple[int, int], max_pixels: int, name: str) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise PhotoError(f"{name}: the picture has no pixels ({width} x {height}); copy or take the photo again")
    if width * height > max_pixels:
        raise PhotoError(
            f"{name}: the picture claims {width} x {height} pixels, over the limit of "
            f"{max_pixels / 1e6:g} megapixels; send a smaller copy, or raise the limit if you trust the file"
        )


def _reduction(long_side: int, kept_px: int) -> int:
    return next((f for f in (8, 4, 2) if long_side // f >= kept_px), 1)


def _metadata(image: ImageFile.ImageFile) -> tuple[int, datetime | None]:
    """EXIF orientation (1 where unknown) and the time of the photo. Damaged metadata counts as none."""
    try:
        exif = image.getexif()
        orientation = exif.get(_ORIENTATION, 1)
        details = exif.get_ifd(_EXIF_IFD)
        taken = _time(details.get(_TAKEN), details.get(_TAKEN_OFFSET))
    except _DECODER_ERRORS:
        return 1, None
    return (orientation if isinstance(orientation, int) else 1), taken


def _time(taken: object, offset: object) -> datetime | None:
    """An aware time from EXIF's text; without an offset the camera's clock is taken as UTC."""
    if not isinstance(taken, str):
        return None
    try:
        time = datetime.strptime(taken.strip("\0 "), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    match = re.match(r"([+-])(\d\d):(\d\d)", offset) if isinstance(offset, str) else None
    if match is None:
        return time.replace(tzinfo=UTC)
    away = timedelta(hours=int(match[2]), minutes=int(match[3]))
    if away >= timedelta(hours=24):
        return time.replace(tzinfo=UTC)
    return time.replace(tzinfo=timezone(away if match[1] == "+" else -away))


def _decode(image: ImageFile.ImageFile, kind: str, factor: int) -> Image.Image:
    """Pixels in sRGB, reduced by ``factor``."""
    if kind == "JPEG" and factor > 1:
        image.draft(None, (max(1, image.width // factor), max(1, image.height // factor)))
    with nullcontext() if kind in _SILENT else _quiet():
        image.load()
    profile = image.info.get("icc_profile")
    plain = _plain(image)
    if kind != "JPEG" and factor > 1:
        plain = plain.reduce(factor)
    return _to_srgb(plain, profile if isinstance(profile, bytes) else None)


def _plain(image: ImageFile.ImageFile) -> Image.Image:
    """The same picture as L, RGB, CMYK or LAB with 8 bits a channel and without transparency (white shows through)."""
    if image.mode.startswith("I;16"):
        top = (1 << _tiff_bits(image)) - 1
        return _grey(np.asarray(image).astype(np.float32) / top, inverted=_is_white_zero(image))
    if image.mode in ("I", "F"):
        with np.errstate(invalid="ignore"):  # a signalling NaN makes numpy warn of the cast
            values = np.asarray(image).astype(np.float64)
        values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
        return _grey(values / _white_of(values, image.mode), inverted=_is_white_zero(image))
    if image.has_transparency_data:
        mode = "L" if image.mode in ("1", "L", "LA", "La") else "RGB"
        clear = image.convert("LA" if mode == "L" else "RGBA")
        flat = Image.new(mode, image.size, "white")
        flat.paste(clear.convert(mode), mask=clear.getchannel("A"))
        return flat
    if image.mode in ("L", "RGB", "CMYK", "LAB"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _grey(share: np.ndarray, *, inverted: bool) -> Image.Image:
    share = np.clip(1.0 - share if inverted else share, 0.0, 1.0)
    return Image.fromarray((share * 255.0 + 0.5).astype(np.uint8))


def _tiff_bits(image: ImageFile.ImageFile) -> int:
    """Bits a sample really has: 12-bit TIFF is handed on in 16-bit numbers."""
    bits = image.tag_v2.get(_TIFF_BITS) if isinstance(image, TiffImagePlugin.TiffImageFile) else None
    return 12 if bits in (12, (12,)) else 16


def _is_white_zero(image: ImageFile.ImageFile) -> bool:
    return isinstance(image, TiffImagePlugin.TiffImageFile) and image.tag_v2.get(_TIFF_PHOTOMETRIC) == 0


def _white_of(values: np.ndarray, mode: str) -> float:
    """The value that stands for white: the file does not say, so the least usual range that holds the brightest."""
    top = float(values.max(initial=0.0))
    usual = (1.0, 255.0, 65535.0) if mode == "F" else (255.0, 65535.0)
    return next((white for white in usual if top <= white), top)


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Applies the embedded colour profile; one that is broken or made for other channels is left out."""
    if image.mode == "LAB":
        return _transformed(image, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")))
    if profile is not None:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if _MODE_OF_PROFILE.get(source.profile.xcolor_space) == image.mode:
                return _transformed(image, source)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # the plain conversion below is the best that is left
    return image if image.mode == "RGB" else image.convert("RGB")


def _transformed(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    return ImageCms.buildTransform(source, srgb, image.mode, "RGB").apply(image)
