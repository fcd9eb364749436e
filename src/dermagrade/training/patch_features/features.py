"""Zone patches of labelled photos, and the features of their rolled copies, kept on disk as they are made."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dermagrade.face.patches import cut_patches
from dermagrade.face.zones import find_face
from dermagrade.grading.zone_patches import PATCH_ZONES, patch_input
from dermagrade.photo.read import read_photo
from dermagrade.training.patch_features.roll import balanced_rolls, roll_axis, roll_offsets, roll_patch
from dermagrade.training.run.folder import follow, save_text
from dermagrade.training.run.workers import side_by_side
from dermagrade.weights.model import open_network

#: Patches that go through the backbone together.
_BATCH = 16

#: Photos after which a line of progress is written.
_TELL_EVERY = 50

#: One copy of a patch: its place in the list of patches, and by how many pixels it is rolled.
Copy = tuple[int, int]


@dataclass(frozen=True)
class Patch:
    """Where a zone patch lies.

    Attributes:
        photo: place of its photo in the list of labels.
        zone: one of :data:`~dermagrade.grading.zone_patches.PATCH_ZONES`.
        box: x0, y0, x1, y1 in pixels of ``Photo.pixels``.
    """

    photo: int
    zone: str
    box: tuple[int, int, int, int]

    @property
    def roll_size(self) -> int:
        """Size along the axis that it rolls along, in pixels."""
        x0, y0, x1, y1 = self.box
        return x1 - x0 if roll_axis(self.zone) else y1 - y0


def find_patches(photos: Sequence[Path], out: Path, tell: Callable[[str], None]) -> list[Patch]:
    """The patches of every photo, as the zone network finds them; photos without a face have none.

    They are kept in ``out/patches.jsonl``, a line a photo, and those that stand there are not sought again.

    Raises:
        PhotoError: if a photo cannot be read.
        WeightsError: if there is no zone network.
    """
    kept = out / "patches.jsonl"
    # A line that was cut off has no end; its photo is looked at again.
    lines = [x for x in kept.read_text(encoding="utf-8").splitlines(True) if x.endswith("\n")] if kept.exists() else []
    save_text(kept, "".join(lines))
    for number in range(len(lines), len(photos)):
        if number % _TELL_EVERY == 0:
            tell(f"finding faces: {number} of {len(photos)} photos")
        photo = read_photo(photos[number])
        face = find_face(photo)
        boxes = {}
        for patch in cut_patches(photo, face) if face is not None else ():
            if patch.zone in PATCH_ZONES:
                x0, y0 = (round(v / patch.scale) for v in patch.origin)
                boxes[patch.zone] = [x0, y0, x0 + patch.pixels.shape[1], y0 + patch.pixels.shape[0]]
        line = json.dumps(boxes) + "\n"
        lines.append(line)
        with kept.open("a", encoding="utf-8") as opened:
            opened.write(line)
    found = []
    for number, line in enumerate(lines):
        for zone, (x0, y0, x1, y1) in json.loads(line).items():
            found.append(Patch(number, zone, (x0, y0, x1, y1)))
    return found


def plain_copies(patches: Sequence[Patch], photos: Iterable[int]) -> list[Copy]:
    """The patches of these photos as they are."""
    chosen = set(photos)
    return [(i, 0) for i, patch in enumerate(patches) if patch.photo in chosen]


def rolled_copies(
    patches: Sequence[Patch], photos: Iterable[int], classes: Sequence[float], *, at_least: int
) -> list[Copy]:
    """The patches of these photos with as many rolled copies as balance the classes, counting patches.

    Args:
        patches: of all photos.
        photos: one side of a split; only their patches are counted and rolled.
        classes: the class of every photo.
        at_least: rolls of a patch of the commonest class.
    """
    plain = plain_copies(patches, photos)
    rolls = balanced_rolls([classes[patches[i].photo] for i, _ in plain], at_least=at_least)
    copies = []
    for (i, _), more in zip(plain, rolls, strict=True):
        copies += [(i, offset) for offset in (0, *roll_offsets(patches[i].roll_size, more))]
    return copies


def compute_features(
    patches: Sequence[Patch],
    copies: Iterable[Copy],
    photos: Sequence[Path],
    out: Path,
    *,
    size: int,
    at_once: int,
    tell: Callable[[str], None],
) -> dict[Copy, NDArray[np.float32]]:
    """The features of these copies, from ``out/backbone.onnx``; those of a photo are kept as soon as they are made.

    Each copy is computed once, however often it is named. A file in ``out/features`` holds one photo; what stands
    there is not computed again.

    Args:
        patches: of all photos.
        copies: those whose features are wanted.
        photos: files of all photos.
        out: folder of the run.
        size: side of the backbone's input, in pixels.
        at_once: processes, one thread each; the result does not depend on it.
        tell: takes a line of progress.

    Raises:
        PhotoError: if a photo cannot be read.
        OutputError: if a process was ended.
    """
    folder = out / "features"
    folder.mkdir(exist_ok=True)
    wanted: dict[int, list[Copy]] = {}
    for copy in sorted(set(copies)):
        wanted.setdefault(patches[copy[0]].photo, []).append(copy)
    kept = {number: _kept(folder, number) for number in wanted}
    missing = [number for number in wanted if not set(wanted[number]) <= kept[number].keys()]
    if missing:
        at_once = max(1, min(at_once, len(missing) // _TELL_EVERY))
        tell(f"computing the features of {sum(len(wanted[n]) for n in missing)} patches of {len(missing)} photos")
        parts = [missing[i::at_once] for i in range(at_once)]
        jobs = [
            (out, {n: photos[n] for n in part}, {n: [(patches[i], i, o) for i, o in wanted[n]] for n in part}, size)
            for part in parts
        ]
        with follow(out / "log.jsonl", tell):
            side_by_side(_compute, jobs, at_once)
        kept |= {number: _kept(folder, number) for number in missing}
    return {copy: kept[number][copy] for number, own in wanted.items() for copy in own}


def _kept(folder: Path, photo: int) -> dict[Copy, NDArray[np.float32]]:
    path = folder / f"{photo:06d}.npz"
    if not path.exists():
        return {}
    with np.load(path) as arrays:
        copies, features = arrays["copies"], arrays["features"]
    return {(int(i), int(offset)): row for (i, offset), row in zip(copies, features, strict=True)}


def _compute(
    out: Path, photos: Mapping[int, Path], wanted: Mapping[int, Sequence[tuple[Patch, int, int]]], size: int
) -> None:
    network = open_network(out / "backbone.onnx", threads=1)
    for done, (number, path) in enumerate(photos.items(), start=1):
        pixels = read_photo(path).pixels
        rows = []
        for start in range(0, len(wanted[number]), _BATCH):
            images = []
            for patch, _, offset in wanted[number][start : start + _BATCH]:
                x0, y0, x1, y1 = patch.box
                images.append(patch_input(roll_patch(pixels[y0:y1, x0:x1], patch.zone, offset), size))
            rows.append(network.run({"image": np.stack(images)})["features"])
        whole = out / "features" / f"{number:06d}.npz"
        partial = whole.with_suffix(".partial")
        with partial.open("wb") as opened:
            np.savez(opened, copies=np.array([(i, o) for _, i, o in wanted[number]]), features=np.concatenate(rows))
        partial.replace(whole)
        if done % _TELL_EVERY == 0 or done == len(photos):
            with (out / "log.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps({"stage": "features", "photos": done, "of": len(photos)}) + "\n")
