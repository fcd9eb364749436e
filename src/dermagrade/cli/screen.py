"""``dermagrade screen``: checks the quality of photos, without grading them."""

from __future__ import annotations

import argparse
from typing import Any

from dermagrade.assess.photo import Assessed, assess_file
from dermagrade.cli.output import json_line, shown
from dermagrade.cli.photos import add_photo_arguments, complain, exit_status, say, walk, with_progress


def screen_record(result: Assessed) -> dict[str, Any]:
    """The record of one photo: as that of ``assess``, up to the screening; a photo that passed is ``screened``."""
    record = result.record()
    kept = {key: record[key] for key in ("photo", "sha256", "width", "height", "status", "error") if key in record}
    if result.status == "assessed":
        kept["status"] = "screened"
    return kept | {"screening": record["screening"], "elapsed_ms": record["elapsed_ms"]}


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Adds the command's arguments."""
    parser = subparsers.add_parser(
        "screen",
        help="check the quality of photos, without grading",
        description="Checks photos and says what to do better. Refused and failed photos go to stderr.",
    )
    add_photo_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """Screens the photos one after the other."""
    statuses = []
    for path in with_progress(walk(args)):
        result = assess_file(path, conditions=(), max_pixels=args.max_pixels)
        statuses.append(result.status)
        complain(result)
        if args.json:
            say(json_line(screen_record(result)))
        elif result.status == "assessed" and result.screening is not None:
            findings = " ".join(f"{f.message} [{f.code}]" for f in result.screening.findings)
            say(shown(f"{result.name}: {result.screening.verdict}{'. ' if findings else ''}{findings}"))
    return exit_status(statuses)
