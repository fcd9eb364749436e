"""What counts of the answers of a study: the latest of each item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Item, RatingRow, StudyPhoto, StudyRater
from dermagrade.people.studies.latest_rows import is_latest
from dermagrade.people.studies.lookups import study_of


@dataclass(frozen=True)
class PhotoEntry:
    """A photo of the study; attributes as in :class:`~dermagrade.people.store.schema.StudyPhoto`."""

    id: str
    name: str
    person: str
    key: str
    width: int
    height: int
    kind: str
    reference: float | None


def entry_of(row: StudyPhoto) -> PhotoEntry:
    """A photo as its row has it."""
    return PhotoEntry(row.id, row.name, row.person, row.key, row.width, row.height, row.kind, row.reference)


@dataclass(frozen=True)
class Current:
    """The answer of an item that counts.

    Attributes:
        item_id: of the item.
        key: of the answer.
        rater: code of the rater, such as ``R03``.
        member_id: of the rater.
        photo: its photo.
        kind: of the item: ``ordinary``, ``golden``, ``repeat``, ``calibration`` or ``adjudication``.
        answer: ``grade`` or ``cannot``.
        grade: on the study's scale; None where it cannot be graded.
        reason: why it cannot be graded.
        marks: lesions.
        shown_at: by the rater's clock.
        answered_at: by the rater's clock.
        received_at: by this machine's clock.
        position: place in the rater's order.
        rows: how many rows the item has; more than 1 where it was corrected.
        instrument_version: that was graded with.
        seed: of the allocation.
    """

    item_id: str
    key: str
    rater: str
    member_id: str
    photo: PhotoEntry
    kind: str
    answer: str
    grade: float | None
    reason: str | None
    marks: tuple[dict[str, float], ...] | None
    shown_at: datetime
    answered_at: datetime
    received_at: datetime
    position: int
    rows: int
    instrument_version: str
    seed: int


def current_ratings(db: Database, study_id: str) -> tuple[Current, ...]:
    """The answers of a study that count, those of raters who went included, by rater and place.

    Raises:
        UsageError: if there is no such study.
    """
    every = aliased(RatingRow)
    rows = select(func.count()).where(every.item_id == Item.id).correlate(Item).scalar_subquery()
    with db.read() as session:
        study_of(session, study_id)
        found = session.execute(
            select(RatingRow, Item, StudyPhoto, StudyRater, rows)
            .join(Item, Item.id == RatingRow.item_id)
            .join(StudyPhoto, StudyPhoto.id == Item.photo_id)
            .join(StudyRater, (StudyRater.study_id == Item.study_id) & (StudyRater.member_id == Item.member_id))
            .where(Item.study_id == study_id, is_latest())
            .order_by(StudyRater.code, RatingRow.position)
        )
        return tuple(
            Current(
                item_id=item.id,
                key=row.key,
                rater=rater.code,
                member_id=item.member_id,
                photo=entry_of(photo),
                kind=item.kind,
                answer=row.kind,
                grade=row.grade,
                reason=row.reason,
                marks=None if row.marks is None else tuple(row.marks),
                shown_at=row.shown_at,
                answered_at=row.answered_at,
                received_at=row.received_at,
                position=row.position,
                rows=number,
                instrument_version=row.instrument_version,
                seed=row.seed,
            )
            for row, item, photo, rater, number in found
        )
