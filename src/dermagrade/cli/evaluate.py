"""``dermagrade evaluate``: measures a condition's networks on labelled photos, with human readers beside them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from dermagrade.cli.output import json_line, print_line, refuse_overwriting, shown, tell, write_file
from dermagrade.errors import UsageError
from dermagrade.evaluation.acne import AcneEvaluation, Labelled, Networks, evaluate_acne
from dermagrade.evaluation.raters import Reading
from dermagrade.reports.evaluation import render_evaluation, tables
from dermagrade.scales import ACNE_HAYASHI
from dermagrade.training.labels import read_labels, read_lesions, read_ratings

#: The grades that labels for acne may hold.
GRADES = frozenset(level.value for level in ACNE_HAYASHI.levels)


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Adds the command's arguments."""
    parser = subparsers.add_parser(
        "evaluate",
        help="measure a network on labelled photos",
        description="Grades labelled photos and compares the answers with the labels and with human readers.",
    )
    parser.add_argument("condition", metavar="CONDITION", choices=("acne",), help="what is graded: acne")
    parser.add_argument("--labels", type=Path, required=True, metavar="CSV", help="photo,subject,grade[,count,fold]")
    parser.add_argument("--images", type=Path, required=True, metavar="DIR", help="folder of the photos")
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
        "--folds", type=Path, metavar="DIR", help="folder with fold0/acne.onnx and so on, by the labels' fold"
    )
    parser.add_argument("--zones-folds", type=Path, metavar="DIR", help="the same for zones.onnx")
    parser.add_argument(
        "--by-photo", type=Path, metavar="FILE", help="keep every answer here, and go on from what is kept"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the intervals (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write a report, one HTML file")


def run(args: argparse.Namespace) -> int:
    """Measures, prints, and writes the report; 1 where a photo could not be read."""
    if args.folds is not None and args.model is not None:
        raise UsageError("--model and --folds exclude each other: name one network, or one for each fold.")
    if args.zones_folds is not None and args.zones_model is not None:
        raise UsageError("--zones-model and --zones-folds exclude each other.")
    if len(args.lesions) > 2:
        raise UsageError("--lesions may be given twice at most.")
    inputs = [path for path in (args.labels, args.ratings, *args.lesions) if path is not None]
    for path in (args.report, args.by_photo):
        if path is not None:
            refuse_overwriting(path, inputs)
    labels = read_labels(args.labels, allowed=GRADES.__contains__, scale=ACNE_HAYASHI.id)
    readings: list[Reading] = []
    if args.ratings is not None:
        readings = read_ratings(args.ratings, allowed=GRADES.__contains__, scale=ACNE_HAYASHI.id)
    evaluation = evaluate_acne(
        labels,
        args.images,
        readings=readings,
        lesions=[read_lesions(path) for path in args.lesions],
        networks=Networks(args.model, args.zones_model, args.folds, args.zones_folds),
        save=args.by_photo,
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
    for result in unreadable:
        tell(result.reason)
    return int(bool(unreadable))


def as_text(evaluation: AcneEvaluation) -> str:
    """The figures as tables to read in a terminal."""
    lines = [f"acne on {', '.join(evaluation.models) or 'no network'}", *evaluation.notes]
    for table in tables(evaluation):
        widths = [max(len(row[i]) for row in (table.columns, *table.rows)) for i in range(len(table.columns))]
        lines += ["", table.title]
        for row in (table.columns, *table.rows):
            rest = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
            lines.append("  ".join((row[0].ljust(widths[0]), *rest)))
    return "\n".join(shown(line) for line in lines)


def _with_progress(labels: Sequence[Labelled]) -> Iterator[Labelled]:
    with tqdm(labels, unit="photo", disable=None) as bar:  # None: only on a terminal
        yield from bar
