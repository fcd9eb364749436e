"""Setting a study up: its photos, and its way from draft to open to closed.

All of it can be changed until the first rating comes in, and nothing after that.
"""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dermagrade.errors import UsageError
from dermagrade.people.store import audit
from dermagrade.people.store.database import Database
from dermagrade.people.store.photos import PhotoStore
from dermagrade.people.store.schema import Invitation, Study, StudyPhoto, StudyRater, now
from dermagrade.people.studies.incoming import Incoming
from dermagrade.people.studies.instrument import check_reference, instrument_of, pictures_of, version_of
from dermagrade.people.studies.items import allocate_items
from dermagrade.people.studies.lookups import member_of, photo_of_study, study_to_change, study_to_set_up
from dermagrade.scales import SCALES

KINDS = ("ordinary", "golden", "calibration")

#: Seeds go from 0 to here.
HIGHEST_SEED = 2**31 - 1


def create_study(
    db: Database,
    *,
    by: str,
    name: str,
    scale: str,
    seed: int,
    per_photo: int | None = None,
    repeats: float = 0.1,
    lesions: bool = False,
) -> str:
    """Makes a draft of a study; its id comes back.

    Args:
        by: id of the member who makes it.
        name: for the team and the raters.
        scale: id of one of :data:`dermagrade.scales.SCALES`.
        seed: of the allocation, from 0 to :data:`HIGHEST_SEED`.
        per_photo: raters of each ordinary photo; None for all.
        repeats: share of a rater's ordinary photos that come a second time, from 0 to 0.5.
        lesions: whether raters also mark lesions.

    Raises:
        UsageError: for a value that cannot be.
    """
    name = name.strip()
    _check_design(name=name, scale=scale, seed=seed, per_photo=per_photo, repeats=repeats)
    instrument = instrument_of(SCALES[scale])
    with db.begin() as session:
        member_of(session, by)
        study = Study(
            name=name,
            scale=scale,
            instrument=instrument,
            instrument_version=version_of(instrument),
            seed=seed,
            per_photo=per_photo,
            repeats=repeats,
            lesions=lesions,
            created_by=by,
        )
        session.add(study)
        session.flush()
        audit.record(
            session,
            who=by,
            what="study.created",
            study_id=study.id,
            name=name,
            scale=scale,
            instrument_version=study.instrument_version,
            seed=seed,
            per_photo=per_photo,
            repeats=repeats,
            lesions=lesions,
        )
        return study.id


def add_photo(db: Database, photos: PhotoStore, *, by: str, study_id: str, incoming: Incoming) -> str:
    """Puts a photo into a study without ratings; its id comes back.

    Raises:
        UsageError: if the study is locked or closed, or has a photo of this name or with these very pixels.
        StoreError: if the photo cannot be stored.
    """
    name = incoming.name.strip()
    if not 1 <= len(name) <= 255:
        raise UsageError("A photo needs a name of 1 to 255 characters.")
    person = (incoming.person or "").strip() or name
    if len(person) > 255:
        raise UsageError(f"The person of {name} has a name of more than 255 characters.")
    if incoming.width < 1 or incoming.height < 1:
        raise UsageError(f"The photo {name} has no pixels.")
    key = None
    try:
        with db.begin() as session:
            study = study_to_set_up(session, study_id)
            _check_kind(study, incoming.kind, incoming.reference)
            _refuse_twins(session, study, name, incoming.digest)
            key = photos.put(incoming.data)
            photo = StudyPhoto(
                study_id=study.id,
                name=name,
                person=person,
                key=key,
                digest=incoming.digest,
                width=incoming.width,
                height=incoming.height,
                kind=incoming.kind,
                reference=incoming.reference,
            )
            session.add(photo)
            session.flush()
            _allocate_if_open(session, study)
            audit.record(
                session,
                who=by,
                what="photo.added",
                study_id=study.id,
                photo=photo.id,
                digest=incoming.digest,
                kind=incoming.kind,
                reference=incoming.reference,
            )
            return photo.id
    except BaseException:
        # A process that dies here leaves a photo that no study names, never a study that names no photo.
        if key is not None:
            photos.remove(key)
        raise


def set_kind(db: Database, *, by: str, study_id: str, photo_id: str, kind: str, reference: float | None) -> None:
    """Makes a photo of a study without ratings ordinary, golden or one for calibration.

    Raises:
        UsageError: if the study is locked or closed, or the reference does not fit the kind or the scale.
    """
    with db.begin() as session:
        study = study_to_set_up(session, study_id)
        photo = photo_of_study(session, study_id, photo_id)
        _check_kind(study, kind, reference)
        photo.kind, photo.reference = kind, reference
        session.flush()
        _allocate_if_open(session, study)
        audit.record(
            session,
            who=by,
            what="photo.kind",
            study_id=study.id,
            photo=photo.id,
            kind=kind,
            reference=reference,
        )


