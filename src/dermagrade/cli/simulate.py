"""``dermagrade simulate``: paints a condition onto a photo, or onto many as a graded study, with the truth about it."""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from tqdm import tqdm

from dermagrade.cli.output import CsvFile, make_folder, print_line, refuse_overwriting, tell, write_file
from dermagrade.conditions import CONDITIONS
from dermagrade.conditions.condition import Condition
from dermagrade.errors import PhotoError, UsageError
from dermagrade.evaluation.painted.simulated_study import BasePhoto, SimulatedStudy, make_study, record_of
from dermagrade.face.zones import find_face
from dermagrade.photo.read import read_photo, walk_photos
from dermagrade.scales import SCALES
from dermagrade.simulate.lesions import paint_lesions
from dermagrade.simulate.truth_map import truth_png
from dermagrade.types import FaceMap, Photo

if TYPE_CHECKING:
    from argparse import _SubParsersAction

#: The condition whose lesions are painted by number where no grade is asked for.
LESIONS_OF = "acne"
#: A picture of a series shows its grade to within this.
SERIES_WITHIN = 0.25


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command to the parser."""
    parser = subparsers.add_parser(
        "simulate",
        help="paint a simulated condition onto photos, with the truth about it",
        description="Paints a simulated condition onto the face in a photo. Without --grade: acne lesions, as "
        "NAME_painted.png with their places in NAME_lesions.csv (photo,x,y,radius, in pixels of that picture). With "
        "--condition and --grade: NAME_painted.png, NAME_truth.json (grade, zones, what was painted) and "
        "NAME_truth.png (how strong at each pixel: 16-bit grey, 32768 for 0 and 8192 steps for 1). With --series: "
        "pictures of all grades. With --study: a folder of painted photos with labels.csv.",
    )
    parser.add_argument("photo", type=Path, metavar="PHOTO", nargs="?", help="the photo; none with --study")
    parser.add_argument("--out", type=Path, metavar="DIR", required=True, help="where the files go")
    parser.add_argument("--condition", choices=list(CONDITIONS), default=LESIONS_OF, help="(default: %(default)s)")
    parser.add_argument("--grade", type=float, metavar="G", help="wished grade on the condition's scale")
    parser.add_argument(
        "--series",
        action="store_true",
        help="one picture for each whole grade, called by it, with about.txt: pictures for raters (study create "
        "--scale-pictures)",
    )
    parser.add_argument(
        "--method", metavar="NAME", help="how to paint, where a condition can be painted in several ways"
    )
    parser.add_argument(
        "--as-is",
        action="store_true",
        help="keep what the face itself shows of the condition; grades do not count it",
    )
    parser.add_argument("--lesions", type=int, metavar="N", help="how many acne lesions (default: 20)")
    parser.add_argument("--study", type=int, metavar="N", help="make a simulated graded study of N pictures")
    parser.add_argument("--images", type=Path, metavar="DIR", nargs="+", help="photos to paint a study on")
    parser.add_argument(
        "--varied",
        action="store_true",
        help="a study to learn from: half of the faces as they are, most with redness, shadow, uneven light, shine, "
        "stubble or acne that counts in no grade, as JPEG of varying quality",
    )
    parser.add_argument(
        "--part", metavar="K/N", help="every N-th picture of a study from the K-th on, for N commands side by side"
    )
    parser.add_argument(
        "--seed", type=int, metavar="S", default=0, help="seed of the random numbers (default: %(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Runs the command.

    Returns:
        0 when every file is written; 1 when photos of a study or grades of a series were left out.

    Raises:
        UsageError: for options that do not go together or a number off its range.
        PhotoError: if the photo cannot be read or holds no face.
        NoRoomError: if the face has no room for so many lesions.
        OutputError: if a file cannot be written.
    """
    condition = CONDITIONS[args.condition]
    _check(args, condition)
    if args.study is not None:
        return _study(args, condition)
    if args.series:
        return _series(args, condition)
    if args.grade is None:
        return _lesions(args)
    return _graded(args, condition)


