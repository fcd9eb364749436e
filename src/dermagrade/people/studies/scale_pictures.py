"""Pictures that show a study's raters what its grades look like, as photonumeric scales have them."""

from __future__ import annotations

from collections.abc import Mapping

from dermagrade.errors import UsageError
from dermagrade.people.store import audit
from dermagrade.people.store.database import Database
from dermagrade.people.store.photos import PhotoStore
from dermagrade.people.studies.incoming import Incoming
from dermagrade.people.studies.instrument import ScalePicture, pictures_of, version_of, with_pictures
from dermagrade.people.studies.lookups import study_to_change

#: The longest note.
MOST_CHARACTERS = 300


def check_note(note: str) -> str:
    """The note on one line.

    Raises:
        UsageError: if it is too long.
    """
    note = " ".join(note.split())
    if len(note) > MOST_CHARACTERS:
        raise UsageError(f"The note on the pictures is longer than {MOST_CHARACTERS} characters.")
    return note


def set_pictures(
    db: Database, photos: PhotoStore, *, by: str, study_id: str, pictures: Mapping[float, Incoming], note: str = ""
) -> None:
    """Gives a draft of a study these pictures in place of those that it had.

    Args:
        db: the studies.
        photos: where the pictures are kept.
        by: id of the member who does it.
        study_id: of the study.
        pictures: value of a level to what shows it; none to take the pictures away.
        note: what a rater must know of them, such as that they are simulated.

    Raises:
        UsageError: if the study is no draft, a grade is no level, or the note is too long.
        StoreError: if a picture cannot be stored.
    """
    note = check_note(note)
    stored: list[str] = []
    try:
        with db.begin() as session:
            study = study_to_change(session, study_id)
            # A rater's page holds the pictures that it was opened with, so those of an open study stay.
            if study.state != "draft":
                raise UsageError(f"The study {study.name} is {study.state}; only a draft's pictures can be changed.")
            before = pictures_of(study.instrument)
            new = []
            for grade, picture in pictures.items():
                stored.append(photos.put(picture.data))
                new.append(ScalePicture(grade, picture.digest, stored[-1]))
            study.instrument = with_pictures(study.instrument, new, note)
            study.instrument_version = version_of(study.instrument)
            audit.record(
                session,
                who=by,
                what="study.pictures",
                study_id=study.id,
                pictures={f"{one.grade:g}": one.digest for one in pictures_of(study.instrument)},
                instrument_version=study.instrument_version,
            )
    except BaseException:
        for key in stored:
            photos.remove(key)
        raise
    for old in before:
        photos.remove(old.key)
