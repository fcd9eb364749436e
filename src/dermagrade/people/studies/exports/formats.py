"""The files that a study is taken away in. Raters stand in them by code, never by name; the key file alone has names.

A file of a study that is not closed says ``running`` in its column ``study_state`` and in its name.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from dermagrade.errors import MissingExtraError
from dermagrade.people.store.database import Database
from dermagrade.people.studies.adjudication import consensus_of
from dermagrade.people.studies.exports.label_studio import label_studio_tasks
from dermagrade.people.studies.exports.redcap import redcap_dictionary, redcap_rows
from dermagrade.people.studies.exports.study_json import whole_bytes
from dermagrade.people.studies.record import Given, StudyRecord
from dermagrade.scales import SCALES
from dermagrade.tables.csv_text import Cell, csv_text
from dermagrade.tables.formula_guard import guarded_in_sheet

Rows = Sequence[Sequence[Cell]]

RATING_COLUMNS = (
    *("photo", "rater", "grade", "scale", "golden", "round", "rated_at", "shown_at", "answered_at", "seconds"),
    *("position", "kind", "reference", "reason", "instrument_version", "seed", "study_state"),
)
LABEL_COLUMNS = ("photo", "subject", "grade", "scale", "source", "readings", "study_state")
LESION_COLUMNS = ("photo", "x", "y", "radius", "rater", "round", "study_state")
KEY_COLUMNS = ("rater", "name", "email", "removed")


@dataclass(frozen=True)
class Format:
    """One file that a study can be exported to.

    Attributes:
        name: as on the command line and in the address.
        title: what it is, in words.
        ending: of the file's name.
        media_type: of the file.
        make: makes its bytes from the study as it was read; what only this file needs it reads from the database.
        names: whether it holds names and e-mail addresses.
    """

    name: str
    title: str
    ending: str
    media_type: str
    make: Callable[[Database, StudyRecord], bytes]
    names: bool = False

    def file_name(self, record: StudyRecord) -> str:
        """Of the export of this study, such as ``acne-spring-ratings-running.csv``."""
        study = re.sub(r"[^a-z0-9]+", "-", record.name.lower()).strip("-")[:60] or "study"
        return f"{study}-{self.name}{'-running' if record.running else ''}{self.ending}"


def rating_rows(record: StudyRecord) -> list[tuple[Cell, ...]]:
    """One row for each blind reading, by rater and position; ``round`` 2 and above are hidden repeats."""
    return [_rating(record, given) for given in record.blind]


def other_rows(record: StudyRecord) -> list[tuple[Cell, ...]]:
    """The same for calibration and adjudication, which are no blind readings; their ``round`` is empty."""
    return [_rating(record, given) for given in record.given if given.round == 0]


def label_rows(record: StudyRecord, *, whole: bool = False) -> list[tuple[Cell, ...]]:
    """Photo, subject and the grade it ends with; calibration photos and those nobody could grade are left out.

    Args:
        record: the study.
        whole: gives the level that the grade falls in, for recipes that train on levels.
    """
    scale = SCALES[record.scale]
    return [
        (
            found.photo.name,
            found.photo.person,
            scale.level_of(found.grade).value if whole else found.grade,
            record.scale,
            found.source,
            found.readings,
            _state(record),
        )
        for found in consensus_of(record)
    ]


def lesion_rows(record: StudyRecord) -> list[tuple[Cell, ...]]:
    """One row for each marked lesion of the blind readings, in pixels of the photo."""
    return [
        (given.photo.name, mark["x"], mark["y"], mark["radius"], given.rater, given.round, _state(record))
        for given in record.blind
        for mark in given.marks or ()
    ]


def key_rows(record: StudyRecord) -> list[tuple[Cell, ...]]:
    """Who is behind each code."""
    return [(rater.code, rater.name, rater.email, int(rater.removed)) for rater in record.raters]


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV in UTF-8, as :func:`~dermagrade.tables.csv_text.csv_text` writes it."""
    plain = [[_plain(cell) for cell in row] for row in rows]
    return csv_text([columns, *plain], line_end="\r\n").encode()


