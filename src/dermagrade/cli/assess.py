"""``dermagrade assess``: grades photos."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from dermagrade.assess.photo import Assessed, assess_file, choose_conditions
from dermagrade.assess.visit import combine_photos
from dermagrade.cli.answers import overlays, sentence, write_overlays
from dermagrade.cli.output import (
    CsvFile,
    OutputNames,
    json_line,
    make_folder,
    refuse_overwriting,
    shown,
    write_file,
)
from dermagrade.cli.photos import add_photo_arguments, complain, exit_status, say, walk, with_progress
from dermagrade.cli.visit import complain_of, visit_lines, write_visit
from dermagrade.conditions import CONDITIONS
from dermagrade.conditions.condition import Condition
from dermagrade.errors import UsageError
from dermagrade.face.size import check_pupil_distance
from dermagrade.types import ZONES

#: Columns of the CSV file for the photo itself.
PHOTO_COLUMNS = ("photo", "sha256", "width", "height", "status", "error", "verdict", "findings")

#: Columns of the CSV file for each condition, after its name and an underscore: those that every condition has. Its own
#: stand between these two groups (:attr:`dermagrade.conditions.details.Details.columns`).
SCORE_COLUMNS = ("scale", "score", "interval_low", "interval_high", "level", "label")
LAST_COLUMNS = ("abstained", "model")


def csv_columns() -> tuple[str, ...]:
    """Every column of the CSV file, in order: the same whatever conditions a call asks for.

    First :data:`PHOTO_COLUMNS`, where ``findings`` holds codes joined by semicolons; then for every condition that
    grades photos ``NAME_`` with each of :data:`SCORE_COLUMNS`, of its own columns, and of :data:`LAST_COLUMNS`;
    ``NAME_ZONE_score`` for every zone, with its further number of the zone where it has one; and ``NAME_`` with each of
    its measures.
    """
    columns = list(PHOTO_COLUMNS)
    for condition in _graded_on_photos():
        own = condition.details
        columns += [f"{condition.name}_{column}" for column in (*SCORE_COLUMNS, *own.columns, *LAST_COLUMNS)]
        of_zone = ("score", own.zone_figure) if own.zone_figure else ("score",)
        columns += [f"{condition.name}_{zone}_{what}" for zone in ZONES for what in of_zone]
        columns += [f"{condition.name}_{measure}" for measure in condition.measures]
    return tuple(columns)


def csv_row(record: Mapping[str, Any]) -> dict[str, object]:
    """The row of the CSV file for one record, with the record's own rounding.

    Of a visit, what stands in the record for each photo is joined by semicolons, empty for a photo without it.
    """
    row: dict[str, object] = {key: _joined(record.get(key)) for key in PHOTO_COLUMNS[:6]}
    screenings = record["screening"] if isinstance(record["screening"], list) else [record["screening"]]
    row["verdict"] = ";".join(screening["verdict"] if screening else "" for screening in screenings)
    row["findings"] = ";".join(finding["code"] for s in screenings if s for finding in s["findings"])
    for condition in _graded_on_photos():
        name, own = condition.name, condition.details
        graded = record.get(name)
        if graded is None:
            continue
        interval = graded.get("interval") or (None, None)
        values = {key: graded.get(key) for key in ("scale", "score", "level", "label", "abstained")}
        values |= {"interval_low": interval[0], "interval_high": interval[1], "model": record["model"].get(name)}
        values |= own.row(graded)
        for zone, answer in graded.get("zones", {}).items():
            values[f"{zone}_score"] = answer["score"]
            if own.zone_figure:
                values[f"{zone}_{own.zone_figure}"] = answer.get(own.zone_figure)
        values |= {measure: said["value"] for measure, said in graded.get("measures", {}).items()}
        row |= {f"{name}_{key}": value for key, value in values.items()}
    return row


def _graded_on_photos() -> list[Condition]:
    return [condition for condition in CONDITIONS.values() if condition.takes == "photo"]


def _joined(value: object) -> object:
    return ";".join("" if v is None else str(v) for v in value) if isinstance(value, list) else value


def human_line(result: Assessed) -> str:
    """What the command prints for one photo that was looked at."""
    parts = [sentence(assessment) for assessment in result.assessments.values()]
    findings = result.screening.findings if result.screening else ()
    codes = f" [{', '.join(f'{f.severity} {f.code}' for f in findings)}]" if findings else ""
    return shown(f"{result.name}: {'; '.join(parts)}{codes}")


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Adds the command's arguments."""
    parser = subparsers.add_parser(
        "assess",
        help="grade photos",
        description="Grades photos. Without --json one line for each; refused and failed photos go to stderr.",
    )
    add_photo_arguments(parser)
    parser.add_argument(
        "--condition",
        action="append",
        choices=list(CONDITIONS),
        help="grade only this; repeat it for several (default: all whose weights are installed)",
    )
    parser.add_argument(
        "--visit", action="store_true", help="take all photos together as one face: one visit of one person"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="also write one row for each photo to FILE")
    parser.add_argument("--out", type=Path, metavar="DIR", help="also write NAME.json for each photo into DIR")
    parser.add_argument("--overlay", action="store_true", help="with --out, also write NAME_overlay.jpg")
    parser.add_argument(
        "--pupil-distance-mm",
        type=float,
        metavar="MM",
        help="distance between the person's pupils, for numbers per area; the same for all photos of the call",
    )


