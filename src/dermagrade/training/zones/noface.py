"""Pictures that hold no face, from which the zone network learns to say so and on which it is tested.

Four sources, each cut in two so that nothing seen in training is seen in the test:

* objects and scenes that come inside scikit-image's wheel (the pictures with a person are left out);
* backgrounds cut from the acne photos, well away from the face (folds 0-3 for training, fold 4 for tests);
* patterns and scenes drawn by code, with other families of drawings for tests;
* drawn cartoons and hands, drawn another way for tests.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from dermagrade.errors import MissingExtraError
from dermagrade.photo.read import read_photo
from dermagrade.tables.row import read_rows
from dermagrade.training.zones.drawings.families import TEST_FAMILIES, TRAIN_FAMILIES, Family
from dermagrade.training.zones.drawings.hands import hand
from dermagrade.training.zones.drawings.heads import Split, cartoon

__all__ = ["OBJECTS", "Background", "Family", "Split", "backgrounds", "cartoon", "hand", "noface_pictures"]

#: Files of scikit-image's wheel that show no person, by split.
OBJECTS: dict[Split, tuple[str, ...]] = {
    "train": (
        "brick.png", "chelsea.png", "coffee.png", "coins.png", "gravel.png", "ihc.png", "moon.png",
        "motorcycle_left.png", "page.png", "horse.png", "color.png",
    ),
    "test": (
        "cell.png", "clock_motion.png", "grass.png", "hubble_deep_field.jpg", "retina.jpg", "rocket.jpg", "text.png",
        "logo.png",
    ),
}  # fmt: skip

_TEST_FOLD = 4
_BACKGROUND_MINIMUM_PX = 48
_SKIN_MAXIMUM = 0.03
_OBJECT_SHARE, _BACKGROUND_SHARE = 0.25, 0.2

Background = tuple[Path, tuple[int, int, int, int], tuple[int, int, int, int]]


def noface_pictures(
    *,
    split: Literal["train", "test"],
    count: int,
    size: int,
    seed: int,
    acne_dir: Path | None = None,
    without: frozenset[str] = frozenset(),
) -> NDArray[np.uint8]:
    """Pictures without a face, the same for the same arguments.

    Args:
        split: ``train`` or ``test``; the two share no source.
        count: how many.
        size: side of each picture in pixels.
        seed: of the chance by which they are made.
        acne_dir: folder with ``photos/``, ``labels.csv`` and ``teacher_mesh.npz``; without it no backgrounds are cut.
        without: names of photos of which no background is cut.

    Returns:
        ``(count, size, size, 3)`` uint8, sRGB.

    Raises:
        MissingExtraError: if scikit-image is not installed.
    """
    rng = np.random.default_rng([seed, split == "test"])
    pictures = np.empty((count, size, size, 3), np.uint8)
    for k in range(count):
        pictures[k] = _treated(rng, _picture(rng, size, split, acne_dir, without))
    return pictures


def _picture(
    rng: Generator, size: int, split: Split, acne_dir: Path | None, without: frozenset[str]
) -> NDArray[np.uint8]:
    chance = rng.random()
    if chance < _OBJECT_SHARE:
        return _object(rng, size, split)
    if chance < _OBJECT_SHARE + _BACKGROUND_SHARE and acne_dir is not None:
        cut = _background(rng, size, split, acne_dir, without)
        if cut is not None:
            return cut
    families = TRAIN_FAMILIES if split == "train" else TEST_FAMILIES
    return families[rng.integers(len(families))](rng, size)


@lru_cache(maxsize=2)
def _objects(split: Split) -> tuple[Image.Image, ...]:
    found = find_spec("skimage")
    if found is None or found.origin is None:
        raise MissingExtraError("pictures without a face need scikit-image: install dermagrade[train]")
    folder = Path(found.origin).parent / "data"
    return tuple(Image.open(folder / name).convert("RGB") for name in OBJECTS[split] if (folder / name).exists())


def _object(rng: Generator, size: int, split: Split) -> NDArray[np.uint8]:
    objects = _objects(split)
    picture = objects[rng.integers(len(objects))]
    side = min(picture.size) * rng.uniform(0.25, 1.0)
    x, y = rng.uniform(0, picture.width - side), rng.uniform(0, picture.height - side)
    return _cut(picture, (x, y, x + side, y + side), size)


def _cut(picture: Image.Image, box: tuple[float, float, float, float], size: int) -> NDArray[np.uint8]:
    return np.asarray(picture.resize((size, size), Image.Resampling.BILINEAR, box=box, reducing_gap=2.0))


@lru_cache(maxsize=4)
def backgrounds(acne_dir: Path, split: Split, without: frozenset[str] = frozenset()) -> tuple[Background, ...]:
    """Where to cut backgrounds: photo, box (x0, y0, x1, y1) of a strip well away from the face, box inside the face.

    The box around the teacher's mesh is widened on every side by more than the ears, the hair line and the neck
    take up; strips between it and the photo's edge count from 48 px on. Photos without a mesh give none.

    Args:
        acne_dir: folder with ``photos/``, ``labels.csv`` and ``teacher_mesh.npz``.
        split: ``train`` takes folds 0-3, ``test`` fold 4.
        without: names of photos that give none.
    """
    rows = {row["photo"]: row for row in read_rows(acne_dir / "labels.csv", ("photo", "fold", "width", "height"))}
    with np.load(acne_dir / "teacher_mesh.npz") as mesh:
        names, points = mesh["photo"], mesh["points"][..., :2].astype(np.float64)
    strips: list[Background] = []
    for name, face in zip(names.tolist(), points, strict=True):
        row = rows.get(name)
        if row is None or name in without or np.isnan(face).any():
            continue
        if (int(row["fold"]) == _TEST_FOLD) != (split == "test"):
            continue
        width, height = int(row["width"]), int(row["height"])
        low, high = face.min(axis=0), face.max(axis=0)
        reach = float((high - low).max())
        x0, x1 = int(low[0] - 0.28 * reach), int(high[0] + 0.28 * reach)
        y0, y1 = int(low[1] - 0.3 * reach), int(high[1] + 0.15 * reach)
        middle, core = (low + high) / 2, (high - low) / 5
        inner = (int(middle[0] - core[0]), int(middle[1] - core[1]), int(middle[0] + core[0]), int(middle[1] + core[1]))
        for box in ((0, 0, x0, height), (x1, 0, width, height), (0, 0, width, y0), (0, y1, width, height)):
            if min(box[2] - box[0], box[3] - box[1]) >= _BACKGROUND_MINIMUM_PX:
                strips.append((acne_dir / "photos" / name, box, inner))
    return tuple(strips)


def _background(
    rng: Generator, size: int, split: Split, acne_dir: Path, without: frozenset[str]
) -> NDArray[np.uint8] | None:
    """A square out of a random strip; None where the strips tried show skin or there are none."""
    strips = backgrounds(acne_dir, split, without)
    for _ in range(6 if strips else 0):
        path, (x0, y0, x1, y1), inner = strips[rng.integers(len(strips))]
        side = min(x1 - x0, y1 - y0) * rng.uniform(0.75, 1.0)
        x, y = rng.uniform(x0, x1 - side), rng.uniform(y0, y1 - side)
        photo = Image.fromarray(read_photo(path, full_size=True).pixels)
        cut = _cut(photo, (x, y, x + side, y + side), size)
        # A strip may still show an ear, a neck, a second person or a hand that lifts the hair.
        if _skin_share(cut, _cut(photo, inner, 16)) <= _SKIN_MAXIMUM:
            return cut
    return None


def _skin_share(pixels: NDArray[np.uint8], face: NDArray[np.uint8]) -> float:
    """Share of pixels in the skin box of Chai and Ngan (1999), a little widened, or of this face's hue.

    Where the supposed face is not of skin colour itself, the mesh lies beside the face and nothing may be trusted: 1.
    """
    _, cb, cr = _ycbcr(pixels[::4, ::4])
    _, face_cb, face_cr = np.median(_ycbcr(face), axis=(1, 2))
    if not _is_skin(face_cb, face_cr):
        return 1.0
    same = np.hypot(cb - face_cb, cr - face_cr) < 9
    return float((_is_skin(cb, cr) | same).mean())


def _is_skin(cb: NDArray[np.float64], cr: NDArray[np.float64]) -> NDArray[np.bool_]:
    return (cb >= 77) & (cb <= 128) & (cr >= 133) & (cr <= 175)


def _ycbcr(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    return np.moveaxis(np.asarray(Image.fromarray(pixels).convert("YCbCr"), np.float64), -1, 0)


def _treated(rng: Generator, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Flips, light, colour, blur and grain, as photos have them."""
    if rng.random() < 0.5:
        pixels = pixels[:, ::-1]
    if rng.random() < 0.4:
        levels = np.arange(256, dtype=np.float64) / 255
        tables = [
            255 * levels ** rng.uniform(0.6, 1.6) * gain for gain in rng.uniform(0.7, 1.1) * rng.uniform(0.88, 1.12, 3)
        ]
        pixels = np.stack([t.clip(0, 255).astype(np.uint8)[pixels[..., c]] for c, t in enumerate(tables)], axis=-1)
    if rng.random() < 0.3:
        image = Image.fromarray(np.ascontiguousarray(pixels))
        pixels = np.asarray(image.filter(ImageFilter.BoxBlur(rng.uniform(0.5, 0.012 * pixels.shape[0]))))
    if rng.random() < 0.4:
        spread = int(rng.integers(2, 16))
        grain = rng.integers(-spread, spread + 1, pixels.shape, dtype=np.int16)
        pixels = (pixels + grain).clip(0, 255).astype(np.uint8)
    return pixels
