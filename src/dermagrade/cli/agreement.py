"""``dermagrade agreement``: how well raters agree with each other and with themselves."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dermagrade.cli.output import json_line, print_line, refuse_overwriting, shown, write_file
from dermagrade.errors import LabelsError, UsageError
from dermagrade.evaluation.agreement import Draws
from dermagrade.evaluation.rater_study import RaterStudy, study_raters
from dermagrade.evaluation.raters import Reading
from dermagrade.reports.agreement import headlines, render_agreement, tables
from dermagrade.training.labels import read_labels, read_ratings, read_rows

#: What the published grade is called among the raters.
PUBLISHED = "published"


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Adds the command's arguments."""
    parser = subparsers.add_parser(
        "agreement",
        help="say how well raters agree",
        description="Bias and spread of every rater, agreement of every pair, distance of each to the mean of the "
        "others, and of each to their own second round.",
    )
    parser.add_argument("ratings", type=Path, metavar="RATINGS.csv", help="photo,rater,grade[,round], CSV or .xlsx")
    parser.add_argument(
        "--labels", type=Path, metavar="CSV", help="photo,subject: whose photo it is, for intervals over persons"
    )
    parser.add_argument(
        "--published", action="store_true", help=f"take the labels' grade as one more rater, {PUBLISHED!r}"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the intervals (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write a report, one HTML file")


def run(args: argparse.Namespace) -> int:
    """Reads the ratings, prints what they say, and writes the report."""
    if args.published and args.labels is None:
        raise UsageError("--published needs --labels, whose grade it takes.")
    if args.report is not None:
        refuse_overwriting(args.report, [path for path in (args.ratings, args.labels) if path is not None])
    readings = read_ratings(args.ratings, allowed=lambda grade: True, scale="")
    if not readings:
        raise LabelsError(f"{args.ratings} holds no grade.")
    persons = {}
    if args.labels is not None:
        persons = {row["photo"]: row["subject"] or row["photo"] for row in read_rows(args.labels, ("photo", "subject"))}
    if args.published:
        readings += _published(args.labels, readings)
    study = study_raters(readings, persons=persons, draws=Draws(seed=args.seed))
    if args.json:
        print_line(json_line({"raters": sorted({r.rater for r in readings})} | study.record()))
    else:
        print_line(as_text(study))
    if args.report is not None:
        write_file(args.report, render_agreement(study).encode())
    return 0


def as_text(study: RaterStudy) -> str:
    """The figures as tables to read in a terminal."""
    lines = [*study.notes, *headlines(study)]
    for table in tables(study):
        lines += ["", table.title, *_columns([table.columns, *table.rows])]
    return "\n".join(shown(line) for line in lines)


def _published(labels: Path, readings: Sequence[Reading]) -> list[Reading]:
    """The published grades of the photos that were rated."""
    if any(reading.rater == PUBLISHED for reading in readings):
        raise LabelsError(f"A rater is called {PUBLISHED!r} already; leave --published out.")
    rated = {reading.photo for reading in readings}
    scale = next((row["scale"] for row in read_rows(labels, ("photo", "grade")) if row.get("scale")), "")
    found = read_labels(labels, allowed=lambda grade: True, scale=scale)
    return [Reading(label.photo, PUBLISHED, label.grade) for label in found if label.photo in rated]


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join((row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)))).rstrip()
        for row in rows
    ]
