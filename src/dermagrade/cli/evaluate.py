"""``dermagrade evaluate``: measures a condition's networks on labelled photos, with human readers beside them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from dermagrade.assess.photo import choose_conditions
from dermagrade.cli.output import json_line, print_line, refuse_overwriting, shown, tell, write_file
from dermagrade.conditions import CONDITIONS, Condition
from dermagrade.errors import LabelsError, PhotoError, UsageError
from dermagrade.evaluation.answers import PhotoResult, read_answers
from dermagrade.evaluation.labelled import Labelled
from dermagrade.evaluation.leakage import Twins
from dermagrade.evaluation.measure import Evaluation, evaluate_condition
from dermagrade.evaluation.networks import Networks
from dermagrade.reports.evaluation.grades import confusions
from dermagrade.reports.evaluation.headlines import headlines
from dermagrade.reports.evaluation.report import render_evaluation, tables
from dermagrade.scales import SCALES, Scale
from dermagrade.tables.grade_scale import grades_of
from dermagrade.tables.join import join
from dermagrade.tables.labels import PhotoLabel, read_labels, simulated_rows
from dermagrade.tables.lesions import Marks, check_lesions, read_lesions
from dermagrade.tables.near_duplicates import NearDuplicate, near_duplicates
from dermagrade.tables.persons import infer_subjects
from dermagrade.tables.photo_files import find_photos, locate_photos
from dermagrade.tables.ratings import read_ratings
from dermagrade.tables.readings import Reading
from dermagrade.tables.row import read_rows

#: The scales that labels may be on, whatever the condition.
LABEL_SCALES = tuple(dict.fromkeys(name for condition in CONDITIONS.values() for name in condition.label_scales))


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Adds the command's arguments."""
    parser = subparsers.add_parser(
        "evaluate",
        help="measure a network on labelled photos",
        description="Grades labelled photos and compares the answers with the labels and with human readers.",
    )
    names = ", ".join(CONDITIONS)
    parser.add_argument("condition", metavar="CONDITION", choices=tuple(CONDITIONS), help=f"what is graded: {names}")
    parser.add_argument("--labels", type=Path, required=True, metavar="CSV", help="photo,subject,grade[,count,fold]")
    parser.add_argument("--images", type=Path, required=True, metavar="DIR", help="folder of the photos")
    parser.add_argument(
        "--scale",
        choices=LABEL_SCALES,
        metavar="ID",
        help="scale of the grades, the default first: "
        + "; ".join(f"{c.name}: {', '.join(c.label_scales)}" for c in CONDITIONS.values() if c.label_scales),
    )
    parser.add_argument("--ratings", type=Path, metavar="CSV", help="photo,rater,grade[,round]: human readers")
    parser.add_argument(
        "--lesions",
        type=Path,
        action="append",
        default=[],
        metavar="CSV",
        help="photo,x,y,radius: marked lesions; may be given twice, for two annotations",
    )
    parser.add_argument("--model", type=Path, metavar="DIR", help="weights to measure (default: the shipped ones)")
    parser.add_argument("--zones-model", type=Path, metavar="DIR", help="zone network (default: the shipped one)")
    parser.add_argument(
        "--folds", type=Path, metavar="DIR", help="folder with fold0/NAME.onnx and so on, by the labels' fold"
    )
    parser.add_argument("--zones-folds", type=Path, metavar="DIR", help="the same for zones.onnx")
    parser.add_argument(
        "--by-photo", type=Path, metavar="FILE", help="keep every answer here, and go on from what is kept"
    )
    parser.add_argument(
        "--against", type=Path, metavar="FILE", help="another network's answers, kept by --by-photo, to compare with"
    )
    parser.add_argument(
        "--naive", type=Path, metavar="FILE", help="answers by folds drawn photo by photo, to measure leakage"
    )
    parser.add_argument(
        "--pairs",
        type=Path,
        metavar="CSV",
        help="photo,other,kind: copies that belong together, for --naive (default: searched)",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed of the intervals (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write a report, one HTML file")


def run(args: argparse.Namespace) -> int:
    """Measures, prints, and writes the report; 1 where a photo could not be read."""
    _check(args)
    (condition,) = choose_conditions([args.condition])
    if args.model is not None or args.folds is not None:
        _ = condition.network  # refuses a condition that has none
    scale = _scale(condition, args.scale)
    labels = read_labels(args.labels, allowed=grades_of(scale), scale=scale.id)
    readings = _readings(args.ratings, labels, scale)
    lesions = _lesions(args.lesions, labels)
    against, naive = (_answers(path, labels) for path in (args.against, args.naive))
    labels, notes, pairs = _with_persons(args, labels)
    painted = simulated_rows(args.labels)
    if painted:
        notes = [f"Simulated: the grades of {painted} of {len(labels)} photos are of what a program painted.", *notes]
    evaluation = evaluate_condition(
        condition,
        labels,
        args.images,
        scale=scale,
        readings=readings,
        lesions=lesions,
        networks=Networks(condition.weights, args.model, args.zones_model, args.folds, args.zones_folds),
        save=args.by_photo,
        against=against,
        naive=naive,
        pairs=pairs,
        notes=notes,
        seed=args.seed,
        progress=_with_progress,
    )
    if args.json:
        print_line(json_line(evaluation.record()))
    else:
        print_line(as_text(evaluation))
    if args.report is not None:
        write_file(args.report, render_evaluation(evaluation).encode())
    unreadable = [result for result in evaluation.photos if result.unreadable]
    if unreadable:
        located = find_photos(_names(labels), args.images, table=str(args.labels))
        _tell_all([*located.report.notes_on_names, *(r.reason for r in unreadable if r.photo in located.found)])
    return int(bool(unreadable))


def _readings(path: Path | None, labels: Sequence[PhotoLabel], scale: Scale) -> Sequence[Reading]:
    """The readers' grades of the labelled photos; what matches no label is said."""
    if path is None:
        return ()
    table = read_ratings(path, scale=scale.id)
    graded = {reading.photo: reading for reading in table.readings}
    report = join(_names(labels), graded, names_are="labelled photos", table=str(path)).report
    _tell_all([*table.notes, *report.notes_on_table])
    return table.readings


def _lesions(paths: Sequence[Path], labels: Sequence[PhotoLabel]) -> list[Marks]:
    """The marked lesions by annotation; what matches no label is said."""
    found: list[Marks] = []
    for number, path in enumerate(paths):
        marks = read_lesions(path)
        _tell_all(check_lesions(marks, labels, table=str(path), second=number == 1))
        found.append(marks)
    return found


def _answers(path: Path | None, labels: Sequence[PhotoLabel]) -> dict[str, PhotoResult] | None:
    """Kept answers by the labels' names; photos on either side that the other lacks are said."""
    if path is None:
        return None
    joined = join(_names(labels), read_answers(path), names_are="labelled photos", table=str(path))
    _tell_all(joined.report.notes)
    return {photo: replace(result, photo=photo) for photo, result in joined.found.items()}


def _pairs(path: Path | None, labels: Sequence[PhotoLabel]) -> list[Twins] | None:
    """Pairs of copies; photos of theirs without a label are said."""
    if path is None:
        return None
    pairs = read_pairs(path)
    named = {photo: pair for pair in pairs for photo in pair[:2]}
    _tell_all(join(_names(labels), named, names_are="labelled photos", table=str(path)).report.notes_on_table)
    return pairs


def _names(labels: Sequence[PhotoLabel]) -> list[str]:
    return [label.photo for label in labels]


def _tell_all(notes: Sequence[str]) -> None:
    for note in notes:
        tell(note)


def _with_persons(
    args: argparse.Namespace, labels: list[PhotoLabel]
) -> tuple[list[PhotoLabel], list[str], Sequence[Twins]]:
    """The labels with a person each, what is to be said of that, and the pairs for the audit of a naive split."""
    given = _pairs(args.pairs, labels)
    named = all(label.subject_given for label in labels)
    if named and (args.naive is None or given is not None):
        return labels, [], given or ()
    try:
        files = locate_photos(_names(labels), args.images, table=str(args.labels))
        alike = near_duplicates([files[label.photo] for label in labels])
    except (LabelsError, PhotoError) as error:
        # The photos that can be graded are, all the same.
        tell(f"{error} So copies of photos were not searched.")
        return labels, [], given or ()
    found = [(labels[pair.first].photo, labels[pair.second].photo, _kind(pair)) for pair in alike]
    notes: list[str] = []
    if not named:
        labels, notes = infer_subjects(labels, args.images, pairs=alike)
    return labels, notes, found if given is None else given


def _kind(pair: NearDuplicate) -> str:
    return "flip" if pair.mirrored else "copy" if pair.copy else "near-duplicate"


def read_pairs(path: Path) -> list[Twins]:
    """Copies that belong together, from ``photo,other,kind``.

    Raises:
        LabelsError: if the file is missing, empty or lacks a column.
    """
    rows = read_rows(path, ("photo", "other", "kind"))
    return [(row["photo"], row["other"], row["kind"] or "copy") for row in rows]


def as_text(evaluation: Evaluation) -> str:
    """The figures as tables to read in a terminal."""
    lines = [
        f"{evaluation.condition.name} on {', '.join(evaluation.models) or 'no network'}",
        *evaluation.notes,
        "",
        *headlines(evaluation),
    ]
    for table in tables(evaluation):
        lines += ["", table.title, *_columns([table.columns, *table.rows])]
    for title, rows in confusions(evaluation):
        counts = [(row["label"], *(str(cell["count"]) for cell in row["cells"])) for row in rows]
        lines += ["", title, *_columns([("published", *(row["label"] for row in rows)), *counts])]
    return "\n".join(shown(line) for line in lines)


def _check(args: argparse.Namespace) -> None:
    if args.folds is not None and args.model is not None:
        raise UsageError("--model and --folds exclude each other: name one network, or one for each fold.")
    if args.zones_folds is not None and args.zones_model is not None:
        raise UsageError("--zones-model and --zones-folds exclude each other.")
    if len(args.lesions) > 2:
        raise UsageError("--lesions may be given twice at most.")
    if args.pairs is not None and args.naive is None:
        raise UsageError("--pairs belongs to --naive: name the answers of the naive split too.")
    given = (args.labels, args.ratings, args.against, args.naive, args.pairs, *args.lesions)
    inputs = [path for path in given if path is not None]
    for path in (args.report, args.by_photo):
        if path is not None:
            refuse_overwriting(path, inputs)


def _scale(condition: Condition, asked: str | None) -> Scale:
    """The scale of the labels: the one asked for, else the condition's first."""
    if not condition.label_scales:
        raise UsageError(f"{condition.name} is not labelled on any scale, so it cannot be measured against labels.")
    if asked is not None and asked not in condition.label_scales:
        raise UsageError(f"{condition.name} is labelled on {' or '.join(condition.label_scales)}, not on {asked}.")
    return SCALES[asked or condition.label_scales[0]]


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join((row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)))).rstrip()
        for row in rows
    ]


def _with_progress(labels: Sequence[Labelled]) -> Iterator[Labelled]:
    with tqdm(labels, unit="photo", disable=None) as bar:  # None: only on a terminal
        yield from bar
