"""The items of a study's raters in the database, as :mod:`dermagrade.people.studies.allocation` has them."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dermagrade.people.store.schema import Item, Study, StudyPhoto, StudyRater, now
from dermagrade.people.studies.allocation import HeldSlot, Slot, allocate, reallocate
from dermagrade.people.studies.latest_rows import is_answered
from dermagrade.people.studies.lookups import rates_blind


def allocate_items(session: Session, study: Study) -> None:
    """Gives every rater of a study without ratings a whole new order, by the names of the photos and the raters' codes,
    so that the same study set up twice is the same."""
    session.execute(delete(Item).where(Item.study_id == study.id))
    members = {rater.code: rater.member_id for rater in _raters(session, study) if rater.removed_at is None}
    photos = _photos(session, study)
    orders = allocate(
        **_names(photos), raters=list(members), per_photo=study.per_photo, repeats=study.repeats, seed=study.seed
    )
    ids = {photo.name: photo.id for photo in photos}
    for code, slots in orders.items():
        for position, slot in enumerate(slots):
            session.add(_item(study, members[code], ids[slot.photo], slot.kind, position))
    session.flush()


def reallocate_items(session: Session, study: Study) -> None:
    """Gives the raters of an open study what is still to be graded, after somebody came or went."""
    raters = _raters(session, study)
    photos = _photos(session, study)
    names = {photo.id: photo.name for photo in photos}
    ids = {photo.name: photo.id for photo in photos}
    members = {rater.code: rater.member_id for rater in raters}
    present = [rater.code for rater in raters if rater.removed_at is None]
    items = {code: _items(session, study, member) for code, member in members.items()}
    held = {
        code: [
            HeldSlot(Slot(names[item.photo_id], item.kind), answered or (code in present and item.shown_at is not None))
            for item, answered in rows
        ]
        for code, rows in items.items()
    }
    tails = reallocate(
        **_names(photos), raters=present, held=held, per_photo=study.per_photo, repeats=study.repeats, seed=study.seed
    )
    for code, rows in items.items():
        waiting = {entry.slot: item for (item, _), entry in zip(rows, held[code], strict=True) if not entry.kept}
        tail = tails.get(code, ())
        for slot in waiting.keys() - set(tail):
            waiting[slot].cancelled_at = now()
        if list(tail) == list(waiting):
            continue
        position = next_position(session, study, members[code])
        for number, slot in enumerate(tail, position):
            if slot in waiting:
                waiting[slot].position = number
            else:
                session.add(_item(study, members[code], ids[slot.photo], slot.kind, number))
        session.flush()


def cancel_items(session: Session, study: Study, member_id: str) -> None:
    """Takes from a rater what they have not graded, adjudications included."""
    for item in session.scalars(
        select(Item).where(
            Item.study_id == study.id,
            Item.member_id == member_id,
            Item.cancelled_at.is_(None),
            ~is_answered(),
        )
    ):
        item.cancelled_at = now()
    session.flush()


def _raters(session: Session, study: Study) -> list[StudyRater]:
    return list(
        session.scalars(
            select(StudyRater).where(StudyRater.study_id == study.id, rates_blind()).order_by(StudyRater.code)
        )
    )


def _photos(session: Session, study: Study) -> list[StudyPhoto]:
    return list(session.scalars(select(StudyPhoto).where(StudyPhoto.study_id == study.id).order_by(StudyPhoto.name)))


def _names(photos: list[StudyPhoto]) -> dict[str, list[str]]:
    return {kind: [one.name for one in photos if one.kind == kind] for kind in ("ordinary", "golden", "calibration")}


def _items(session: Session, study: Study, member_id: str) -> list[tuple[Item, bool]]:
    """A rater's items in order, without those cancelled and those for adjudication, and whether each was graded."""
    rows = session.execute(
        select(Item, is_answered())
        .where(Item.study_id == study.id, Item.member_id == member_id)
        .where(Item.cancelled_at.is_(None), Item.kind != "adjudication")
        .order_by(Item.position)
    )
    return [(item, bool(done)) for item, done in rows]


def next_position(session: Session, study: Study, member_id: str) -> int:
    """The first free place at the end of a rater's order."""
    last = session.scalar(select(func.max(Item.position)).where(Item.study_id == study.id, Item.member_id == member_id))
    return 0 if last is None else last + 1


def _item(study: Study, member_id: str, photo_id: str, kind: str, position: int) -> Item:
    return Item(study_id=study.id, member_id=member_id, photo_id=photo_id, kind=kind, position=position)
