"""Faces of folders that are taken for clear: they teach what is no lesion, nobody having graded them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from dermagrade.errors import UsageError
from dermagrade.photo.read import SUFFIXES
from dermagrade.tables.exclude import Exclusions

#: At most so many faces of a folder are taken, by chance but the same in every run.
AT_MOST = 900
_SEED = 5


def clear_pictures(folder: Path) -> list[Path]:
    """The pictures directly in a folder of clear faces, by name.

    Raises:
        UsageError: if the folder is missing.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder.")
    return [p for p in sorted(folder.iterdir()) if p.name[0] != "." and p.suffix.lower() in SUFFIXES]


def choose_clear(
    folders: Sequence[Path], exclusions: Exclusions, tell: Callable[[str], None] = lambda _: None
) -> list[tuple[str, Path]]:
    """Name (folder/file) and path of the clear faces that train.

    Of each folder at most :data:`AT_MOST` are drawn by chance. Photos are left out before the draw; those whose row
    says ``after_draw``, after it.

    Args:
        folders: of faces; what lies in folders below is not taken.
        exclusions: photos that train nothing.
        tell: takes a sentence on what is passed over.

    Raises:
        UsageError: if a folder is missing.
    """
    chosen: list[tuple[str, Path]] = []
    for folder in folders:
        own = [p for p in clear_pictures(folder) if not exclusions.leaves_out(p, drawn=False)]
        others = [p.name for p in sorted(folder.iterdir()) if p.name[0] != "." and p.suffix.lower() not in SUFFIXES]
        if others:
            tell(f"{folder}: {len(others)} files or folders are no photos by name and passed over, such as {others[0]}")
        order = np.random.default_rng(_SEED).permutation(len(own))
        taken = [own[k] for k in order[:AT_MOST]]
        if len(taken) < len(own):
            tell(f"{folder}: {len(taken)} of {len(own)} clear faces are taken, by chance")
        chosen += [(f"{folder.name}/{p.name}", p) for p in taken if not exclusions.leaves_out(p)]
    return chosen