def open_study(db: Database, *, by: str, study_id: str) -> None:
    """Lets the raters begin: each gets the photos that are theirs, in an order of their own.

    Raises:
        UsageError: if the study is no draft, or has no photo or no rater.
    """
    with db.begin() as session:
        study = study_to_change(session, study_id)
        if study.state != "draft":
            raise UsageError(f"The study {study.name} is {study.state}; only a draft can be opened.")
        photos = session.scalar(select(func.count()).where(StudyPhoto.study_id == study.id)) or 0
        raters = session.scalar(select(func.count()).where(StudyRater.study_id == study.id)) or 0
        if not photos or not raters:
            raise UsageError(f"The study {study.name} needs a photo and a rater before it can be opened.")
        study.state, study.opened_at = "open", now()
        allocate_items(session, study)
        audit.record(session, who=by, what="study.opened", study_id=study.id, photos=photos, raters=raters)


def close_study(db: Database, *, by: str, study_id: str) -> None:
    """Ends the rating; what was graded stays.

    Raises:
        UsageError: if the study is not open.
    """
    _turn(db, by, study_id, "open", "closed")


def reopen_study(db: Database, *, by: str, study_id: str) -> None:
    """Lets the raters of a closed study go on.

    Raises:
        UsageError: if the study is not closed.
    """
    _turn(db, by, study_id, "closed", "open")


def delete_draft(db: Database, photos: PhotoStore, *, by: str, study_id: str) -> None:
    """Removes a draft and its photos; the audit log keeps that it was there.

    Raises:
        UsageError: if the study is no draft.
        StoreError: if a photo cannot be removed; the draft is gone by then.
    """
    with db.begin() as session:
        study = study_to_change(session, study_id)
        if study.state != "draft":
            raise UsageError(f"The study {study.name} is {study.state}; only a draft can be deleted.")
        keys = list(session.scalars(select(StudyPhoto.key).where(StudyPhoto.study_id == study.id)))
        pictures = [picture.key for picture in pictures_of(study.instrument)]
        for table in (StudyPhoto, StudyRater, Invitation):
            session.execute(delete(table).where(table.study_id == study.id))
        name = study.name
        session.delete(study)
        session.flush()
        audit.record(session, who=by, what="study.deleted", study_id=study_id, name=name, photos=len(keys))
    for key in (*keys, *pictures):
        photos.remove(key)


def _check_design(*, name: str, scale: str, seed: int, per_photo: int | None, repeats: float) -> None:
    """Raises a usage error for a value that cannot be."""
    if not 1 <= len(name) <= 200:
        raise UsageError("A study needs a name of 1 to 200 characters.")
    if scale not in SCALES:
        raise UsageError(f"There is no scale {scale}; there are: {', '.join(SCALES)}.")
    if not 0 <= seed <= HIGHEST_SEED:
        raise UsageError(f"A seed goes from 0 to {HIGHEST_SEED}.")
    if per_photo is not None and not 1 <= per_photo <= 10_000:
        raise UsageError("A photo needs one rater or more.")
    if not 0 <= repeats <= 0.5:
        raise UsageError("The share of repeats goes from 0 to 0.5.")


def _turn(db: Database, by: str, study_id: str, old: str, new: str) -> None:
    with db.begin() as session:
        study = study_to_change(session, study_id)
        if study.state != old:
            raise UsageError(f"The study {study.name} is not {old} but {study.state}.")
        study.state, study.closed_at = new, now() if new == "closed" else None
        what = "study.closed" if new == "closed" else "study.reopened"
        audit.record(session, who=by, what=what, study_id=study.id)


def _allocate_if_open(session: Session, study: Study) -> None:
    """An open study without ratings is allocated anew, so that what the raters see is what was set up."""
    if study.state == "open":
        allocate_items(session, study)


def _refuse_twins(session: Session, study: Study, name: str, digest: str) -> None:
    """Names what is already there: the constraint of the table would, but not in words."""
    ours = select(StudyPhoto.name).where(StudyPhoto.study_id == study.id)
    if session.scalar(ours.where(StudyPhoto.name == name)) is not None:
        raise UsageError(f"The study has a photo {name} already.")
    if (twin := session.scalar(ours.where(StudyPhoto.digest == digest))) is not None:
        raise UsageError(f"The photo {name} is the same as {twin}, which the study has already.")


def _check_kind(study: Study, kind: str, reference: float | None) -> None:
    if kind not in KINDS:
        raise UsageError(f"A photo is one of {', '.join(KINDS)}, not {kind}.")
    check_reference(study.instrument, kind, reference)
