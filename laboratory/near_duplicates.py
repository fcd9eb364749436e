"""Measures the search for near-duplicates: on changed copies of real photos, and on different people.

Run as ``python -m laboratory.near_duplicates --data DIR``; prints the tables of ``docs/raters.md``.
The copies are made by computer and so simulated; no photo is written.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from dermagrade.photo.read import read_photo
from dermagrade.tables.labels import read_labels
from dermagrade.tables.near_duplicates import ALIKE, COPY, Floats, local_contrast, near_duplicates, read_luminance
from laboratory.data import add_data

_Change = Callable[[Image.Image], Image.Image]


def _picture(path: Path) -> Image.Image:
    return Image.fromarray(read_photo(path, full_size=True).pixels)


def _jpeg(image: Image.Image, quality: int) -> Image.Image:
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=quality)
    return Image.open(kept).convert("RGB")


def _scaled(image: Image.Image, side: int) -> Image.Image:
    share = side / max(image.size)
    return image.resize((max(1, round(image.width * share)), max(1, round(image.height * share))))


def _gamma(image: Image.Image, power: float) -> Image.Image:
    return image.point([round(255 * (v / 255) ** power) for v in range(256)] * 3)


def _cut(image: Image.Image, share: float) -> Image.Image:
    return image.crop((round(image.width * share), round(image.height * share), image.width, image.height))


#: How copies are changed, by name.
CHANGES: dict[str, _Change] = {
    "JPEG of quality 20": lambda image: _jpeg(image, 20),
    "longer side 100 pixels": lambda image: _scaled(image, 100),
    "half as bright": lambda image: ImageEnhance.Brightness(image).enhance(0.5),
    "half brighter, white clipped": lambda image: ImageEnhance.Brightness(image).enhance(1.5),
    "gamma 2": lambda image: _gamma(image, 2.0),
    "gamma 0.5": lambda image: _gamma(image, 0.5),
    "mirrored, 200 pixels, 0.7 as bright, quality 30": lambda image: _jpeg(
        ImageEnhance.Brightness(_scaled(ImageOps.mirror(image), 200)).enhance(0.7), 30
    ),
    "1 % cut off left and above": lambda image: _cut(image, 0.01),
    "2 % cut off left and above": lambda image: _cut(image, 0.02),
    "4 % cut off left and above": lambda image: _cut(image, 0.04),
}


def tables(data: Path, sample: int) -> str:
    """Tables in Markdown.

    Args:
        data: the folder of real photos.
        sample: photos of each collection; of the acne photos all are searched.
    """
    acne = sorted((data / "acne" / "photos").glob("*.jpg"))
    chosen = _some(acne, sample)
    lines = ["| simulated copy | least correlation | median | linked | found as a copy |", "|---" * 5 + "|"]
    originals = [_signature(_picture(path)) for path in chosen]
    for name, change in CHANGES.items():
        near = []
        for path, original in zip(chosen, originals, strict=True):
            copy = _signature(change(_picture(path)))
            near.append(max(float((original * copy).sum()), float((original * copy[:, ::-1]).sum())))
        found = np.array(near)
        lines.append(
            f"| {name} | {found.min():.2f} | {np.median(found):.2f} | {(found >= ALIKE).mean():.0%} "
            f"| {(found >= COPY).mean():.0%} |"
        )
    lines += ["", "| photos | pairs | highest correlations |", "|---" * 3 + "|"]
    for folder in ("scut", "utk"):
        photos = _some(sorted((data / "faces" / folder).rglob("*.jpg")), sample)
        plain = np.stack([local_contrast(read_luminance(path)) for path in photos])
        flat, mirrored = plain.reshape(len(photos), -1), plain[:, :, ::-1].reshape(len(photos), -1)
        near_to = np.maximum(flat @ flat.T, flat @ mirrored.T)[np.triu_indices(len(photos), 1)]
        top = ", ".join(f"{v:.2f}" for v in np.sort(near_to)[::-1][:6])
        lines.append(f"| {folder} ({len(photos)}) | {len(near_to)} | {top} |")
    labels = read_labels(data / "acne" / "labels.csv", allowed=lambda grade: True, scale="acne-hayashi")
    pairs = near_duplicates([data / "acne" / "photos" / label.photo for label in labels], least=0.5)
    lines += ["", "| acne pairs from | pairs | mirrored | same subject | grades differ |", "|---" * 5 + "|"]
    for least in (0.5, 0.6, ALIKE, COPY):
        kept = [pair for pair in pairs if pair.correlation >= least]
        same = sum(labels[p.first].subject == labels[p.second].subject for p in kept)
        differ = sum(labels[p.first].grade != labels[p.second].grade for p in kept)
        lines.append(f"| {least} | {len(kept)} | {sum(p.mirrored for p in kept)} | {same} | {differ} |")
    return "\n".join(lines)


def _some(photos: Sequence[Path], sample: int) -> list[Path]:
    return [photos[i] for i in np.random.default_rng(0).permutation(len(photos))[:sample]]


def _signature(image: Image.Image) -> Floats:
    grey = image.convert("L").resize((64, 64), Image.Resampling.BOX)
    return local_contrast(np.asarray(grey, np.float32))


def main(arguments: list[str] | None = None) -> int:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description="How well near-duplicates are told from other photos.")
    add_data(parser)
    parser.add_argument("--sample", type=int, default=300, help="photos of each collection")
    options = parser.parse_args(arguments)
    sys.stdout.write(tables(options.data, options.sample) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
