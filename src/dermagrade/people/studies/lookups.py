"""The rows that a verb begins with: found, and locked where it will change them, or one sentence why not."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from dermagrade.errors import UsageError
from dermagrade.people.store.schema import Member, Study, StudyPhoto, StudyRater

#: How the codes of those begin who sit in a study only to settle disagreements.
ADJUDICATOR = "A"


def member_of(session: Session, member_id: str) -> Member:
    """A member of the staff.

    Raises:
        UsageError: if there is none.
    """
    member = session.get(Member, member_id)
    if member is None:
        raise UsageError("There is no such person.")
    return member


def study_of(session: Session, study_id: str) -> Study:
    """A study, to be read.

    Raises:
        UsageError: if there is no such study.
    """
    return _there(session.get(Study, study_id))


def study_to_change(session: Session, study_id: str) -> Study:
    """A study that nobody else changes, and no answer comes to, until the transaction ends.

    Raises:
        UsageError: if there is no such study.
    """
    return _locked(session, study_id, shared=False)


def study_to_hold(session: Session, study_id: str) -> Study:
    """A study that nobody changes until the transaction ends, while others may hold it, too.

    A transaction that also locks items does so after this, as those do that change the study; else two could wait for
    each other for ever.

    Raises:
        UsageError: if there is no such study.
    """
    return _locked(session, study_id, shared=True)


def study_to_set_up(session: Session, study_id: str) -> Study:
    """A study whose photos and settings may still be changed.

    Raises:
        UsageError: if there is no such study, or a rating came in already, or it is closed.
    """
    study = study_to_change(session, study_id)
    if study.locked_at is not None:
        raise UsageError(f"The study {study.name} is locked, since its first rating has come in.")
    if study.state == "closed":
        raise UsageError(f"The study {study.name} is closed.")
    return study


def photo_of_study(session: Session, study_id: str, photo_id: str) -> StudyPhoto:
    """A photo of a study.

    Raises:
        UsageError: if it has no such photo.
    """
    photo = session.get(StudyPhoto, photo_id)
    if photo is None or photo.study_id != study_id:
        raise UsageError("The study has no such photo.")
    return photo


def rater_of(session: Session, study_id: str, member_id: str) -> StudyRater:
    """A rater who is in a study now.

    Raises:
        UsageError: if the member is not, or no longer.
    """
    rater = session.get(StudyRater, (study_id, member_id))
    if rater is None or rater.removed_at is not None:
        raise UsageError("This person is not a rater of the study.")
    return rater


def rates_blind() -> ColumnElement[bool]:
    """On a query of :class:`StudyRater`: one who grades, not one who only settles disagreements."""
    return ~StudyRater.code.startswith(ADJUDICATOR)


def _locked(session: Session, study_id: str, *, shared: bool) -> Study:
    asked = select(Study).where(Study.id == study_id).with_for_update(read=shared)
    return _there(session.scalar(asked.execution_options(populate_existing=True)))


def _there(study: Study | None) -> Study:
    if study is None:
        raise UsageError("There is no such study.")
    return study
