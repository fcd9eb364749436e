"""``dermagrade agreement``: how well raters agree with each other and with themselves, and what a study takes."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dermagrade.cli.output import json_line, print_line, refuse_overwriting, shown, write_file
from dermagrade.errors import LabelsError, UsageError
from dermagrade.evaluation.planning.raters_needed import plan_ratings
from dermagrade.evaluation.raters.report import RaterStudy, study_raters
from dermagrade.evaluation.statistics.bootstrap import Draws
from dermagrade.reports.agreement.headlines import headlines
from dermagrade.reports.agreement.plan import plan_in_words, plan_table
from dermagrade.reports.agreement.report import render_agreement, tables
from dermagrade.reports.display import Table
from dermagrade.scales import SCALES
from dermagrade.tables.grade_scale import scale_named_by, within
from dermagrade.tables.join import JoinReport, join
from dermagrade.tables.labels import PhotoLabel, read_labels
from dermagrade.tables.ratings import RatingTable, read_ratings
from dermagrade.tables.readings import Reading
from dermagrade.tables.subjects import join_subjects

#: What the published grade is called among the raters.
PUBLISHED = "published"


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Adds the command's arguments."""
    parser = subparsers.add_parser(
        "agreement",
        help="say how well raters agree",
        description="Intraclass correlations, Krippendorff's alpha, kappa of every pair, bias, spread and distance of "
        "every rater to the others, drift, and agreement of each with their own second round. With --plan, how many "
        "photos and raters a study takes; no ratings are needed then.",
    )
    parser.add_argument(
        "ratings",
        type=Path,
        nargs="?",
        metavar="RATINGS.csv",
        help="photo,rater,grade[,scale,golden,round,rated_at,position,kind,reason], CSV or .xlsx; a row without a "
        "grade is a photo that could not be graded",
    )
    parser.add_argument(
        "--labels", type=Path, metavar="CSV", help="photo,subject: whose photo it is, for intervals over persons"
    )
    parser.add_argument(
        "--published", action="store_true", help=f"take the labels' grade as one more rater, {PUBLISHED!r}"
    )
    parser.add_argument("--golden", type=Path, metavar="CSV", help="photo,grade: reference grades of the golden set")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed of the intervals (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write a report, one HTML file")
    parser.add_argument("--plan", action="store_true", help="plan a study instead, from --icc, --raters and --width")
    parser.add_argument("--icc", type=float, metavar="R", help="expected intraclass correlation of single readings")
    parser.add_argument("--raters", type=int, metavar="N", help="raters who grade every photo (default: 3)")
    parser.add_argument(
        "--width", type=float, metavar="W", help="width of the 95 %% interval, end to end (default: 0.1)"
    )
    parser.add_argument(
        "--reliability", type=float, metavar="R", help="reliability wanted of the raters' mean (default: 0.9)"
    )


def run(args: argparse.Namespace) -> int:
    """Reads the ratings, prints what they say, and writes the report; or plans."""
    asked = [name for name in ("icc", "raters", "width", "reliability") if getattr(args, name) is not None]
    if args.plan:
        return _plan(args)
    if asked:
        raise UsageError(f"--{asked[0]} is for --plan.")
    if args.ratings is None:
        raise UsageError("Name a table of ratings, or plan a study with --plan.")
    if args.published and args.labels is None:
        raise UsageError("--published needs --labels, whose grade it takes.")
    if args.report is not None:
        inputs = (args.ratings, args.labels, args.golden)
        refuse_overwriting(args.report, [path for path in inputs if path is not None])
    table = read_ratings(args.ratings)
    if not table.readings:
        raise LabelsError(f"{args.ratings} holds no grade.")
    if all(reading.round > 1 for reading in table.readings):
        raise LabelsError(f"{args.ratings} holds no first-round reading; without one there is no consensus.")
    golden, notes = _golden(table, args.golden)
    readings = list(table.readings)
    persons, unnamed = _persons(table, args.labels)
    if args.published:
        readings += _published(args.labels, table)
    study = study_raters(readings, persons=persons, draws=Draws(seed=args.seed), golden=golden, ungraded=table.ungraded)
    notes = (*table.notes, *unnamed, *notes)
    if args.json:
        record = study.record()
        record["notes"] = [*notes, *record["notes"]]
        print_line(json_line({"raters": sorted({r.rater for r in readings})} | record))
    else:
        print_line(as_text(study, notes))
    if args.report is not None:
        write_file(args.report, render_agreement(study, notes=notes).encode())
    return 0


def as_text(study: RaterStudy, notes: Sequence[str] = ()) -> str:
    """The figures as tables to read in a terminal."""
    return "\n".join(shown(line) for line in [*notes, *study.notes, *headlines(study), *_lines(tables(study))])


def _plan(args: argparse.Namespace) -> int:
    given = [f"--{name}" for name in ("labels", "golden", "report") if getattr(args, name) is not None]
    given += ["RATINGS.csv"] if args.ratings is not None else []
    given += ["--published"] if args.published else []
    if given:
        raise UsageError(f"--plan reads no ratings and writes no report; leave out {given[0]}.")
    if args.icc is None:
        raise UsageError("--plan needs --icc, the agreement that is expected, such as 0.8.")
    plan = plan_ratings(
        icc=args.icc,
        raters=3 if args.raters is None else args.raters,
        width=0.1 if args.width is None else args.width,
        reliability=0.9 if args.reliability is None else args.reliability,
    )
    if args.json:
        print_line(json_line(plan.record()))
    else:
        print_line("\n".join([*plan_in_words(plan), *_lines([plan_table(plan)])]))
    return 0


def _persons(table: RatingTable, labels: Path | None) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Photo to whose it is, and what has to be said of photos that the labels lack."""
    if labels is None:
        return {}, ()
    joined = join_subjects(_rated(table), labels, names_are="rated photos")
    return joined.found, tuple(
        f"{note} Each of these photos counts as a person of its own." for note in joined.report.notes_on_names
    )


def _golden(table: RatingTable, path: Path | None) -> tuple[dict[str, float], tuple[str, ...]]:
    """Photo to the grade that is held to be right, and what has to be said of it."""
    golden = dict(table.references)
    notes: tuple[str, ...] = ()
    if path is not None:
        labels, report = _graded(table, path)
        golden |= {label.photo: label.grade for label in labels}
        notes = () if table.flagged else report.notes_on_table
    if table.flagged:  # a table of labels may hold grades of other photos too
        golden = {photo: grade for photo, grade in golden.items() if photo in table.flagged}
    if path is not None and not set(_rated(table)) & set(golden):
        raise LabelsError(f"{path} holds no grade of a rated golden photo.")
    without = len(table.flagged - set(golden))
    if not without:
        return golden, notes
    how = "" if path is not None else "; give --golden with their grades"
    return golden, (f"{without} golden photos have no grade that is held to be right, and count as ordinary{how}.",)


def _published(labels: Path, table: RatingTable) -> list[Reading]:
    """The published grades of the photos that were rated."""
    if any(reading.rater == PUBLISHED for reading in table.readings):
        raise LabelsError(f"There is already a rater called {PUBLISHED!r}; leave --published out.")
    rated = set(_rated(table))
    return [Reading(label.photo, PUBLISHED, label.grade) for label in _graded(table, labels)[0] if label.photo in rated]


def _rated(table: RatingTable) -> list[str]:
    return [reading.photo for reading in table.readings]


def _graded(table: RatingTable, path: Path) -> tuple[list[PhotoLabel], JoinReport]:
    """Labels on the scale of the ratings, where they name one, else on their own; and which are of rated photos."""
    scale = table.scale or scale_named_by(path)
    allowed = within(SCALES[scale]) if scale in SCALES else lambda grade: True
    labels = read_labels(path, allowed=allowed, scale=scale)
    by_photo = {label.photo: label for label in labels}
    return labels, join(_rated(table), by_photo, names_are="rated photos", table=str(path)).report


def _lines(found: Sequence[Table]) -> list[str]:
    lines = []
    for table in found:
        lines += ["", table.title, *_columns([table.columns, *table.rows])]
    return lines


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join((row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)))).rstrip()
        for row in rows
    ]
