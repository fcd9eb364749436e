"""The pictures that networks of whole faces learn from: skin alone, made once, fetched while the network works."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dermagrade.face.zones import find_face
from dermagrade.grading.photo_classes import skin_square
from dermagrade.grading.recipe import Prepare
from dermagrade.photo.read import read_photo
from dermagrade.training.run.folder import save_text

#: Photos after which a line of progress is told.
_TELL_EVERY = 50
#: Batches that are made ready ahead of the one that is learnt from.
_AHEAD = 3

Pictures = NDArray[np.uint8]


def make_pictures(photos: Sequence[Path], out: Path, size: int, tell: Callable[[str], None]) -> list[bool]:
    """Cuts the skin of every photo and keeps it in ``out/pictures.npy``; says which photos show a face.

    What stands there from a run that was ended is not made again. ``out/pictures.jsonl`` has a line for each photo that
    is done.

    Args:
        photos: the files.
        out: folder of the run.
        size: side of the pictures, in pixels.
        tell: takes a line of progress.

    Raises:
        PhotoError: if a photo cannot be read.
        WeightsError: if there is no zone network.
    """
    kept = out / "pictures.jsonl"
    # A line that was cut off has no end; its photo is looked at again.
    lines = [x for x in kept.read_text(encoding="utf-8").splitlines(True) if x.endswith("\n")] if kept.exists() else []
    store = out / "pictures.npy"
    if not store.exists():
        lines = []
        np.lib.format.open_memmap(store, "w+", np.uint8, (len(photos), size, size, 3)).flush()
    save_text(kept, "".join(lines))
    pictures = np.lib.format.open_memmap(store, "r+")
    for number in range(len(lines), len(photos)):
        if number % _TELL_EVERY == 0:
            tell(f"finding faces: {number} of {len(photos)} photos")
        photo = read_photo(photos[number])
        face = find_face(photo)
        picture = None if face is None else skin_square(photo, face, size)
        if picture is not None:
            pictures[number] = picture
            pictures.flush()
        lines.append(json.dumps({"photo": photos[number].name, "face": picture is not None}) + "\n")
        with kept.open("a", encoding="utf-8") as opened:
            opened.write(lines[-1])
    return [bool(json.loads(line)["face"]) for line in lines]


def load_pictures(out: Path) -> Pictures:
    """What :func:`make_pictures` kept, ``(photos, size, size, 3)``, mapped from the disk."""
    pictures: Pictures = np.load(out / "pictures.npy", mmap_mode="r")
    return pictures


def batches(
    pictures: Pictures,
    rows: Sequence[NDArray[np.int64]],
    prepare: Prepare,
    *,
    flipped: NDArray[np.bool_] | None = None,
) -> Iterator[tuple[NDArray[np.int64], Tensor]]:
    """Batches in order; a thread makes the next ones ready meanwhile.

    Args:
        pictures: of all photos.
        rows: the photos of each batch.
        prepare: what the network sees of a picture.
        flipped: for each photo of all batches in turn, whether it is mirrored; none is where None.

    Yields:
        The rows, and their prepared pictures ``(n, channels, size, size)``.
    """
    ends = np.cumsum([0, *(len(own) for own in rows)])
    mirrored = np.zeros(ends[-1], bool) if flipped is None else flipped

    def make(number: int) -> Tensor:
        turned = mirrored[ends[number] : ends[number + 1]]
        seen = [
            prepare(pictures[row][:, ::-1] if turn else pictures[row])
            for row, turn in zip(rows[number], turned, strict=True)
        ]
        return torch.from_numpy(np.stack(seen))

    with ThreadPoolExecutor(1) as pool:
        waiting: deque[tuple[int, Future[Tensor]]] = deque()
        for number in range(len(rows)):
            waiting.append((number, pool.submit(make, number)))
            if len(waiting) > _AHEAD:
                done, future = waiting.popleft()
                yield rows[done], future.result()
        for done, future in waiting:
            yield rows[done], future.result()


def in_batches(rows: NDArray[np.int64], batch: int) -> list[NDArray[np.int64]]:
    """The rows in as few batches as hold them, all of nearly the same size: the last one is no rest of one photo."""
    return np.array_split(rows, -(-len(rows) // batch)) if len(rows) else []
