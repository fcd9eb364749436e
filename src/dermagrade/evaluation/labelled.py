"""What a measurement needs to know of a labelled photo."""

from __future__ import annotations

from typing import Protocol


class Labelled(Protocol):
    """One labelled photo; :class:`dermagrade.tables.labels.PhotoLabel` is one."""

    @property
    def photo(self) -> str:
        """File name below the images' folder."""

    @property
    def subject(self) -> str:
        """Person."""

    @property
    def grade(self) -> float:
        """Published grade, on the scale of the labels."""

    @property
    def count(self) -> float | None:
        """Lesions after the first annotation, if given."""

    @property
    def count_second(self) -> float | None:
        """Lesions after the second annotation, if given."""

    @property
    def located(self) -> bool:
        """False where the marked places are doubtful."""

    @property
    def fold(self) -> int | None:
        """Fold of the person, if given."""
