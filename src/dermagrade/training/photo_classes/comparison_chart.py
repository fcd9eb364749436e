"""The comparison chart of published models: what runs measured, beside what was published of their recipes.

The ``figures.json`` of each run becomes a table as ``.csv``, ``.md`` or ``.html``, by the suffix.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dermagrade.errors import OutputError, UsageError
from dermagrade.tables.csv_text import csv_text

#: Title of each row, the side and the figure that it shows, and whether it is a share.
_ROWS: tuple[tuple[str, str, str, bool], ...] = (
    ("Training accuracy", "training", "accuracy", True),
    ("Validation accuracy", "validation", "accuracy", True),
    ("Test accuracy", "test", "accuracy", True),
    ("Test RMSE, group values", "test", "rmse_values", False),
    ("Test RMSE, group numbers", "test", "rmse_classes", False),
    ("Test RMSE, score against grade", "test", "rmse_score", False),
    ("Test accuracy on pairs", "test", "pairs.accuracy", True),
    ("Test RMSE on pairs", "test", "pairs.rmse", False),
)
#: What is put into the page is escaped, and what is forgotten is an error.
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True)
class Chart:
    """A table with notes; the same for every format.

    Attributes:
        header: of the columns.
        rows: cells in words.
        notes: what a reader must know, a sentence each.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]

    def as_csv(self) -> str:
        """Comma-separated; the notes follow as rows of one cell."""
        return csv_text([self.header, *self.rows, *((note,) for note in self.notes)])

    def as_markdown(self) -> str:
        """A Markdown table, the notes as a list below."""
        lines = [_line(self.header), "|---" * len(self.header) + "|", *map(_line, self.rows)]
        return "\n".join([*lines, "", *(f"- {note}" for note in self.notes)]) + "\n"

    def as_html(self) -> str:
        """One page that needs nothing else."""
        return _TEMPLATES.get_template("comparison_chart.html").render(chart=self)


_WRITERS = {".csv": Chart.as_csv, ".md": Chart.as_markdown, ".html": Chart.as_html}


def read_figures(run: Path) -> dict[str, Any]:
    """The figures of a run.

    Raises:
        UsageError: if the folder holds none.
    """
    try:
        record: dict[str, Any] = json.loads((run / "figures.json").read_text(encoding="utf-8"))
        return record | {"mean": record["mean"], "groups": record["groups"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{run} holds no figures of a run that sorts faces into groups; name its folder.") from error


def make_chart(records: Sequence[Mapping[str, Any]]) -> Chart:
    """The chart of these runs, two columns each: measured, and published.

    Args:
        records: as :func:`read_figures` gives them.
    """
    header, notes = ["figure"], []
    for record in records:
        published = record.get("published") or {}
        title = published.get("title", record["recipe"])
        header += [f"{title}, measured", f"{title}, published"]
        notes.append(
            f"{title}: {record['network']}, {record['size']} px, {record['epochs']} epochs; mean ± standard deviation "
            f"of {record['folds_done']} folds by person; {record['photos'] - record['without_face']} photos of "
            f"{record['persons']} persons, {record['without_face']} more without a face; groups of {record['scale']}."
        )
        if "note" in published:
            notes.append(f"{title}: {published['note']}")
    rows = [_cells(row, records) for row in _ROWS]
    kept = [row for row in rows if any(cell not in ("", "-") for cell in row[1:])]
    return Chart(tuple(header), tuple(kept), tuple(notes))


def _cells(row: tuple[str, str, str, bool], records: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    title, side, name, share = row
    cells = [title]
    for record in records:
        found: Any = record["mean"][side]
        for key in name.split("."):
            found = found.get(key, {})
        cells += [_spread(found, share), _published(record.get("published") or {}, side, name, share)]
    return tuple(cells)


def _spread(found: Mapping[str, float | None], share: bool) -> str:
    mean, deviation = found.get("mean"), found.get("sd")
    if mean is None:
        return "-"
    shown = _number(mean, share)
    return shown if deviation is None else f"{shown} ± {_number(deviation, share)}"


def _published(published: Mapping[str, Any], side: str, name: str, share: bool) -> str:
    # The study says of its RMSE only that it is one; it stands where a reader looks for it, with the note below.
    place = {"accuracy": published.get(side), "rmse_values": published.get("rmse")}
    value = place.get(name)
    if value is None:
        return ""
    folds = (published.get("folds") or {}).get("accuracy" if share else "rmse") if side == "test" else None
    more = "" if folds is None else f" (5 folds: {_number(folds, share)})"
    return _number(value, share) + more


def _number(value: float, share: bool) -> str:
    return f"{100 * value:.1f} %" if share else f"{value:.3f}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def write_chart(chart: Chart, out: Path) -> None:
    """Writes the chart in the format of the suffix.

    Raises:
        UsageError: if the suffix is none of ``.csv``, ``.md`` and ``.html``.
        OutputError: if the file cannot be written.
    """
    if out.suffix not in _WRITERS:
        raise UsageError(f"A chart is written as {', '.join(_WRITERS)}, not as {out.name}.")
    try:
        out.write_text(_WRITERS[out.suffix](chart), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror}.") from error
