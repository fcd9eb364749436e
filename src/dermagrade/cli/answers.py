"""A condition's answer for people: as a sentence, and as a picture beside the photo."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from dermagrade.cli.output import write_file
from dermagrade.conditions.details import details_of
from dermagrade.reports.overlay import draw_overlay
from dermagrade.types import Assessment, FaceMap, Photo, Screening


def sentence(assessment: Assessment) -> str:
    """What is said of one condition, on one line."""
    if assessment.score is None:
        return f"{assessment.condition} not graded: {assessment.abstained}"
    text = f"{assessment.condition} {assessment.score:.1f} {assessment.label} on {assessment.scale}"
    return ", ".join((text, *details_of(assessment).clauses()))


def overlays(
    photo: Photo | None, face: FaceMap | None, answers: Mapping[str, Assessment], screening: Screening | None
) -> dict[str, Image.Image]:
    """The overlay picture of each condition that has a score, by the ending of its file's name."""
    pictures: dict[str, Image.Image] = {}
    if photo is not None and face is not None:
        for assessment in answers.values():
            if assessment.abstained is None:
                # The first condition's picture has the plain name; those of further ones say whose they are.
                ending = f"_overlay_{assessment.condition}.jpg" if pictures else "_overlay.jpg"
                pictures[ending] = draw_overlay(photo, face, assessment, screening)
    return pictures


def write_overlays(folder: Path, name: str, pictures: Mapping[str, Image.Image]) -> None:
    """Writes each picture as a JPEG.

    Raises:
        OutputError: if one cannot be written.
    """
    for ending, picture in pictures.items():
        jpeg = io.BytesIO()
        picture.save(jpeg, "JPEG", quality=90)
        write_file(folder / f"{name}{ending}", jpeg.getvalue())
