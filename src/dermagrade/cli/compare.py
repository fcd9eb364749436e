"""``dermagrade compare``: how the photos of one person, or of each person of a table, differ over time."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from dermagrade.assess.series import Compared, assess_series, choose_comparing
from dermagrade.cli.output import json_line, shown, tell
from dermagrade.cli.photos import add_max_pixels, bar_aside, on_terminal, say
from dermagrade.conditions import CONDITIONS
from dermagrade.conditions.details import details_of
from dermagrade.errors import UsageError
from dermagrade.photo.read import walk_photos
from dermagrade.tables.photo_files import locate_photos
from dermagrade.tables.series import read_series
from dermagrade.types import Change


@dataclass(frozen=True)
class Asked:
    """One series to compare: its files in order, and what a table says of them."""

    paths: tuple[Path, ...]
    subject: str | None = None
    taken_at: tuple[datetime | None, ...] = ()


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Adds the command's arguments."""
    parser = subparsers.add_parser(
        "compare",
        help="say how a person's photos differ over time",
        description="Compares photos of one person, in the order given: improved, worse or no detectable change, the "
        "first against the last and along the way. Without --json one line for each series.",
    )
    parser.add_argument(
        "photos",
        nargs="*",
        metavar="PHOTO",
        help="a photo, or a folder, walked in name order; with --table one folder, that of its photos",
    )
    parser.add_argument("--by-time", action="store_true", help="in the order in which the files say they were taken")
    parser.add_argument(
        "--table", type=Path, metavar="CSV", help="photo,subject[,taken_at]: compare the photos of every subject"
    )
    parser.add_argument(
        "--condition",
        action="append",
        choices=list(CONDITIONS),
        help="compare this alone; may be given again (default: all that can)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object for each series")
    parser.add_argument("--out", type=Path, metavar="DIR", help=argparse.SUPPRESS)
    parser.add_argument("--overlay", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--report", type=Path, metavar="FILE", help=argparse.SUPPRESS)
    add_max_pixels(parser)


def run(args: argparse.Namespace) -> int:
    """Compares one series after the other; 1 where one was refused or failed."""
    for option in ("out", "overlay", "report"):
        if getattr(args, option):
            raise UsageError(f"There are no pictures or reports of comparisons yet; leave --{option} out.")
    names = [condition.name for condition in choose_comparing(args.condition)]
    statuses = []
    for asked in _with_progress(_asked(args)):
        compared = assess_series(
            asked.paths,
            conditions=names,
            subject=asked.subject,
            taken_at=asked.taken_at,
            by_time=args.by_time and not any(asked.taken_at),
            max_pixels=args.max_pixels,
        )
        statuses.append(compared.status)
        _complain(compared)
        if args.json:
            say(json_line(compared.record()))
        elif compared.status == "compared":
            say(human_line(compared))
    return int(any(status != "compared" for status in statuses))


def human_line(compared: Compared) -> str:
    """What the command prints for one series that was compared."""
    title = f"{compared.subject}, {len(compared.photos)} photos" if compared.subject else _title(compared)
    notes = [f"{finding.severity} {finding.code}" for finding in compared.findings]
    codes = f" [{', '.join(notes)}]" if notes else ""
    return shown(f"{title}: {'; '.join(sentence(change) for change in compared.changes.values())}{codes}")


def sentence(change: Change) -> str:
    """What is said of one condition, on one line."""
    if change.verdict is None:
        return f"{change.condition} not compared: {change.abstained}"
    text = f"{change.condition} {change.verdict} on {change.scale}"
    if change.difference is not None:
        first, last = change.scores[0], change.scores[-1]
        text += f", {first:.1f} to {last:.1f} ({change.difference:+.1f}"
        text += f", likely {change.interval[0]:+.1f} to {change.interval[1]:+.1f})" if change.interval else ")"
    return ", ".join((text, *details_of(change).clauses()))


def _asked(args: argparse.Namespace) -> list[Asked]:
    """The series that the call names."""
    if args.table is None:
        paths = walk_photos(args.photos)
        if len(paths) < 2:
            raise UsageError("Name two photos or more of one person, or --table CSV.")
        return [Asked(tuple(paths))]
    if len(args.photos) > 1:
        raise UsageError("--table names the photos; give the one folder that they are in, or none for the table's own.")
    folder = Path(args.photos[0]) if args.photos else args.table.parent
    series = read_series(args.table)
    files = locate_photos(
        [photo.photo for photos in series.values() for photo in photos], folder, table=str(args.table)
    )
    return [
        Asked(tuple(files[one.photo] for one in photos), subject, tuple(one.taken_at for one in photos))
        for subject, photos in series.items()
    ]


def _title(compared: Compared) -> str:
    return f"{compared.photos[0].name} to {compared.photos[-1].name}"


def _complain(compared: Compared) -> None:
    """One line on stderr for a series that was refused or failed; nothing for any other."""
    if compared.status == "compared":
        return
    title = compared.subject or _title(compared)
    message = compared.error
    if message is None:
        findings = compared.record()["findings"]
        reasons = [(f"{f['photo']}: " if "photo" in f else "") + f"{f['message']} [{f['code']}]" for f in findings]
        message = f"refused. {' '.join(reasons)}"
    with bar_aside():
        tell(f"{title}: {message}")


def _with_progress(series: Sequence[Asked]) -> Iterator[Asked]:
    with tqdm(series, unit="series", disable=not on_terminal()) as bar:
        yield from bar
