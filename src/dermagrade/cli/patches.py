"""``dermagrade patches``: cuts the skin zones out of photos."""

from __future__ import annotations

import argparse
import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from dermagrade.assess.photo import assess_file
from dermagrade.cli.output import CsvFile, OutputNames, make_folder, refuse_overwriting, shown, tell, write_file
from dermagrade.cli.photos import add_photo_arguments, complain, exit_status, say, walk, with_progress
from dermagrade.face.patches import cut_patches
from dermagrade.types import ZONES, SkinPatch

#: Columns of ``patches.csv``. ``x`` and ``y`` are the patch's upper left corner and ``scale`` the length of one of its
#: pixels, all in pixels of the full photo; ``visible`` is the share of the zone that is seen.
COLUMNS = ("photo", "sha256", "zone", "file", "x", "y", "scale", "width", "height", "visible")


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Adds the command's arguments."""
    parser = subparsers.add_parser(
        "patches",
        help="cut the skin zones out of photos",
        description="Writes every zone that is found as NAME_ZONE.png (opaque where it is skin of that zone) and lists "
        "them in patches.csv.",
    )
    add_photo_arguments(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder for the files")


def run(args: argparse.Namespace) -> int:
    """Cuts the photos one after the other; photos that the screening refuses are not cut."""
    paths = walk(args)
    make_folder(args.out)
    refuse_overwriting(args.out / "patches.csv", paths)
    names = OutputNames(args.out, paths)
    statuses: list[str] = []
    with CsvFile(args.out / "patches.csv", COLUMNS) as table:
        for path in with_progress(paths):
            result = assess_file(path, conditions=(), max_pixels=args.max_pixels)
            statuses.append(result.status)
            complain(result)
            if result.status != "assessed" or result.photo is None:
                continue
            if result.face is None:
                tell(f"{result.name}: no face was found, so there is nothing to cut.")
                statuses.append("refused")
                continue
            name = names.claim(path, [f"_{zone}.png" for zone in ZONES])
            patches = cut_patches(result.photo, result.face)
            for patch in patches:
                file = f"{name}_{patch.zone}.png"
                write_file(args.out / file, _png(patch))
                table.add(
                    {
                        "photo": result.name,
                        "sha256": result.photo.sha256,
                        "zone": patch.zone,
                        "file": file,
                        "x": round(patch.origin[0], 1),
                        "y": round(patch.origin[1], 1),
                        "scale": round(patch.scale, 6),
                        "width": patch.pixels.shape[1],
                        "height": patch.pixels.shape[0],
                        "visible": round(result.face.zones[patch.zone].visible, 3),
                    }
                )
            say(shown(f"{result.name}: {', '.join(patch.zone for patch in patches) or 'no zone found'}"))
    return exit_status(statuses)


def _png(patch: SkinPatch) -> bytes:
    alpha = np.where(patch.mask, 255, 0).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(np.dstack([patch.pixels, alpha])).save(file, "PNG")
    return file.getvalue()