def xlsx_bytes(record: StudyRecord) -> bytes:
    """A workbook: the readings, the grades that photos end with, lesions, and the other rounds, a sheet each.

    Raises:
        MissingExtraError: if openpyxl is not installed.
    """
    try:
        import openpyxl
        from openpyxl.cell import WriteOnlyCell
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "The workbook needs openpyxl, which is not installed; run: pip install 'dermagrade[server]', or take CSV."
        ) from error
    book = openpyxl.Workbook(write_only=True)
    sheets: dict[str, tuple[Sequence[str], Rows]] = {
        "ratings": (RATING_COLUMNS, rating_rows(record)),
        "labels": (LABEL_COLUMNS, label_rows(record)),
        "lesions": (LESION_COLUMNS, lesion_rows(record)),
        "other rounds": (RATING_COLUMNS, other_rows(record)),
    }
    for title, (columns, rows) in sheets.items():
        sheet = book.create_sheet(title)
        for row in (columns, *rows):
            cells = []
            for value in row:
                cell = WriteOnlyCell(sheet, value=_in_sheet(value) if isinstance(value, str) else value)
                if isinstance(value, str):
                    cell.data_type = "s"  # else a text that begins with = becomes a formula
                cells.append(cell)
            sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rating(record: StudyRecord, given: Given) -> tuple[Cell, ...]:
    answered = given.answered_at.isoformat(timespec="milliseconds")
    return (
        given.photo.name,
        given.rater,
        given.grade,
        record.scale,
        int(given.kind == "golden"),
        given.round or None,
        answered,
        given.shown_at.isoformat(timespec="milliseconds"),
        answered,
        round(given.seconds, 3),
        given.position,
        given.kind,
        given.photo.reference,
        given.reason,
        record.instrument_version,
        record.seed,
        _state(record),
    )


def _state(record: StudyRecord) -> str:
    return "running" if record.running else "closed"


def _plain(cell: Cell) -> Cell:
    """Whole numbers without a fraction; others as short as they can be read back."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _in_sheet(text: str) -> str:
    """Guarded, and without the control characters that a workbook cannot hold."""
    return guarded_in_sheet(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text))


def _table(
    columns: Sequence[str], rows: Callable[[StudyRecord], Iterable[Sequence[Cell]]]
) -> Callable[[Database, StudyRecord], bytes]:
    return lambda _, record: csv_bytes(columns, rows(record))


def _workbook(_: Database, record: StudyRecord) -> bytes:
    return xlsx_bytes(record)


def _label_studio(_: Database, record: StudyRecord) -> bytes:
    return (json.dumps(label_studio_tasks(record), indent=1, ensure_ascii=False) + "\n").encode()


def _redcap(
    make: Callable[[StudyRecord], tuple[Sequence[str], Iterable[Sequence[Cell]]]],
) -> Callable[[Database, StudyRecord], bytes]:
    return lambda _, record: csv_bytes(*make(record))


_CSV = "text/csv; charset=utf-8"
_JSON = "application/json"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Every file, by its name.
FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        made.name: made
        for made in (
            Format("ratings", "Ratings, one row each", ".csv", _CSV, _table(RATING_COLUMNS, rating_rows)),
            Format("other-rounds", "Calibration and adjudication", ".csv", _CSV, _table(RATING_COLUMNS, other_rows)),
            Format("workbook", "Ratings, labels and lesions as a workbook", ".xlsx", _XLSX, _workbook),
            Format("study", "Everything: all rows, corrections, audit log", ".json", _JSON, whole_bytes),
            Format("labels", "The grade each photo ends with", ".csv", _CSV, _table(LABEL_COLUMNS, label_rows)),
            Format(
                "labels-whole",
                "The same as levels of the scale",
                ".csv",
                _CSV,
                _table(LABEL_COLUMNS, lambda record: label_rows(record, whole=True)),
            ),
            Format("lesions", "Marked lesions", ".csv", _CSV, _table(LESION_COLUMNS, lesion_rows)),
            Format("label-studio", "Marked lesions for Label Studio", ".json", _JSON, _label_studio),
            Format("redcap", "Ratings for REDCap", ".csv", _CSV, _redcap(redcap_rows)),
            Format("redcap-dictionary", "REDCap's data dictionary for them", ".csv", _CSV, _redcap(redcap_dictionary)),
            Format("key", "Who is behind each code", ".csv", _CSV, _table(KEY_COLUMNS, key_rows), names=True),
        )
    }
)
