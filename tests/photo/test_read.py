"""Reading photos: what comes out, and what is said when nothing can."""

import hashlib
import io
import os
import struct
import subprocess
import sys
import tempfile
import threading
import warnings
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, TiffImagePlugin

from dermagrade.errors import PhotoError
from dermagrade.photo.read import read_photo, read_photo_bytes, walk_photos


def corners(width: int = 64, height: int = 48) -> Image.Image:
    """Red upper left, green upper right, blue lower left, yellow lower right."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = (200, 30, 30)
    pixels[: height // 2, width // 2 :] = (30, 180, 40)
    pixels[height // 2 :, : width // 2] = (30, 40, 200)
    pixels[height // 2 :, width // 2 :] = (210, 200, 40)
    return Image.fromarray(pixels)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    if kind == "HEIF":
        # No library that may be installed here writes HEIC, so these few drawings lie beside the test as files.
        drawn = hashlib.sha256(repr((image.size, sorted(options.items()))).encode() + image.tobytes()).hexdigest()[:12]
        return (Path(__file__).parent / "heic" / f"{drawn}.heic").read_bytes()
    image.save(out, kind, **options)
    return out.getvalue()


def read(data: bytes, **options: Any) -> np.ndarray:
    return read_photo_bytes(data, name="x", **options).pixels


def close(pixels: np.ndarray, expected: Image.Image, within: float = 12) -> bool:
    """Equal on the average over each quarter's middle, so that compression does not count."""
    want = np.asarray(expected.convert("RGB"), float)
    if pixels.shape != want.shape:
        return False
    height, width = want.shape[:2]
    for y in (height // 4, 3 * height // 4):
        for x in (width // 4, 3 * width // 4):
            cut = (slice(y - 4, y + 4), slice(x - 4, x + 4))
            if np.abs(pixels[cut].mean(axis=(0, 1)) - want[cut].mean(axis=(0, 1))).max() > within:
                return False
    return True


def exif(**tags: Any) -> bytes:
    made = Image.Exif()
    if "orientation" in tags:
        made[0x0112] = tags["orientation"]
    details = {tag: tags[name] for name, tag in (("taken", 0x9003), ("offset", 0x9011)) if name in tags}
    if details:
        made[0x8769] = details
    made[0x010F] = "maker"
    return made.tobytes()


def png_header(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "TIFF", "GIF", "HEIF", "AVIF"])
def test_every_format_gives_the_same_picture_whatever_the_file_is_called(kind: str, tmp_path: Path) -> None:
    data = encoded(corners(), kind)
    path = tmp_path / "wrong.txt"
    path.write_bytes(data)
    photo = read_photo(path)
    assert close(photo.pixels, corners())
    assert (photo.width, photo.height, photo.scale) == (64, 48, 1.0)
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    assert photo.name == str(path)


def test_name_and_subject_are_the_callers(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(encoded(corners(), "PNG"))
    photo = read_photo(tmp_path / "a.png", name="visit 1", subject="p7")
    assert (photo.name, photo.subject) == ("visit 1", "p7")


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WebP", "TIFF", "MPO"])
def test_of_several_pictures_the_first_is_taken(kind: str) -> None:
    second = Image.new("RGB", (64, 48), "black")
    assert close(read(encoded(corners(), kind, save_all=True, append_images=[second])), corners())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_undone(kind: str, orientation: int) -> None:
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = corners().transpose(back[orientation]) if orientation in back else corners()
    photo = read_photo_bytes(encoded(stored, kind, exif=exif(orientation=orientation)), name="x")
    assert close(photo.pixels, corners())
    assert (photo.width, photo.height) == (64, 48)


def test_heic_is_turned_once_and_not_again_by_exif() -> None:
    stored = corners().transpose(Image.Transpose.ROTATE_90)
    photo = read_photo_bytes(encoded(stored, "HEIF", exif=exif(orientation=6)), name="x")
    assert close(photo.pixels, corners())
    assert (photo.width, photo.height) == (64, 48)


def test_compressed_tiff_is_turned_once() -> None:
    stored = corners().transpose(Image.Transpose.ROTATE_90)
    data = encoded(stored, "TIFF", exif=exif(orientation=6), compression="tiff_lzw")
    photo = read_photo_bytes(data, name="x")
    assert close(photo.pixels, corners())
    assert (photo.width, photo.height) == (64, 48)


@pytest.mark.parametrize("kind", ["TIFF", "PNG", "JPEG"])
def test_a_large_turned_photo_keeps_its_upright_size_and_scale(kind: str) -> None:
    stored = corners(3600, 2400).transpose(Image.Transpose.ROTATE_90)
    photo = read_photo_bytes(encoded(stored, kind, exif=exif(orientation=6)), name="x")
    assert (photo.width, photo.height) == (3600, 2400)
    assert photo.pixels.shape == (1200, 1800, 3)
    assert photo.scale == 2.0


@pytest.mark.parametrize("kind", ["PNG", "WebP", "TIFF", "AVIF"])
def test_transparent_parts_become_white(kind: str) -> None:
    image = corners().convert("RGBA")
    image.paste((0, 0, 0, 0), (32, 24, 64, 48))
    flat = corners()
    flat.paste("white", (32, 24, 64, 48))
    options = {} if kind in ("PNG", "TIFF") else {"quality": 95}
    assert close(read(encoded(image, kind, **options)), flat)


def test_palette_with_transparency_becomes_white() -> None:
    image = corners().quantize(16)
    index = image.getpixel((50, 40))
    flat = corners()
    flat.paste("white", (32, 24, 64, 48))
    for kind in ("PNG", "GIF"):
        assert close(read(encoded(image, kind, transparency=index)), flat)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA"])
def test_few_colours_become_rgb(mode: str) -> None:
    image = corners().convert(mode)
    kind = "TIFF" if mode == "PA" else "PNG"
    assert close(read(encoded(image, kind)), image.convert("RGB"), within=2)


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "I;16"), ("TIFF", "I;16"), ("TIFF", "I;16B")])
def test_16_bit_grey_is_scaled_and_not_clipped(kind: str, mode: str) -> None:
    ramp = np.tile(np.linspace(0, 65535, 256).round().astype("<u2"), (8, 1))
    image = Image.fromarray(ramp)
    if mode == "I;16B":
        image = Image.frombytes("I;16B", (256, 8), ramp.astype(">u2").tobytes())
    pixels = read(encoded(image, kind)).astype(int)
    assert np.abs(pixels[0] - np.arange(256)[:, None]).max() <= 1


