"""Photos to measure on: those of folders, or a seeded sample of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dermagrade.errors import PhotoError, UsageError
from dermagrade.photo.read import SUFFIXES, read_photo
from dermagrade.types import Photo

#: Reads the photos of some subjects, as :func:`read_each` does.
ReadEach = Callable[[Sequence["Subject"]], Iterator[tuple[int, "Subject", Photo]]]


@dataclass(frozen=True)
class Subject:
    """A photo to measure.

    Attributes:
        path: of the file.
        group: what kind of photo it is, such as ``acne``.
        person: on the photo; the file where the person is not known.
    """

    path: Path
    group: str
    person: str


def folder_photos(folders: Iterable[Path], *, sample: int | None, seed: int) -> list[Subject]:
    """Photos of folders, sampled from each. The persons are not known, so every photo counts as a person.

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


def read_each(
    subjects: Sequence[Subject],
    *,
    progress: Callable[[Sequence[Subject]], Iterable[Subject]] = iter,
    failed: Callable[[PhotoError], None] | None = None,
) -> Iterator[tuple[int, Subject, Photo]]:
    """Number, subject and photo of each file, read one by one.

    Args:
        subjects: the files.
        progress: goes through them, such as a bar that counts.
        failed: takes the error of a file that cannot be read, which is then left out; None to end with that error.

    Raises:
        PhotoError: if a file cannot be read and no handler is given.
    """
    for i, subject in enumerate(progress(subjects)):
        try:
            photo = read_photo(subject.path)
        except PhotoError as error:
            if failed is None:
                raise
            failed(error)
            continue
        yield i, subject, photo


def sampled(subjects: Sequence[Subject], count: int, seed: int) -> list[Subject]:
    """So many of the photos, the same for the same seed; all, in random order, where there are no more."""
    return random.Random(seed).sample(list(subjects), min(count, len(subjects)))
