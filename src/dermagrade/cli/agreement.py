"""``dermagrade agreement``: how well raters agree with each other and with themselves."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from dermagrade.cli.output import json_line, print_line, shown
from dermagrade.errors import LabelsError
from dermagrade.evaluation.raters import rater_agreement
from dermagrade.training.labels import read_ratings, read_rows


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Adds the command's arguments."""
    parser = subparsers.add_parser(
        "agreement",
        help="say how well raters agree",
        description="Agreement of every pair of raters, of each with the mean of the others, and of each with their "
        "own second round.",
    )
    parser.add_argument("ratings", type=Path, metavar="RATINGS.csv", help="photo,rater,grade[,round]")
    parser.add_argument(
        "--labels", type=Path, metavar="CSV", help="photo,subject: whose photo it is, for intervals over persons"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the intervals (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Reads the ratings and prints what they say."""
    readings = read_ratings(args.ratings, allowed=lambda grade: True, scale="")
    if not readings:
        raise LabelsError(f"{args.ratings} holds no grade.")
    persons = {}
    if args.labels is not None:
        persons = {row["photo"]: row["subject"] or row["photo"] for row in read_rows(args.labels, ("photo", "subject"))}
    figures = rater_agreement(readings, persons=persons, seed=args.seed)
    if args.json:
        plain = {
            part: {who: {name: e.record() for name, e in found.items()} for who, found in table.items()}
            for part, table in figures.items()
        }
        print_line(json_line({"raters": sorted({r.rater for r in readings})} | plain))
        return 0
    titles = {
        "pairs": "Pairs of raters",
        "against_the_others": "Each rater against the mean of the others",
        "repeated": "Each rater's second round against the first",
    }
    for part, table in figures.items():
        if table:
            print_line(titles[part])
        for who, found in table.items():
            print_line(shown(f"  {who}"))
            for name, e in found.items():
                ends = f" ({e.low:.2f} to {e.high:.2f})" if np.isfinite(e.low) else ""
                value = f"{e.value:.2f}{ends}" if np.isfinite(e.value) else "undefined"
                print_line(f"    {name.replace('_', ' '):16} {value}, {e.photos} photos of {e.persons} persons")
    return 0