def test_16_bit_colour_is_scaled_and_not_clipped() -> None:
    rgb = np.zeros((8, 256, 3), ">u2")
    rgb[..., 0] = np.linspace(0, 65535, 256).round()
    rows = b"".join(b"\0" + row.tobytes() for row in rgb)

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 256, 8, 16, 2, 0, 0, 0))
    data += chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    pixels = read(data).astype(int)
    assert np.abs(pixels[0, :, 0] - np.arange(256)).max() <= 1
    assert pixels[..., 1:].max() == 0


@pytest.mark.parametrize("white", [1.0, 255.0, 65535.0])
def test_float_tiff_is_scaled_by_the_range_it_uses(white: float) -> None:
    ramp = np.tile(np.linspace(0, white, 256, dtype=np.float32), (8, 1))
    pixels = read(encoded(Image.fromarray(ramp), "TIFF")).astype(int)
    assert np.abs(pixels[0, :, 0] - np.arange(256)).max() <= 1


def test_float_tiff_with_holes_is_read() -> None:
    ramp = np.tile(np.linspace(0, 1, 256, dtype=np.float32), (8, 1))
    ramp[0, 5], ramp[0, 6], ramp[0, 7] = np.nan, np.inf, -3.0
    ramp.view(np.uint32)[0, 8] = 0x7FA00000  # a NaN that signals
    assert read(encoded(Image.fromarray(ramp), "TIFF"))[0, 5:9].max() == 0


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_without_a_profile_is_upright_in_colour(kind: str) -> None:
    assert close(read(encoded(corners().convert("CMYK"), kind)), corners(), within=20)


