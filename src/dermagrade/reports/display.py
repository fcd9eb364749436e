"""What a report shows of one result: its tables and its figures, made from the same values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One drawing, an SVG element whose words are escaped, with a note on how to read it."""

    title: str
    svg: str
    note: str = ""


@dataclass(frozen=True)
class Table:
    """One table of a report: the first column names what the row is about, the rest holds figures.

    Attributes:
        title: what it shows.
        columns: their headings.
        rows: cells as text.
        note: what a reader must know of it.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Display:
    """One result, as a part of a report.

    Attributes:
        title: what it is about.
        note: what a reader must know first.
        tables: those with rows.
        figures: drawn from the same values.
        confusions: title and rows of matrices of published and answered levels.
    """

    title: str
    note: str
    tables: tuple[Table, ...]
    figures: tuple[Figure, ...] = ()
    confusions: tuple[tuple[str, list[dict[str, Any]]], ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether any table or figure is left."""
        return bool(self.tables or self.figures)


def display(
    title: str,
    tables: Iterable[Table],
    figures: Iterable[Figure | None] = (),
    *,
    note: str = "",
    confusions: tuple[tuple[str, list[dict[str, Any]]], ...] = (),
) -> Display:
    """A display without tables that have no row, and without figures that had no value to draw."""
    kept = tuple(table for table in tables if table.rows)
    return Display(title, note, kept, tuple(figure for figure in figures if figure is not None), confusions)