def _check(args: argparse.Namespace, condition: Condition) -> None:
    graded = args.study is not None or args.grade is not None or args.series
    if args.series and (args.study is not None or args.grade is not None):
        raise UsageError("--series paints every grade; leave --grade and --study out.")
    if args.seed < 0 or (args.lesions is not None and args.lesions < 0):
        raise UsageError("--lesions and --seed must be 0 or more.")
    if graded and args.lesions is not None:
        raise UsageError("--lesions is a number of acne lesions; with --grade, --series or --study leave it out.")
    if args.study is not None and (args.photo is not None or args.grade is not None or not args.images):
        raise UsageError("--study draws the grades itself and takes its photos by --images DIR.")
    if args.study is None and (args.photo is None or args.images):
        raise UsageError("Name one photo to paint on, or --study N --images DIR for many.")
    if args.study is not None and args.study < 1:
        raise UsageError("--study must be 1 or more.")
    if args.study is None and (args.varied or args.part is not None):
        raise UsageError("--varied and --part go with --study.")
    if args.varied and args.as_is:
        raise UsageError("--varied leaves half of the faces as they are by itself; leave --as-is out.")
    if not graded and (args.method is not None or args.as_is):
        raise UsageError("--method and --as-is go with --grade, --series or --study.")
    if condition.paint is None and (graded or condition.name != LESIONS_OF):
        can = [name for name, other in CONDITIONS.items() if other.paint is not None]
        raise UsageError(f"{condition.title} cannot be painted at a grade; these can: {', '.join(can) or 'none'}.")
    # Single lesions need no grade to be painted.
    if not graded and condition.name != LESIONS_OF:
        raise UsageError(f"Name the grade to paint: --grade G, on {condition.scale}; or --series for every grade.")
    if args.method is not None and args.method not in condition.paint_methods:
        raise UsageError(
            f"There is no painting method {args.method!r}; there are: {', '.join(condition.paint_methods)}."
        )
    if args.grade is not None:
        scale = SCALES[condition.scale]
        if not scale.low <= args.grade <= scale.high:
            raise UsageError(f"--grade must be on {scale.id}, {scale.low:g} to {scale.high:g}, not {args.grade:g}.")


def _photo_and_face(path: Path) -> tuple[Photo, FaceMap]:
    photo = read_photo(path)
    face = find_face(photo)
    if face is None:
        raise PhotoError(f"No face was found in {path}; use a close photo of one face.")
    return photo, face


def _skin(path: Path) -> tuple[Photo, FaceMap]:
    """A photo and its face, which shows some skin."""
    photo, face = _photo_and_face(path)
    if not face.found:
        raise PhotoError(f"No skin of the face is visible in {path}; use a closer photo.")
    return photo, face


def _lesions(args: argparse.Namespace) -> int:
    picture_path = args.out / f"{args.photo.stem}_painted.png"
    table_path = args.out / f"{args.photo.stem}_lesions.csv"
    for path in (picture_path, table_path):
        refuse_overwriting(path, [args.photo])
    photo, face = _photo_and_face(args.photo)
    width = max(1.0, face.box[2] - face.box[0])
    count = 20 if args.lesions is None else args.lesions
    painted = paint_lesions(photo.pixels, face.label_map, count=count, seed=args.seed, face_width_px=width)
    make_folder(args.out)
    _write_picture(picture_path, Image.fromarray(painted.pixels))
    with CsvFile(table_path, ("photo", "x", "y", "radius")) as table:
        for lesion in painted.lesions:
            row = {"x": round(lesion.x, 1), "y": round(lesion.y, 1), "radius": round(lesion.radius, 1)}
            table.add({"photo": picture_path.name, **row})
    print_line(f"{len(painted.lesions)} simulated lesions painted: {picture_path}, {table_path}")
    return 0


def _graded(args: argparse.Namespace, condition: Condition) -> int:
    assert condition.paint is not None  # _check has seen to that
    stem = args.out / args.photo.stem
    picture, truth, record = (Path(f"{stem}{end}") for end in ("_painted.png", "_truth.png", "_truth.json"))
    for path in (picture, truth, record):
        refuse_overwriting(path, [args.photo])
    photo, face = _skin(args.photo)
    simulated = condition.paint(
        photo, face, grade=args.grade, seed=args.seed, bare=not args.as_is, method=args.method or ""
    )
    make_folder(args.out)
    _write_picture(picture, Image.fromarray(simulated.pixels))
    if simulated.truth is not None:
        write_file(truth, truth_png(simulated.truth))
    known = {"photo": picture.name, "seed": args.seed, **record_of(condition, args.grade, simulated)}
    write_file(record, (json.dumps(known, indent=2) + "\n").encode())
    print_line(
        f"Simulated {condition.title.lower()} of grade {simulated.grade:.2f} on {condition.scale} painted: {picture}, "
        f"{record}"
    )
    return 0


