"""Files that people send by mistake, and what ``dermagrade assess`` makes of them.

``python tests/bad_inputs.py`` prints the table of ``docs/bad-input.md``.
"""

from __future__ import annotations

import importlib.util
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from command_line import ENVIRONMENT

HERE = Path(__file__).parent / "cli"


@dataclass(frozen=True)
class BadInput:
    """One row: how the file is made, how the call should end, and a word that its message must hold."""

    title: str
    make: Callable[[Path, Image.Image], Path]
    status: int
    says: str = ""


def _saved(name: str, change: Callable[[Image.Image], Image.Image], **options: object) -> Callable[..., Path]:
    def make(folder: Path, portrait: Image.Image) -> Path:
        change(portrait).save(folder / name, **options)
        return folder / name

    return make


def _written(name: str, content: bytes) -> Callable[..., Path]:
    def make(folder: Path, portrait: Image.Image) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def _truncated(folder: Path, portrait: Image.Image) -> Path:
    path = folder / "truncated.jpg"
    portrait.save(path)
    path.write_bytes(path.read_bytes()[:9000])
    return path


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


HUGE = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0))
HUGE += _chunk(b"IDAT", zlib.compress(b"\0" * 64)) + _chunk(b"IEND", b"")


def _sixteen_bit(image: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)


def _on_its_side(folder: Path, portrait: Image.Image) -> Path:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = folder / "rotated.jpg"
    portrait.transpose(Image.Transpose.ROTATE_90).save(path, exif=exif)
    return path


def _scene(image: Image.Image) -> Image.Image:
    """Grass under a sky."""
    pixels = np.zeros((480, 640, 3), np.uint8)
    pixels[:240] = (120, 170, 230)
    pixels[240:] = (70, 140, 60)
    noise = np.random.default_rng(3).integers(-12, 12, (480, 640, 1))
    return Image.fromarray((pixels.astype(int) + noise).clip(0, 255).astype(np.uint8))


def _drawn(kind: str) -> Callable[[Image.Image], Image.Image]:
    def draw(image: Image.Image) -> Image.Image:
        from dermagrade.training.zones.drawings.hands import hand
        from dermagrade.training.zones.drawings.heads import cartoon

        rng = np.random.default_rng(4)
        return Image.fromarray((cartoon if kind == "cartoon" else hand)(rng, 400))

    return draw


def _two_faces(image: Image.Image) -> Image.Image:
    both = Image.new("RGB", (2 * image.width, image.height))
    both.paste(image, (0, 0))
    both.paste(image, (image.width, 0))
    return both


def _folder(folder: Path, portrait: Image.Image) -> Path:
    photos = folder / "photos"
    photos.mkdir()
    portrait.save(photos / "a.jpg")
    (photos / "b.jpg").write_text("I am a letter.")
    portrait.save(photos / "c.jpg")
    return photos


def _closed(folder: Path, portrait: Image.Image) -> Path:
    path = folder / "closed.jpg"
    portrait.save(path)
    path.chmod(0)
    return path


def _heic(folder: Path, portrait: Image.Image) -> Path:
    path = folder / "portrait.heic"
    path.write_bytes((HERE / "grace_hopper.heic").read_bytes())
    return path


BAD_INPUTS: tuple[BadInput, ...] = (
    BadInput("empty file", _written("empty.jpg", b""), 1, "empty"),
    BadInput("truncated JPEG", _truncated, 1, "damaged or cut off"),
    BadInput("text named .jpg", _written("letter.jpg", b"Dear all, see my photo."), 1, "not a photo"),
    BadInput("PNG header of 100,000 x 100,000 px", _written("huge.png", HUGE), 1, "100000 x 100000"),
    BadInput(
        "animated GIF, first frame taken",
        _saved("moving.gif", lambda i: i.convert("P"), save_all=True, append_images=[Image.new("P", (512, 600))]),
        0,
    ),
    BadInput("CMYK JPEG", _saved("cmyk.jpg", lambda i: i.convert("CMYK")), 0),
    BadInput("16-bit PNG", _saved("sixteen.png", _sixteen_bit), 0),
    BadInput("greyscale JPEG", _saved("grey.jpg", lambda i: i.convert("L")), 0),
    BadInput("turned by EXIF", _on_its_side, 0),
    BadInput("HEIC", _heic, 0),
    BadInput("no face", _saved("scene.jpg", _scene), 1, "No face was found"),
    BadInput("cartoon", _saved("cartoon.png", _drawn("cartoon")), 1, "No face was found"),
    BadInput("hand", _saved("hand.png", _drawn("hand")), 1, "No face was found"),
    BadInput("two faces of like size", _saved("two.jpg", _two_faces), 1, "several faces"),
    BadInput("folder with one bad file among good ones", _folder, 1, "not a photo"),
    BadInput("missing path", lambda folder, portrait: folder / "none.jpg", 1, "no such file"),
    BadInput("no permission (as an ordinary user)", _closed, 1, "may not read"),
)

#: Runs the command as an ordinary user where the caller is root, who may read everything. All modules are loaded
#: before, since the ordinary user may not be let into the folder where Python lies.
AS_A_USER = (
    "import os, sys\n"
    "import dermagrade.cli.assess\n"
    "from dermagrade.cli.main import main\n"
    "if os.geteuid() == 0:\n"
    "    os.setgid(65534); os.setuid(65534)\n"
    "sys.exit(main(sys.argv[1:]))\n"
)


def assess(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """``dermagrade assess --json PATH`` in a process of its own; as an ordinary user if the file is closed."""
    closed = path.exists() and not path.stat().st_mode & 0o444
    start = ["-c", AS_A_USER] if closed else ["-m", "dermagrade"]
    command = [sys.executable, "-B", "-W", "error", *start, "assess", "--json", *options, path.name]
    return subprocess.run(command, cwd=path.parent, env=ENVIRONMENT, capture_output=True, text=True, timeout=300)


def load_portrait() -> Image.Image:
    """The demo's portrait."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        raise SystemExit("needs matplotlib (the demo extra)")
    return Image.open(Path(found.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg").convert("RGB")


def main() -> None:
    print("| file | exit status | message on stderr |\n|---|---|---|")
    portrait = load_portrait()
    for row in BAD_INPUTS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            folder.chmod(0o755)
            done = assess(row.make(folder, portrait))
            message = done.stderr.strip().replace("\n", "<br>") or "(none: assessed)"
            print(f"| {row.title} | {done.returncode} | {message} |", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        portrait.save(folder / "a.jpg")
        done = assess(folder / "a.jpg", "--csv", "/dev/full")
        print(f"| a full disk (`--csv /dev/full`) | {done.returncode} | {done.stderr.strip()} |")


if __name__ == "__main__":
    main()