def test_a_wide_gamut_profile_changes_the_numbers_and_not_the_colour() -> None:
    """Values meant in another space differ from sRGB's: the profile of a gamma of 1.0 makes mid grey lighter."""
    linear = Image.new("RGB", (32, 32), (55, 55, 55))
    profile = linear_profile()
    plain = int(read(encoded(linear, "PNG"))[0, 0, 0])
    managed = int(read(encoded(linear, "PNG", icc_profile=profile))[0, 0, 0])
    assert plain == 55
    assert managed == pytest.approx(128, abs=3)


def linear_profile() -> bytes:
    """An RGB matrix profile with sRGB's primaries and a linear tone curve, written by hand (ICC.1:2010)."""

    def s15(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(x: float, y: float, z: float) -> bytes:
        return b"XYZ \0\0\0\0" + s15(x) + s15(y) + s15(z)

    curve = b"curv\0\0\0\0" + struct.pack(">I", 0)
    text = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + b"\0" * 78
    bodies = [
        (b"desc", text),
        (b"wtpt", xyz(0.9642, 1.0, 0.8249)),
        (b"rXYZ", xyz(0.4361, 0.2225, 0.0139)),
        (b"gXYZ", xyz(0.3851, 0.7169, 0.0971)),
        (b"bXYZ", xyz(0.1431, 0.0606, 0.7141)),
        (b"rTRC", curve),
        (b"gTRC", curve),
        (b"bTRC", curve),
    ]
    offset, table, content = 128 + 4 + 12 * len(bodies), b"", b""
    for tag, body in bodies:
        body += b"\0" * (-len(body) % 4)
        table += tag + struct.pack(">II", offset + len(content), len(body))
        content += body
    head = struct.pack(">I4sI4s4s4s", 0, b"\0\0\0\0", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28 + s15(0.9642) + s15(1.0) + s15(0.8249)
    head += b"\0" * (128 - len(head))
    profile = head + struct.pack(">I", len(bodies)) + table + content
    return struct.pack(">I", len(profile)) + profile[4:]


@pytest.mark.parametrize("profile", [b"nonsense", b"\0" * 200, linear_profile()[:150]])
def test_a_broken_profile_is_ignored(profile: bytes) -> None:
    assert close(read(encoded(corners(), "PNG", icc_profile=profile)), corners(), within=0)


def test_a_profile_for_other_channels_is_ignored() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    grey = corners().convert("L")
    assert close(read(encoded(grey, "PNG", icc_profile=srgb)), grey, within=0)
    cmyk = encoded(corners().convert("CMYK"), "JPEG", icc_profile=srgb)
    assert close(read(cmyk), corners(), within=20)


def test_srgb_profile_changes_nothing() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert close(read(encoded(corners(), "PNG", icc_profile=srgb)), corners(), within=1)


def test_lab_tiff_is_read() -> None:
    lab = ImageCms.createProfile("LAB")
    there = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), lab, "RGB", "LAB").apply(corners())
    assert close(read(encoded(there, "TIFF")), corners(), within=4)


@pytest.mark.parametrize("kind", ["JPEG", "WebP", "PNG", "TIFF"])
def test_a_large_photo_is_reduced_to_no_less_than_1600_pixels(kind: str) -> None:
    photo = read_photo_bytes(encoded(corners(4000, 3000), kind), name="x")
    assert (photo.width, photo.height) == (4000, 3000)
    assert photo.pixels.shape == (1500, 2000, 3)
    assert close(photo.pixels, corners(2000, 1500))
    assert read_photo_bytes(encoded(corners(3198, 100), kind), name="x").pixels.shape == (100, 3198, 3)


def test_full_size_keeps_every_pixel() -> None:
    assert read(encoded(corners(4000, 3000), "JPEG"), full_size=True).shape == (3000, 4000, 3)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc to know a process's highest memory")
