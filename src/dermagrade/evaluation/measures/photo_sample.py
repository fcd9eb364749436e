"""Photos to measure on: those of folders, or a seeded sample of them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from dermagrade.errors import UsageError
from dermagrade.photo.read import SUFFIXES


@dataclass(frozen=True)
class Subject:
    """A photo to measure.

    Attributes:
        path: of the file.
        group: what kind of photo it is, such as ``acne``.
        person: whose it is; the file where nobody knows.
    """

    path: Path
    group: str
    person: str


def folder_photos(folders: Iterable[Path], *, sample: int | None, seed: int) -> list[Subject]:
    """Photos of folders, sampled from each; nobody knows the persons, so every photo counts as one.

    Raises:
        UsageError: if a folder is missing or holds no photo.
    """
    chosen: list[Subject] = []
    for folder in folders:
        files = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES) if folder.is_dir() else []
        if not files:
            raise UsageError(f"{folder} is no folder with photos.")
        own = [Subject(path, folder.name, str(path)) for path in files]
        chosen += sampled(own, sample or len(own), seed)
    return chosen


def with_progress(subjects: Sequence[Subject]) -> Iterator[Subject]:
    """The photos one by one, with a bar on a terminal."""
    with tqdm(subjects, unit="photo", disable=None) as bar:  # None: only on a terminal
        yield from bar


def sampled(subjects: Sequence[Subject], count: int, seed: int) -> list[Subject]:
    """So many of the photos, the same for the same seed; all, in random order, where there are no more."""
    return random.Random(seed).sample(list(subjects), min(count, len(subjects)))
