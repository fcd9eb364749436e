"""Faces of clear skin, by which a grading model is checked for lesions that are not there.

``clear_faces.csv`` names 163 photos of ``faces/scut`` and 193 of ``faces/utk`` (the photos themselves are never part of
the project). How they were chosen, on 2026-11-21: a seeded random pool of 420 ``scut`` photos and 520 ``utk`` photos
(ages 18 to 45, every race code of the collection, the softest third of each code left out by the variance of the
Laplacian at 200 px) was set aside; one reader, no clinician, looked at every photo, then once more, enlarged and with
raised contrast, at those first kept, before any model had seen them. Kept were faces without visible papules, pustules
or scars, with few or no moles and freckles, and without writing over the face. Most are portraits with make-up or light
retouching, and ``utk`` photos are small (200 px) and a little soft, so the list says little about sharp close-ups of
bare skin.

The whole pool (``clear_pool.csv``) and :data:`CLEAR_COPIES` are kept out of training. Other photos of the same persons
may be elsewhere in the collections, whose files carry no identity.
"""

from __future__ import annotations

import csv
from importlib.resources import files

#: Copies of listed photos under other names in the same collection (correlation above 0.985 at 24 px): train on none.
CLEAR_COPIES: tuple[tuple[str, str], ...] = (
    ("utk", "20_1_4_20161223230110540.jpg.jpg"),
    ("utk", "20_1_4_20170104005353062.jpg.jpg"),
    ("utk", "23_1_4_20170103223600551.jpg.jpg"),
    ("utk", "24_1_4_20170103233956963.jpg.jpg"),
    ("utk", "30_1_4_20170103230152025.jpg.jpg"),
    ("utk", "35_0_3_20170104201604930.jpg.jpg"),
    ("utk", "36_0_1_20170113135627331.jpg.jpg"),
)


def clear_faces() -> tuple[tuple[str, str], ...]:
    """Collection (``scut`` or ``utk``) and file name of every photo judged clear, sorted."""
    return _listed("clear_faces.csv")


def set_aside() -> tuple[tuple[str, str], ...]:
    """Collection and file name of the whole pool from which the clear faces were chosen, clear or not, sorted."""
    return _listed("clear_pool.csv")


def _listed(table: str) -> tuple[tuple[str, str], ...]:
    text = files("dermagrade.evaluation").joinpath(table).read_text(encoding="utf-8")
    return tuple((row["collection"], row["photo"]) for row in csv.DictReader(text.splitlines()))