def test_a_12_megapixel_jpeg_is_not_decoded_in_full(tmp_path: Path) -> None:
    """The highest memory of a process of its own grows by less than the 36 MB of the full picture."""
    code = (
        "import re, sys\n"
        "from dermagrade.photo.read import read_photo\n"
        "def peak_kb(): return int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])\n"
        "before = peak_kb()\n"
        "read_photo(sys.argv[1], full_size=sys.argv[2] == 'full')\n"
        "print(peak_kb() - before)\n"
    )
    path = tmp_path / "a.jpg"
    path.write_bytes(encoded(corners(4000, 3000), "JPEG"))

    def grown_kb(how: str) -> int:
        return int(subprocess.run([sys.executable, "-c", code, str(path), how], check=True, capture_output=True).stdout)

    assert grown_kb("reduced") < 36_000 < grown_kb("full")


# Time and metadata -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "TIFF", "AVIF", "HEIF"])
def test_the_time_of_the_photo_comes_with_its_zone(kind: str) -> None:
    made = exif(taken="2026:03:04 05:06:07", offset="+02:00")
    data = encoded(corners(), kind, exif=made)
    expected = datetime(2026, 3, 4, 5, 6, 7, tzinfo=timezone(timedelta(hours=2)))
    assert read_photo_bytes(data, name="x").taken_at == expected


def test_without_an_offset_the_time_is_taken_as_utc() -> None:
    data = encoded(corners(), "JPEG", exif=exif(taken="2026:03:04 05:06:07"))
    assert read_photo_bytes(data, name="x").taken_at == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "yesterday", "", "2026:13:40 99:99:99"])
def test_a_senseless_time_counts_as_unknown(taken: str) -> None:
    assert read_photo_bytes(encoded(corners(), "JPEG", exif=exif(taken=taken)), name="x").taken_at is None


def test_damaged_exif_costs_the_metadata_and_not_the_photo() -> None:
    whole = exif(orientation=6, taken="2026:03:04 05:06:07")
    for cut in range(6, len(whole), 7):
        assert read(encoded(corners(), "JPEG", exif=whole[:cut])).shape in ((48, 64, 3), (64, 48, 3))


# Bad input -------------------------------------------------------------------------------------------------------


def complaint(data: bytes, **options: Any) -> str:
    with pytest.raises(PhotoError) as caught:
        read_photo_bytes(data, name="a.jpg", **options)
    return one_sentence(str(caught.value))


def one_sentence(text: str) -> str:
    assert "\n" not in text
    assert text.count("; ") == 1, "what is wrong; what to do"
    assert len(text) < 220
    return text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"hello, this is text\n" * 50, "text file"),
        ("Grüße an alle, ".encode() * 400, "text file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b'<?xml version="1.0"?>\n<svg/>', "SVG"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"PK\x03\x04" + b"\0" * 50, "ZIP"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "video"),
        (bytes(range(256)), "no photo format"),
        (b"\xff\xd8\xff", "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"GIF89a", "damaged"),
        (b"II*\0", "damaged"),
        (b"RIFF\0\0\0\0WEBP", "damaged"),
        (b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", "damaged"),
        (b"\0\0\0\x18ftypavif\0\0\0\0avifmif1", "damaged"),
    ],
)
def test_what_is_no_photo_is_named(data: bytes, said: str) -> None:
    text = complaint(data)
    assert text.startswith("a.jpg: ")
    assert said in text


def test_bmp_is_told_what_to_become() -> None:
    assert "BMP" in complaint(encoded(corners(), "BMP"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "TIFF", "GIF", "HEIF", "AVIF"])
def test_a_photo_cut_in_half_is_damaged(kind: str) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8))
    data = encoded(noise, kind)
    assert "damaged or cut off" in complaint(data[: len(data) // 2])


def test_a_huge_header_is_refused_before_anything_is_decoded() -> None:
    text = complaint(png_header(100_000, 100_000))
    assert "100000 x 100000" in text
    assert "120 megapixels" in text


def test_the_pixel_limit_can_be_raised_beyond_pillows_own() -> None:
    """A header of 200 megapixels passes the size check when asked, and then fails for its missing pixels."""
    assert "damaged" in complaint(png_header(20_000, 10_000), max_pixels=300_000_000)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "TIFF", "GIF", "HEIF", "AVIF"])
