"""How much each folder of photos gives to a training of the zones, and what its card calls it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from dermagrade.errors import LabelsError
from dermagrade.tables.row import Row, read_rows

#: The collection that the photos of acne are, wherever they lie.
ACNE = "acne"
STAGES = ("base", "later", "last")


@dataclass(frozen=True)
class FolderShare:
    """What one folder gives.

    Attributes:
        title: its name on the card.
        of_stages: share of the samples of the base, of the later stages and of the last steps, each from 0 to 1.
    """

    title: str
    of_stages: tuple[float, float, float]


#: Of photos of acne, where no table names them: they come after the base.
ACNE_SHARES = (0.0, 0.5, 0.4)
#: Of every other folder.
OTHER_SHARES = (0.5, 0.25, 0.2)


def share_of(folder: str, shares: Mapping[str, FolderShare] | None) -> FolderShare:
    """What a folder gives: as the table says, else as :data:`ACNE_SHARES` and :data:`OTHER_SHARES` do."""
    if shares and folder in shares:
        return shares[folder]
    return FolderShare(folder or "photos", ACNE_SHARES if folder == ACNE else OTHER_SHARES)


def unknown_folders(shares: Mapping[str, FolderShare], folders: Collection[str]) -> list[str]:
    """What a reader must know of the rows of a table that name none of these folders; empty where there are none.

    Args:
        shares: the table's.
        folders: those that the run reads.

    Raises:
        LabelsError: if no row names one of them.
    """
    lost = [folder for folder in shares if folder not in folders]
    if not lost:
        return []
    there = ", ".join(sorted(folder for folder in folders if folder)) or "none"
    if len(lost) == len(shares):
        raise LabelsError(f"--shares names none of the folders that are read: {lost[0]} is none; there are: {there}.")
    return [f"--shares names {', '.join(lost)}, which is not read here; the folders are: {there}"]


def read_shares(table: Path | None) -> dict[str, FolderShare]:
    """The shares of ``folder,base,later,last[,title]`` in the table's order; empty without a table.

    Raises:
        LabelsError: with file, line and reason.
        MissingExtraError: as for :func:`~dermagrade.tables.row.read_rows`.
    """
    if table is None:
        return {}
    found: dict[str, FolderShare] = {}
    for row in read_rows(table, ("folder", *STAGES)):
        folder = row["folder"]
        if folder in found or not folder:
            wrong = f"{folder} is named a second time" if folder else "the folder is empty"
            raise LabelsError(f"{table}, {row.place}: {wrong}.")
        base, later, last = (_share(row, table, stage) for stage in STAGES)
        found[folder] = FolderShare(row.get("title") or folder, (base, later, last))
    return found


def _share(row: Row, table: Path, stage: str) -> float:
    try:
        value = float(row[stage])
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise LabelsError(f"{table}, {row.place}: {stage} is {row[stage]!r}; write a share from 0 to 1.")
    return value
