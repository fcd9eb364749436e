"""``dermagrade simulate``: paints lesions onto a photo and writes down where they are."""

from __future__ import annotations

import argparse
import io
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from dermagrade.cli.output import CsvFile, make_folder, print_line, refuse_overwriting, write_file
from dermagrade.errors import PhotoError, UsageError
from dermagrade.face.zones import find_face
from dermagrade.photo.read import read_photo
from dermagrade.simulate import paint_lesions

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command to the parser."""
    parser = subparsers.add_parser(
        "simulate",
        help="paint lesions onto a photo, with the truth about them",
        description="Paints simulated acne lesions onto the face in a photo. Writes the picture as NAME_painted.png "
        "and the places as NAME_lesions.csv (photo,x,y,radius, in pixels of that picture).",
    )
    parser.add_argument("photo", type=Path, metavar="PHOTO")
    parser.add_argument("--out", type=Path, metavar="DIR", required=True, help="where the two files go")
    parser.add_argument("--lesions", type=int, metavar="N", default=20, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, metavar="S", default=0, help="of the random numbers (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    """Runs the command.

    Returns:
        0 when both files are written.

    Raises:
        UsageError: for a negative number.
        PhotoError: if the photo cannot be read or holds no face.
        NoRoomError: if the face has no room for so many lesions.
        OutputError: if a file cannot be written.
    """
    if args.lesions < 0 or args.seed < 0:
        raise UsageError("--lesions and --seed must be 0 or more.")
    picture_path = args.out / f"{args.photo.stem}_painted.png"
    table_path = args.out / f"{args.photo.stem}_lesions.csv"
    for path in (picture_path, table_path):
        refuse_overwriting(path, [args.photo])
    photo = read_photo(args.photo)
    face = find_face(photo)
    if face is None:
        raise PhotoError(f"No face was found in {args.photo}; use a photo that shows one face from near.")
    width = max(1.0, face.box[2] - face.box[0])
    painted = paint_lesions(photo.pixels, face.label_map, count=args.lesions, seed=args.seed, face_width_px=width)
    make_folder(args.out)
    buffer = io.BytesIO()
    Image.fromarray(painted.pixels).save(buffer, "PNG")
    write_file(picture_path, buffer.getvalue())
    with CsvFile(table_path, ("photo", "x", "y", "radius")) as table:
        for lesion in painted.lesions:
            row = {"x": round(lesion.x, 1), "y": round(lesion.y, 1), "radius": round(lesion.radius, 1)}
            table.add({"photo": picture_path.name, **row})
    print_line(f"{len(painted.lesions)} simulated lesions painted: {picture_path}, {table_path}")
    return 0
