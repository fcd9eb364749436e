"""What the grading desk needs: a rater's studies, the photos that come next, and their own last answer.

Nothing that comes back from here tells a golden photo or a repeat from any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dermagrade.errors import UsageError
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Item, RatingRow, Study, StudyPhoto, StudyRater, now
from dermagrade.people.studies.latest_rows import is_answered, is_latest
from dermagrade.people.studies.lookups import rater_of, study_of, study_to_hold


@dataclass(frozen=True)
class Task:
    """One photo that a rater is to grade.

    Attributes:
        item_id: to ask for its photo and to answer by.
        position: place in the rater's order; it rises, but may leave places out.
        total: photos that the rater has in this study, calibration included.
        done: of these, how many have an answer.
        width: of the photo in pixels.
        height: likewise.
        round: ``calibration``, ``study`` or ``adjudication``.
    """

    item_id: str
    position: int
    total: int
    done: int
    width: int
    height: int
    round: str


@dataclass(frozen=True)
class Desk:
    """A study as one rater sees it.

    Attributes:
        study_id: its id.
        name: its name.
        scale: id of its scale.
        instrument: scale, levels and their words, as they were when the study was made.
        instrument_version: digest of ``instrument``.
        lesions: whether lesions are marked, too.
        state: ``open`` or ``closed``.
        done: how many photos have this rater's answer.
        total: how many they have.
    """

    study_id: str
    name: str
    scale: str
    instrument: dict[str, Any]
    instrument_version: str
    lesions: bool
    state: str
    done: int
    total: int


@dataclass(frozen=True)
class Answered:
    """A rater's own answer that counts.

    Attributes:
        item_id: of the photo.
        key: of the answer, to correct it or take it back by.
        kind: ``grade`` or ``cannot``.
        grade: on the study's scale; None where it cannot be graded.
        reason: why it cannot be graded.
        marks: lesions, each ``{"x", "y", "radius"}`` in pixels of the photo.
    """

    item_id: str
    key: str
    kind: str
    grade: float | None
    reason: str | None
    marks: tuple[dict[str, float], ...] | None


def desks_of(db: Database, member_id: str) -> tuple[Desk, ...]:
    """The open and closed studies of a rater, the latest opened first."""
    with db.read() as session:
        studies = session.scalars(
            select(Study)
            .join(StudyRater, StudyRater.study_id == Study.id)
            .where(StudyRater.member_id == member_id, StudyRater.removed_at.is_(None), Study.state != "draft")
            .order_by(Study.opened_at.desc(), Study.id)
        ).all()
        return tuple(_desk(session, study, member_id) for study in studies)


def desk_of(db: Database, *, study_id: str, member_id: str) -> Desk:
    """One of :func:`desks_of`.

    Raises:
        UsageError: if it is none of them.
    """
    with db.read() as session:
        study = study_of(session, study_id)
        rater_of(session, study_id, member_id)
        if study.state == "draft":
            raise UsageError("This study is not open yet.")
        return _desk(session, study, member_id)


def upcoming(db: Database, *, study_id: str, member_id: str, after: int = -1, count: int = 2) -> tuple[Task, ...]:
    """The photos that come next: those without an answer, in the rater's order. None of a study that is not open.

    Args:
        study_id: of the study.
        member_id: of the rater.
        after: only places beyond this one.
        count: at most so many.

    Raises:
        UsageError: if there is no such study, or the member is no rater of it.
    """
    with db.read() as session:
        study = study_of(session, study_id)
        rater_of(session, study_id, member_id)
        if study.state != "open":
            return ()
        done, total = _progress(session, study_id, member_id)
        rows = session.execute(
            select(Item, StudyPhoto)
            .join(StudyPhoto, StudyPhoto.id == Item.photo_id)
            .where(*_theirs(study_id, member_id), Item.position > after, ~is_answered())
            .order_by(Item.position)
            .limit(count)
        )
        return tuple(_task(item, photo, done, total) for item, photo in rows)


def task_of(db: Database, *, item_id: str, member_id: str) -> Task:
    """One photo of a rater, whether or not it has an answer; to go back to it.

    Raises:
        UsageError: if it is none of this rater's.
    """
    with db.read() as session:
        item = _item_of(session, item_id, member_id)
        photo = session.get_one(StudyPhoto, item.photo_id)
        return _task(item, photo, *_progress(session, item.study_id, member_id))


def photo_of(db: Database, *, item_id: str, member_id: str) -> tuple[str, int, int]:
    """Key of an item's photo, its width and height; notes when it was first asked for.

    Raises:
        UsageError: if it is none of this rater's, or the study is not open.
    """
    with db.read() as session:
        item = _item_of(session, item_id, member_id)
        photo = session.get_one(StudyPhoto, item.photo_id)
    if item.shown_at is None:
        with db.begin() as session:
            # Taken again, now that nobody can give it to another rater: what somebody sees is not taken from them.
            study_to_hold(session, item.study_id)
            item = _item_of(session, item_id, member_id)
            item.shown_at = item.shown_at or now()
    return photo.key, photo.width, photo.height


def last_answer(db: Database, *, study_id: str, member_id: str) -> Answered | None:
    """The rater's latest answer that counts in this study, or None where there is none.

    Raises:
        UsageError: if there is no such study, or the member is no rater of it.
    """
    with db.read() as session:
        study_of(session, study_id)
        rater_of(session, study_id, member_id)
        row = session.scalar(
            select(RatingRow)
            .join(Item, Item.id == RatingRow.item_id)
            .where(*_theirs(study_id, member_id), is_latest())
            .order_by(RatingRow.number.desc())
            .limit(1)
        )
        if row is None:
            return None
        return Answered(
            item_id=row.item_id,
            key=row.key,
            kind=row.kind,
            grade=row.grade,
            reason=row.reason,
            marks=None if row.marks is None else tuple(row.marks),
        )


def _theirs(study_id: str, member_id: str) -> tuple[Any, ...]:
    return Item.study_id == study_id, Item.member_id == member_id, Item.cancelled_at.is_(None)


def _desk(session: Session, study: Study, member_id: str) -> Desk:
    done, total = _progress(session, study.id, member_id)
    return Desk(
        study_id=study.id,
        name=study.name,
        scale=study.scale,
        instrument=study.instrument,
        instrument_version=study.instrument_version,
        lesions=study.lesions,
        state=study.state,
        done=done,
        total=total,
    )


def _progress(session: Session, study_id: str, member_id: str) -> tuple[int, int]:
    """How many of a rater's items have an answer, and how many there are."""
    theirs = _theirs(study_id, member_id)
    total = session.scalar(select(func.count()).select_from(Item).where(*theirs))
    done = session.scalar(select(func.count()).select_from(Item).where(*theirs, is_answered()))
    return done or 0, total or 0


def _item_of(session: Session, item_id: str, member_id: str) -> Item:
    item = session.scalar(
        select(Item).where(Item.id == item_id, Item.member_id == member_id, Item.cancelled_at.is_(None))
    )
    if item is None:
        # The same words whether it is somebody else's or nobody's.
        raise UsageError("This photo is not, or no longer, among yours.")
    rater_of(session, item.study_id, member_id)
    if study_of(session, item.study_id).state != "open":
        raise UsageError("This study is closed.")
    return item


def _task(item: Item, photo: StudyPhoto, done: int, total: int) -> Task:
    return Task(
        item_id=item.id,
        position=item.position,
        total=total,
        done=done,
        width=photo.width,
        height=photo.height,
        round=item.kind if item.kind in {"calibration", "adjudication"} else "study",
    )
