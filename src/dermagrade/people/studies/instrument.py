"""What the raters of a study grade with: a scale as it was when the study was made, pictures of its grades if the team
has some, and what fits on it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dermagrade.errors import UsageError
from dermagrade.scales import Scale


def instrument_of(scale: Scale) -> dict[str, Any]:
    """A scale with its levels and their words, to be kept with a study."""
    return {
        "scale": scale.id,
        "title": scale.title,
        "low": scale.low,
        "high": scale.high,
        "levels": [
            {"value": one.value, "label": one.label, "start": one.start, "words": one.words} for one in scale.levels
        ],
        "source": scale.source,
        "note": scale.note,
        "task": scale.task,
        "words_source": scale.words_source,
    }


@dataclass(frozen=True)
class ScalePicture:
    """A picture that stands for a grade.

    Attributes:
        grade: value of the level that it shows.
        digest: SHA-256 of its pixels, in hexadecimal digits.
        key: where the store of photos has it.
    """

    grade: float
    digest: str
    key: str


def with_pictures(instrument: Mapping[str, Any], pictures: Sequence[ScalePicture], note: str) -> dict[str, Any]:
    """The instrument with these pictures in place of those that it had, if any.

    Args:
        instrument: not changed.
        pictures: at most one for a level; none to take them away.
        note: what a rater must know of them, a sentence; may be empty.

    Raises:
        UsageError: if one is of no level, or two are of the same.
    """
    bare = {name: value for name, value in instrument.items() if name not in ("pictures", "pictures_note")}
    for picture in pictures:
        check_grade(instrument, picture.grade)
    grades = [picture.grade for picture in pictures]
    for grade in grades:
        if grades.count(grade) > 1:
            raise UsageError(f"There are two pictures of the grade {grade:g}; leave one.")
    if not pictures:
        return bare
    rising = sorted(pictures, key=lambda picture: picture.grade)
    return bare | {"pictures": [asdict(picture) for picture in rising], "pictures_note": note}


def pictures_of(instrument: Mapping[str, Any]) -> tuple[ScalePicture, ...]:
    """The pictures of an instrument, in rising order."""
    return tuple(ScalePicture(**picture) for picture in instrument.get("pictures", ()))


def picture_of(instrument: Mapping[str, Any], digest: str) -> ScalePicture | None:
    """The picture with this digest; None where the instrument has no such picture."""
    return next((picture for picture in pictures_of(instrument) if picture.digest == digest), None)


def version_of(instrument: Mapping[str, Any]) -> str:
    """16 hexadecimal digits that differ wherever raters see two instruments differ."""
    # Where a picture is kept says nothing of what it shows.
    seen = [{name: part for name, part in one.items() if name != "key"} for one in instrument.get("pictures", ())]
    instrument = dict(instrument) | ({"pictures": seen} if seen else {})
    return hashlib.sha256(json.dumps(instrument, sort_keys=True).encode()).hexdigest()[:16]


def check_grade(instrument: Mapping[str, Any], grade: float) -> None:
    """A rater's grade is the value of one of the levels.

    Raises:
        UsageError: if it is none.
    """
    values = [level["value"] for level in instrument["levels"]]
    if grade not in values:
        raise UsageError(f"The grade {grade:g} is none of {', '.join(f'{value:g}' for value in values)}.")


def check_reference(instrument: Mapping[str, Any], kind: str, reference: float | None) -> None:
    """A golden or calibration photo has a reference, which may lie between levels; an ordinary one has none.

    Raises:
        UsageError: if it is not so.
    """
    if kind == "ordinary":
        if reference is not None:
            raise UsageError("An ordinary photo has no reference grade; make it golden or one for calibration.")
        return
    low, high = instrument["low"], instrument["high"]
    if reference is None or not math.isfinite(reference) or not low <= reference <= high:
        raise UsageError(f"A {kind} photo needs a reference grade from {low:g} to {high:g}.")