def test_the_pixel_limit_holds_for_every_format(kind: str) -> None:
    data = encoded(corners(), kind)
    assert "64 x 48" in complaint(data, max_pixels=64 * 48 - 1)
    assert read(data, max_pixels=64 * 48).shape == (48, 64, 3)


def test_a_webp_canvas_is_checked_before_its_decoder_takes_memory() -> None:
    canvas = b"\x10\0\0\0" + (16382).to_bytes(3, "little") * 2
    body = b"WEBPVP8X" + (10).to_bytes(4, "little") + canvas
    assert "16383 x 16383" in complaint(b"RIFF" + len(body).to_bytes(4, "little") + body)


def test_pillows_own_limit_is_neither_used_nor_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    for kind in ("JPEG", "PNG", "GIF", "HEIF", "AVIF"):
        assert read(encoded(corners(), kind)).shape == (48, 64, 3)
    assert Image.MAX_IMAGE_PIXELS == 100


def test_a_missing_path_is_said(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match="no such file") as caught:
        read_photo(tmp_path / "none.jpg")
    one_sentence(str(caught.value))


def test_a_folder_and_a_pipe_are_not_photos(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match="folder without photos"):
        read_photo(tmp_path)
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(PhotoError, match="not a file"):
        read_photo(tmp_path / "pipe.jpg")
    with pytest.raises(PhotoError, match="device or a pipe"):
        read_photo("/dev/zero")


