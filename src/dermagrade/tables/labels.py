"""Labels: the grade of each photo, and whose it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from dermagrade.tables import cell
from dermagrade.tables.grade_scale import check_scale
from dermagrade.tables.join import join
from dermagrade.tables.readings import Reading
from dermagrade.tables.row import TableFile, read_rows


@dataclass(frozen=True)
class PhotoLabel:
    """What is known of one photo.

    Attributes:
        photo: file name below the images' folder.
        subject: person (or group of photos that may be one person).
        grade: published grade on the table's scale.
        count: published number of lesions, if given.
        count_second: number after a second annotation, if given.
        located: False where lesion positions are doubtful.
        fold: fold that the photo belongs to, if the table says so.
        readings: first-round grades of further raters.
        subject_given: False where the table names no subject, so that ``subject`` is the photo itself or was inferred.
    """

    photo: str
    subject: str
    grade: float
    count: float | None = None
    count_second: float | None = None
    located: bool = True
    fold: int | None = None
    readings: tuple[float, ...] = field(default=())
    subject_given: bool = True


def read_labels(table: TableFile, *, allowed: Callable[[float], bool], scale: str) -> list[PhotoLabel]:
    """Labels of ``photo,subject,grade[,count,count_v2,located,fold]``, CSV or workbook.

    Args:
        table: the labels.
        allowed: says whether a grade is on the scale.
        scale: id of the scale, for messages.

    Raises:
        LabelsError: with file, line and reason.
        MissingExtraError: as for :func:`~dermagrade.tables.row.read_rows`.
    """
    labels = []
    seen: set[str] = set()
    for row in read_rows(table, ("photo", "grade")):
        photo = cell.name(row)
        if photo in seen:
            raise row.wrong(f"{photo} is named a second time.")
        seen.add(photo)
        check_scale(row, scale)
        grade = cell.number(row, "grade")
        if grade is None:
            raise row.wrong("the grade is empty.")
        if not allowed(grade):
            raise row.wrong(f"grade {grade:g} is not on the scale {scale}.")
        subject = row.get("subject", "")
        labels.append(
            PhotoLabel(
                photo=photo,
                subject=subject or photo,
                grade=grade,
                count=cell.number(row, "count"),
                count_second=cell.number(row, "count_v2"),
                located=cell.flag(row, "located", empty=True),
                fold=cell.whole(row, "fold", least=0),
                subject_given=bool(subject),
            )
        )
    return labels


def with_readings(
    labels: Sequence[PhotoLabel], readings: Sequence[Reading], *, table: str
) -> tuple[list[PhotoLabel], tuple[str, ...]]:
    """Labels with the first-round grades of further raters, and what is to be said of photos that do not match.

    Rounds after the first measure a rater against himself and are left out.

    Args:
        labels: of the photos.
        readings: as :func:`~dermagrade.tables.ratings.read_ratings` reads them.
        table: name of the table of ratings, for messages.

    Raises:
        LabelsError: if the readings name none of the photos.
    """
    grades: dict[str, list[float]] = defaultdict(list)
    for reading in readings:
        if reading.round == 1:
            grades[reading.photo].append(reading.grade)
    joined = join([label.photo for label in labels], grades, names_are="labelled photos", table=table)
    done = [replace(label, readings=tuple(joined.found.get(label.photo, ()))) for label in labels]
    return done, joined.report.notes_on_table


def simulated_rows(table: TableFile) -> int:
    """How many rows of a table say that their truth is simulated, as the tables of ``dermagrade simulate`` do.

    Raises:
        LabelsError: as for :func:`~dermagrade.tables.row.read_rows`.
    """
    return sum(cell.flag(row, "simulated", empty=False) for row in read_rows(table, ("photo",)))