def _series(args: argparse.Namespace, condition: Condition) -> int:
    assert condition.paint is not None  # _check has seen to that
    photo, face = _skin(args.photo)
    make_folder(args.out)
    around = _around(face, photo)
    levels = SCALES[condition.scale].levels
    pictures = {level.value: args.out / f"{level.value:g}.png" for level in levels if level.words}
    for path in pictures.values():
        refuse_overwriting(path, [args.photo])
    painted = 0
    for grade, path in tqdm(pictures.items(), unit="picture", disable=_unwatched()):
        simulated = condition.paint(
            photo, face, grade=grade, seed=args.seed, bare=not args.as_is, method=args.method or ""
        )
        if abs(simulated.grade - grade) > SERIES_WITHIN:
            _complain(f"Grade {grade:g}: the face has room for {simulated.grade:.2f} only, so no picture was made.")
            continue
        _write_picture(path, Image.fromarray(simulated.pixels).crop(around))
        painted += 1
    note = (
        f"Simulated: {condition.title.lower()} painted onto one face, not photographed. Other faces show it otherwise."
    )
    write_file(args.out / "about.txt", f"{note}\n".encode())
    print_line(f"Simulated pictures of {painted} grades on {condition.scale}: {args.out}")
    return int(painted < len(pictures))


def _around(face: FaceMap, photo: Photo) -> tuple[int, int, int, int]:
    """The face with a fifth of its longer side all around, as far as the photo shows it."""
    x0, y0, x1, y1 = face.box
    margin = 0.2 * max(x1 - x0, y1 - y0)
    height, width = photo.pixels.shape[:2]
    return (
        max(0, round(x0 - margin)),
        max(0, round(y0 - margin)),
        min(width, round(x1 + margin)),
        min(height, round(y1 + margin)),
    )


def _study(args: argparse.Namespace, condition: Condition) -> int:
    photos = _base_photos(args.images)
    study = SimulatedStudy(condition, photos, args.study, args.seed, args.method or "", not args.as_is, args.varied)
    part = _part(args.part)
    with tqdm(
        total=len(range(args.study)[part[0] :: part[1]]),
        unit="picture",
        disable=_unwatched(),
    ) as bar:
        left_out = make_study(study, args.out, tell=_complain, finished=bar.update, part=part)
    print_line(
        f"Simulated study of {args.study} pictures: {args.out / 'labels.csv'}. Its grades on {condition.scale} are "
        "those of the painting; no rater gave them."
    )
    return int(left_out > 0)


def _part(text: str | None) -> tuple[int, int]:
    """0-based k and n of ``k/n``."""
    found = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)", text or "1/1")
    if found is None or int(found[1]) > int(found[2]):
        raise UsageError(f"--part must be like 1/2 or 2/2, not {text}.")
    return int(found[1]) - 1, int(found[2])


def _unwatched() -> bool:
    """Whether no progress bar is shown."""
    return sys.stderr is None or not sys.stderr.isatty()


def _complain(line: str) -> None:
    """One line on stderr, between two states of the progress bar."""
    if _unwatched():
        tell(line)
        return
    with tqdm.external_write_mode(file=sys.stderr):
        tell(line)


def _base_photos(folders: list[Path]) -> list[BasePhoto]:
    """All photos below the folders; a subject is a photo's path below its folder, with the folder where there are
    several."""
    found = []
    for folder in folders:
        for path in walk_photos([folder]):
            inside = path.relative_to(folder).as_posix() if path != folder else path.name
            found.append(BasePhoto(path, inside if len(folders) == 1 else f"{folder.as_posix()}/{inside}"))
    return found


def _write_picture(path: Path, picture: Image.Image) -> None:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    write_file(path, buffer.getvalue())
