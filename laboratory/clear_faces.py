"""Faces of clear skin, by which a grading model is checked for lesions that are not there.

``clear_faces.csv`` names 163 photos of ``faces/scut`` and 193 of ``faces/utk`` (the photos themselves are never part of
the project). How they were chosen, on 2026-11-21: a seeded random pool of 420 ``scut`` photos and 520 ``utk`` photos
(ages 18 to 45, every race code of the collection, the softest third of each code left out by the variance of the
Laplacian at 200 px) was set aside; one reader, no clinician, looked at every photo, then once more, enlarged and with
raised contrast, at those first kept, before any model had seen them. Kept were faces without visible papules, pustules
or scars, with few or no moles and freckles, and without writing over the face. Most are portraits with make-up or light
retouching, and ``utk`` photos are small (200 px) and a little soft, so the list says little about sharp close-ups of
bare skin.

What trains nothing stands in tables for ``dermagrade train --exclude``, all in ``laboratory/lists``:

* ``clear_pool.csv``: the whole pool, clear or not;
* ``clear_copies.csv``: copies of listed photos under other names in the same collection (correlation above 0.985 at
  24 px), dropped after the clear faces of the acne training are drawn;
* ``other_ages.csv``: photos of ``utk`` whose names say an age under 10 or over 60, for the acne training: children and
  old people show other skin;
* ``never_read.csv``: the folder ``p1``, the independent check of the zone network.

Other photos of the same persons may be elsewhere in the collections, whose files carry no identity.
"""

from __future__ import annotations

from pathlib import Path

from dermagrade.tables.row import read_rows

LISTS = Path(__file__).parent / "lists"


def clear_faces() -> tuple[tuple[str, str], ...]:
    """Collection (``scut`` or ``utk``) and file name of every photo judged clear, sorted."""
    return listed("clear_faces.csv")


def set_aside() -> tuple[tuple[str, str], ...]:
    """Collection and file name of the whole pool from which the clear faces were chosen, clear or not, sorted."""
    return listed("clear_pool.csv")


def clear_copies() -> tuple[tuple[str, str], ...]:
    """Collection and file name of copies of listed photos."""
    return listed("clear_copies.csv")


def listed(table: str) -> tuple[tuple[str, str], ...]:
    """Collection and file name of every row of one of the lists."""
    return tuple((row["folder"], row["photo"]) for row in read_rows(LISTS / table, ("folder", "photo")))