@pytest.mark.parametrize("path", ["a\0b.jpg", "x" * 300 + ".jpg", "a.jpg/b.jpg"])
def test_an_impossible_path_is_said(path: str, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    with pytest.raises(PhotoError):
        read_photo(tmp_path / path)


def test_a_file_without_permission_is_said() -> None:
    """Tried as an ordinary user, since root may read everything."""
    code = (
        "import os, sys\n"
        "from dermagrade.errors import PhotoError\n"
        "from dermagrade.photo.read import read_photo\n"
        "if os.geteuid() == 0:\n"
        "    os.setgid(65534); os.setuid(65534)\n"
        "for path in sys.argv[1:]:\n"
        "    try:\n"
        "        read_photo(path)\n"
        "    except PhotoError as error:\n"
        "        print(error)\n"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        open_file, closed_file = folder / "open.png", folder / "closed.png"
        for path, mode in ((open_file, 0o644), (closed_file, 0)):
            path.write_bytes(encoded(corners(), "PNG"))
            path.chmod(mode)
        call = [sys.executable, "-c", code, str(open_file), str(closed_file)]
        said = subprocess.run(call, check=True, capture_output=True, text=True).stdout.splitlines()
    assert len(said) == 1, "the open file is read, the closed one is not"
    assert said[0].startswith(f"{closed_file}: ")
    assert "may not read" in one_sentence(said[0])


def fuzz_seeds() -> dict[str, bytes]:
    small = Image.fromarray(np.random.default_rng(1).integers(0, 255, (24, 32, 3), dtype=np.uint8))
    made = exif(orientation=6, taken="2026:03:04 05:06:07", offset="+02:00")
    profile = linear_profile()
    second = [Image.new("RGB", (32, 24))]
    return {
        "JPEG": encoded(small, "JPEG", exif=made, icc_profile=profile),
        "CMYK": encoded(small.convert("CMYK"), "JPEG"),
        "PNG": encoded(small, "PNG", exif=made, icc_profile=profile),
        "PNG palette": encoded(small.quantize(8), "PNG", transparency=1),
        "APNG": encoded(small, "PNG", save_all=True, append_images=second),
        "WebP": encoded(small, "WebP", exif=made, icc_profile=profile),
        "TIFF": encoded(small, "TIFF", exif=made, icc_profile=profile),
        "TIFF lzw": encoded(small, "TIFF", compression="tiff_lzw"),
        "TIFF float": encoded(small.convert("F"), "TIFF"),
        "GIF": encoded(small, "GIF", save_all=True, append_images=second),
        "HEIF": encoded(small, "HEIF", exif=made),
        "AVIF": encoded(small, "AVIF", exif=made, icc_profile=profile),
    }


SEEDS = fuzz_seeds()


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_damaged_bytes_end_in_a_photo_or_in_our_error(data: st.DataObject) -> None:
    seed = bytearray(SEEDS[data.draw(st.sampled_from(sorted(SEEDS)))])
    for place, value in data.draw(st.lists(st.tuples(st.integers(0, len(seed) - 1), st.integers(0, 255)), max_size=8)):
        seed[place] = value
    cut = data.draw(st.none() | st.integers(0, len(seed)))
    try:
        photo = read_photo_bytes(bytes(seed[:cut]), name="x", max_pixels=1_000_000)
    except PhotoError as error:
        one_sentence(str(error))
    else:
        assert photo.pixels.size > 0


def test_threads_may_read_side_by_side_and_leave_the_warning_filters_alone() -> None:
    """Damaged EXIF makes Pillow warn; the filters are the process's, so a race would lose or leak one."""
    before = list(warnings.filters)
    data = {kind: encoded(corners(), kind) for kind in ("JPEG", "PNG", "WebP", "TIFF", "GIF", "AVIF", "HEIF")}
    data["damaged EXIF"] = encoded(corners(), "JPEG", exif=exif(taken="2026:03:04 05:06:07")[:40])
    wrong: list[str] = []

    def work() -> None:
        for kind, content in list(data.items()) * 10:
            if not close(read(content), corners()):
                wrong.append(kind)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert warnings.filters == before


def test_import_registers_nothing_with_pillow() -> None:
    code = (
        "from PIL import Image; before = (Image.MAX_IMAGE_PIXELS, 'HEIF' in Image.OPEN)\n"
        "import sys, dermagrade.photo.read\n"
        "assert (Image.MAX_IMAGE_PIXELS, 'HEIF' in Image.OPEN) == before\n"
        "assert 'pi_heif' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# Walking folders -------------------------------------------------------------------------------------------------


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], Path]:
    def touch(name: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        return path

    return touch


def test_a_folder_is_walked_in_name_order_and_hidden_and_other_files_are_skipped(
    make: Callable[[str], Path], tmp_path: Path
) -> None:
    wanted = [make(n) for n in ("a.JPG", "b/1.heic", "b/2.png", "b/c/3.tif", "d.webp")]
    for other in ("notes.txt", ".hidden.jpg", ".cache/x.jpg", "Thumbs.db", "labels.csv"):
        make(other)
    assert walk_photos([tmp_path]) == wanted


def test_files_are_taken_as_given_and_missing_paths_stay(make: Callable[[str], Path], tmp_path: Path) -> None:
    odd = make("photo.bin")
    assert walk_photos([odd, tmp_path / "none.jpg", str(odd)]) == [odd, tmp_path / "none.jpg", odd]


def test_a_folder_without_photos_stays_and_says_so_when_read(tmp_path: Path) -> None:
    assert walk_photos([tmp_path]) == [tmp_path]
    with pytest.raises(PhotoError, match="folder without photos"):
        read_photo(tmp_path)


def test_white_is_zero_tiff_is_not_a_negative() -> None:
    """16-bit grey with the photometric tag 0 counts ink, not light."""
    ramp = np.tile(np.linspace(0, 65535, 256).round().astype("<u2"), (8, 1))
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[262] = 0
    data = encoded(Image.fromarray(ramp), "TIFF", tiffinfo=tags)
    assert Image.open(io.BytesIO(data)).tag_v2[262] == 0  # type: ignore[attr-defined]
    pixels = read(data).astype(int)
    assert np.abs(pixels[0, :, 0] - np.arange(256)[::-1]).max() <= 1