def run(args: argparse.Namespace) -> int:
    """Grades the photos one after the other; what is finished is on the disk before the next is begun."""
    if args.overlay and args.out is None:
        raise UsageError("--overlay needs --out DIR, the folder for the pictures.")
    check_pupil_distance(args.pupil_distance_mm)
    paths = walk(args)
    conditions = [condition.name for condition in choose_conditions(args.condition)]
    statuses = []
    with ExitStack() as stack:
        table = None
        if args.csv is not None:
            refuse_overwriting(args.csv, paths)
            table = stack.enter_context(CsvFile(args.csv, csv_columns()))
        names = None
        if args.out is not None:
            make_folder(args.out)
            names = OutputNames(args.out, paths)
        if args.visit:
            return _run_visit(args, paths, conditions, table, names)
        for path in with_progress(paths):
            result = _assess(args, path, conditions)
            statuses.append(result.status)
            record = result.record()
            complain(result)
            if args.json:
                say(json_line(record))
            elif result.status == "assessed":
                say(human_line(result))
            if table is not None:
                table.add(csv_row(record))
            if names is not None:
                _write(args.out, names, path, result, record, overlay=args.overlay)
    return exit_status(statuses)


def _assess(args: argparse.Namespace, path: Path, conditions: Sequence[str]) -> Assessed:
    return assess_file(
        path, conditions=conditions, max_pixels=args.max_pixels, pupil_distance_mm=args.pupil_distance_mm
    )


def _write(
    folder: Path, names: OutputNames, path: Path, result: Assessed, record: Mapping[str, Any], *, overlay: bool
) -> None:
    pictures = overlays(result.photo, result.face, result.assessments, result.screening) if overlay else {}
    name = names.claim(path, [".json", *pictures])
    write_file(folder / f"{name}.json", (json_line(record) + "\n").encode("ascii"))
    write_overlays(folder, name, pictures)


def _run_visit(
    args: argparse.Namespace,
    paths: Sequence[Path],
    conditions: Sequence[str],
    table: CsvFile | None,
    names: OutputNames | None,
) -> int:
    """Grades the photos and puts them together; one record, written when all are done."""
    photos = [_assess(args, path, conditions) for path in with_progress(paths)]
    visit = combine_photos(photos)
    record = visit.record()
    complain_of(visit)
    if args.json:
        say(json_line(record))
    elif visit.status == "assessed":
        for line in visit_lines(visit, record):
            say(line)
    if table is not None:
        table.add(csv_row(record))
    if names is not None:
        write_visit(args.out, names, paths, visit, record, overlay=args.overlay)
    return exit_status([photo.status for photo in photos])
