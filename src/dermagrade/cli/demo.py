"""``dermagrade demo``: the whole way on one portrait, before and after lesions are painted on it."""

from __future__ import annotations

import argparse
import importlib.util
import io
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from dermagrade.assess.photo import Assessed, assess_file
from dermagrade.cli.output import json_line, make_folder, print_line, refuse_overwriting, write_file
from dermagrade.conditions.details import details_of
from dermagrade.errors import DermagradeError, MissingExtraError, PhotoError
from dermagrade.reports.overlay import draw_overlay
from dermagrade.reports.render import ModelNote, find_again, render_report
from dermagrade.simulate.lesions import NoRoomError, PaintedPhoto, paint_lesions
from dermagrade.weights.store import find_weights

if TYPE_CHECKING:
    from argparse import _SubParsersAction

CONDITION = "acne"
COUNT = 24
SEED = 1
FILES = ("before.json", "before_overlay.jpg", "after.png", "after.json", "after_overlay.jpg", "report.html")

SIMULATED = "The lesions in the second picture are simulated: they were painted by the program at known places."
NOT_DIAGNOSIS = "This is a demonstration and not a diagnosis."
PORTRAIT = (
    "The portrait is of Grace Hopper, made by the US Navy and in the public domain. She endorses nothing here and has "
    "nothing to do with this project."
)
OWN_PHOTO = "The person in the photo endorses nothing here."


def add_parser(subparsers: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command to the parser."""
    parser = subparsers.add_parser(
        "demo",
        help="the whole way on one portrait, with a report",
        description="Grades a portrait, paints simulated lesions onto it, grades it again and reports. Offline.",
    )
    parser.add_argument("--photo", type=Path, metavar="FILE", help="another portrait than the one that comes with it")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        default=Path("dermagrade-demo"),
        help="where the results go (default: %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """Runs the command.

    Returns:
        0 when everything was written.

    Raises:
        MissingExtraError: if no portrait is given and the one of the ``demo`` extra is not installed.
        PhotoError: if the portrait cannot be read or shows no face that can be graded.
        OutputError: if a result cannot be written.
    """
    photo: Path = args.photo if args.photo is not None else portrait()
    out: Path = args.out
    make_folder(out)
    for name in FILES:
        refuse_overwriting(out / name, [photo])
    notices = (PORTRAIT if args.photo is None else OWN_PHOTO, SIMULATED, NOT_DIAGNOSIS)

    before = assess_file(photo, conditions=[CONDITION])
    _write_side(out, "before", before)
    painted = _paint(before)
    buffer = io.BytesIO()
    Image.fromarray(painted.pixels).save(buffer, "PNG")
    write_file(out / "after.png", buffer.getvalue())
    after = assess_file(out / "after.png", conditions=[CONDITION])
    _write_side(out, "after", after)
    page = render_report(
        title="Dermagrade: one face, before and after simulated lesions",
        notices=notices,
        before=before,
        after=after,
        painted=painted,
        models=_models(after),
        condition=CONDITION,
        simulated="lesions",
    )
    write_file(out / "report.html", page.encode())
    _summarise(out, before, after, painted, notices)
    return 0


def portrait() -> Path:
    """The portrait that comes inside matplotlib's wheel; matplotlib itself is not imported.

    Raises:
        MissingExtraError: if it is not there.
    """
    found = importlib.util.find_spec("matplotlib")
    for folder in (found.submodule_search_locations or []) if found is not None else []:
        path = Path(folder) / "mpl-data" / "sample_data" / "grace_hopper.jpg"
        if path.is_file():
            return path
    raise MissingExtraError(
        "The demo's portrait is not installed; run: pip install 'dermagrade[demo]', or name a photo with --photo FILE."
    )


def _write_side(out: Path, name: str, assessed: Assessed) -> None:
    """Writes the record, then the overlay.

    Raises:
        PhotoError: if there is nothing to draw, with the reason.
    """
    write_file(out / f"{name}.json", (json_line(assessed.record()) + "\n").encode())
    if assessed.status == "failed":
        raise PhotoError(assessed.error or f"{assessed.name} could not be read.")
    assessment = assessed.assessments.get(CONDITION)
    if assessed.photo is None or assessed.face is None or assessment is None:
        findings = assessed.screening.findings if assessed.screening is not None else ()
        refusals = " ".join(f.message for f in findings if f.severity == "refuse")
        reason = refusals or "No face that could be graded was found."
        raise PhotoError(f"{assessed.name} cannot be graded: {reason}")
    picture = draw_overlay(assessed.photo, assessed.face, assessment, assessed.screening)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90, optimize=True)
    write_file(out / f"{name}_overlay.jpg", buffer.getvalue())


def _paint(assessed: Assessed) -> PaintedPhoto:
    """Paints as many lesions as the demo wants, or as the face has room for."""
    if assessed.photo is None or assessed.face is None:
        raise DermagradeError("There is no face to paint lesions on.")
    pixels, face = assessed.photo.pixels, assessed.face
    width = max(1.0, face.box[2] - face.box[0])
    try:
        return paint_lesions(pixels, face.label_map, count=COUNT, seed=SEED, face_width_px=width)
    except NoRoomError as error:
        if error.room == 0:
            raise
        return paint_lesions(pixels, face.label_map, count=error.room, seed=SEED, face_width_px=width)


def _models(assessed: Assessed) -> list[ModelNote]:
    notes = []
    for name, assessment in assessed.assessments.items():
        if assessment.model is not None:
            card = find_weights(name).card
            notes.append(ModelNote(assessment.model, card.read_text("utf-8") if card.is_file() else ""))
    return notes


def _summarise(out: Path, before: Assessed, after: Assessed, painted: PaintedPhoto, notices: tuple[str, ...]) -> None:
    for name, assessed in (("before", before), ("after", after)):
        assessment = assessed.assessments[CONDITION]
        if assessment.score is None:
            print_line(f"{name}: no score. {assessment.abstained}")
            continue
        said = f"{CONDITION} {assessment.label}, {assessment.score:.1f} on {assessment.scale}"
        print_line(f"{name}: {', '.join(filter(None, (said, details_of(assessment).amount())))}")
    if after.face is not None and after.photo is not None:
        width = (after.face.box[2] - after.face.box[0]) * after.photo.scale
        found = details_of(after.assessments[CONDITION]).evaluated().places
        again = find_again(painted, found, face_width_px=width)
        print_line(f"{again.found} of {len(again.rows)} painted lesions were found")
    for finding in before.screening.findings if before.screening is not None else ():
        print_line(f"photo: {finding.message}")
    print_line(f"report: {out / 'report.html'}")
    for sentence in notices:
        print_line(sentence)
