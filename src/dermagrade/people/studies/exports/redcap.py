"""Ratings as REDCap imports them, and the data dictionary that makes its form.

Source: REDCap's template of a data dictionary: 18 columns in this order and with these words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from dermagrade.people.studies.record import Given, StudyRecord

Cell = str | float | int | None

DICTIONARY_COLUMNS = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)

_FORM = "rating"
_MOMENT = "datetime_seconds_ymd"


def redcap_rows(record: StudyRecord) -> tuple[Sequence[str], list[list[Cell]]]:
    """Header and one record for each blind reading; ``record_id`` is the rater's code and the place in their order."""
    return [field.name for field in _fields(record)], [
        [
            f"{given.rater}-{given.position:05d}",
            given.photo.name,
            given.photo.person,
            given.rater,
            given.round,
            int(given.kind == "golden"),
            1 if given.grade is None else 0,
            given.reason,
            given.grade,
            _moment(given.shown_at),
            _moment(given.answered_at),
            round(given.seconds, 3),
            given.position,
            _lesions(given),
            record.instrument_version,
            int(record.running),
        ]
        for given in record.blind
    ]


def redcap_dictionary(record: StudyRecord) -> tuple[Sequence[str], list[list[Cell]]]:
    """REDCap's header and one row for each field of :func:`redcap_rows`, in the same order."""
    rows: list[list[Cell]] = [
        [f.name, _FORM, "", f.kind, f.label, f.choices, "", f.validation, f.low, f.high, "", f.shown_if, *[""] * 6]
        for f in _fields(record)
    ]
    return DICTIONARY_COLUMNS, rows


@dataclass(frozen=True)
class _Field:
    """One field of the form: what of the dictionary's columns is not always empty."""

    name: str
    label: str
    kind: str = "text"
    choices: str = ""
    validation: str = ""
    low: str = ""
    high: str = ""
    shown_if: str = ""


def _fields(record: StudyRecord) -> list[_Field]:
    """Every field, in the order of the columns."""
    return [
        _Field("record_id", "Rater and place in the rater's order"),
        _Field("photo", "Photo"),
        _Field("subject", "Person on the photo, a pseudonym"),
        _Field("rater", "Rater, a code"),
        _Field("round", "Round: 1, or above for a hidden repeat", validation="integer"),
        _Field("golden", "Photo of the golden set", "yesno"),
        _Field("cannot_grade", "The rater could not grade it", "yesno"),
        _Field("reason", "Why not", shown_if="[cannot_grade] = '1'"),
        _grade_field(record),
        _Field("shown_at", "Shown at (UTC)", validation=_MOMENT),
        _Field("answered_at", "Answered at (UTC)", validation=_MOMENT),
        _Field("seconds", "Seconds from showing to answer", validation="number"),
        _Field("position", "Place in the rater's order, from 0", validation="integer"),
        _Field("lesions", "Marked lesions", validation="integer"),
        _Field("instrument_version", "Version of the scale's wording"),
        _Field("running", "Exported before the study was closed", "yesno"),
    ]


def _grade_field(record: StudyRecord) -> _Field:
    levels = record.instrument["levels"]
    label, shown_if = f"Grade on {record.scale}", "[cannot_grade] = '0'"
    if all(float(level["value"]).is_integer() for level in levels):
        words = " | ".join(f"{level['value']:g}, {level['label'].replace('|', '/')}" for level in levels)
        return _Field("grade", label, "radio", words, shown_if=shown_if)
    # Not every version of REDCap takes half numbers as the codes of choices.
    low, high = f"{levels[0]['value']:g}", f"{levels[-1]['value']:g}"
    return _Field("grade", label, validation="number", low=low, high=high, shown_if=shown_if)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _lesions(given: Given) -> int | None:
    return None if given.marks is None else len(given.marks)
