"""The raters of a study: who joins, and who goes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from dermagrade.errors import UsageError
from dermagrade.people.store import audit
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Study, StudyRater, now
from dermagrade.people.studies.items import cancel_items, reallocate_items
from dermagrade.people.studies.lookups import member_of, rater_of, rates_blind, study_to_change


def add_rater(db: Database, *, by: str, study_id: str, member_id: str) -> str:
    """Makes a member a rater of a study; their code comes back.

    In an open study they get the golden set and a fair share of what nobody has seen yet; what is done stays. Somebody
    who was taken out comes back under their code.

    Raises:
        UsageError: if the study is closed, or the member is in it already or not active.
    """
    with db.begin() as session:
        study = study_to_change(session, study_id)
        return join(session, study, by=by, member_id=member_id)


def join(session: Session, study: Study, *, by: str, member_id: str) -> str:
    """As :func:`add_rater`, within the caller's transaction; the study must be one of ``study_to_change``."""
    if study.state == "closed":
        raise UsageError(f"The study {study.name} is closed.")
    member = member_of(session, member_id)
    if not member.active:
        raise UsageError(f"{member.name} may not sign in and so cannot be a rater.")
    rater = session.get(StudyRater, (study.id, member_id))
    if rater is not None and rater.removed_at is None:
        raise UsageError(f"{member.name} is a rater of the study already.")
    if rater is None:
        rater = StudyRater(study_id=study.id, member_id=member_id, code=_next_code(session, study))
        session.add(rater)
    else:
        rater.removed_at = None
    session.flush()
    if study.state == "open":
        reallocate_items(session, study)
    audit.record(session, who=by, what="rater.added", study_id=study.id, rater=rater.code, person=member_id)
    return rater.code


def remove_rater(db: Database, *, by: str, study_id: str, member_id: str) -> None:
    """Takes a rater out of a study: what they graded stays, the rest of their ordinary photos go to others.

    Raises:
        UsageError: if the study is closed, or the member is not in it, or is the last one in an open study.
    """
    with db.begin() as session:
        study = study_to_change(session, study_id)
        if study.state == "closed":
            raise UsageError(f"The study {study.name} is closed.")
        rater = rater_of(session, study_id, member_id)
        code = rater.code
        if study.state == "draft":
            session.delete(rater)
        else:
            if not _others(session, study, member_id):
                raise UsageError("This is the last rater of the study; add another one first, or close the study.")
            rater.removed_at = now()
            session.flush()
            reallocate_items(session, study)
            cancel_items(session, study, member_id)
        audit.record(session, who=by, what="rater.removed", study_id=study.id, rater=code, person=member_id)


def _others(session: Session, study: Study, member_id: str) -> bool:
    """Whether somebody else grades in the study."""
    ours = StudyRater.study_id == study.id, StudyRater.removed_at.is_(None), rates_blind()
    return session.scalar(select(StudyRater.code).where(*ours, StudyRater.member_id != member_id).limit(1)) is not None


def _next_code(session: Session, study: Study) -> str:
    taken = session.scalars(select(StudyRater.code).where(StudyRater.study_id == study.id, rates_blind()))
    return f"R{max((int(code.removeprefix('R')) for code in taken), default=0) + 1:02d}"
